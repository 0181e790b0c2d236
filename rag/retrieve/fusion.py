"""Two score lists over the same candidates → one, by a weighted sum of standardised scores.

Convex combination beats reciprocal rank fusion where both scores are informative (Bruch, Gai & Ingber,
"An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fuse(
    dense: NDArray[np.float64],
    lexical: NDArray[np.float64],
    dense_weight: float,
    least: tuple[float, float] = (0.0, 0.0),
) -> NDArray[np.float64]:
    """Return the fused scores, shape (n,), of n candidates that both sides have scored.

    `dense_weight`, 0 to 1, is the share of the dense side. A side whose standard deviation is below its
    `least` says little (all candidates are nearly one text) and is not blown up to say much.
    """
    sides = standardise(dense, least[0]), standardise(lexical, least[1])
    return dense_weight * sides[0] + (1 - dense_weight) * sides[1]


def standardise(scores: NDArray[np.float64], least: float = 0.0) -> NDArray[np.float64]:
    """Return scores with mean 0 and standard deviation 1, or less where it was below `least`."""
    spread = float(scores.std()) if len(scores) else 0.0
    if spread < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / max(spread, least), dtype=np.float64)
