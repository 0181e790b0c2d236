"""Check every figure against one worked out by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.metrics import auroc, holds, interval, ndcg, recall, reciprocal_rank

RANKING = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("relevant", "k", "value"),
    [
        ({"a"}, 1, 1.0),
        ({"b"}, 1, 0.0),
        ({"b"}, 2, 1.0),
        ({"x", "d"}, 4, 1.0),
        ({"x"}, 4, 0.0),
        (set(), 4, 0.0),
    ],
)
def test_recall(relevant: set[str], k: int, value: float) -> None:
    """Ask whether one of the right articles is among the first k."""
    assert recall(RANKING, relevant, k) == value
    assert recall([], relevant, k) == 0.0


@pytest.mark.parametrize(
    ("relevant", "value"), [({"a"}, 1.0), ({"c"}, 1 / 3), ({"d", "b"}, 0.5), ({"x"}, 0.0), (set(), 0.0)]
)
def test_reciprocal_rank(relevant: set[str], value: float) -> None:
    """Take the first right article's rank."""
    assert reciprocal_rank(RANKING, relevant) == pytest.approx(value)


@pytest.mark.parametrize(
    ("relevant", "value"),
    [
        ({"a"}, 1.0),
        ({"b"}, 1 / math.log2(3)),
        ({"a", "b"}, 1.0),
        ({"a", "c"}, (1 + 1 / 2) / (1 + 1 / math.log2(3))),
        ({"b", "x"}, (1 / math.log2(3)) / (1 + 1 / math.log2(3))),
        ({"x"}, 0.0),
        (set(), 0.0),
    ],
)
def test_ndcg(relevant: set[str], value: float) -> None:
    """Discount by the logarithm of the rank, against the best possible ranking."""
    assert ndcg(RANKING, relevant) == pytest.approx(value)


def test_ndcg_looks_at_the_first_k() -> None:
    """Ignore what comes after, in the ranking and in the ideal."""
    assert ndcg(RANKING, {"c"}, k=2) == 0.0
    assert ndcg(RANKING, {"a", "b", "c"}, k=2) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("positive", "negative", "value"),
    [([0.9, 0.8], [0.1], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5], 0.5), ([0.9, 0.2], [0.5, 0.1], 0.75),
     ([], [0.5], None), ([0.5], [], None)],
)  # fmt: skip
def test_auroc(positive: list[float], negative: list[float], value: float | None) -> None:
    """Count the pairs that are ordered rightly, ties half."""
    assert auroc(positive, negative) == value


@pytest.mark.parametrize(
    ("quote", "evidence", "value"),
    [
        ("Er verlangte bindende Zusagen.", ["bindende Zusagen"], True),
        ("Er verlangte", ["bindende Zusagen"], False),
        ("bindende\n  Zusagen", ["bindende Zusagen"], True),
        ("bindende Zusagen", ["x", "bindende  Zusagen"], True),
        ("Bindende Zusagen", ["bindende Zusagen"], False),
        ("alles", [], False),
    ],
)
def test_holds(quote: str, evidence: list[str], value: bool) -> None:
    """Look for one of the strings, white space aside."""
    assert holds(quote, evidence) == value


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_an_interval_holds_its_mean(values: list[float]) -> None:
    """Demand the same interval every time, within the values, around their mean or nearly."""
    low, high = interval(values)
    assert (low, high) == interval(values)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    mean = sum(values) / len(values)
    assert low - 0.05 <= mean <= high + 0.05


def test_more_values_make_a_narrower_interval() -> None:
    """Demand width that shrinks with the number of questions, and none for one value or none at all."""
    few, many = (interval([0.0, 1.0] * n) for n in (5, 100))
    assert few[1] - few[0] > many[1] - many[0] > 0
    assert interval([0.25]) == (0.25, 0.25)
    assert interval([]) == (0.0, 0.0)
