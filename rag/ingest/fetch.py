"""An address of the web → its content: politely, from public hosts, within bounds of size and time."""

from __future__ import annotations

import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from rag.errors import FetchError
from rag.ingest.network import CheckedNetwork, Resolver, is_public, system_addresses
from rag.ingest.visits import Validators

if TYPE_CHECKING:
    from typing import Self

    from protego import Protego

AGENT: Final = "Quellenchat"
_REDIRECTS: Final = 5
_TRIES: Final = 4
_BACKOFF_S: Final = 1.0  # before the second try, twice as long before each further one
_CRAWL_DELAY_S: Final = 30.0  # the longest pause that a robots.txt can ask for
_ROBOTS_BYTES: Final = 512_000  # RFC 9309 asks for at least 500 KiB
_BUSY: Final = (429, 503)
_MOVED: Final = (301, 302, 303, 307, 308)
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


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: httpx.Headers
    content: bytes
    charset: str | None


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
        self._network = CheckedNetwork(may_reach, resolve)
        transport = httpx.HTTPTransport(trust_env=False)
        transport._pool = httpcore.ConnectionPool(  # httpx has no public way to a network backend
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=self._network
        )
        self._client = httpx.Client(
            transport=transport,
            trust_env=False,  # a proxy would resolve names past the check
            timeout=timeout_s,
            headers={
                "User-Agent": f"{AGENT}/{version('quellenchat')} (news reader; obeys robots.txt)",
                "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
                "application/xml;q=0.9, text/plain;q=0.8, */*;q=0.5",
                "Accept-Encoding": "gzip",
            },
        )
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._delay_s = delay_s
        self._sleep = sleep
        self._lock = threading.Lock()
        self._robots: dict[str, Protego | FetchError | None] = {}  # by origin
        self._free_at: dict[str, float] = {}  # by host

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
            self._network.deadline = time.monotonic() + self._timeout_s
            target = _parsed(url)
            for _ in range(_REDIRECTS + 1):
                self._ask_robots(target)
                reply = self._request(target, known or Validators(), self._max_bytes)
                if reply.status not in _MOVED:
                    return _page(target, reply, known)
                target = _next(target, reply)
        raise FetchError(
            f"more than {_REDIRECTS} redirects", hint="open it in a browser and use its final address"
        )

    # -- one request --------------------------------------------------------------------------------------

    def _request(self, url: httpx.URL, known: Validators, max_bytes: int) -> _Reply:
        """Send a request, again while the server is busy or the connection breaks."""
        attempt = 0
        while True:
            attempt += 1
            try:
                reply = self._send(url, known, max_bytes)
            except httpx.TransportError as error:
                wait = None if _certificate(error) else self._wait(attempt, None)
                if wait is None:
                    raise _unreachable(url, error) from error
            else:
                wait = (
                    self._wait(attempt, reply.headers.get("Retry-After")) if reply.status in _BUSY else None
                )
                if wait is None:
                    return reply
            self._sleep(wait)

    def _wait(self, attempt: int, asked: str | None) -> float | None:
        """Return how long to wait before the next attempt, None where there shall be none."""
        wait = max(_BACKOFF_S * 2 ** (attempt - 1), _seconds(asked))
        in_time = time.monotonic() + wait < self._network.deadline
        return wait if attempt < _TRIES and in_time else None

    def _send(self, url: httpx.URL, known: Validators, max_bytes: int) -> _Reply:
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        with (
            self._turn(url),
            self._client.stream(
                "GET", url, headers={name: value for name, value in headers.items() if value}
            ) as response,
        ):
            content = b""
            if response.status_code == 200:
                content = _read(response, max_bytes)
            return _Reply(response.status_code, response.headers, content, response.charset_encoding)

    @contextmanager
    def _turn(self, url: httpx.URL) -> Iterator[None]:
        """Wait until the host may be asked again; the wait is not taken from the time for the page."""
        wait = self._free_at.get(url.netloc.decode(), 0.0) - time.monotonic()
        if wait > 0:
            self._sleep(wait)
            self._network.deadline += wait
        try:
            yield
        finally:
            robots = self._robots.get(_origin(url))
            asked = 0.0
            if robots is not None and not isinstance(robots, FetchError):
                asked = float(robots.crawl_delay(AGENT) or 0)
            pause = max(self._delay_s, min(asked, _CRAWL_DELAY_S))
            self._free_at[url.netloc.decode()] = time.monotonic() + pause

    # -- robots.txt ---------------------------------------------------------------------------------------

    def _ask_robots(self, url: httpx.URL) -> None:
        """Raise FetchError where the host's robots.txt keeps this program out (RFC 9309)."""
        origin = _origin(url)
        if origin not in self._robots:
            try:
                self._robots[origin] = self._read_robots(httpx.URL(f"{origin}/robots.txt"))
            except FetchError as error:
                self._robots[origin] = error
        robots = self._robots[origin]
        if isinstance(robots, FetchError):
            raise FetchError(str(robots), hint=robots.hint)
        if robots is not None and not robots.can_fetch(str(url), AGENT):
            raise FetchError(
                f"the robots.txt of {url.host} does not allow it",
                hint="save the page from a browser and index the file",
            )

    def _read_robots(self, url: httpx.URL) -> Protego | None:
        from protego import Protego

        for _ in range(_REDIRECTS + 1):
            reply = self._request(url, Validators(), _ROBOTS_BYTES)
            if reply.status == 200:
                return Protego.parse(reply.content.decode("utf-8", errors="replace"))
            if reply.status in _BUSY or reply.status >= 500:
                raise FetchError(
                    f"the robots.txt of {url.host} cannot be read: status {reply.status}",
                    hint="try again later",
                )
            if reply.status not in _MOVED:
                return None  # the host has none
            url = _next(url, reply)
        return None


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"not an address: {error}", hint="write it like https://example.org/news") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchError(
            f"{parsed.scheme or 'no'} scheme: only http and https addresses are fetched",
            hint="write it like https://example.org/news",
        )
    if parsed.userinfo:
        raise FetchError(
            "the address holds a user name", hint="leave it out; pages behind a login cannot be read"
        )
    return parsed


def _next(url: httpx.URL, reply: _Reply) -> httpx.URL:
    where = reply.headers.get("Location")
    if not where:
        raise FetchError(
            f"a redirect that leads nowhere (status {reply.status})", hint="open it in a browser"
        )
    try:
        return _parsed(str(url.join(where)))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("a redirect to no address", hint="open it in a browser") from error


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}"


def _page(url: httpx.URL, reply: _Reply, known: Validators | None) -> Page:
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
    wait = _seconds(reply.headers.get("Retry-After"))
    hint = f"the server asks to wait {wait:.0f} seconds" if wait else "try again later"
    raise FetchError(f"the server answered with status {reply.status}", hint=hint)


def _read(response: httpx.Response, max_bytes: int) -> bytes:
    """Return a reply's body, unpacked; a small one that unpacks to a huge one stops at the limit."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return b"".join(_limited(response.iter_raw(), max_bytes))
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(
            f"packed as {encoding}, which was not asked for", hint="save the page from a browser"
        )
    return gunzip(response.iter_raw(), max_bytes)


def gunzip(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    """Unpack gzip, `max_bytes` of content at most.

    Raises:
        FetchError: it holds more, is damaged or broken off.
    """
    unpacker = zlib.decompressobj(wbits=31)
    content = bytearray()
    try:
        for chunk in chunks:
            content += unpacker.decompress(chunk, max_bytes + 1 - len(content))
            if len(content) > max_bytes:
                raise _too_large(max_bytes)
    except zlib.error as error:
        raise FetchError("its packed content is damaged", hint="try again later") from error
    if not unpacker.eof:
        raise FetchError("its packed content is broken off", hint="try again later")
    return bytes(content)


def _limited(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        yield chunk


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(f"larger than {max_bytes / 1e6:g} MB", hint="raise RAG_FETCH_MB")


def _unreachable(url: httpx.URL, error: httpx.TransportError) -> FetchError:
    if wrong := _certificate(error):
        return FetchError(
            f"the certificate of {url.host} is not valid: {wrong}",
            hint="if you trust it all the same, save the page from a browser and index the file",
        )
    if isinstance(error, httpx.TimeoutException):
        return FetchError(f"{url.host} took too long", hint="try again later, or raise RAG_FETCH_TIMEOUT_S")
    reason = str(error) or type(error).__name__
    return FetchError(f"{url.host} cannot be reached: {reason}", hint="check the address and the network")


def _certificate(error: BaseException) -> str:
    """Return what is wrong with a host's certificate where that is why it cannot be reached, else ""."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause.verify_message if cause is not None else ""


def _seconds(retry_after: str | None) -> float:
    """Return the seconds of a Retry-After header, which holds a number or a date; 0 for neither."""
    if not retry_after:
        return 0.0
    try:
        return max(float(retry_after), 0.0)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)
