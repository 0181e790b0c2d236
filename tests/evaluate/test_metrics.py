"""Check every figure against one worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.metrics import abstention_curve, auroc, false_answers, holds, ndcg, reciprocal_rank, success

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
def test_success(relevant: set[str], k: int, value: float) -> None:
    """Ask whether one of the right articles is among the first k."""
    assert success(RANKING, relevant, k) == value
    assert success([], relevant, k) == 0.0


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


SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.9, 1.0]), min_size=1, max_size=12)


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs(positive: list[float], negative: list[float]) -> None:
    """Compare with counting every pair."""
    pairs = [(a > b) + (a == b) / 2 for a in positive for b in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


@pytest.mark.parametrize(
    ("positive", "negative", "refusals", "value"),
    [
        ([0.9, 0.8, 0.7], [0.95, 0.75, 0.1], 0.0, 2 / 3),  # nobody refused: 0.7 is the threshold
        ([0.9, 0.8, 0.7], [0.95, 0.75, 0.1], 0.34, 1 / 3),  # one of three refused
        ([0.5] * 20 + [0.1], [0.2, 0.6], 0.05, 0.5),  # one of 21 may be refused
        ([0.5, 0.5], [0.5], 0.5, 1.0),  # a tie is answered
        ([0.9], [], 0.05, None),
        ([], [0.9], 0.05, None),
    ],
)
def test_false_answers(
    positive: list[float], negative: list[float], refusals: float, value: float | None
) -> None:
    """Take the strictest threshold that refuses few enough."""
    assert false_answers(positive, negative, refusals) == (None if value is None else pytest.approx(value))


@given(SCORES, SCORES)
def test_the_curve_is_that_of_every_threshold(positive: list[float], negative: list[float]) -> None:
    """Run from answering all to declining all, and agree with the figure at 5 %."""
    refused, answered = abstention_curve(positive, negative)
    assert (refused[0], answered[0]) == (0.0, 1.0)
    assert (refused[-1], answered[-1]) == (1.0, 0.0)
    assert list(refused) == sorted(refused)
    assert list(answered) == sorted(answered, reverse=True)
    allowed = min(rate for share, rate in zip(refused, answered, strict=True) if share <= 0.05)
    assert false_answers(positive, negative) == pytest.approx(allowed)
