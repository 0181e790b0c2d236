"""A name server (RFC 1035) over UDP, whose answers may change with every question.

with NameServer({"news.example": ["93.184.216.34"]}, port=53) as names: …
"""

from __future__ import annotations

import ipaddress
import socketserver
import struct
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.threaded import Threaded

Records = Sequence[str]  # addresses, or the one name that the name stands for
Answer = Records | Callable[[int], Records]  # or what a question's number, from 0, is answered with
_A, _CNAME, _AAAA = 1, 5, 28
_IN: Final = 1
_NO_SUCH_NAME: Final = 3
_HEADER: Final = struct.Struct(">6H")


class NameServer(Threaded):
    """Answers for A and AAAA, without a time to live; a name that is not known does not exist."""

    def __init__(self, names: Mapping[str, Answer], port: int, host: str = "127.0.0.1") -> None:
        self.asked: Counter[str] = Counter()  # questions for A by name
        self._names = dict(names)
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                packet, socket = self.request
                socket.sendto(server._reply(packet), self.client_address)

        self._server = socketserver.UDPServer((host, port), Handler)

    def _reply(self, packet: bytes) -> bytes:
        number, _, _, _, _, _ = _HEADER.unpack_from(packet)
        name, end = _name(packet, _HEADER.size)
        kind, _ = struct.unpack_from(">2H", packet, end)
        question = packet[_HEADER.size : end + 4]
        records = self._records(name, kind)
        code = _NO_SUCH_NAME if name not in self._names else 0
        flags = 0x8580 | code  # an authoritative answer; recursion is offered
        return _HEADER.pack(number, flags, 1, len(records), 0, 0) + question + b"".join(records)

    def _records(self, name: str, kind: int) -> list[bytes]:
        known = self._names.get(name)
        if known is None:
            return []
        answered = known(self.asked[name]) if callable(known) else known
        self.asked[name] += kind == _A
        made: list[bytes] = []
        for one in answered:
            try:
                address = ipaddress.ip_address(one)
            except ValueError:
                return [_record(name, _CNAME, _written(one)), *self._records(one, kind)]
            if kind == (_A if address.version == 4 else _AAAA):
                made.append(_record(name, kind, address.packed))
        return made


def _name(packet: bytes, at: int) -> tuple[str, int]:
    """Return the name that stands in a question, in lower case, and where it ends."""
    labels = []
    while length := packet[at]:
        labels.append(packet[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    return ".".join(labels).lower(), at + 1


def _written(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".")) + b"\0"


def _record(name: str, kind: int, value: bytes) -> bytes:
    return _written(name) + struct.pack(">2HIH", kind, _IN, 0, len(value)) + value
