"""What every response tells the browser: that this page asks no other host and is nobody else's frame."""

from __future__ import annotations

import re
import secrets
from typing import Final

from rag.ui.door.asgi import App, Message, Receive, Scope, Send, path_of

# Gradio compiles the templates of its components in the browser, hence 'unsafe-eval'. Its own inline
# scripts get a nonce for each response: whatever else finds its way into the page is never run.
_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_HEADERS: Final = (
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000")
_NOT_KEPT: Final = (b"cache-control", b"no-store")
_STATIC: Final = ("/assets/", "/static/", "/page/")  # public files, the same for everyone
_SHARING: Final = b"access-control-"  # Gradio would let pages of other ports and names read along
_SCRIPT: Final = re.compile(rb"<script(?=[\s>])")


class Headers:
    """ASGI middleware: the headers on every response, and the nonce in the scripts of a page."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        added = _headers(scope, nonce)  # now: routing rewrites the scope
        held: list[Message] = []  # the beginning of an HTML page, until its length is known

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [one for one in message.get("headers", []) if not one[0].startswith(_SHARING)]
                message["headers"] = [*kept, *added]
                if _is_html(message):
                    held.append(message)
                    return
            if held and message["type"] == "http.response.body":
                held.append(message)
                if not message.get("more_body", False):
                    for whole in _with_nonce(held, nonce):
                        await send(whole)
                    held.clear()
                return
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _headers(scope: Scope, nonce: str) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-security-policy", _POLICY.format(nonce=nonce).encode()), *_HEADERS]
    if scope.get("scheme") == "https":
        headers.append(_HTTPS)
    if not path_of(scope).startswith(_STATIC):
        headers.append(_NOT_KEPT)
    return headers


def _is_html(start: Message) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/html") for name, value in start.get("headers", [])
    )


def _with_nonce(held: list[Message], nonce: str) -> list[Message]:
    """Return a page whose scripts carry the nonce; its data holds no `<`, which JSON in a page escapes."""
    start, *bodies = held
    body = b"".join(one.get("body", b"") for one in bodies)
    if body:  # an answer to HEAD has none, and the length of what it would be
        body = _SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), body)
        kept = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        start["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
    return [start, {"type": "http.response.body", "body": body}]
