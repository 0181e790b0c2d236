"""Late interaction: each token of a question against each token of a passage, both in their context.

A passage's one vector says what it is about; whether it also has each thing that the question names shows
in its tokens (Khattab & Zaharia, "ColBERT", SIGIR 2020). Their vectors are made with the passage's own, in
the same run of the model, and kept at four bits a number, with which nothing measurable was lost.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_REMEMBERED: Final = 400  # passages; one of 200 tokens takes 50 kB
_LEVELS: Final = 7  # a number is one of -7 … 7


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Unit vectors of a text's tokens, shape (t, d); the first `lead` of them stand before the passage."""

    vectors: Floats
    lead: int = 0

    def match(self, query: Floats) -> Floats:
        """Return for each of the query's m tokens the cosine of the token nearest to it, shape (m,)."""
        return best(query, self.vectors)

    def of(self, first: int, end: int) -> Floats:
        """Return the vectors of the passage's tokens `first` to `end`; fewer where it was cut off."""
        return self.vectors[self.lead + first : self.lead + end]


def best(query: Floats, vectors: Floats) -> Floats:
    """Return the highest cosine of each of the query's tokens (m, d) with any of (t, d); zeros for none."""
    if not len(vectors):
        return np.zeros(len(query), dtype=np.float32)
    similarity: Floats = (query @ vectors.T).max(axis=1)
    return similarity


def unit(vector: Floats) -> Floats:
    """Return a vector at length one; zeros stay zeros."""
    scaled: Floats = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return scaled


def pack(tokens: TokenVectors) -> bytes:
    """Return token vectors as bytes: two for `lead`, then half a byte a number; d must be even."""
    largest = np.abs(tokens.vectors).max(axis=1, keepdims=True, initial=1e-9)
    levels = np.rint(tokens.vectors / largest * _LEVELS).astype(np.int8) + _LEVELS
    halves = levels.astype(np.uint8)
    pairs: NDArray[np.uint8] = halves[:, ::2] << 4 | halves[:, 1::2]
    return tokens.lead.to_bytes(2, "little") + pairs.tobytes()


def unpack(data: bytes, dimension: int) -> TokenVectors:
    """Return the token vectors that `pack` made of vectors of this dimension."""
    pairs = np.frombuffer(data, dtype=np.uint8, offset=2).reshape(-1, dimension // 2)
    levels = np.empty((len(pairs), dimension), dtype=np.float32)
    levels[:, ::2], levels[:, 1::2] = pairs >> 4, pairs & 15
    levels -= _LEVELS
    levels /= np.maximum(np.linalg.norm(levels, axis=1, keepdims=True), 1e-9)
    return TokenVectors(levels, int.from_bytes(data[:2], "little"))


class TokenMemory:
    """The token vectors of passages by key, the last used ones in memory."""

    def __init__(self, read: Callable[[Iterable[int]], Mapping[int, bytes]], dimension: int) -> None:
        self._read = read
        self._dimension = dimension
        self._known: OrderedDict[int, TokenVectors] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, keys: Iterable[int]) -> dict[int, TokenVectors]:
        """Return the token vectors of those passages that have some."""
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        missing = [key for key in keys if key not in found]
        read = self._read(missing) if missing and self._dimension else {}
        found |= {key: unpack(data, self._dimension) for key, data in read.items()}
        with self._lock:
            for key, tokens in found.items():
                self._known[key] = tokens
                self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found
