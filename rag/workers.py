"""Who reads and embeds the articles that come in: threads of this process, or what stands in for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from rag.indexing import Prepared
from rag.ingest.inputs import Input
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read
from rag.schema import Article


class Workers(Protocol):
    """Who does the work that needs no lock: threads of this process, or the processes of a cluster."""

    @property
    def ahead(self) -> int:
        """Batches to be prepared at once."""
        ...

    def readings(
        self, inputs: Sequence[Input], max_chars: int, columns: Mapping[str, str] | None
    ) -> Iterator[Iterator[Reading | Failure]]:
        """Yield for each file, in order, what is read of it."""
        ...

    def prepare(self, articles: Sequence[Article]) -> Callable[[], Prepared]:
        """Begin to prepare articles; return what waits for them."""
        ...


@dataclass(frozen=True, slots=True)
class Threads:
    """Workers of this process: it reads while threads embed."""

    pool: ThreadPoolExecutor
    work: Callable[[Sequence[Article]], Prepared]
    ahead: int

    @classmethod
    @contextmanager
    def started(cls, count: int, work: Callable[[Sequence[Article]], Prepared]) -> Iterator[Threads]:
        """Hold so many threads; those of a run that fails are not waited for."""
        with ThreadPoolExecutor(count, thread_name_prefix="embed") as pool:
            try:
                yield cls(pool, work, count)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def readings(
        self, inputs: Sequence[Input], max_chars: int, columns: Mapping[str, str] | None
    ) -> Iterator[Iterator[Reading | Failure]]:
        for one in inputs:
            yield read(one.path, one.article_id, max_chars, columns)

    def prepare(self, articles: Sequence[Article]) -> Callable[[], Prepared]:
        return self.pool.submit(self.work, articles).result
