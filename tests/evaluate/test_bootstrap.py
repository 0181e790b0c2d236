"""Check the intervals: seeded, around their value, narrower with more questions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.bootstrap import Statistic, interval, paired_interval


def mean(values: list[float]) -> Statistic:
    """Return the mean of some of the values as a statistic."""
    return lambda rows: float(np.mean(np.array(values)[rows]))


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_an_interval_holds_its_mean(values: list[float]) -> None:
    """Demand the same interval every time, within the values, around their mean or nearly."""
    low, high = interval(len(values), mean(values)) or (1.0, 0.0)
    assert (low, high) == interval(len(values), mean(values))
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert low - 0.05 <= np.mean(values) <= high + 0.05


def test_more_questions_make_a_narrower_interval() -> None:
    """Demand width that shrinks with the number of questions, and none for a single one."""
    few, many = (interval(2 * n, mean([0.0, 1.0] * n)) or (0.0, 0.0) for n in (5, 100))
    assert few[1] - few[0] > many[1] - many[0] > 0
    assert interval(1, mean([0.25])) == (0.25, 0.25)


def test_pairs_are_resampled_together() -> None:
    """Find a small gain on every question certain, however much the questions differ."""
    first = list(np.linspace(0, 0.9, 20))
    second = [value + 0.05 for value in first]
    assert paired_interval(20, mean(first), mean(second)) == pytest.approx((0.05, 0.05))
    low, high = paired_interval(20, mean(first), mean(second[::-1])) or (0.0, 0.0)
    assert low < 0 < high


def test_what_is_not_defined_is_left_out() -> None:
    """Leave out resamples without a value, and have no interval where there is none at all."""
    assert interval(0, mean([])) is None
    assert interval(3, lambda rows: None) is None
    assert interval(2, lambda rows: 1.0 if 1 in rows else None) == (1.0, 1.0)
    assert paired_interval(3, lambda rows: None, lambda rows: 1.0) is None
