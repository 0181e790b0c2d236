"""A host's name → a connection to an address that was checked; nothing else is ever connected to.

A name is resolved once, the addresses are judged, and the connection goes to one of these very addresses
while the Host header and TLS keep the name. A name server that gives another answer a moment later (DNS
rebinding) therefore gains nothing, nor does a redirect: every connection passes here.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from ssl import SSLContext
from typing import Any, Final

import httpcore

from rag.errors import FetchError

Resolver = Callable[[str, int], Sequence[str]]
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")  # all of IPv6 that is given out to anyone


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet.

    Private, loopback, link-local, shared, multicast and reserved ones do not, nor does an IPv6 address
    that carries such an IPv4 address (mapped, NAT64, 6to4, Teredo).

    Raises:
        ValueError: not an IP address.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    inner = [str(one) for one in carried if one is not None]
    if inner:
        return all(map(is_public, inner))
    return ip in _UNICAST and ip.is_global


def is_any(address: str) -> bool:
    """Let every address pass, those of the person's own network too."""
    return bool(address)


def system_addresses(host: str, port: int) -> list[str]:
    """Return the addresses this machine's resolver knows for a host, in its order.

    Raises:
        OSError, UnicodeError: the name is unknown or no name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects only to addresses that `may_reach` lets pass, until `deadline`."""

    def __init__(self, may_reach: Callable[[str], bool], resolve: Resolver) -> None:
        self.deadline = float("inf")  # of time.monotonic
        self._may_reach = may_reach
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            FetchError: the host is unknown, or one of its addresses may not be reached.
            httpcore.ConnectError, httpcore.ConnectTimeout: none of them answers.
        """
        failure: Exception | None = None
        for address in self._checked(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._left)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(
                f"the host {host} is not known", hint="check the address and the network"
            ) from error
        inside = [address for address in addresses if not self._may_reach(address)]
        if inside:
            name = host if host.strip("[]") == inside[0] else f"{host} ({inside[0]})"
            raise FetchError(
                f"{name} is not on the public internet",
                hint="set RAG_FETCH_PRIVATE=1 to read it all the same",
            )
        return addresses

    def _left(self, timeout: float | None) -> float:
        """Return the seconds an operation may take."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this address is over")
        return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline: a server may not dribble for ever."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[float | None], float]) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(secured, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
