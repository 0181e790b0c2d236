"""A real Chroma server on loopback, which can be killed and started again on the same data and port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

_COMMAND = shutil.which("chroma", path=str(Path(sys.executable).parent)) or "chroma"
_STARTS_S = 60


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ChromaServer:
    """`chroma run` over a folder, from `with` until it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it answers."""
        command = [_COMMAND, "run", "--path", self._folder, "--host", "127.0.0.1", "--port", self._port]
        self._process = subprocess.Popen(
            list(map(str, command)), cwd=self._folder.parent, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + _STARTS_S
        while wait and not self._answers():
            assert self._process.poll() is None, "the Chroma server ended at once"
            assert time.monotonic() < deadline, "the Chroma server does not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url + "/api/v2/heartbeat", timeout=2, trust_env=False).is_success
        except httpx.TransportError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
