"""Check that scores are a mapping, and that their best are those of a full sort."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.scores import Scores

KNOWN = st.dictionaries(st.integers(0, 60), st.sampled_from([0.5, 1.0, 1.5, 2.0]), max_size=40)


def scores(known: dict[int, float]) -> Scores:
    """Return scores that hold a dict."""
    keys = sorted(known)
    return Scores(np.array(keys, dtype=np.int64), np.array([known[key] for key in keys]))


@given(KNOWN)
def test_scores_are_a_mapping(known: dict[int, float]) -> None:
    """Behave as the dict of the same entries."""
    made = scores(known)
    assert dict(made) == known
    assert made == known
    assert len(made) == len(known)
    assert [made.get(key, 0.0) for key in range(61)] == [known.get(key, 0.0) for key in range(61)]
    with pytest.raises(KeyError):
        made[99]


@given(KNOWN, st.lists(st.integers(0, 70)))
def test_scores_of_passages(known: dict[int, float], keys: list[int]) -> None:
    """Score any passages in their order, unknown ones zero."""
    assert scores(known).of(keys).tolist() == [known.get(key, 0.0) for key in keys]


@given(KNOWN, st.integers(0, 50))
def test_the_best_are_those_of_a_full_sort(known: dict[int, float], count: int) -> None:
    """Order by score, then by key, however many are wanted."""
    assert scores(known).best(count) == sorted(known, key=lambda key: (-known[key], key))[:count]


@given(KNOWN, st.sets(st.integers(0, 70)))
def test_scores_among_others(known: dict[int, float], wanted: set[int]) -> None:
    """Keep those that are wanted."""
    kept = scores(known).among(np.array(sorted(wanted), dtype=np.int64))
    assert dict(kept) == {key: score for key, score in known.items() if key in wanted}
