"""Two score lists over the same candidates → one, by a weighted sum of standardised scores.

Convex combination beats reciprocal rank fusion where both scores are informative (Bruch, Gai & Ingber,
"An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fuse(
    dense: NDArray[np.float64], lexical: NDArray[np.float64], dense_weight: float
) -> NDArray[np.float64]:
    """Return the fused scores, shape (n,), of n candidates that both sides have scored.

    `dense_weight`, 0 to 1, is the share of the dense side.
    """
    return dense_weight * standardise(dense) + (1 - dense_weight) * standardise(lexical)


def standardise(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores with mean 0 and standard deviation 1; zeros where all are equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    if spread < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / spread, dtype=np.float64)
