"""Processes of this machine index an archive: what `rag index` makes of it, whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path

import dask
import psutil
import pytest

import rag
from rag import resources, settings
from rag.archive import Archive
from rag.errors import SettingsError, StoreMismatchError
from rag.indexing import IndexReport, Progress
from rag.library import Library
from tests.servers import postgres
from tests.servers.chroma import ChromaServer
from tests.servers.postgres import PostgresServer
from tests.servers.test_chroma import QUESTIONS, shown
from tests.stores import agree, news, write_news

# Dask's clusters leave sockets and loops to the garbage collector when workers are killed under them.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a folder with samples, a dump of more than a share, and what cannot be read."""
    folder = write_news(tmp_path / "archive", range(5))
    for path in sorted((resources.folder("data") / "articles").glob("*.md")):
        (folder / path.name).write_bytes(path.read_bytes())
    lines = [json.dumps({"id": f"d{number}", "text": news(number, "Wismar")}) for number in range(100, 140)]
    lines[7] = "{broken"
    lines[38] = json.dumps({"id": "d103", "text": news(999)})  # the id of an earlier share
    (folder / "dump.jsonl").write_text("\n".join(lines))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "empty.txt").touch()
    return folder


def indexed(
    store: Path, archive: Path, processes: int | None, on: Callable[[Progress], None] | None = None
) -> IndexReport:
    """Index an archive into a store by so many processes, or by threads of this one."""
    with Library.open(settings.load(store=store), create=True) as library:
        return library.index([archive], on, processes=processes)


def state(store: Path) -> list[object]:
    """Return all articles with their texts, and what is found and answered, of a store."""
    with Library.open(settings.load(store=store)) as library:
        articles = [library.article(one.id) for one in library.articles()]
        hits = [shown(library.search(question)) for question in QUESTIONS]
        answers = [library.ask(question) for question in QUESTIONS]
        return [articles, hits, [(one.text, one.citations) for one in answers], library.count_passages()]


def workers() -> list[psutil.Process]:
    """Return the processes that Dask has started for this one."""
    children = psutil.Process().children(recursive=True)
    return [one for one in children if one.is_running() and "spawn_main" in " ".join(one.cmdline())]


def test_it_makes_of_an_archive_what_rag_index_makes_of_it(archive: Path, tmp_path: Path) -> None:
    """Compare reports with failures, articles, passages, scores and answers; again, all is unchanged."""
    here, there = tmp_path / "here", tmp_path / "there"
    expected, report = indexed(here, archive, None), indexed(there, archive, 2)
    assert astuple(report) == astuple(expected)
    assert len(report.added) == 5 + 22 + 38
    failed = {Path(one.where).name: one.message for one in report.failed}
    assert set(failed) == {"broken.pdf", "empty.txt", "dump.jsonl:8", "dump.jsonl:39"}
    assert failed["dump.jsonl:39"] == "the id 'd103' stands in line 4 already"
    assert agree(there) and state(there) == state(here)
    again = indexed(there, archive, 2)
    assert (again.added, again.updated, sorted(again.unchanged)) == ([], [], sorted(report.added))
    assert astuple(again)[5:] == astuple(expected)[5:]


def test_workers_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    """Kill all of them, twice, amid their work: others do it anew, to the same store."""
    archive = write_news(tmp_path / "archive", range(100))
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.done in (33, 65):  # a share was just read, and is given out to be embedded
            for worker in workers():
                worker.kill()
                killed.append(worker.pid)

    report = indexed(tmp_path / "killed", archive, 2, kill)
    indexed(tmp_path / "whole", archive, None)
    assert len(killed) >= 2
    assert (len(report.added), report.failed) == (100, [])
    assert agree(tmp_path / "killed") and state(tmp_path / "killed") == state(tmp_path / "whole")


def test_a_file_that_kills_whoever_reads_it_fails_alone(tmp_path: Path) -> None:
    """Have a worker die of one file, as of too much memory: that one is named, the others are there."""
    archive = write_news(tmp_path / "archive", range(40))
    (archive / "020-bomb.txt").write_text(news(400))
    deadly = tmp_path / "deadly.py"
    deadly.write_text(
        "import os, signal\n"
        "from rag.bulk import worker\n"
        "from rag.ingest.reading import read\n"
        "def die(path, *rest):\n"
        "    if 'bomb' in path.name:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return read(path, *rest)\n"
        "worker.read = die\n"
    )
    with dask.config.set({"distributed.worker.preload": [str(deadly)]}):
        report = indexed(tmp_path / "store", archive, 2)
    assert [Path(one.where).name for one in report.failed] == ["020-bomb.txt"]
    assert len(report.added) == 40 and agree(tmp_path / "store")


def test_ctrl_c_leaves_a_whole_store_and_no_process(tmp_path: Path) -> None:
    """Stop the command as a terminal does, after its first writes; the same command goes on from there."""
    archive, store = write_news(tmp_path / "archive", range(1000)), tmp_path / "store"
    Library.open(settings.load(store=store), create=True).close()
    command = [sys.executable, "-c", "from rag.cli import main; main()", "index", str(archive)]
    running = subprocess.Popen(
        [*command, "--processes", "2", "--store", str(store)],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    written = Archive.in_folder(store)
    while not written.count():
        assert running.poll() is None
        time.sleep(0.02)
    written.close()
    started = psutil.Process(running.pid).children(recursive=True)
    assert started
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 130 and said.endswith("rag: stopped; what was confirmed stays\n")
    assert psutil.wait_procs(started, timeout=60)[1] == []
    with Library.open(settings.load(store=store)) as library:
        before = library.count()
        assert 0 < before < 1000
    report = indexed(store, archive, None)
    assert (len(report.unchanged), len(report.added)) == (before, 1000 - before)
    assert agree(store)


def test_each_worker_embeds_on_one_thread(tmp_path: Path) -> None:
    """Whatever RAG_THREADS says: there is a process for each core already."""
    noted = tmp_path / "noted"
    noting = tmp_path / "noting.py"
    noting.write_text(
        "from rag.retrieve.embedding import bundled as embedding\n"
        "if embedding.session_options.__name__ != 'note':  # Dask imports it twice\n"
        "    options = embedding.session_options\n"
        "    def note(threads):\n"
        f"        with open({str(noted)!r}, 'a') as file:\n"
        "            file.write(f'{threads} ')\n"
        "        return options(threads)\n"
        "    embedding.session_options = note\n"
    )
    with (
        dask.config.set({"distributed.worker.preload": [str(noting)]}),
        Library.open(settings.load(store=tmp_path / "store", threads=8), create=True) as library,
    ):
        library.index([write_news(tmp_path / "archive", range(70))], processes=2)
    assert set(noted.read_text().split()) == {"1"}


def test_without_dask_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match="needs Dask") as caught:
        indexed(tmp_path / "store", write_news(tmp_path / "archive", range(1)), 2)
    assert caught.value.hint == "pip install 'quellenchat[bulk]'"


def test_workers_of_another_version_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write nothing that another program would have cut or embedded otherwise."""
    monkeypatch.setattr(rag, "__version__", "0.0.9")
    with pytest.raises(StoreMismatchError, match=r"with quellenchat 0\.1.*0\.0\.9"):
        indexed(tmp_path / "store", write_news(tmp_path / "archive", range(1)), 1)


@pytest.fixture
def database() -> Iterator[str]:
    """Return the address of an empty PostgreSQL database."""
    with PostgresServer() as server:
        yield server.database("archive")


@postgres.needed
def test_a_collection_on_servers_is_filled_too(database: str, archive: Path, tmp_path: Path) -> None:
    """Write to PostgreSQL and Chroma; another machine finds and answers as a folder does."""
    with ChromaServer(tmp_path / "data") as chroma:
        one, two = (
            settings.load(store=tmp_path / name, database_url=database, chroma_url=chroma.url)
            for name in ("one", "two")
        )
        with Library.open(one, create=True) as library:
            report = library.index([archive], processes=2)
        expected = indexed(tmp_path / "folder", archive, None)
        assert astuple(report) == astuple(expected)
        with Library.open(two) as other, Library.open(settings.load(store=tmp_path / "folder")) as folder:
            assert [a.id for a in other.articles()] == [a.id for a in folder.articles()]
            for question in QUESTIONS:
                assert shown(other.search(question)) == shown(folder.search(question))
                assert other.ask(question).text == folder.ask(question).text
            assert other.repair() == 0


def test_no_processes_are_refused_at_once(tmp_path: Path) -> None:
    """Say so instead of waiting for the first of none."""
    with (
        Library.open(settings.load(store=tmp_path / "store"), create=True) as library,
        pytest.raises(SettingsError, match="0 processes"),
    ):
        library.index([write_news(tmp_path / "news", range(1))], processes=0)
