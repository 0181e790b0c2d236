"""Processes of this machine, or a scheduler that runs already → a cluster that reads and embeds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import rag
from rag.bulk.cluster import RESTART_S, Cluster
from rag.bulk.worker import Model, check
from rag.errors import SettingsError, WorkersError
from rag.settings import Settings
from rag.store import Manifest

_CONNECT_S: Final = 10.0  # longest wait for a scheduler
_WAIT_S: Final = 60.0  # the same, for its first worker
# What workers are told of the settings. The rest is theirs, or none of their business, as passwords are.
_TOLD: Final = (
    "embedding_model", "embedding_url", "embedding_api_key", "embedding_timeout_s",
    "embedding_query_prefix", "embedding_passage_prefix", "passage_words",
)  # fmt: skip
# Ctrl-C reaches every process of the terminal: workers leave it to this one to end them, in peace.
_DEAF: Final = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


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
    model = Model(told, rag.__version__, manifest)
    with ExitStack() as opened:
        client = _connected(opened, processes, scheduler)
        cluster = Cluster(client, edits, model)
        try:
            cluster.begin(check, model)()
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
        opened.enter_context(dask.config.set({"distributed.deploy.lost-worker-timeout": f"{RESTART_S}s"}))
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
