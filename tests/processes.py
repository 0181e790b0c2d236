"""Other processes for the tests: writers that run beside this one, wait, are killed or run out of disk."""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from rag import settings, store
from rag.archive import Archive
from rag.errors import StoreError
from rag.library import Library
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.vectors.passages import Vectors

# The command line as the installed script runs it, before its arguments.
RAG = (sys.executable, "-c", "import sys; from rag.cli import main; sys.argv[0] = 'rag'; main()")
# Where a writer can be killed: before it does this.
KILLS = {
    "staged, nothing derived": (Vectors, "add"),
    "vectors written, terms not": (LexicalIndex, "add"),
    "old vectors not deleted": (Vectors, "delete"),
    "old terms not deleted": (LexicalIndex, "delete"),
    "all done but the confirmation": (Archive, "confirm"),
}


def context() -> ForkServerContext:
    """Return a way to start processes that have imported the library already."""
    chosen = multiprocessing.get_context("forkserver")
    chosen.set_forkserver_preload(["tests.processes", "chromadb", "langchain_core.documents"])
    return chosen


def run(target: Any, *args: Any) -> int | None:
    """Run a function in another process and return its exit code, negative for a signal."""
    process = context().Process(target=target, args=args)
    process.start()
    process.join(60)
    if process.is_alive():
        process.kill()
        raise AssertionError(f"{target.__name__} hangs")
    return process.exitcode


def index(folder: Path, targets: Sequence[Path], chroma_url: str | None = None) -> None:
    """Index files; the exit code is the number of failures."""
    chosen = settings.load(store=folder, lock_timeout_s=60, chroma_url=chroma_url)
    with Library.open(chosen, create=True) as library:
        report = library.index(targets)
    raise SystemExit(len(report.failed))


def index_and_die(folder: Path, targets: Sequence[Path], place: str) -> None:
    """Index files and kill this process, as the system would, on arriving at a place of KILLS."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    owner, method = KILLS[place]
    setattr(owner, method, die)
    index(folder, targets)


def index_on_a_full_disk(folder: Path, targets: Sequence[Path], bytes_left: int) -> None:
    """Index files where none may grow beyond a size; exit with 7 if a StoreError says so."""
    with Library.open(settings.load(store=folder)) as library:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, resource.RLIM_INFINITY))
        try:
            library.index(targets)
        except StoreError as error:
            raise SystemExit(7 if error.hint else 8) from None
    raise SystemExit(9)


def hold_the_lock(folder: Path, held: Any, release: Any) -> None:
    """Write to a store, as far as others can tell, until released."""
    with store.writing(folder, timeout_s=30):
        held.set()
        release.wait(60)


def hold_the_database(url: str, held: Any, release: Any) -> None:
    """Write to the articles' database, as far as others can tell, until released."""
    archive = Archive.on_server(url)
    with archive.writing(timeout_s=30):
        held.set()
        release.wait(120)
