"""Features and fitted weights → a probability: the logistic models of the answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

_FINITE: Final = 60.0  # log-odds beyond which nothing changes


def probability(weights: Mapping[str, float], intercept: float, features: object) -> float:
    """Return the probability, 0 to 1; `features` has an attribute for each of the weights' names."""
    logit = intercept + sum(weight * getattr(features, name) for name, weight in weights.items())
    return 1.0 / (1.0 + math.exp(-max(-_FINITE, min(_FINITE, logit))))
