"""What is known of a collection's articles and sources, read from its database alone: no model is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass

from rag import store
from rag.archive import Archive
from rag.errors import StoreError
from rag.schema import Filter, Source
from rag.settings import Settings
from rag.store import replacement, snapshot
from rag.watchlist import Watched, Watchlist


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one collection, whichever model built it; its methods are those of `Library`."""

    settings: Settings
    archive: Archive
    watchlist: Watchlist

    @classmethod
    @contextmanager
    def opened(cls, chosen: Settings, on_wait: Callable[[str], None] | None = None) -> Iterator[Records]:
        """Open the records in `chosen.store`, or those that a server keeps.

        `on_wait` is told who is writing when this process has to wait for its turn.

        Raises:
            StoreError: there is no collection, or it cannot be opened.
            StoreMismatchError: a newer version of the program wrote it.
        """
        with ExitStack() as stack:
            archive = _on_server(chosen) if chosen.database_url else _in_folder(chosen, stack, on_wait)
            stack.callback(archive.close)
            yield cls(chosen, archive, Watchlist(archive.engine))

    def whole(self) -> bool:
        """Tell whether every write was finished; who opens the `Library` completes what a killed one left."""
        return not self.archive.unfinished()

    def articles(self, filter: Filter | None = None) -> list[Source]:
        """Return the articles that a filter admits, newest first. Raises as `Library.articles` does."""
        return self.archive.sources(filter)

    def undated(self, filter: Filter) -> int:
        """Return how many articles a filter by date leaves out because they have none."""
        return self.archive.undated(filter)

    def watched(self) -> list[Watched]:
        """Return the folders and addresses that `rag sync` refreshes."""
        return self.watchlist.all()

    def forget(self, targets: Sequence[str]) -> None:
        """Refresh these folders and addresses no longer. Raises as `Library.forget` does."""
        chosen = self.settings
        with (
            self.archive.writing(chosen.lock_timeout_s),
            nullcontext() if self.archive.served else store.writing(chosen.store, chosen.lock_timeout_s),
        ):
            self.watchlist.forget(targets)


def _on_server(chosen: Settings) -> Archive:
    url = chosen.database_url.get_secret_value() if chosen.database_url else ""
    archive = Archive.on_server(url)
    if not archive.manifest():
        archive.close()
        raise StoreError("the database holds no collection", hint="add articles first: rag index PATH")
    return archive


def _in_folder(chosen: Settings, stack: ExitStack, on_wait: Callable[[str], None] | None) -> Archive:
    folder = chosen.store
    if replacement.unfinished(folder):
        with store.writing(folder, chosen.lock_timeout_s, on_wait):
            replacement.settle(folder)
    store.read_manifest(folder)
    return Archive.in_folder(stack.enter_context(snapshot.writable(folder)), create=False)
