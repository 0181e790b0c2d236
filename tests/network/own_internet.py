"""A small internet of one's own: fetch by real names from public and private addresses, all on this machine.

python -m tests.network.own_internet   prints as JSON what came of each address and who was asked for anything.
It has to run where `alone` puts it: in a network without any other machine, whose name server is ours. There
the whole way is the real one: the system's resolver, packets of DNS, connections, redirects, no part replaced.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tests.network.dns_server import Answer, NameServer
from tests.web_server import Served, WebServer

PUBLIC: Final = "93.184.216.34"
INSIDE: Final = ("127.0.0.1", "10.0.0.5", "169.254.169.254")
_SETUP: Final = """
set -e
ip link set lo up
for one in 93.184.216.34 10.0.0.5 169.254.169.254; do ip address add $one/32 dev lo; done
echo 'nameserver 127.0.0.1
options timeout:1 attempts:1' > "$0/resolv.conf"
mount --bind "$0/resolv.conf" /etc/resolv.conf
exec "$@"
"""
NAMES: Final[dict[str, Answer]] = {
    "news.example": [PUBLIC],
    "inside.example": ["10.0.0.5"],
    "local.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "mixed.example": [PUBLIC, "10.0.0.5"],
    "six.example": [PUBLIC, "::1"],
    "mapped.example": [PUBLIC, "::ffff:127.0.0.1"],
    "alias.example": ["inside.example"],
    "rebinding.example": lambda number: [PUBLIC] if number == 0 else ["127.0.0.1"],
    "flapping.example": lambda number: [("127.0.0.1", PUBLIC)[number % 2]],
    "robots.example": [PUBLIC],
}
HOPS: Final = {
    "to-name": "http://inside.example/secret", "to-loopback": "http://127.0.0.1/secret",
    "to-number": "http://2130706433/secret", "to-hexadecimal": "http://0x7f.1/secret",
    "to-six": "http://[::ffff:10.0.0.5]/secret", "to-metadata": "http://metadata.example/secret",
    "to-alias": "//alias.example/secret", "to-rebinding": "http://rebinding.example/article",
    "to-file": "file:///etc/hostname", "twice": "http://news.example/to-name",
    "to-other-port": "http://local.example:8080/secret", "to-article": "http://news.example/article",
}  # fmt: skip
ADDRESSES: Final = (
    "http://news.example/article", "http://NEWS.example./article", "http://news.example/to-article",
    "http://inside.example/secret", "http://local.example/secret", "http://metadata.example/secret",
    "http://mixed.example/secret", "http://six.example/secret", "http://mapped.example/secret",
    "http://alias.example/secret", "http://rebinding.example/article", "http://robots.example/article",
    "http://unknown.example/article",
    *(f"http://news.example/{hop}" for hop in HOPS if hop != "to-article"),
    *(f"http://flapping.example/article?{number}" for number in range(10)),
)  # fmt: skip


def missing() -> str:
    """Return why this machine cannot make such a network, "" where it can."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return "unshare and ip are not installed"
    tried = subprocess.run(
        ["unshare", "-rnm", "sh", "-c", "ip link set lo up && mount --bind /etc/hosts /etc/resolv.conf"],
        capture_output=True,
        text=True,
    )
    return f"no network of one's own here: {tried.stderr.strip()}" if tried.returncode else ""


def alone(command: Sequence[str], folder: Path) -> list[str]:
    """Return a command that runs another one in such a network; the folder is for its settings."""
    return ["unshare", "-rnm", "sh", "-c", _SETUP, str(folder), *command]


def main() -> None:
    """Serve both worlds, fetch every address, then the inner ones as someone who may."""
    from rag.ingest.web.fetch import Fetcher
    from rag.ingest.web.network import is_any

    with ExitStack() as stack:
        names = stack.enter_context(NameServer(NAMES, port=53))
        web = stack.enter_context(WebServer(at=(PUBLIC, 80)))
        inner = [stack.enter_context(WebServer(at=(host, 80))) for host in INSIDE]
        inner.append(stack.enter_context(WebServer(at=("127.0.0.1", 8080))))
        _fill(web)
        for one in inner:
            one.pages["/secret"] = one.pages["/article"] = Served("<p>the secret</p>")
        told: dict[str, Any] = {"came": {}}
        for address in ADDRESSES:
            with Fetcher(delay_s=0, sleep=lambda _: None, timeout_s=10) as fetcher:
                told["came"][address] = _came(fetcher, address)
        told["inner"] = [asked.path for one in inner for asked in one.requests]
        told["asked"] = dict(names.asked)
        with Fetcher(delay_s=0, may_reach=is_any) as allowed:
            told["allowed"] = _came(allowed, "http://news.example/to-name")
        sys.stdout.write(json.dumps(told))


def _fill(web: WebServer) -> None:
    closing = {"Connection": "close"}
    web.pages["/robots.txt"] = lambda asked: (
        Served("", 302, {"Location": "http://inside.example/secret"} | closing)
        if asked.headers["Host"].startswith("robots.")
        else Served("User-agent: *\nAllow: /", headers=closing)
    )
    web.pages["/article"] = Served("<p>the news</p>", headers=closing)
    for number in range(10):
        web.pages[f"/article?{number}"] = Served("<p>the news</p>", headers=closing)
    for hop, target in HOPS.items():
        web.pages[f"/{hop}"] = Served("", 302, {"Location": target} | closing)


def _came(fetcher: Any, address: str) -> str:
    from rag.errors import FetchError

    try:
        return str(fetcher.fetch(address).content.decode())
    except FetchError as error:
        return f"refused: {error}"


if __name__ == "__main__":
    main()
