"""Check that fusing two rankings is fair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.fusion import fuse, standardise

SCORE = st.floats(-50, 50, allow_nan=False).map(lambda x: round(x, 3))
PAIRS = st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=30)
WEIGHT = st.floats(0, 1)


def split(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return both sides' scores as arrays."""
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


@given(PAIRS, WEIGHT, st.randoms())
def test_the_order_of_candidates_does_not_matter(
    pairs: list[tuple[float, float]], weight: float, random: np.random.Generator
) -> None:
    """Demand the same score for a candidate wherever it stands in the list."""
    order = list(range(len(pairs)))
    random.shuffle(order)
    straight = fuse(*split(pairs), weight)
    shuffled = fuse(*split([pairs[i] for i in order]), weight)
    assert shuffled == pytest.approx(straight[order], abs=1e-6)


@given(PAIRS, WEIGHT)
def test_first_on_both_sides_is_first(pairs: list[tuple[float, float]], weight: float) -> None:
    """Demand that nothing overtakes a candidate that both sides put first."""
    best = (max(a for a, _ in pairs) + 1, max(b for _, b in pairs) + 1)
    assert int(np.argmax(fuse(*split([*pairs, best]), weight))) == len(pairs)


@given(PAIRS, WEIGHT, st.floats(0.1, 100), st.floats(-100, 100))
def test_the_scale_of_a_side_does_not_matter(
    pairs: list[tuple[float, float]], weight: float, factor: float, shift: float
) -> None:
    """Demand the same result from cosines and percentages."""
    dense, lexical = split(pairs)
    if 0 < dense.std() < 1e-3:
        return  # below what is told apart from equal
    assert fuse(dense * factor + shift, lexical, weight) == pytest.approx(
        fuse(dense, lexical, weight), abs=1e-5
    )


def test_a_side_that_cannot_tell_leaves_it_to_the_other() -> None:
    """Take equal scores for no information, not for a division by zero."""
    fused = fuse(np.array([0.5, 0.5, 0.5]), np.array([0.0, 3.0, 1.0]), 0.5)
    assert list(np.argsort(-fused)) == [1, 2, 0]
    assert list(fuse(np.ones(3), np.zeros(3), 0.5)) == [0, 0, 0]
    assert len(fuse(np.array([]), np.array([]), 0.5)) == 0


def test_a_side_that_hardly_tells_is_not_blown_up() -> None:
    """Let noise among equals stay below what the other side says."""
    dense, lexical = np.array([0.501, 0.502, 0.5]), np.array([3.0, 1.0, 1.0])
    assert list(np.argsort(-fuse(dense, lexical, 0.9))) == [1, 0, 2]
    assert list(np.argsort(-fuse(dense, lexical, 0.9, (0.03, 0.3)))) == [0, 1, 2]


def test_the_weight_decides() -> None:
    """Follow one side alone at 0 and at 1."""
    dense, lexical = np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])
    assert list(np.argsort(-fuse(dense, lexical, 1.0))) == [0, 1, 2]
    assert list(np.argsort(-fuse(dense, lexical, 0.0))) == [2, 1, 0]


def test_standardised_scores() -> None:
    """Demand mean 0 and deviation 1."""
    made = standardise(np.array([1.0, 2.0, 3.0, 10.0]))
    assert made.mean() == pytest.approx(0)
    assert made.std() == pytest.approx(1)
