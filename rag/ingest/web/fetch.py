"""An address of the web → its content: politely, from public hosts, within bounds of size and time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Final

from rag.errors import FetchError
from rag.ingest.web.client import MOVED, URL, Client, Reply, following, parsed, seconds_of
from rag.ingest.web.network import CheckedNetwork, Resolver, is_public, system_addresses
from rag.ingest.web.robots import Robots
from rag.ingest.web.visits import Validators

if TYPE_CHECKING:
    from typing import Self


_REDIRECTS: Final = 5
_GONE: Final = (404, 410)


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave."""

    url: str  # where it was in the end, after redirects
    content: bytes
    media_type: str  # such as "text/html", "" where the server does not say
    charset: str | None
    validators: Validators
    unchanged: bool = False  # the server still has the version that was known; `content` is empty then


class Fetcher:
    """Fetches pages one at a time; obeys robots.txt, pauses between requests to a host, retries.

    Only http and https, and on every hop only hosts whose addresses all may be reached (see `network`).
    """

    def __init__(
        self,
        *,
        may_reach: Callable[[str], bool] = is_public,
        max_bytes: int = 20_000_000,
        timeout_s: float = 60.0,
        delay_s: float = 1.0,
        resolve: Resolver = system_addresses,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make a fetcher; nothing is contacted yet.

        Args:
            may_reach: tells of an IP address whether it may be connected to.
            max_bytes: of one page, after decompression.
            timeout_s: for one page with its redirects and retries, without the pauses of politeness.
            delay_s: between the end of one request and the next to the same host.
            resolve: a host's name and port to its addresses.
            sleep: how to wait.
        """
        self._client = Client(CheckedNetwork(may_reach, resolve), timeout_s, delay_s, sleep)
        self._robots = Robots(self._client)
        self._max_bytes = max_bytes
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def fetch(self, url: str, known: Validators | None = None) -> Page:
        """Return what an address gives, or that it is still what was `known`.

        Raises:
            FetchError: it cannot or must not be fetched; the message says which and why.
        """
        with self._lock:
            self._client.begin()
            target = parsed(url)
            for _ in range(_REDIRECTS + 1):
                self._robots.ask(target)
                reply = self._client.request(target, known or Validators(), self._max_bytes)
                if reply.status not in MOVED:
                    return _page(target, reply, known)
                target = following(target, reply)
        raise FetchError(
            f"more than {_REDIRECTS} redirects", hint="open it in a browser and use its final address"
        )


def _page(url: URL, reply: Reply, known: Validators | None) -> Page:
    media_type = reply.headers.get("Content-Type", "").split(";")[0].strip().lower()
    validators = Validators(reply.headers.get("ETag"), reply.headers.get("Last-Modified"))
    if reply.status == 304 and known is not None:
        return Page(str(url), b"", media_type, None, known, unchanged=True)
    if reply.status == 200:
        return Page(str(url), reply.content, media_type, reply.charset, validators)
    if reply.status in _GONE:
        raise FetchError(f"there is no such page (status {reply.status})", hint="check the address")
    if reply.status in (401, 402, 403):
        raise FetchError(
            f"the server keeps it to itself (status {reply.status})",
            hint="save the page from a browser and index the file",
        )
    wait = seconds_of(reply.headers.get("Retry-After"))
    hint = f"the server asks to wait {wait:.0f} seconds" if wait else "try again later"
    raise FetchError(f"the server answered with status {reply.status}", hint=hint)
