"""BM25 over arrays: a row for each passage, and for each term the rows that hold it.

Each language is a collection of its own with its own document frequencies. A question reaches the other
language as a probabilistic structured query: all translations of one term share one term frequency and
one document frequency (Darwish & Oard, "Probabilistic structured query methods", SIGIR 2003).
BM25: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_K1: Final = 1.2
_B: Final = 0.75
_TAG: Final = 2  # letters of a language's tag


@dataclass(frozen=True, slots=True)
class Postings:
    """The n rows that hold a term, ascending, and how often each holds it."""

    rows: NDArray[np.int32]
    counts: NDArray[np.float64]


Weighted = Sequence[tuple[Postings, float]]  # what stands for one term, each with its weight


class Table:
    """What is known of all passages, and the scores that follow from it; for one thread at a time."""

    def __init__(self, passages: NDArray[np.int64], lengths: NDArray[np.int64], tags: str) -> None:
        """Take n passages: ascending keys, numbers of terms, and the tags of their languages in a row."""
        listed = np.frombuffer(tags.encode(), dtype=f"S{_TAG}").astype(np.str_)
        known, places = np.unique(listed, return_inverse=True)
        counts = np.bincount(places, minlength=len(known))
        means = np.maximum(np.bincount(places, lengths, len(known)) / np.maximum(counts, 1), 1.0)
        self.passages = passages
        self.counts: dict[str, int] = dict(zip(known.tolist(), counts.tolist(), strict=True))
        self._norms = _K1 * (1 - _B + _B * lengths / means[places])
        self._rows = np.full(passages[-1] + 1 if len(passages) else 0, -1, dtype=np.int32)  # by key
        self._rows[passages] = np.arange(len(passages), dtype=np.int32)
        self._frequencies = np.zeros(len(passages))  # zeros between two terms

    def postings(self, occurrences: NDArray[np.int64]) -> Postings:
        """Return the postings of a term that occurs in these passages, given once for each time.

        Passages that the table does not know are left out.
        """
        rows = self._rows[occurrences[occurrences < len(self._rows)]]
        rows = np.sort(rows[rows >= 0])
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        return Postings(rows[first], np.diff(first, append=len(rows)).astype(np.float64))

    def idf(self, tag: str, found: Weighted) -> float:
        """Return how rare a term is in a language's passages, given all that stands for it there."""
        count = self.counts[tag]
        df = min(sum(weight * len(one.rows) for one, weight in found), count)
        return float(np.log1p((count - df + 0.5) / (df + 0.5)))

    def add(self, tag: str, found: Weighted, scores: NDArray[np.float64]) -> None:
        """Add a term's part of each passage's score to `scores` (n,)."""
        rows, frequencies = self._merged(found)
        scores[rows] += (_K1 + 1) * self.idf(tag, found) * frequencies / (frequencies + self._norms[rows])

    def _merged(self, found: Weighted) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the rows that hold anything of `found`, in any order, and their weighted counts."""
        if len(found) == 1:
            (one, weight), *_ = found
            return one.rows, weight * one.counts
        parts = []
        for one, weight in found:
            before = self._frequencies[one.rows]
            parts.append(one.rows[before == 0.0])
            self._frequencies[one.rows] = before + weight * one.counts
        rows = np.concatenate(parts)
        merged = self._frequencies[rows]
        self._frequencies[rows] = 0.0
        return rows, merged
