"""What a reverse proxy says of its visitor → the request as the visitor made it.

Only the proxies named in the settings are believed; from anyone else such headers are taken out, so that
nothing behind this can be told another address, scheme or host.
"""

from __future__ import annotations

from typing import Any, Final

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rag.ui.door.asgi import App, Receive, Scope, Send

_TOLD: Final = (b"x-forwarded-host", b"x-gradio-server", b"x-forwarded-server", b"forwarded")
_FORWARDED: Final = (*_TOLD, b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-port")


class Proxied:
    """ASGI middleware: host, scheme, client and path as the visitor's browser knows them."""

    def __init__(self, app: App, trusted: str, root_path: str) -> None:
        inner: Any = app
        self._app: Any = ProxyHeadersMiddleware(inner, trusted)
        self._trusted = self._app.trusted_hosts
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as it was before the proxy."""
        if scope["type"] == "http":
            scope = {**scope, "headers": self._headers(scope), "root_path": self._root_path}
            path = str(scope["path"])
            root = self._root_path
            # Some proxies take the root path off before they pass a request on, some leave it there.
            if root and path != root and not path.startswith(root + "/"):
                scope["path"] = root + path
                scope["raw_path"] = root.encode() + scope.get("raw_path", path.encode())
        await self._app(scope, receive, send)

    def _headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        headers = list(scope["headers"])
        client = scope.get("client")
        if not (client and client[0] in self._trusted):
            return [(name, value) for name, value in headers if name not in _FORWARDED]
        hosts = [value for name, value in headers if name == b"x-forwarded-host"]
        kept = [(name, value) for name, value in headers if name not in _TOLD]
        if not hosts:
            return kept
        host = hosts[-1].split(b",")[0].strip()
        return [(name, value) for name, value in kept if name != b"host"] + [(b"host", host)]
