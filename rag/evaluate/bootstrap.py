"""A statistic of questions → how far chance may have moved it: 95 % percentile bootstrap intervals.

B. Efron & R. Tibshirani, "An Introduction to the Bootstrap", 1993. Two runs over the same questions are
compared by resampling questions, each with both of its results (T. Sakai, "Evaluating evaluation metrics
based on the bootstrap", SIGIR 2006).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

_RESAMPLES: Final = 1_000
_SEED: Final = 2021

Statistic = Callable[[NDArray[np.intp]], float | None]  # of the questions with these row numbers


def interval(size: int, statistic: Statistic) -> tuple[float, float] | None:
    """Return the 95 % interval of a statistic over `size` questions, seeded; None where it has none.

    Resamples on which the statistic is not defined (no unanswerable question among them) are left out.
    """
    return _percentiles([statistic(draw) for draw in _draws(size)])


def paired_interval(size: int, first: Statistic, second: Statistic) -> tuple[float, float] | None:
    """Return the 95 % interval of `second` minus `first` over the same `size` questions."""
    differences: list[float | None] = []
    for draw in _draws(size):
        a, b = first(draw), second(draw)
        differences.append(None if a is None or b is None else b - a)
    return _percentiles(differences)


def _draws(size: int) -> NDArray[np.intp]:
    if not size:
        return np.empty((0, 0), dtype=np.intp)
    return np.random.default_rng(_SEED).integers(0, size, (_RESAMPLES, size), dtype=np.intp)


def _percentiles(values: list[float | None]) -> tuple[float, float] | None:
    defined = [value for value in values if value is not None]
    if not defined:
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
