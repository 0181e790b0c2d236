"""A web application, a host and a port → the application served there until interrupted."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import uvicorn

from rag.errors import SettingsError
from rag.ui.door import connections

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.ui.server.desk import Desk

FIRST_PORT: Final = 7860
_TRIED_PORTS: Final = 100
_LEFT_S: Final = 5.0  # for connections and the store to be closed, where an answer had to be broken off


def listen(host: str, port: int | None) -> socket.socket:
    """Open the socket to serve on: the port asked for, or else the first free one from 7860.

    Raises:
        SettingsError: the host is none of this machine's, or the port is taken or not allowed.
    """
    ports = range(FIRST_PORT, FIRST_PORT + _TRIED_PORTS) if port is None else (port,)
    for candidate in ports:
        try:
            return _bound(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror or str(error)
                raise SettingsError(
                    f"cannot listen on {host}:{candidate}: {reason}", hint="choose another --host or --port"
                ) from error
    taken = f"port {port} of {host} is" if port is not None else f"the ports from {FIRST_PORT} of {host} are"
    raise SettingsError(f"{taken} in use", hint="stop what runs there, or choose another --port")


def address(listening: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def server(app: FastAPI, shutdown_s: float = 1.0, leave: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """Return the server for an application; its `run` takes the socket.

    At its end answers have `shutdown_s` to be finished; `leave` is called where one had to be broken off.
    """
    config = uvicorn.Config(
        app,
        http=connections.protocol(app.state.trusted_proxies),  # type: ignore[arg-type]
        ws="none",
        log_level="warning",
        log_config=None,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
        server_header=False,
    )
    return _Server(config, app.state.desk, shutdown_s, leave)


def run(
    app: FastAPI, listening: socket.socket, ready: Callable[[str], None] | None, shutdown_s: float
) -> None:
    """Serve until interrupted or terminated, then finish what is being answered: `shutdown_s` at most.

    `ready` is told the address as soon as the page can be opened.
    """
    if ready is not None:
        app.router.on_startup.append(lambda: ready(address(listening)))
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # uvicorn sends the signal again once it has shut down
        server(app, shutdown_s, _leave).run(sockets=[listening])


def _leave() -> None:
    """End the process soon, whatever waits: a thread that a silent model holds cannot be broken off."""
    leaving = threading.Timer(_LEFT_S, os._exit, (0,))
    leaving.daemon = True
    leaving.start()


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        desk: Desk,
        shutdown_s: float,
        leave: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._desk = desk
        self._leave = leave
        self._shutdown_s = shutdown_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers finish, then leave: every open page holds a connection that has to be broken off."""
        if not await self._desk.close(self._shutdown_s, lambda: self.force_exit):
            self._leave()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening
