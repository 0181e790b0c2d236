"""One request after another: from public hosts, with pauses and retries, within bounds of size and time."""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Final

import httpcore
import httpx

from rag.errors import FetchError
from rag.ingest.web.network import CheckedNetwork
from rag.ingest.web.visits import Validators

URL = httpx.URL

AGENT: Final = "Quellenchat"
MOVED: Final = (301, 302, 303, 307, 308)
BUSY: Final = (429, 503)
_TRIES: Final = 4
_BACKOFF_S: Final = 1.0  # before the second try, twice as long before each further one


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered; `content` is empty unless the status is 200."""

    status: int
    headers: httpx.Headers
    content: bytes
    charset: str | None


class Client:
    """Sends requests, one at a time to a host with a pause between them, again while it is busy."""

    def __init__(
        self, network: CheckedNetwork, timeout_s: float, delay_s: float, sleep: Callable[[float], None]
    ) -> None:
        """Make a client; nothing is contacted yet. Arguments as in `Fetcher`."""
        self._network = network
        transport = httpx.HTTPTransport(trust_env=False)
        transport._pool = httpcore.ConnectionPool(  # httpx has no public way to a network backend
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=network
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
        self._timeout_s = timeout_s
        self._delay_s = delay_s
        self._sleep = sleep
        self._asked: dict[str, float] = {}  # by origin, the pause it asks for
        self._free_at: dict[str, float] = {}  # by host

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def begin(self) -> None:
        """Count the time for a page from now on."""
        self._network.deadline = time.monotonic() + self._timeout_s

    def pause(self, origin: str, seconds: float) -> None:
        """Wait so long between two requests to an origin, where it is longer than the usual pause."""
        self._asked[origin] = seconds

    def request(self, url: URL, known: Validators, max_bytes: int) -> Reply:
        """Send a request, again while the server is busy or the connection breaks.

        Raises:
            FetchError: the host must not or cannot be reached, or what it gives is too large or damaged.
        """
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
                wait = self._wait(attempt, reply.headers.get("Retry-After")) if reply.status in BUSY else None
                if wait is None:
                    return reply
            self._sleep(wait)

    def _wait(self, attempt: int, asked: str | None) -> float | None:
        """Return how long to wait before the next attempt, None where there shall be none."""
        wait = max(_BACKOFF_S * 2 ** (attempt - 1), seconds_of(asked))
        in_time = time.monotonic() + wait < self._network.deadline
        return wait if attempt < _TRIES and in_time else None

    def _send(self, url: URL, known: Validators, max_bytes: int) -> Reply:
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
            return Reply(response.status_code, response.headers, content, response.charset_encoding)

    @contextmanager
    def _turn(self, url: URL) -> Iterator[None]:
        """Wait until the host may be asked again; the wait is not taken from the time for the page."""
        wait = self._free_at.get(url.netloc.decode(), 0.0) - time.monotonic()
        if wait > 0:
            self._sleep(wait)
            self._network.deadline += wait
        try:
            yield
        finally:
            pause = max(self._delay_s, self._asked.get(origin_of(url), 0.0))
            self._free_at[url.netloc.decode()] = time.monotonic() + pause


def parsed(url: str) -> URL:
    """Read an address.

    Raises:
        FetchError: it is none, or not one that is fetched.
    """
    try:
        parsed = URL(url.strip()).copy_with(fragment=None)
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


def following(url: URL, reply: Reply) -> URL:
    """Return where a redirect leads.

    Raises:
        FetchError: nowhere that is fetched.
    """
    where = reply.headers.get("Location")
    if not where:
        raise FetchError(
            f"a redirect that leads nowhere (status {reply.status})", hint="open it in a browser"
        )
    try:
        return parsed(str(url.join(where)))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("a redirect to no address", hint="open it in a browser") from error


def origin_of(url: URL) -> str:
    """Return scheme, host and port."""
    return f"{url.scheme}://{url.netloc.decode()}"


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


def _unreachable(url: URL, error: httpx.TransportError) -> FetchError:
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


def seconds_of(retry_after: str | None) -> float:
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
