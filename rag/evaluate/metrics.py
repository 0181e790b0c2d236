"""Rankings, quotes and confidences → figures. Pure functions over plain sequences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

import numpy as np

_RESAMPLES: Final = 1_000
_SEED: Final = 2021


def recall(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return 1.0 if a relevant article is among the first k, else 0.0."""
    return float(any(article in relevant for article in ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1 / rank of the first relevant article, 0.0 where there is none."""
    return next((1.0 / rank for rank, article in enumerate(ranking, 1) if article in relevant), 0.0)


def ndcg(ranking: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Return nDCG@k with binary relevance (Järvelin & Kekäläinen, TOIS 2002)."""
    gains = [1.0 / np.log2(rank + 1) for rank, article in enumerate(ranking[:k], 1) if article in relevant]
    ideal = [1.0 / np.log2(rank + 1) for rank in range(1, min(len(relevant), k) + 1)]
    return float(sum(gains) / sum(ideal)) if ideal else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the probability that a positive scores above a negative, ties half; None without both."""
    if not positive or not negative:
        return None
    above = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def holds(quote: str, evidence: Collection[str]) -> bool:
    """Tell whether a quote contains one of the evidence strings, white space aside."""
    flat = " ".join(quote.split())
    return any(" ".join(one.split()) in flat for one in evidence)


def interval(values: Sequence[float], of: Callable[[np.ndarray], float] = np.mean) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean over questions (Efron, 1979), seeded."""
    if not values:
        return (0.0, 0.0)
    sample = np.asarray(values, dtype=float)
    draws = np.random.default_rng(_SEED).integers(0, len(sample), (_RESAMPLES, len(sample)))
    low, high = np.percentile([of(sample[draw]) for draw in draws], [2.5, 97.5])
    return float(low), float(high)
