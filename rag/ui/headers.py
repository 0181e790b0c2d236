"""What keeps the page to its own host: headers on every response, and no orders from other websites."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# Gradio compiles its templates in the browser, hence 'unsafe-inline' and 'unsafe-eval'. What the policy
# is for: no image, font, script, frame or request of this page can ever reach another host.
_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


_FOREIGN: Final = (b"cross-site", b"same-site")


class OwnHostOnly:
    """ASGI middleware: adds `HEADERS` to every HTTP response, and takes orders only from its own page.

    A website that happens to be open in the same browser could otherwise put questions to a page on
    this machine, at the cost of whoever pays the language model.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        app = _refuse if _is_foreign_order(scope) else self._app
        await app(scope, receive, send_with_headers)


def _is_foreign_order(scope: Message) -> bool:
    """Tell whether a browser sends this for another website's page (the Fetch Metadata headers)."""
    origin = dict(scope["headers"]).get(b"sec-fetch-site", b"")
    return scope["method"] not in ("GET", "HEAD", "OPTIONS") and origin in _FOREIGN


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"orders are taken only from this page itself"})
