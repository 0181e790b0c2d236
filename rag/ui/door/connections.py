"""Connections, before anything is asked by them: how many there may be, and how long one may say nothing.

Nobody has to log in to connect. Without bounds a visitor could hold every file handle of the process by
connections that never ask, so that not even the collection could be opened any more, or fill the memory by
a head of a request that never ends. The latter is h11's to refuse; uvicorn's other parser does not.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import h11
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from rag.access.limits import neighbourhood

SILENCE_S: Final = 30.0  # the longest time to send the head of a request, or the next piece of its body
_MOST: Final = 4_000
_MOST_OF_ONE: Final = 400  # a browser's window holds up to six


class Crowd:
    """The connections that are open, by the visitor's address; those of trusted proxies only as a whole."""

    def __init__(self, trusted: str, most: int | None = None) -> None:
        nothing: Any = None  # to be put before; only its reading of addresses and networks is wanted
        self._trusted = ProxyHeadersMiddleware(nothing, trusted).trusted_hosts
        self._most = min(_MOST, _handles() // 2) if most is None else most
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more connection; False where there are too many already."""
        near = neighbourhood(address)
        of_one = 0 if address in self._trusted else self._open[near]
        if self._open.total() >= self._most or of_one >= min(_MOST_OF_ONE, self._most // 2):
            return False
        self._open[near] += 1
        return True

    def leave(self, address: str) -> None:
        """Count one connection less."""
        near = neighbourhood(address)
        self._open[near] -= 1
        if self._open[near] <= 0:
            del self._open[near]


def protocol(trusted: str) -> Callable[..., asyncio.Protocol]:
    """Return how a server is to speak with its visitors; `trusted` are the proxies it is told to believe."""
    return partial(_Connection, Crowd(trusted))


class _Connection(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a visitor who has to be one of not too many and go on asking."""

    def __init__(self, crowd: Crowd, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._crowd = crowd
        self._entered = False
        self._heard = 0.0
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._entered = self._crowd.enter(self._address)
        if not self._entered:
            transport.abort()
            return
        self._heard = self.loop.time()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        if self._entered:
            self._entered = False
            self._crowd.leave(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.conn.their_state is h11.SEND_BODY:
            self._heard = self.loop.time()
        super().data_received(data)

    def on_response_complete(self) -> None:
        self._heard = self.loop.time()
        super().on_response_complete()

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _wait(self) -> None:
        """Hang up on who has said nothing for too long, and look again where it is not yet so."""
        silent = self.loop.time() - self._heard
        theirs = self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not self.flow.read_paused
        if theirs and silent >= SILENCE_S:
            self.transport.abort()
            return
        left = SILENCE_S - silent if theirs else SILENCE_S
        self._patience = self.loop.call_later(max(left, 0.05), self._wait)


def _handles() -> int:
    """Return how many files and connections this process may have open."""
    try:
        import resource
    except ImportError:  # on Windows, which has no such bound
        return 2 * _MOST
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2 * _MOST if soft == resource.RLIM_INFINITY else soft
