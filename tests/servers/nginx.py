"""A real nginx on loopback that runs `deploy/nginx.conf`, and the page processes behind it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests import processes
from tests.servers.chroma import free_port

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
needed = pytest.mark.skipif(NGINX is None, reason="no nginx is installed (apt install nginx)")
_STARTS_S = 120


@dataclass(frozen=True)
class Page:
    """One `rag serve`."""

    process: subprocess.Popen[str]
    address: str

    def questions(self, headers: dict[str, str] | None = None) -> float:
        """Return how many it has answered, or declined to."""
        text = httpx.get(f"{self.address}/metrics", headers=headers).raise_for_status().text
        outcome = r'^quellenchat_questions_total\{outcome="(?:answered|abstained)"\} (\S+)$'
        counts = re.findall(outcome, text, re.M)
        return sum(map(float, counts))


@contextmanager
def pages(store: Path, count: int = 2) -> Iterator[list[Page]]:
    """Run so many over one store."""
    with ExitStack() as opened:
        running = []
        for _ in range(count):
            command = [*processes.RAG, "serve", "--store", str(store), "--port", str(free_port())]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            opened.callback(process.communicate)
            opened.callback(process.kill)
            running.append(process)
        yield [Page(process, _address(process)) for process in running]


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found, "the page does not start"
    return found[0]


@contextmanager
def proxied(running: Sequence[Page], folder: Path) -> Iterator[str]:
    """Run nginx before page processes as the configuration says; yield its address."""
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    for written, own in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:7861", running[0].address.removeprefix("http://")),
        ("127.0.0.1:7862", running[1].address.removeprefix("http://")),
    ):
        assert text.count(written) == 1
        text = text.replace(written, own)
    command = _command(folder, text)
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + _STARTS_S
        while not _answers(f"http://127.0.0.1:{port}/healthz"):
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < deadline, "nginx does not answer"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def checked(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Have nginx check a configuration."""
    return subprocess.run([*_command(folder, text), "-t"], capture_output=True, text=True, check=False)


def _command(folder: Path, text: str) -> list[str]:
    """Put a configuration where nginx of a distribution has it, in `http`, and return how to start it."""
    assert NGINX is not None
    (folder / "quellenchat.conf").write_text(text, encoding="utf-8")
    places = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # pytest's folders are closed to everybody else
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n    access_log off;\n{places}    include {folder}/quellenchat.conf;\n}}\n",
        encoding="utf-8",
    )
    return [NGINX, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False
