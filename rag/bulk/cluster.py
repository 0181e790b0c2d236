"""Shares → workers of a Dask cluster → articles and passages, in order, whatever worker dies meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeVar

from rag.bulk.shares import Columns, Piece, is_dump, pieces, shares
from rag.bulk.worker import Model, Results, prepare_batch, read_share
from rag.errors import WorkersError
from rag.indexing import Prepared
from rag.ingest.inputs import Input
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import distinct
from rag.schema import Article

_AHEAD: Final = 2  # shares that wait or are worked on, for each thread of the workers
_AGAIN: Final = 3  # times that work is given out anew of which a worker died, unless it is a share to be read
_WAIT_S: Final = 60.0  # longest wait for work before it is asked whether a worker is left
RESTART_S: Final = 300.0  # longest wait for a worker in the place of one that died, on a busy machine
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a cluster; see `rag.workers.Workers`."""

    client: Any
    edits: Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]
    model: Model

    @property
    def ahead(self) -> int:
        """As many batches as keep the workers busy that there are just now."""
        with losing():
            threads: Mapping[str, int] = self.client.nthreads()
        return _AHEAD * max(sum(threads.values()), 1)

    def readings(
        self, inputs: Sequence[Input], max_chars: int, columns: Columns
    ) -> Iterator[Iterator[Reading | Failure]]:
        results = self._read(shares(pieces(inputs, max_chars, columns)), max_chars, columns)
        for number, group in groupby(results, key=lambda result: result[0]):
            found = (one for _, some in group for one in some)
            yield distinct(found) if is_dump(inputs[number]) else found

    def prepare(self, articles: Sequence[Article]) -> Callable[[], Prepared]:
        edits = self.edits([article.id for article in articles])
        return self.begin(prepare_batch, articles, edits, self.model, again=_AGAIN)

    def _read(
        self, shares: Iterable[list[tuple[int, Piece]]], max_chars: int, columns: Columns
    ) -> Iterator[tuple[int, Results]]:
        """Yield what is read of each piece with its number, in order, some shares ahead."""
        waiting: deque[tuple[list[tuple[int, Piece]], Callable[[], list[Results]]]] = deque()

        def finish() -> Iterator[tuple[int, Results]]:
            share, wait = waiting.popleft()
            numbers, pieces = zip(*share, strict=True)
            try:
                yield from zip(numbers, wait(), strict=True)
            except KilledError:
                yield from zip(numbers, self._one_by_one(pieces, max_chars, columns), strict=True)

        for share in shares:
            waiting.append((share, self.begin(read_share, [piece for _, piece in share], max_chars, columns)))
            if len(waiting) > self.ahead:
                yield from finish()
        while waiting:
            yield from finish()

    def _one_by_one(self, pieces: Iterable[Piece], max_chars: int, columns: Columns) -> Iterator[Results]:
        """Find in a share that workers died of the file they die of."""
        for piece in pieces:
            try:
                yield from self.begin(read_share, [piece], max_chars, columns, again=1)()
            except KilledError:
                where = str(piece.path) if isinstance(piece, Input) else piece.where
                hint = "it may take more memory than a worker has; leave it out, or split it"
                yield [Failure(where, "whoever reads it is ended by the system", hint)]

    def begin(self, work: Callable[..., _T], *given: Any, again: int = 0) -> Callable[[], _T]:
        """Give out work; what is returned waits for it and raises as it does.

        Raises:
            KilledError: several workers died of it.
            WorkersError: the cluster is lost.
        """
        from distributed import KilledWorker

        begun = self.client.submit(work, *given, pure=False)

        def wait() -> _T:
            try:
                with losing():
                    result: _T = self._result(begun)
                return result
            except KilledWorker as error:
                if again:
                    return self.begin(work, *given, again=again - 1)()
                raise KilledError(f"workers died, the last of them at {error.last_worker}") from error

        return wait

    def _result(self, begun: Any) -> Any:
        """Wait for work, but not for ever where no worker is left to do it."""
        while True:
            with suppress(TimeoutError):
                return begun.result(timeout=_WAIT_S)
            self.client.wait_for_workers(1, timeout=RESTART_S)


@contextmanager
def losing() -> Iterator[None]:
    """Name the loss of a cluster, which shows as a connection that fails or as work that is forgotten."""
    from distributed import CancelledError

    try:
        yield
    except (CancelledError, OSError) as error:
        raise WorkersError(
            f"the cluster was lost: {str(error) or 'no worker is left'}",
            hint="start it again, then run the same command: what was confirmed stays",
        ) from error


class KilledError(WorkersError):
    """Work of which several workers died."""
