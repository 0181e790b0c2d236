"""What a host's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rag.errors import FetchError
from rag.ingest.web.client import AGENT, BUSY, MOVED, URL, Client, following, origin_of, parsed
from rag.ingest.web.visits import Validators

if TYPE_CHECKING:
    from protego import Protego

_REDIRECTS: Final = 5
_BYTES: Final = 512_000  # the RFC asks for at least 500 KiB
_PAUSE_S: Final = 30.0  # the longest that it can ask for


class Robots:
    """The robots.txt of hosts, read once each; the pauses they ask for are kept."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, Protego | FetchError | None] = {}  # by origin

    def ask(self, url: URL) -> None:
        """Ask whether a page may be fetched.

        Raises:
            FetchError: the host keeps this program out, or its robots.txt cannot be read.
        """
        origin = origin_of(url)
        if origin not in self._known:
            self._known[origin] = self._look(origin)
        robots = self._known[origin]
        if isinstance(robots, FetchError):
            raise FetchError(str(robots), hint=robots.hint)
        if robots is not None and not robots.can_fetch(str(url), AGENT):
            raise FetchError(
                f"the robots.txt of {url.host} does not allow it",
                hint="save the page from a browser and index the file",
            )

    def _look(self, origin: str) -> Protego | FetchError | None:
        try:
            robots = self._read(parsed(f"{origin}/robots.txt"))
        except FetchError as error:
            return error
        if robots is not None:
            self._client.pause(origin, min(float(robots.crawl_delay(AGENT) or 0), _PAUSE_S))
        return robots

    def _read(self, url: URL) -> Protego | None:
        from protego import Protego

        for _ in range(_REDIRECTS + 1):
            reply = self._client.request(url, Validators(), _BYTES)
            if reply.status == 200:
                return Protego.parse(reply.content.decode("utf-8", errors="replace"))
            if reply.status in BUSY or reply.status >= 500:
                raise FetchError(
                    f"the robots.txt of {url.host} cannot be read: status {reply.status}",
                    hint="try again later",
                )
            if reply.status not in MOVED:
                return None  # the host has none
            url = following(url, reply)
        return None
