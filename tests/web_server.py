"""A web site on loopback, for tests of fetching: pages as told, every request kept.

with WebServer() as site:
    site.pages["/a"] = Served("<html>…")
    fetcher.fetch(site.url + "/a")
    assert site.paths == ["/robots.txt", "/a"]
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.threaded import Threaded


@dataclass(frozen=True)
class Served:
    """What a path gives."""

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False  # close the connection without a word
    drip_s: float = 0.0  # send a byte at a time, this far apart


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]


class WebServer(Threaded):
    """Serves `pages` (or what a function of the request makes) until the `with` block ends."""

    def __init__(self, tls: ssl.SSLContext | None = None, at: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.pages: dict[str, Served | Callable[[Asked], Served]] = {}
        self.requests: list[Asked] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(at, Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.requests]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = Asked(handler.path, dict(handler.headers.items()))
        self.requests.append(asked)
        found = self.pages.get(handler.path, Served("nothing here", 404))
        served = found(asked) if callable(found) else found
        if served.drop:
            handler.close_connection = True
            return
        body = served.body.encode() if isinstance(served.body, str) else served.body
        handler.send_response(served.status)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in (headers | dict(served.headers)).items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            if not served.drip_s:
                handler.wfile.write(body)
                return
            for byte in body:
                handler.wfile.write(bytes([byte]))
                if self._stopping.wait(served.drip_s):
                    break
        except OSError:
            pass  # the other side has had enough
        handler.close_connection = True
