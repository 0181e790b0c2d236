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
    """The n rows that hold a term, in any order, and how often each holds it."""

    rows: NDArray[np.int32]
    counts: NDArray[np.uint8]


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
        self._norms = (_K1 * (1 - _B + _B * lengths / means[places])).astype(np.float32)
        self._rows = np.full(passages[-1] + 1 if len(passages) else 0, -1, dtype=np.int32)  # by key
        self._rows[passages] = np.arange(len(passages), dtype=np.int32)
        self._frequencies = np.zeros(len(passages), dtype=np.float32)  # zeros between two terms

    def postings(self, passages: NDArray[np.uint32], counts: NDArray[np.uint8]) -> Postings:
        """Return the postings of a term that n passages, given by key, hold so many times each.

        Passages that the table does not know are left out.
        """
        listed = passages < len(self._rows)
        rows = self._rows[passages[listed]]
        held = rows >= 0
        return Postings(rows[held], counts[listed][held])

    def idf(self, tag: str, found: Weighted) -> float:
        """Return how rare a term is in a language's passages, given all that stands for it there."""
        count = self.counts[tag]
        df = min(sum(weight * len(one.rows) for one, weight in found), count)
        return float(np.log1p((count - df + 0.5) / (df + 0.5)))

    def add(self, tag: str, found: Weighted, scores: NDArray[np.float32]) -> None:
        """Add a term's part of each passage's score to `scores` (n,)."""
        factor = (_K1 + 1) * self.idf(tag, found)
        weighted = [(one.rows, np.multiply(one.counts, weight, dtype=np.float32)) for one, weight in found]
        if len(weighted) > 1:
            for rows, frequencies in weighted:
                np.add.at(self._frequencies, rows, frequencies)
            weighted = [(rows, self._taken(rows)) for rows, _ in weighted]
        for rows, frequencies in weighted:
            saturated = frequencies / (frequencies + self._norms.take(rows))
            np.add.at(scores, rows, np.multiply(saturated, factor, dtype=np.float32))

    def _taken(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return what `_frequencies` has at rows, and leave zeros there: who asks later finds none."""
        frequencies = self._frequencies.take(rows)
        self._frequencies[rows] = 0.0
        return frequencies
