"""What a collection holds, its articles and its sources, read from its database alone: no model is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from rag import store
from rag.archive import Archive
from rag.errors import StoreError
from rag.ingest.text.characters import encodable
from rag.schema import Article, Filter, Listed, Source
from rag.settings import Settings
from rag.store import replacement, snapshot
from rag.watchlist import Watched, Watchlist


class Holdings:
    """The articles and sources of one collection, whichever model built it."""

    def __init__(self, chosen: Settings, archive: Archive, watchlist: Watchlist) -> None:
        """Read from an opened database; use `opened`, or `Library.open` to ask questions, too."""
        self.settings = chosen
        self._archive = archive
        self._watchlist = watchlist

    def whole(self) -> bool:
        """Tell whether every write was finished; who opens the `Library` completes what a killed one left."""
        return not self._archive.unfinished()

    def generation(self) -> int:
        """Return a number that every write to the collection raises, also one by another process."""
        return self._archive.generation()

    # -- articles -----------------------------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of articles."""
        return self._archive.count()

    def articles(self, filter: Filter | None = None) -> list[Source]:
        """Return what is known of every article that a filter admits, newest first.

        Raises:
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        return self._archive.sources(filter)

    def listed(self, filter: Filter | None = None, words: str = "", limit: int = 50) -> Listed:
        """Return the first `limit` articles, newest first, that a filter and a search leave, and their count.

        Every word has to stand in title, publisher, author or id; an unknown publisher admits none.
        """
        return self._archive.listed(filter or Filter(), words, limit)

    def article(self, article_id: str) -> Article:
        """Return an article with its text.

        Raises:
            NotFoundError: there is no such article.
        """
        return self._archive.article(encodable(article_id))

    def also_in(self, article_id: str) -> list[Source]:
        """Return the other articles that tell the same as an article, earliest first."""
        cluster = self._archive.clusters([article_id]).get(article_id)
        told = [] if cluster is None else self._archive.members(cluster)
        return [one for one in told if one.id != article_id]

    def publishers(self) -> list[str]:
        """Return the publishers of the articles, in order."""
        return self._archive.publishers()

    def languages(self) -> list[str]:
        """Return the languages of the articles, in order."""
        return self._archive.languages()

    def undated(self, filter: Filter) -> int:
        """Return how many articles a filter by date leaves out because they have none."""
        return self._archive.undated(filter)

    # -- sources ------------------------------------------------------------------------------------------

    def watched(self) -> list[Watched]:
        """Return the folders and addresses that `sync` refreshes."""
        return self._watchlist.all()

    def forget(self, targets: str | Path | Sequence[str | Path]) -> None:
        """Refresh these folders and addresses no longer; their articles stay.

        Raises:
            NotFoundError: one of them is not watched; none is forgotten then.
            StoreError: the store cannot be written.
        """
        folder, wait_s = self.settings.store, self.settings.lock_timeout_s
        with (
            self._archive.writing(wait_s),
            nullcontext() if self._archive.served else store.writing(folder, wait_s),
        ):
            self._watchlist.forget(names(targets))


def names(targets: str | Path | Sequence[str | Path]) -> list[str]:
    """Return paths, addresses or ids as texts; a single one is one, not its letters."""
    return [str(one) for one in ([targets] if isinstance(targets, str | Path) else targets)]


@contextmanager
def opened(chosen: Settings, on_wait: Callable[[str], None] | None = None) -> Iterator[Holdings]:
    """Open what the collection in `chosen.store` holds, or one that a server keeps.

    `on_wait` is told who is writing when this process has to wait for its turn.

    Raises:
        StoreError: there is no collection, or it cannot be opened.
        StoreMismatchError: a newer version of the program wrote it.
    """
    with ExitStack() as stack:
        archive = _on_server(chosen) if chosen.database_url else _in_folder(chosen, stack, on_wait)
        stack.callback(archive.close)
        yield Holdings(chosen, archive, Watchlist(archive.engine))


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
