"""Scores of passages by key, held as arrays: a mapping that hands out the best without sorting all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def member(keys: NDArray[np.int64], among: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of each key (n,) whether it stands in `among`, ascending; numpy's `isin` would sort both."""
    if not len(among):
        return np.zeros(len(keys), dtype=np.bool_)
    rows = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return np.asarray(among[rows] == keys)


@dataclass(frozen=True, eq=False, slots=True)
class Scores(Mapping[int, float]):
    """Passage keys, ascending, and as many scores; a dict of 50,000 of them would take 10 ms to make."""

    passages: NDArray[np.int64]
    scores: NDArray[np.float64]

    def best(self, count: int) -> list[int]:
        """Return the keys of the `count` highest scores, highest first, equal ones by key."""
        chosen = np.arange(len(self.passages))
        if 0 < count < len(chosen):
            least = np.partition(self.scores, -count)[-count]
            chosen = np.flatnonzero(self.scores >= least)
        ordered = chosen[np.lexsort((self.passages[chosen], -self.scores[chosen]))]
        return [int(key) for key in self.passages[ordered[:count]]]

    def among(self, keys: NDArray[np.int64]) -> Scores:
        """Return the scores of those of `keys`, ascending, that have one."""
        there = keys[member(keys, self.passages)]
        return Scores(there, self.of(there))

    def of(self, keys: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of passages, in the order given; 0 for those that have none."""
        wanted = np.asarray(keys, dtype=np.int64)
        if not len(self.passages):
            return np.zeros(len(wanted))
        rows = np.minimum(np.searchsorted(self.passages, wanted), len(self.passages) - 1)
        return np.where(self.passages[rows] == wanted, self.scores[rows], 0.0)

    def __getitem__(self, key: int) -> float:
        row = int(np.searchsorted(self.passages, key))
        if row == len(self.passages) or self.passages[row] != key:
            raise KeyError(key)
        return float(self.scores[row])

    def __iter__(self) -> Iterator[int]:
        return iter(self.passages.tolist())

    def __len__(self) -> int:
        return len(self.passages)
