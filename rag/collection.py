"""A collection's three stores, opened together and kept equal: articles, vectors and terms.

One process at a time writes; the others notice by a generation number that something was written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

from pydantic import SecretStr

from rag import store
from rag.archive import Archive
from rag.errors import StoreBusyError, StoreError
from rag.indexing import Indexer
from rag.ingest import chunking
from rag.retrieve.embedding.embedder import Embedder
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.lexical import lexicon
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.vectors.chroma import Folder, Place, Server
from rag.retrieve.vectors.passages import Vectors
from rag.settings import Settings
from rag.store import replacement, snapshot
from rag.watchlist import Watchlist


class Collection:
    """The stores of one collection, in a folder or on servers.

    Any number of threads may read at once.
    """

    def __init__(
        self, chosen: Settings, encoder: Embedder, on_wait: Callable[[str], None] | None, create: bool
    ) -> None:
        """Open the stores as they are; use `Collection.open`."""
        self.encoder = encoder
        self._settings = chosen
        self._on_wait = on_wait
        self._write_lock = threading.RLock()
        self._refresh_lock = threading.Lock()
        folder = chosen.store
        manifest = manifest_of(chosen, encoder)
        self._stamp = store.stamp(folder)
        if store.exists(folder) and not chosen.database_url:
            store.check_manifest(folder, manifest)
        with ExitStack() as opened:
            served = chosen.database_url is not None
            self._folder = folder if served else opened.enter_context(snapshot.writable(folder))
            self.archive = _archive(chosen, self._folder)
            opened.callback(self.archive.close)
            if self.archive.served:
                self._settle_manifest(manifest, create)
            self.watchlist = Watchlist(self.archive.engine)
            if not store.exists(folder):
                store.write_manifest(folder, manifest)
                self._stamp = store.stamp(folder)
            self.vectors = Vectors(self._place(), encoder.dimension)
            opened.callback(self.vectors.close)
            self.lexical = LexicalIndex(self._derived("lexical.sqlite"), lexicon.bundled())
            opened.callback(self.lexical.close)
            self._opened = opened.pop_all()
        self.indexer = Indexer(self.archive, self.vectors, self.lexical, encoder, chosen.passage_words)
        self.generation = self.archive.generation()

    @classmethod
    def open(
        cls, chosen: Settings, *, create: bool = False, on_wait: Callable[[str], None] | None = None
    ) -> Collection:
        """Open the collection in `chosen.store`, making it where `create` is set, and complete it.

        One that may only be read is opened as a copy, as it is now. `on_wait` is told who is writing when
        this process has to wait for its turn.

        Raises:
            StoreError: there is no store, or it cannot be opened.
            StoreMismatchError: another embedding model or chunking built it.
            ModelError: the embedding model cannot be loaded.
        """
        folder = chosen.store
        create = create and not snapshot.is_read_only(folder)
        if create or chosen.database_url:
            store.make_folder(folder)
        if replacement.unfinished(folder):
            with store.writing(folder, chosen.lock_timeout_s, on_wait):
                replacement.settle(folder)
        if not create and not chosen.database_url:
            store.read_manifest(folder)
        with store.writing(folder, chosen.lock_timeout_s, on_wait) if create else nullcontext():
            collection = cls(chosen, embedder_of(chosen), on_wait, create)
        if collection._is_replaced():  # while it was opened, part by part
            collection.close()
            return cls.open(chosen, create=create, on_wait=on_wait)
        try:
            collection._mend()
        except BaseException:
            collection.close()
            raise
        return collection

    def close(self) -> None:
        """Release the stores' files."""
        self._opened.close()

    @contextmanager
    def writing(self) -> Iterator[Indexer]:
        """Hold the store's lock with everything up to date, and complete what a killed writer left.

        Raises:
            StoreBusyError: another process did not finish writing in time.
            StoreError: the store cannot be written, or was replaced.
        """
        wait_s, on_wait = self._settings.lock_timeout_s, self._on_wait
        with (
            self._write_lock,
            self.archive.writing(wait_s, on_wait),  # of all machines, then of this folder
            store.writing(self._settings.store, wait_s, on_wait),
        ):
            self.refresh(writing=True)
            if self.archive.unfinished():
                self.indexer.repair()
            yield self.indexer
            self.generation = self.archive.generation()

    def refresh(self, *, writing: bool = False) -> None:
        """Reopen what is derived from the articles when another process has written.

        Raises:
            StoreError: the whole store was replaced.
        """
        if self._is_replaced():
            raise StoreError(
                f"the collection {self._settings.store} was replaced while it was open here",
                hint="start this program again",
            )
        with self._refresh_lock:
            generation = self.archive.generation()
            if generation != self.generation:
                self.vectors.reopen()
                self.lexical.refresh()
                if self.archive.served and not writing and not self._follow():
                    return  # a neighbour is writing to this folder: looked at again with the next question
                if self.archive.served and writing:
                    self.indexer.follow()
                self.generation = generation

    # -- on servers ---------------------------------------------------------------------------------------

    def _settle_manifest(self, manifest: store.Manifest, create: bool) -> None:
        """Make the folder fit what the server keeps, or note there what a new store is made with."""
        wait_s, folder = self._settings.lock_timeout_s, self._settings.store
        with self.archive.writing(wait_s, self._on_wait) if create else nullcontext():
            noted = self.archive.manifest()
            if store.settle_manifest(folder, noted, manifest, create=create):
                self.archive.note_manifest(store.as_fields(manifest))
                store.write_manifest(folder, manifest)
        self._stamp = store.stamp(folder)

    def _derived(self, name: str) -> Path:
        """Return where a part lies that is derived from the articles; by the store's number if served."""
        if not self.archive.served:
            return self._folder / name
        folder = self._settings.store / f"derived-{self.archive.identity():x}"
        folder.mkdir(exist_ok=True)
        return folder / name

    def _place(self) -> Place:
        """Return where the vectors are kept."""
        chosen = self._settings
        if not chosen.chroma_url:
            return Folder(self._derived("chroma"))
        folder = self._derived("lexical.sqlite").parent
        return Server(chosen.chroma_url, self.archive.identity(), folder, _secret(chosen.chroma_token))

    def _follow(self, wait_s: float = 0.0) -> bool:
        """Derive what other machines changed; False where another process has this folder's lock."""
        try:
            with store.writing(self._settings.store, wait_s):
                self.indexer.follow()
        except StoreBusyError:
            return False
        return True

    # -- whole again --------------------------------------------------------------------------------------

    def _is_replaced(self) -> bool:
        """Tell whether another store took the place of this one: it was restored or built anew."""
        folder = self._settings.store
        return replacement.unfinished(folder) or store.stamp(folder) != self._stamp

    def _mend(self) -> None:
        """Complete what a killed writer left, unless a living one is at work just now."""
        if self.archive.served and not self._is_whole():
            self._follow(self._settings.lock_timeout_s)
        if self._is_whole():
            return
        if self._folder != self._settings.store:  # a copy of a store that may only be read
            self._repair()
            return
        with (
            suppress(StoreBusyError),
            self.archive.writing(timeout_s=0.1),
            store.writing(self._settings.store, timeout_s=0.1),
        ):
            self.refresh(writing=True)
            if not self._is_whole():
                self._repair()

    def _repair(self) -> None:
        self.indexer.repair()
        self.generation = self.archive.generation()

    def _is_whole(self) -> bool:
        """Tell whether vectors and terms hold all passages and all articles were compared with each other."""
        if self.archive.unfinished() or self.archive.unrelated(limit=1):
            return False
        return self.vectors.count() == self.lexical.count() == self.archive.passage_count()


def embedder_of(chosen: Settings) -> Embedder:
    """Open the embedding model that these settings name. Raises as `open_embedder` does."""
    return open_embedder(
        chosen.embedding_model,
        threads=chosen.threads,
        url=chosen.embedding_url,
        key=_secret(chosen.embedding_api_key),
        timeout_s=chosen.embedding_timeout_s,
        prefixes=(chosen.embedding_query_prefix, chosen.embedding_passage_prefix),
    )


def manifest_of(chosen: Settings, encoder: Embedder) -> store.Manifest:
    """Return what these settings build a store with."""
    cuts = f"passages of {chosen.passage_words} words, version {chunking.VERSION}"
    return store.Manifest(store.FORMAT, encoder.name, encoder.dimension, cuts)


def _archive(chosen: Settings, folder: Path) -> Archive:
    url = _secret(chosen.database_url)
    if url:
        return Archive.on_server(url)
    return Archive.in_folder(folder, create=not store.exists(folder))


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
