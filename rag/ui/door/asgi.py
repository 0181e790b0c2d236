"""The words of ASGI that the parts of the door share (https://asgi.readthedocs.io)."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: bytes) -> str:
    """Return the last header of a name in lower case, "" where there is none."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[-1].decode("latin-1") if values else ""


def path_of(scope: Scope) -> str:
    """Return the path as the application knows it, without the root path of a reverse proxy."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] or "/" if root and path.startswith(root) else path


def host_of(scope: Scope) -> str:
    """Return the name by which the visitor calls this machine, without the port."""
    name = header(scope, b"host").lower()
    return name.split("]")[0] + "]" if name.startswith("[") else name.split(":")[0]


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def at_most(receive: Receive, most: int) -> Receive:
    """Return a `receive` that breaks off a body of more than `most` bytes."""
    read = 0

    async def receive_some() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if read > most else message

    return receive_some
