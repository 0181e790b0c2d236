"""A real PostgreSQL server on loopback, run without privileges, which can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.servers.chroma import free_port

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
INITDB = shutil.which("initdb", path=os.pathsep.join([*map(str, _FOLDERS), os.environ["PATH"]]))
needed = pytest.mark.skipif(
    INITDB is None, reason="no PostgreSQL server is installed (apt install postgresql)"
)
_STARTS_S = 60


class PostgresServer:
    """A server with a database of its own for each test, from `with` until it ends."""

    def __init__(self) -> None:
        assert INITDB is not None
        self._bin = Path(INITDB).parent
        self._port = free_port()
        # Root cannot run a server, and pytest's folders are closed to everybody else.
        self._as: dict[str, Any] = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self._folder = Path(tempfile.mkdtemp(prefix="quellenchat-pg-"))
        if self._as:
            shutil.chown(self._folder, "postgres")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            self._bin / "postgres", "-D", self._folder / "data", "-p", self._port, "-k", self._folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=16MB",
        ]  # fmt: skip
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                list(map(str, command)), cwd=self._folder, stdout=log, stderr=log, **self._as
            )
        deadline = time.monotonic() + _STARTS_S
        while not self._run("pg_isready", "-h", "127.0.0.1", "-p", self._port, check=False):
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < deadline, "the PostgreSQL server does not start"
            time.sleep(0.1)

    def kill(self) -> None:
        """End it at once, with all connections to it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def database(self, name: str, encoding: str = "UTF8") -> str:
        """Make a database and return its address."""
        options = ("--template=template0", "--locale=C", f"--encoding={encoding}")
        self._run("createdb", "-h", "127.0.0.1", "-p", self._port, "-U", "chat", *options, name)
        return f"postgresql://chat:geheim@127.0.0.1:{self._port}/{name}"

    def _run(self, program: str, *arguments: object, check: bool = True) -> bool:
        done = subprocess.run(
            [str(self._bin / program), *map(str, arguments)],
            cwd=self._folder, capture_output=True, text=True, timeout=120, check=False, **self._as,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done.returncode == 0

    def __enter__(self) -> Self:
        try:
            options = ("-U", "chat", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
            self._run("initdb", "-D", self._folder / "data", *options)
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder)
