"""A store → the same articles cut and embedded as the settings say now; the old one serves until then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final

from rag import store
from rag.collection import embedder_of, manifest_of
from rag.indexing import Indexer, Prepared, Progress
from rag.maintenance import parts
from rag.settings import Settings
from rag.store import replacement, snapshot

_BATCH: Final = 32  # articles


def rebuild(
    chosen: Settings,
    on_progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> int:
    """Make passages, vectors and terms anew for another model, cutting or version; return how many articles.

    All is made beside the old store, which takes as much room again, and put in its place in the end. Who
    is killed, or runs out of disk, leaves the old store. Others may ask meanwhile; writers wait.

    Raises:
        StoreError: the articles are missing or damaged, or the disk is full.
        StoreBusyError: another process did not finish writing.
        ModelError: the embedding model cannot be loaded.
    """
    folder = chosen.store
    encoder = embedder_of(chosen)
    if not (folder / "articles.sqlite").exists() and not replacement.unfinished(folder):
        store.read_manifest(folder)  # tells that there is nothing, or what is damaged
    with store.writing(folder, chosen.lock_timeout_s, on_wait), replacement.replacing(folder) as coming:
        snapshot.copy(folder, coming, ("articles.sqlite", "feedback"))
        with parts.opened(coming, chosen, encoder) as indexer:
            indexer.archive.confirm()  # the text of an article that was written half is whole
            count = _renew(indexer, chosen.workers, on_progress)
        store.write_manifest(coming, manifest_of(chosen, encoder))
    return count


def _renew(indexer: Indexer, workers: int, on_progress: Callable[[Progress], None] | None) -> int:
    """Cut and embed all articles, in threads, while the batch before is written."""
    ids = iter(indexer.archive.ids())
    total = len(indexer.archive.ids())
    done = 0

    def prepare(batch: list[str]) -> Prepared:
        return indexer.prepare([indexer.archive.article(one) for one in batch])

    with ThreadPoolExecutor(workers, thread_name_prefix="embed") as pool:
        while batches := list(islice(_batches(ids), workers + 1)):
            for prepared in pool.map(prepare, batches):
                indexer.renew(prepared)
                done += len(prepared.articles)
                if on_progress is not None:
                    on_progress(Progress(total, done, done, prepared.articles[-1].id))
    return total


def _batches(ids: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(ids, _BATCH)):
        yield batch
