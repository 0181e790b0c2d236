"""From nothing to the first answer: `rag --help`, `rag ask`, `rag serve` as new processes, beside LangChain.

Every round starts each process once, in turns, and the median of the rounds is reported: the first round
also reads the files from disk. LangChain's process does what its chain has to: import, load the embedding
model, open Chroma, make its BM25Retriever from the documents again (it is kept nowhere) and ask once.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.request import urlopen

from rag import settings
from rag.library import Library
from rag.retrieve.embedding.opening import open_embedder

QUESTION: Final = "Was forderte Putin bezüglich der NATO?"
_IDLE_S: Final = 5.0  # after which a page has warmed up
_RAG: Final = (sys.executable, "-c", "from rag.cli import main; main()")


def run(rounds: int, folder: Path, beside: bool) -> list[dict[str, Any]]:
    """Measure on the sample articles; return a row for each kind of start, seconds and megabytes."""
    store = folder / "samples"
    with Library.open(settings.load(store=store, llm="none"), create=True) as library:
        library.index_samples()
        texts = [hit.passage.text for hit in library.search(QUESTION, 1_000)]
    starts: dict[str, Callable[[], Mapping[str, float]]] = {
        "rag --help": lambda: _finished(*_RAG, "--help"),
        "rag ask": lambda: _finished(*_RAG, "ask", QUESTION, "--store", str(store)),
        "rag serve": lambda: _served(store),
        "loading the model": lambda: _finished(sys.executable, "-c", _MODEL),
    }
    if beside:
        from benchmarks.langchain import keep

        other = folder / "langchain"
        keep(other, texts, open_embedder(None).encode(texts))
        starts["LangChain, one question"] = lambda: _finished(
            sys.executable, "-m", "benchmarks.langchain", str(other), QUESTION
        )
    taken: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for _ in range(rounds):
        for name, start in starts.items():
            taken[name].append(start())
    return [
        {"start": name, "passages": len(texts)}
        | {key: round(median(one[key] for one in found), 3) for key in found[0]}
        for name, found in taken.items()
    ]


_MODEL: Final = (
    "from rag.retrieve.embedding.opening import open_embedder; open_embedder(None).embed_query('a')"
)


def _finished(*command: str) -> dict[str, float]:
    """Return the seconds until a process has ended, and its processor seconds."""
    began, before = time.monotonic(), _children()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return {"wall_s": time.monotonic() - began, "cpu_s": _children() - before}


def _served(store: Path) -> dict[str, float]:
    """Return the seconds until a page answers, and its memory when it has been left alone for a while."""
    command = [*_RAG, "serve", "--store", str(store), "--llm", "none"]
    began, before = time.monotonic(), _children()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
            with urlopen(url) as page:
                page.read()
            ready = time.monotonic() - began
            time.sleep(_IDLE_S)
            memory = _resident_mb(process.pid)
        finally:
            process.terminate()
    return {"wall_s": ready, "cpu_s": _children() - before, "idle_mb": memory}


def _children() -> float:
    """Return the processor seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident_mb(process: int) -> float:
    """Return the resident memory of a process (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmRSS"))
