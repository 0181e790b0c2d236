"""A damaged store → the same articles with everything derived from them made anew where it has to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from rag import store
from rag.archive import Archive, audit
from rag.collection import embedder_of, manifest_of
from rag.indexing import Indexer
from rag.maintenance import parts, probe
from rag.plural import counted
from rag.settings import Settings
from rag.store import replacement

_BATCH: Final = 32  # articles that are cut anew at once


def repair(chosen: Settings, on_wait: Callable[[str], None] | None = None) -> list[str]:
    """Mend what can be mended without losing an article; return what was done, in words.

    It can be killed and run again. Readers go on, and see the result when it is whole.

    Raises:
        StoreError: there is no store, or its articles are damaged.
        StoreMismatchError: other settings built it; building it anew is asked for by name.
        StoreBusyError: another process did not finish writing.
        ModelError: the embedding model cannot be loaded.
    """
    folder = chosen.store
    encoder = embedder_of(chosen)
    done = []
    with store.writing(folder, chosen.lock_timeout_s, on_wait):
        if replacement.unfinished(folder) or replacement.remnants(folder):
            replacement.settle(folder)
            replacement.clear(folder)
            done.append("what was interrupted is finished or cleared away")
        store.check_manifest(folder, manifest_of(chosen, encoder))
        done += _articles(folder)
        done += _derived(folder, encoder.dimension)
        with parts.opened(folder, chosen, encoder) as indexer:
            done += _contents(indexer)
    return done


def _articles(folder: Path) -> Iterator[str]:
    archive = Archive.in_folder(folder, create=False)
    try:
        if audit.damage(archive.engine):
            audit.rebuild_indexes(archive.engine)
            yield "the indexes of the articles' database are written anew"
    finally:
        archive.close()


def _derived(folder: Path, dimension: int) -> Iterator[str]:
    """Delete what is damaged in itself; it is made anew from the articles."""
    if parts.lexical_damage(folder):
        for path in folder.glob("lexical.sqlite*"):
            replacement.discard(path)
        yield "the lexical index was damaged and is made anew"
    if (folder / "chroma").exists():
        archive = Archive.in_folder(folder, create=False)
        try:
            expected = archive.passage_count()
        finally:
            archive.close()
        seen = probe.look(folder / "chroma", dimension, expected)
        if seen.problem or seen.lost:
            replacement.discard(folder / "chroma")
            yield "the vectors were damaged and are made anew"


def _contents(indexer: Indexer) -> Iterator[str]:
    """Complete what was written half, and cut and embed what is missing."""
    engine = indexer.archive.engine
    if half := audit.half_written(engine):
        yield f"{counted(len(half), 'article')} written half and complete now"
    if differed := indexer.repair():
        yield f"{counted(differed, 'passage')} in the vectors and the lexical index as in the articles"
    if cut := audit.badly_cut(engine):
        renew(indexer, cut)
        yield f"{counted(len(cut), 'article')} cut anew"
    dimension = indexer.encoder.token_dimension
    if dimension and (missing := audit.without_token_vectors(engine, dimension)):
        indexer.embed(missing)
        indexer.archive.confirm()
        yield f"{counted(len(missing), 'passage')} with token vectors again"


def renew(indexer: Indexer, ids: Sequence[str]) -> None:
    """Cut and embed articles anew from their texts."""
    for first in range(0, len(ids), _BATCH):
        articles = [indexer.archive.article(one) for one in ids[first : first + _BATCH]]
        indexer.renew(indexer.prepare(articles))
