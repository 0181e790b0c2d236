"""The passages' vectors once more, in one file where a passage's key says where its vector lies.

Chroma finds the neighbours of a question fast, but takes 40 µs to hand out one vector by its key. Scoring
what the lexical side found, or what a filter admits, takes a hundred or thousands of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_NUMBER: Final = np.dtype("<f4")  # as Chroma keeps them: a passage's cosine must not depend on the way
_TOLERANCE: Final = 0.01  # by which a whole vector's squared length may differ from 1


class Mirror:
    """A file of unit vectors, row by passage key.

    It may lack any of them and is never needed: what is not there, or was written by halves when the
    power failed, has not the length of a unit vector, and is asked of Chroma.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        """Take the file at `path`, made with the first vector."""
        self._path = path
        self._row = dimension * _NUMBER.itemsize
        self._dimension = dimension

    def write(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Write the (n, d) vectors of n passages; without effect where the file cannot be written."""
        order = np.argsort(np.asarray(keys, dtype=np.int64), kind="stable")
        rows = vectors[order].astype(_NUMBER)
        ascending = np.asarray(keys, dtype=np.int64)[order]
        # Runs of keys that follow one another are written at once.
        starts = np.flatnonzero(np.diff(ascending, prepend=ascending[:1] - 2) != 1)
        try:
            self._path.touch()
            with self._path.open("r+b") as file:
                for first, end in zip(starts, [*starts[1:], len(rows)], strict=True):
                    file.seek(int(ascending[first]) * self._row)
                    file.write(rows[first:end].tobytes())
        except OSError:
            return

    def forget(self, keys: Sequence[int]) -> None:
        """Overwrite the vectors of passages that are removed."""
        count = self._size() // self._row
        there = [key for key in keys if key < count]
        if there:
            self.write(there, np.zeros((len(there), self._dimension), dtype=np.float32))

    def read(self, keys: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return those m of the keys whose vectors are there, and the vectors (m, d)."""
        wanted = np.asarray(keys, dtype=np.int64)
        count = self._size() // self._row
        wanted = wanted[(wanted >= 0) & (wanted < count)]
        if not len(wanted):
            return wanted, np.empty((0, self._dimension), dtype=np.float32)
        try:
            rows = np.memmap(self._path, dtype=_NUMBER, mode="r", shape=(count, self._dimension))
        except OSError:
            return self.read(())
        vectors = rows[wanted].astype(np.float32, copy=False)
        whole = np.abs(np.einsum("ij,ij->i", vectors, vectors) - 1.0) < _TOLERANCE
        return (wanted, vectors) if whole.all() else (wanted[whole], vectors[whole])

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.is_file() else 0
