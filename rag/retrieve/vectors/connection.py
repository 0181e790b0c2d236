"""One Chroma collection, opened when it is asked for something, and anew where that fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from rag.errors import QuellenchatError, StoreError, StoreMismatchError
from rag.retrieve.vectors.chroma import Place


class Connection:
    """What is asked of a collection, with Chroma's errors told as ours; for any number of threads."""

    def __init__(self, place: Place, dimension: int) -> None:
        """Open, or make, the collection at `place`.

        Raises:
            StoreError: Chroma cannot open it.
        """
        self._place = place
        self._dimension = dimension
        self._client: Any = None
        self._collection: Any = None
        self._lock = threading.RLock()  # nobody may search a client that is being reopened
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def shared(self) -> bool:
        """Whether every process sees the same vectors at once, as on a server."""
        return self._place.shared

    def close(self) -> None:
        """Release Chroma's client and its files; the next request opens them again."""
        with self._lock:
            self._collection = None
            if self._client is not None:
                self._place.release(self._client)
                self._client = None

    def write(self, name: str, **arguments: Any) -> None:
        """Call a method of the collection that writes; each may be done twice, so a server is asked again.

        Raises:
            StoreError: it fails.
        """

        def write(collection: Any) -> None:
            getattr(collection, name)(**arguments)

        self._ask("written", self._place.refused, write, self._place.pauses if self.shared else ())

    def read(self, what: str, ask: Callable[[Any], Any]) -> Any:
        """Ask the collection, and again after opening it anew when it fails.

        While another process writes, a search can find a half-changed index ("Nothing found on disk",
        "Error finding id"): a new client sees it whole. A server may just be starting anew.

        Raises:
            StoreError: it fails every time.
        """
        return self._ask(what, self._place.lost, ask, self._place.pauses)

    def _ask(self, what: str, hint: str, ask: Callable[[Any], Any], pauses: Sequence[float]) -> Any:
        for pause in pauses:
            try:
                with self._asked(what, hint) as collection:
                    return ask(collection)
            except StoreMismatchError:
                raise
            except StoreError:
                time.sleep(pause)
                self._forget()
        with self._asked(what, hint) as collection:
            return ask(collection)

    @contextmanager
    def _asked(self, what: str, hint: str) -> Iterator[Any]:
        """Hold the collection for one request; an error of Chroma's becomes a StoreError.

        A folder is asked by one thread at a time, a server by as many as want.
        """
        with nullcontext() if self.shared else self._lock:
            collection = self._open()
            try:
                yield collection
            except Exception as error:  # Chroma raises its Rust errors without a common base
                raise StoreError(
                    f"the vectors in {self._place} cannot be {what}: {error}", hint=hint
                ) from error

    def _open(self) -> Any:
        """Return the collection, opened where it is not.

        Raises:
            StoreError: Chroma cannot open it.
        """
        with self._lock:
            try:
                if self._client is None:
                    self._client = self._place.connect(self._dimension)
                if self._collection is None:
                    self._collection = self._place.collection(self._client, self._dimension)
            except QuellenchatError:
                raise
            except Exception as error:  # as above
                if not self.shared:
                    with suppress(Exception):
                        self.close()
                    self._place.abandon()
                raise StoreError(
                    f"the vectors in {self._place} cannot be opened: {error}", hint=self._place.lost
                ) from error
            return self._collection

    def _forget(self) -> None:
        """Open the collection anew before the next request; a server's client mends its own connections."""
        with self._lock:
            self._collection = None
            if not self.shared:
                self.close()
