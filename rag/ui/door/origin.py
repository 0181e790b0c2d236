"""Where an order comes from: only this page itself and programs may give any, no other website.

A website that is open in the same browser could otherwise put questions to a page on this machine, at the
cost of whoever pays the language model, or remove articles with the login of its visitor.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse

from rag.ui.door.asgi import App, Receive, Scope, Send, header, host_of, is_loopback, path_of

_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_FOREIGN: Final = ("cross-site", "same-site")
_PORTS: Final = {"http": ":80", "https": ":443"}
PROBES: Final = ("/healthz", "/readyz")  # asked by whoever watches the machine, by its bare address


class OwnOrders:
    """ASGI middleware: refuses orders of other websites, and hosts that this page does not go by.

    `hosts` are the names it goes by beside those of this machine; None where it goes by any. Where nobody
    logs in, a foreign name that points to this machine (DNS rebinding) would make a foreign page its own.
    """

    def __init__(self, app: App, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        app = self._app
        if scope["type"] == "websocket":  # the page uses none
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            if not self._is_own_host(scope):
                app = PlainTextResponse(
                    "this page does not go by that name; RAG_HOSTS names those it goes by\n", 421
                )
            elif is_foreign_order(scope):
                app = PlainTextResponse("orders are taken only from this page itself\n", 403)
        await app(scope, receive, send)

    def _is_own_host(self, scope: Scope) -> bool:
        if self._hosts is None or path_of(scope) in PROBES:
            return True
        host = host_of(scope)
        return is_loopback(host) or host in self._hosts


def is_foreign_order(scope: Scope) -> bool:
    """Tell whether a browser sends this order for another website's page.

    By Fetch Metadata where the browser tells it; else, as on plain http, by `Origin`, else by `Referer`.
    A browser that tells none of them sends a form and wants a page back, as a program does not.
    """
    if scope["method"] in _SAFE:
        return False
    if site := header(scope, b"sec-fetch-site"):
        return site in _FOREIGN
    if claimed := header(scope, b"origin") or header(scope, b"referer"):
        return not _is_own(claimed, header(scope, b"host"))
    return "text/html" in header(scope, b"accept")


def _is_own(url: str, host: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    port = _PORTS.get(parts.scheme, "")
    return bool(parts.netloc) and parts.netloc.lower().removesuffix(port) == host.lower().removesuffix(port)
