"""Articles in by many processes: the workers of a Dask cluster read, cut and embed, this process writes.

The files, or the lines of a dump, are cut into shares in their order. A worker gets a share and gives back
articles, then a batch of those that are new or changed and gives back passages with their vectors. It opens
no store: a share is a function of what it is given, so that a killed worker's share is done anew by another
without harm.

Workers that index their share themselves would save sending vectors (44 kB an article), but writing is one
after another in any case, and each of them would, at each turn and under the lock, open anew or derive in its
own folder what all the others wrote meanwhile: the more workers, the longer the lock is held. So the lock
stays here, a folder can be filled from other machines too, workers need no rights to the database, and an id
that stands in two shares is noticed as `rag index` notices it.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final, TypeVar

import rag
from rag import settings
from rag.collection import embedder_of, manifest_of
from rag.errors import QuellenchatError, SettingsError, StoreMismatchError, WorkersError
from rag.indexing import Prepared, prepare
from rag.ingest import formats
from rag.ingest.inputs import Input
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import Record, distinct, made, read, records
from rag.retrieve.embedding import Embedder
from rag.schema import Article
from rag.settings import Settings
from rag.store import Manifest

_SHARE: Final = 32  # files or lines that are read at once
_SHARE_BYTES: Final = 8_000_000  # the same, where they are large
_AHEAD: Final = 2  # shares that wait or are worked on, for each thread of the workers
_AGAIN: Final = 3  # times that work is given out anew of which a worker died, unless it is a share to be read
_CONNECT_S: Final = 10.0  # longest wait for a scheduler
_WAIT_S: Final = 60.0  # the same, for its first worker
_RESTART_S: Final = 300.0  # the same, for a worker in the place of one that died, on a busy machine
# What workers are told of the settings. The rest is theirs, or none of their business, as passwords are.
_TOLD: Final = (
    "embedding_model", "embedding_url", "embedding_api_key", "embedding_timeout_s",
    "embedding_query_prefix", "embedding_passage_prefix", "passage_words",
)  # fmt: skip
# Ctrl-C reaches every process of the terminal: workers leave it to this one to end them, in peace.
_DEAF: Final = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
_Columns = Mapping[str, str] | None
_Piece = Input | Record | Failure
_Results = list[Reading | Failure]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Model:
    """What a worker embeds with, and what has to come of it: the program, the model and the cutting."""

    told: tuple[tuple[str, Any], ...]
    version: str
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Cluster:
    """The hands of a cluster; see `rag.hands.Hands`."""

    client: Any
    edits: Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]
    model: _Model

    @property
    def ahead(self) -> int:
        """As many batches as keep the workers busy that there are just now."""
        with _losing():
            threads: Mapping[str, int] = self.client.nthreads()
        return _AHEAD * max(sum(threads.values()), 1)

    def readings(
        self, inputs: Sequence[Input], max_chars: int, columns: _Columns
    ) -> Iterator[Iterator[Reading | Failure]]:
        results = self._read(_shares(_pieces(inputs, max_chars, columns)), max_chars, columns)
        for number, group in groupby(results, key=lambda result: result[0]):
            found = (one for _, some in group for one in some)
            yield distinct(found) if _is_dump(inputs[number]) else found

    def prepare(self, articles: Sequence[Article]) -> Callable[[], Prepared]:
        edits = self.edits([article.id for article in articles])
        return self._begin(_prepare, articles, edits, self.model, again=_AGAIN)

    def _read(
        self, shares: Iterable[list[tuple[int, _Piece]]], max_chars: int, columns: _Columns
    ) -> Iterator[tuple[int, _Results]]:
        """Yield what is read of each piece with its number, in order, some shares ahead."""
        waiting: deque[tuple[list[tuple[int, _Piece]], Callable[[], list[_Results]]]] = deque()

        def finish() -> Iterator[tuple[int, _Results]]:
            share, wait = waiting.popleft()
            numbers, pieces = zip(*share, strict=True)
            try:
                yield from zip(numbers, wait(), strict=True)
            except _KilledError:
                yield from zip(numbers, self._one_by_one(pieces, max_chars, columns), strict=True)

        for share in shares:
            waiting.append((share, self._begin(_read, [piece for _, piece in share], max_chars, columns)))
            if len(waiting) > self.ahead:
                yield from finish()
        while waiting:
            yield from finish()

    def _one_by_one(self, pieces: Iterable[_Piece], max_chars: int, columns: _Columns) -> Iterator[_Results]:
        """Find in a share that workers died of the file they die of."""
        for piece in pieces:
            try:
                yield from self._begin(_read, [piece], max_chars, columns, again=1)()
            except _KilledError:
                where = str(piece.path) if isinstance(piece, Input) else piece.where
                hint = "it may take more memory than a worker has; leave it out, or split it"
                yield [Failure(where, "whoever reads it is ended by the system", hint)]

    def _begin(self, work: Callable[..., _T], *given: Any, again: int = 0) -> Callable[[], _T]:
        """Give out work; what is returned waits for it and raises as it does.

        Raises:
            _KilledError: several workers died of it.
            WorkersError: the cluster is lost.
        """
        from distributed import KilledWorker

        begun = self.client.submit(work, *given, pure=False)

        def wait() -> _T:
            try:
                with _losing():
                    result: _T = self._result(begun)
                return result
            except KilledWorker as error:
                if again:
                    return self._begin(work, *given, again=again - 1)()
                raise _KilledError(f"workers died, the last of them at {error.last_worker}") from error

        return wait

    def _result(self, begun: Any) -> Any:
        """Wait for work, but not for ever where no worker is left to do it."""
        while True:
            with suppress(TimeoutError):
                return begun.result(timeout=_WAIT_S)
            self.client.wait_for_workers(1, timeout=_RESTART_S)


@contextmanager
def _losing() -> Iterator[None]:
    """Name the loss of a cluster, which shows as a connection that fails or as work that is forgotten."""
    from distributed import CancelledError

    try:
        yield
    except (CancelledError, OSError) as error:
        raise WorkersError(
            f"the cluster was lost: {str(error) or 'no worker is left'}",
            hint="start it again, then run the same command: what was confirmed stays",
        ) from error


class _KilledError(WorkersError):
    """Work of which several workers died."""


@contextmanager
def started(
    chosen: Settings,
    edits: Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]],
    manifest: Manifest,
    *,
    processes: int | None,
    scheduler: str | None,
) -> Iterator[Cluster]:
    """Hold so many processes of this machine, or the workers of a scheduler that runs already.

    Raises:
        SettingsError: Dask is not installed, or there are to be no processes.
        WorkersError: the scheduler does not answer or has no workers, or they lack this program.
        StoreMismatchError: the workers have another embedding model or another version of this program.
    """
    if processes is not None and processes < 1:
        raise SettingsError(f"{processes} processes cannot index", hint="give one or more")
    told = tuple((name, getattr(chosen, name)) for name in _TOLD)
    model = _Model(told, rag.__version__, manifest)
    with ExitStack() as opened:
        client = _connected(opened, processes, scheduler)
        cluster = Cluster(client, edits, model)
        try:
            cluster._begin(_check, model)()
        except (ImportError, RuntimeError, AttributeError) as error:  # Dask cannot unpack what was sent
            raise WorkersError(
                f"the workers cannot run this program: {error}",
                hint=f"install quellenchat {rag.__version__} where they run",
            ) from error
        yield cluster


def _connected(opened: ExitStack, processes: int | None, scheduler: str | None) -> Any:
    """Start or find a cluster and return its client; both end with `opened`."""
    try:
        import dask
        import dask.config
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise SettingsError(
            "indexing by several processes needs Dask", hint="pip install 'quellenchat[bulk]'"
        ) from error
    if scheduler is None:
        # One thread each, as embedding takes one. Each death is told at once: Dask itself would give the work
        # to the next worker as that starts, and one that dies then is not replaced. Encrypted, because a
        # scheduler runs whatever it is sent, and other users of this machine reach its ports, too.
        # What is not there again after so long is given up for good, by default after 15 seconds.
        opened.enter_context(dask.config.set({"distributed.deploy.lost-worker-timeout": f"{_RESTART_S}s"}))
        preload = [*dask.config.get("distributed.worker.preload"), _DEAF]
        local = LocalCluster(
            n_workers=processes, threads_per_worker=1, processes=True, host="127.0.0.1", security=True,
            preload=preload,
            dashboard_address="127.0.0.1:0", worker_dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL, scheduler_kwargs={"allowed_failures": 0},
        )  # fmt: skip
        return opened.enter_context(Client(opened.enter_context(local)))
    try:
        client = opened.enter_context(Client(scheduler, timeout=_CONNECT_S))
        client.wait_for_workers(1, timeout=_WAIT_S)
    except (OSError, ValueError) as error:
        raise WorkersError(
            f"no Dask workers at {scheduler}: {error}",
            hint="start `dask scheduler` there and `dask worker` on each machine",
        ) from error
    return client


# -- cutting into shares ----------------------------------------------------------------------------------


def _pieces(inputs: Sequence[Input], max_chars: int, columns: _Columns) -> Iterator[tuple[int, _Piece]]:
    """Yield each file with its number; of a dump, its lines."""
    for number, one in enumerate(inputs):
        some = records(one.path, max_chars, columns) if _is_dump(one) else (one,)
        yield from ((number, piece) for piece in some)


def _shares(pieces: Iterable[tuple[int, _Piece]]) -> Iterator[list[tuple[int, _Piece]]]:
    share: list[tuple[int, _Piece]] = []
    size = 0
    for number, piece in pieces:
        share.append((number, piece))
        size += _size(piece)
        if len(share) == _SHARE or size > _SHARE_BYTES:
            yield share
            share, size = [], 0
    if share:
        yield share


def _size(piece: _Piece) -> int:
    if isinstance(piece, Input):
        try:
            return piece.path.stat().st_size
        except OSError:
            return 0  # gone meanwhile: reading says so
    return len(getattr(getattr(piece, "draft", None), "text", ""))


def _is_dump(one: Input) -> bool:
    return formats.suffix(one.path.name) in formats.DUMPS


# -- on a worker ------------------------------------------------------------------------------------------


def _read(pieces: Sequence[_Piece], max_chars: int, columns: _Columns) -> list[_Results]:
    with _sendable():
        return [
            list(read(one.path, one.article_id, max_chars, columns))
            if isinstance(one, Input)
            else [made(one, max_chars)]
            for one in pieces
        ]


def _prepare(articles: Sequence[Article], edits: Mapping[str, Mapping[str, Any]], model: _Model) -> Prepared:
    with _sendable():
        return prepare(articles, edits, _embedder(model), dict(model.told)["passage_words"])


@contextmanager
def _sendable() -> Iterator[None]:
    """Give an unexpected error a form that travels; Dask waits without end for one that does not."""
    problem = ""
    try:
        yield
    except QuellenchatError:
        raise
    except Exception as error:
        problem = f"{type(error).__name__} on a worker: {error}"
    if problem:
        raise RuntimeError(problem)


def _check(model: _Model) -> None:
    with _sendable():
        _embedder(model)


@cache
def _embedder(model: _Model) -> Embedder:
    """Open the model on one thread: there is a worker for each core.

    Raises:
        StoreMismatchError: what it or this program would make does not fit the store.
    """
    chosen = settings.load(**dict(model.told), threads=1)
    embedder = embedder_of(chosen)
    own = manifest_of(chosen, embedder)
    if (rag.__version__, own) != (model.version, model.manifest):
        raise StoreMismatchError(
            f"a worker would make {own.embedding_model}, {own.chunking}, with quellenchat {rag.__version__}; "
            f"wanted: {model.manifest.embedding_model}, {model.manifest.chunking}, {model.version}",
            hint="give the workers the same version of quellenchat and the same RAG_EMBEDDING_MODEL",
        )
    return embedder
