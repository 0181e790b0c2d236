"""What a command and all its children connect to, as the kernel sees it.

`strace` stops at every system call by which a process can reach another machine, whoever makes it: Python,
a library in Rust or C, a child. Its limits: it sees attempts and not what would have been answered;
`io_uring`, which can connect without such calls, counts as an attempt in itself; what an already running
daemon does on behalf of a process (a name service over a socket file) is only seen as that socket file.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_CALLS: Final = "connect,sendto,sendmsg,sendmmsg,socket,io_uring_setup"
_V4: Final = re.compile(r"sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\(\"([\d.]+)\"\)")
_V6: Final = re.compile(r"sa_family=AF_INET6, sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, \"([^\"]+)\"")
_INNER: Final = ("AF_UNIX", "AF_LOCAL", "AF_NETLINK", "AF_INET", "AF_INET6", "AF_UNSPEC")
_DNS: Final = 53


def missing() -> str:
    """Return why processes cannot be traced on this machine, "" where they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-qq", "-e", "trace=connect", "true"], capture_output=True, text=True)
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else ""


def traced(command: Sequence[str], log: Path) -> list[str]:
    """Return a command that runs another one and writes down whom it tries to reach."""
    return ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "64", "-e", f"trace={_CALLS}", "-e", "signal=none",
            "-o", str(log), *command]  # fmt: skip


def outside(log: Path) -> list[str]:
    """Return the attempts to reach anything but this machine: addresses with ports, name servers, odd sockets."""
    return list(dict.fromkeys(_outside(log.read_text(errors="replace"))))


def local(log: Path) -> int:
    """Return how many connections to this machine's own ports were seen, which shows that the trace works."""
    return sum(_is_loopback(address) for _, address in _addresses(log.read_text(errors="replace")))


def _outside(text: str) -> Iterator[str]:
    for port, address in _addresses(text):
        if not _is_loopback(address) or port == _DNS:
            yield f"{address}:{port}"
    for line in text.splitlines():
        if "io_uring_setup(" in line:
            yield "io_uring"
        family = re.search(r"socket\((AF_\w+|0x\w+)", line)
        if family and family[1] not in _INNER:
            yield family[1]
        if "sa_family=AF_UNIX" in line and "/systemd/resolve" in line:
            yield "name service"


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    for pattern in (_V4, _V6):
        for port, address in pattern.findall(text):
            yield int(port), address


def _is_loopback(address: str) -> bool:
    return address.startswith("127.") or address in ("::1", "::ffff:127.0.0.1", "0.0.0.0", "::")
