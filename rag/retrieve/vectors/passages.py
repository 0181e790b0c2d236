"""The passages' vectors in Chroma: added, deleted and searched by passage key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rag.retrieve.scores import member
from rag.retrieve.vectors.chroma import Place
from rag.retrieve.vectors.connection import Connection
from rag.schema import Passage, Source

_BATCH: Final = 2_000  # below Chroma's own limit of 5,461
_SPARE: Final = 2  # times as many neighbours as would do if admitted passages lay evenly
_SELF_AMONG: Final = (10, 200)  # neighbours among which a vector must find itself
_SAME: Final = 0.9999  # cosine of what may be a copy
# Reading one vector by its key costs as much as fetching so many neighbours: from Chroma, from the mirror.
_READING: Final = (4.0, 0.5)


class Vectors:
    """One Chroma collection of unit vectors under cosine distance.

    Texts are not stored a second time: the archive has them, and Chroma would keep three copies and a
    trigram index. Metadata (article, offsets, language, day) make the collection readable on its own.
    """

    def __init__(self, place: Place, dimension: int) -> None:
        """Open, or make, the collection at `place`.

        Raises:
            StoreError: Chroma cannot open it.
        """
        self._chroma = Connection(place, dimension)
        self._mirror = place.mirror(dimension)
        self._counted: int | None = None  # vectors, until something is written

    @property
    def shared(self) -> bool:
        """Whether every process sees the same vectors at once, as on a server."""
        return self._chroma.shared

    def reopen(self) -> None:
        """See what other processes added since this one opened; on a server everybody sees it anyway."""
        self._counted = None
        if not self.shared:
            self.close()

    def close(self) -> None:
        """Release Chroma's client and its files."""
        self._chroma.close()

    def add(
        self, keys: Sequence[int], vectors: NDArray[np.float32], about: Sequence[tuple[Passage, Source]]
    ) -> None:
        """Write the (n, d) `vectors` of n passages, replacing those with the same key."""
        metadatas = [_metadata(passage, source) for passage, source in about]
        for first in range(0, len(keys), _BATCH):
            part = slice(first, first + _BATCH)
            self._write(
                "upsert",
                ids=[str(key) for key in keys[part]],
                embeddings=vectors[part],
                metadatas=metadatas[part],
            )
        if self._mirror is not None:
            self._mirror.write(keys, vectors)

    def describe(self, rows: Sequence[tuple[int, Passage, Source]]) -> None:
        """Write anew what is noted of passages beside their vectors, which stay."""
        for first in range(0, len(rows), _BATCH):
            part = rows[first : first + _BATCH]
            self._write(
                "update",
                ids=[str(key) for key, _, _ in part],
                metadatas=[{"published": None, **_metadata(passage, source)} for _, passage, source in part],
            )

    def delete(self, keys: Sequence[int]) -> None:
        """Delete vectors by key; unknown keys are no error."""
        if self._mirror is not None:
            self._mirror.forget(keys)
        for first in range(0, len(keys), _BATCH):
            self._write("delete", ids=[str(key) for key in keys[first : first + _BATCH]])

    def nearest(
        self, vector: NDArray[np.float32], k: int, among: NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """Return the keys of the (about) k nearest passages and their cosines, nearest first.

        `among` are the keys of the passages looked at, ascending; None means all. Exactly k come back
        where there are as many among them. Chroma would walk all metadata for a filter of its own (0.2 s
        at 100,000 passages, unfiltered 5 ms). Instead, of many admitted passages enough neighbours are
        fetched that k of them stand among these, and few are compared one by one, whichever is cheaper.
        """
        if among is None:
            found = self._neighbours(vector, k)
            # A crowd of equal vectors can hide others from the graph.
            if len(found) < k and k >= self.count() > len(found):
                found |= self.cosines(vector, [key for key in self.keys() if key not in found])
                return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
            return found
        wanted = min(k, len(among))
        fetched = _SPARE * wanted * self.count() // max(len(among), 1)
        reading = _READING[self._mirror is not None]
        while wanted < len(among) and fetched < reading * len(among):
            found = self._neighbours(vector, fetched)
            keys = np.fromiter(found, dtype=np.int64, count=len(found))
            admitted = keys[member(keys, among)][:wanted].tolist()
            if len(admitted) == wanted:
                return {key: found[key] for key in admitted}
            fetched *= _SPARE**2  # the question is about what the filter leaves out
        cosines = self.cosines(vector, among.tolist())
        best = sorted(cosines, key=lambda key: (-cosines[key], key))[:wanted]
        return {key: cosines[key] for key in best}

    def _neighbours(self, vector: NDArray[np.float32], k: int) -> dict[int, float]:
        def query(collection: Any) -> Any:
            return collection.query(query_embeddings=[vector], n_results=k, include=["distances"])

        found = self._chroma.read("searched", query) if k > 0 else {"ids": [[]], "distances": [[]]}
        return {
            int(key): 1.0 - float(distance)
            for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        }

    def cosines(self, vector: NDArray[np.float32], keys: Sequence[int]) -> dict[int, float]:
        """Return the cosines of `vector` and the passages with these keys; unknown keys are left out."""
        known: dict[int, float] = {}
        if self._mirror is not None:
            there, rows = self._mirror.read(keys)
            known = dict(zip(there.tolist(), (rows @ vector).tolist(), strict=True))
            keys = [key for key in keys if key not in known] if len(known) < len(keys) else ()
        for first in range(0, len(keys), _BATCH):
            ids = [str(key) for key in keys[first : first + _BATCH]]
            found = self._chroma.read("read", partial(_embeddings, ids))
            if found["ids"]:
                rows = np.asarray(found["embeddings"], dtype=np.float32)
                cosines = rows @ vector / np.maximum(np.linalg.norm(rows, axis=1), 1e-12)
                fetched = [int(key) for key in found["ids"]]
                known |= dict(zip(fetched, cosines.tolist(), strict=True))
                if self._mirror is not None:
                    self._mirror.write(fetched, rows)
        return known

    def lost(self, keys: Sequence[int]) -> list[int]:
        """Return those of the keys whose own vector is not found when it is searched for.

        Damaged files can lose vectors without an error, while all keys are still listed.

        Raises:
            StoreError: a vector cannot be read at all.
        """
        missing = []
        for first in range(0, len(keys), _BATCH):
            ids = [str(key) for key in keys[first : first + _BATCH]]
            found = self._chroma.read("read", partial(_embeddings, ids))
            for key, vector in zip(found["ids"], found["embeddings"], strict=True):
                if not self._finds(int(key), np.asarray(vector, dtype=np.float32)):
                    missing.append(int(key))
        return missing

    def _finds(self, key: int, vector: NDArray[np.float32]) -> bool:
        for k in _SELF_AMONG:
            near = self._neighbours(vector, k)
            # Of copies any may come first, and the graph finds nearly all, not all.
            if near.get(key, -1.0) > _SAME or sum(cosine > _SAME for cosine in near.values()) >= k:
                return True
        return False

    def count(self) -> int:
        """Return the number of vectors; Chroma walks them all (8 ms at 100,000), so it is kept."""
        counted = self._counted
        if counted is None:
            counted = self._counted = int(self._chroma.read("counted", lambda collection: collection.count()))
        return counted

    def newest(self) -> int:
        """Return the highest key, 0 where there is none."""
        return max(self.keys(), default=0)

    def keys(self) -> Iterator[int]:
        """Yield the keys of all vectors."""
        offset = 0
        while True:
            page = self._chroma.read("listed", partial(_page, offset))
            if not page:
                return
            yield from map(int, page)
            offset += len(page)

    def _write(self, name: str, **arguments: Any) -> None:
        try:
            self._chroma.write(name, **arguments)
        finally:
            self._counted = None


def _page(offset: int, collection: Any) -> Any:
    return collection.get(limit=10_000, offset=offset, include=[])["ids"]


def _embeddings(ids: Sequence[str], collection: Any) -> Any:
    return collection.get(ids=ids, include=["embeddings"])


def _metadata(passage: Passage, source: Source) -> Mapping[str, str | int]:
    fields: dict[str, str | int] = {
        "article": passage.article,
        "start": passage.start,
        "end": passage.end,
        "language": source.language,
    }
    if source.published is not None:
        fields["published"] = source.published.toordinal()
    return fields
