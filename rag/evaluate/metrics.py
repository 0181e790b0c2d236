"""Rankings, quotes and confidences → figures. Pure functions over plain sequences."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def success(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return success@k, as TREC calls it: 1.0 if a relevant article is among the first k, else 0.0."""
    return float(any(article in relevant for article in ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1 / rank of the first relevant article, 0.0 where there is none."""
    return next((1.0 / rank for rank, article in enumerate(ranking, 1) if article in relevant), 0.0)


def ndcg(ranking: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Return nDCG@k with binary relevance (Järvelin & Kekäläinen, TOIS 2002)."""
    gains = [1.0 / np.log2(rank + 1) for rank, article in enumerate(ranking[:k], 1) if article in relevant]
    ideal = [1.0 / np.log2(rank + 1) for rank in range(1, min(len(relevant), k) + 1)]
    return float(sum(gains) / sum(ideal)) if ideal else 0.0


def holds(quote: str, evidence: Collection[str]) -> bool:
    """Tell whether a quote contains one of the evidence strings, white space aside."""
    flat = " ".join(quote.split())
    return any(" ".join(one.split()) in flat for one in evidence)


def auroc(positive: ArrayLike, negative: ArrayLike) -> float | None:
    """Return the probability that a positive scores above a negative, ties half; None without both."""
    above, below = np.sort(np.asarray(positive, dtype=float)), np.sort(np.asarray(negative, dtype=float))
    if not len(above) or not len(below):
        return None
    lower = np.searchsorted(below, above, "left").sum()
    tied = np.searchsorted(below, above, "right").sum() - lower
    return float((lower + 0.5 * tied) / (len(above) * len(below)))


def false_answers(positive: ArrayLike, negative: ArrayLike, refusals: float = 0.05) -> float | None:
    """Return the share of negatives answered by the strictest threshold that refuses few positives.

    The threshold is the highest that refuses at most the share `refusals` of the positives; None without
    positives and negatives.
    """
    answerable, unanswerable = np.sort(np.asarray(positive, dtype=float)), np.asarray(negative, dtype=float)
    if not len(answerable) or not len(unanswerable):
        return None
    threshold = answerable[min(int(refusals * len(answerable) + 1e-9), len(answerable) - 1)]
    return float((unanswerable >= threshold).mean())


def abstention_curve(positive: ArrayLike, negative: ArrayLike) -> tuple[Floats, Floats]:
    """Return the false refusals and false answers, each (t,), of all t thresholds from low to high."""
    answerable, unanswerable = np.sort(np.asarray(positive, float)), np.sort(np.asarray(negative, float))
    thresholds = np.append(np.unique(np.concatenate([answerable, unanswerable])), np.inf)
    refused = np.searchsorted(answerable, thresholds, "left") / len(answerable)
    answered = 1 - np.searchsorted(unanswerable, thresholds, "left") / len(unanswerable)
    return refused, answered


def rounded(value: float | None) -> float | None:
    """Return a figure as it is reported: to four places, None where there is none."""
    return None if value is None else round(value, 4)
