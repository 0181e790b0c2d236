"""A Dask cluster that runs already, its scheduler and its workers started by their own commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.bulk import starting
from rag.errors import WorkersError
from rag.indexing import Progress
from rag.library import Library
from tests.servers.chroma import free_port
from tests.stores import agree, write_news

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


class Cluster:
    """The processes of a cluster, by the command that started them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--port", str(port), "--no-dashboard")

    def add_worker(self) -> None:
        """Start one more, which knows nothing of the settings or the store of this process."""
        self._start("worker", self.address, "--nthreads", "1", "--no-dashboard")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
        with (self._folder / f"{arguments[0]}-{len(self._running)}.log").open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1"],
                cwd=self._folder, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        self._running.append(started)
        return started

    def stop(self) -> None:
        for one in reversed(self._running):
            one.terminate()
            one.wait(60)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Return a scheduler without workers."""
    running = Cluster(tmp_path)
    try:
        yield running
    finally:
        running.stop()


def test_its_workers_fill_a_folder_of_this_machine(cluster: Cluster, tmp_path: Path) -> None:
    """Read and embed there, write here: workers need no store."""
    cluster.add_worker()
    archive, store = write_news(tmp_path / "archive", range(40)), tmp_path / "store"
    with Library.open(settings.load(store=store), create=True) as library:
        report = library.index([archive], scheduler=cluster.address)
        assert (len(report.added), report.failed) == (40, [])
    assert agree(store)


def test_without_workers_it_says_so(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wait in ("_WAIT_S", "_CONNECT_S"):
        monkeypatch.setattr(starting, wait, 2.0)
    archive = write_news(tmp_path / "archive", range(1))
    with Library.open(settings.load(store=tmp_path / "store"), create=True) as library:
        for address in (cluster.address, f"tcp://127.0.0.1:{free_port()}", "nowhere:x"):
            with pytest.raises(WorkersError, match=f"no Dask workers at {address}") as caught:
                library.index([archive], scheduler=address)
            assert "dask worker" in caught.value.hint


def test_a_cluster_that_is_lost_amid_the_work_is_named(cluster: Cluster, tmp_path: Path) -> None:
    """Kill the scheduler after the first write: what was confirmed stays, the rest is done without it."""
    cluster.add_worker()
    archive, store = write_news(tmp_path / "archive", range(100)), tmp_path / "store"
    with Library.open(settings.load(store=store), create=True) as library:

        def kill(progress: Progress) -> None:
            if progress.done == 65:
                cluster.scheduler.kill()

        with pytest.raises(WorkersError, match="the cluster was lost"):
            library.index([archive], kill, scheduler=cluster.address)
        before = library.count()
        report = library.index([archive])
        assert (len(report.unchanged), len(report.added)) == (before, 100 - before)
    assert agree(store)
