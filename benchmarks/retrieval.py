"""How long it takes to find the passages for a question, embedding included, beside LangChain's ensemble."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks import corpus
from benchmarks.timing import Times, seconds
from rag import settings
from rag.archive import Archive
from rag.library import Library
from rag.likeness import likeness
from rag.retrieve.embedding.embedder import Embedder
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.lexical import lexicon
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.vectors.chroma import Folder
from rag.retrieve.vectors.passages import Vectors
from rag.schema import Passage, Source

_K: Final = 10
_BATCH: Final = 500  # articles written at once


def run(sizes: Sequence[int], folder: Path, beside: bool) -> list[dict[str, Any]]:
    """Measure at each size, LangChain too if `beside`; stores lie in `folder` and are used again."""
    rows = []
    embedder = open_embedder(None)
    questions = corpus.questions()
    for size in sizes:
        store = folder / f"ours-{size}"
        row: dict[str, Any] = {"retriever": "Quellenchat", "passages": size}
        if not store.is_dir():
            with seconds(row, "build"):
                build(store, size, embedder)
        with seconds(row, "open"):
            library = Library.open(settings.load(store=store))
        with library:
            rows.append(row | _asked(lambda question, of=library: of.search(question, _K), questions))
        rows[-1]["disk_mb"] = disk_mb(store)
        if beside:
            rows.append(_langchain(folder / f"langchain-{size}", size, embedder, questions))
    return rows


def build(store: Path, size: int, embedder: Embedder) -> None:
    """Make a store of `size` generated passages with generated vectors, as indexing would leave it."""
    with Library.open(settings.load(store=store), create=True):
        pass
    archive = Archive.in_folder(store)
    vectors = Vectors(Folder(store / "chroma"), embedder.dimension)
    terms = LexicalIndex(store / "lexical.sqlite", lexicon.bundled())
    made = corpus.articles(size)
    tokens = corpus.token_vectors(embedder)
    rows: list[tuple[int, Passage, Source]] = []
    while batch := list(islice(made, _BATCH)):
        sources = {article.id: article.source for article, _ in batch}
        new = [(key, passage, sources[passage.article]) for key, passage in archive.stage(batch).new]
        terms.add((key, f"{source.title}\n{passage.text}", source.language) for key, passage, source in new)
        archive.keep_token_vectors({key: tokens(passage.text) for key, passage, _ in new})
        rows += [(key, passage, source) for key, passage, source in new]
    for part in corpus.vectors(embedder, size):
        batch_rows, rows = rows[: len(part)], rows[len(part) :]
        vectors.add([key for key, _, _ in batch_rows], part, [(p, source) for _, p, source in batch_rows])
    while unrelated := archive.unrelated(_BATCH):
        archive.relate({key: likeness(text) for key, text in unrelated})
    archive.confirm()
    for one in (archive, vectors, terms):
        one.close()


def _langchain(folder: Path, size: int, embedder: Embedder, questions: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"retriever": "LangChain ensemble", "passages": size}
    with seconds(row, "build"):
        other = ensemble_of(folder, size, embedder)
    return row | _asked(other.invoke, questions) | {"disk_mb": disk_mb(folder)}


def ensemble_of(folder: Path, size: int, embedder: Embedder) -> Any:
    """Return LangChain's ensemble over the same generated passages and vectors."""
    from benchmarks.langchain import ensemble

    texts = (passage.text for _, passages in corpus.articles(size) for passage in passages)
    return ensemble(folder, embedder, list(enumerate(texts)), corpus.vectors(embedder, size), _K)


def disk_mb(folder: Path) -> float:
    """Return the megabytes of all files under a folder."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1)


def _asked(search: Callable[[str], Sequence[object]], questions: Sequence[str]) -> dict[str, float]:
    """Ask once to warm up, then every question twice: with terms not seen before, and seen.

    What is in memory by then is exempt from garbage collection, as `rag serve` does when it is ready: else
    either side would pay for the other's objects.
    """
    search("Wie wird das Wetter?")
    gc.collect()
    gc.freeze()
    fresh, seen = Times(), Times()
    for times in (fresh, seen):
        for question in questions:
            with times.taken():
                search(question)
    again = {f"again_{name}": value for name, value in seen.percentiles().items()}
    return fresh.percentiles() | again
