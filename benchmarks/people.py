"""Ten people at once: searches a second and how long each waits, beside LangChain's ensemble."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import corpus
from benchmarks.retrieval import build, ensemble_of
from rag import settings
from rag.library import Library
from rag.retrieve.embedding.opening import open_embedder

PEOPLE: Final = 10
_K: Final = 10


def run(passages: int, folder: Path, beside: bool) -> list[dict[str, Any]]:
    """Let ten people ask the sample questions, each beginning at another one; return a row for each side."""
    embedder = open_embedder(None)
    store = folder / f"ours-{passages}"
    if not store.is_dir():
        build(store, passages, embedder)
    rows = []
    with Library.open(settings.load(store=store, llm="none")) as library:
        rows.append({"side": "Quellenchat, passages", "passages": passages})
        rows[-1] |= at_once(lambda question: library.search(question, _K))
        rows.append({"side": "Quellenchat, answers", "passages": passages})
        rows[-1] |= at_once(library.ask)
    if beside:
        other = ensemble_of(folder / f"langchain-{passages}", passages, embedder)
        rows.append({"side": "LangChain ensemble, passages", "passages": passages})
        rows[-1] |= at_once(other.invoke)
    return rows


def at_once(ask: Callable[[str], object], questions: Sequence[str] = ()) -> dict[str, float]:
    """Return how many questions were served a second, and the percentiles of each one's wait."""
    asked = list(questions) or corpus.questions()[::4]
    ask(asked[0])

    def person(number: int) -> list[float]:
        waits = []
        for place in range(len(asked)):
            began = time.perf_counter()
            ask(asked[(place + number * 3) % len(asked)])
            waits.append((time.perf_counter() - began) * 1000)
        return waits

    began = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        waits = [wait for some in pool.map(person, range(PEOPLE)) for wait in some]
    rate = len(waits) / (time.perf_counter() - began)
    percentiles = {f"wall_p{one}": round(float(np.percentile(waits, one)), 1) for one in (50, 95, 99)}
    return {"people": PEOPLE, "questions_per_s": round(rate, 2), **percentiles}
