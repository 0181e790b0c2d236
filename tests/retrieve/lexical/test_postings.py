"""Check postings on disk against what a dictionary of the same passages says."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rag.retrieve.lexical.postings import SCHEMA, Segments

TERMS = ["de:tor", "de:berg", "en:gate", "en:o'neil", "xx:ümlaut", "de:94000"]
TEXT = st.lists(st.sampled_from(TERMS), max_size=8)
KEYS = st.integers(0, 60)


def opened(path: Path | str = ":memory:") -> Segments:
    """Return an empty index."""
    db = sqlite3.connect(path)
    db.executescript(SCHEMA)
    return Segments(db)


@pytest.fixture
def segments() -> Iterator[Segments]:
    """Return an empty index in memory."""
    made = opened()
    yield made
    made._db.close()


def alive(segments: Segments, term: str) -> dict[int, int]:
    """Return how often each passage holds a term, as far as it is there."""
    there = set(segments.lengths()[0].tolist())
    passages, counts = segments.postings(term)
    assert len(set(passages.tolist())) == len(passages)
    return {k: n for k, n in zip(passages.tolist(), counts.tolist(), strict=True) if k in there}


class Changes(RuleBasedStateMachine):
    """Add, replace and delete in any order; many small additions, so that segments are merged."""

    def __init__(self) -> None:
        super().__init__()
        self.segments = opened()
        self.texts: dict[int, list[str]] = {}

    @rule(batch=st.dictionaries(KEYS, TEXT, max_size=4))
    def add(self, batch: dict[int, list[str]]) -> None:
        self.segments.add((key, "de", terms) for key, terms in batch.items())
        self.texts |= batch

    @rule(start=KEYS, text=TEXT)
    def add_one_by_one(self, start: int, text: list[str]) -> None:
        for key in range(start, start + 9):
            self.add({key: text})

    @rule(keys=st.lists(KEYS, max_size=5))
    def delete(self, keys: list[int]) -> None:
        self.segments.delete(keys)
        for key in keys:
            self.texts.pop(key, None)

    @invariant()
    def holds_what_was_added(self) -> None:
        counted = {key: Counter(terms) for key, terms in self.texts.items()}
        for term in TERMS:
            assert alive(self.segments, term) == {k: c[term] for k, c in counted.items() if c[term]}
        keys, lengths, tags = self.segments.lengths()
        assert keys.tolist() == sorted(self.texts)
        assert lengths.tolist() == [len(self.texts[key]) for key in sorted(self.texts)]
        assert tags == "de" * len(self.texts)
        assert self.segments.damage() == []

    @invariant()
    def stays_small(self) -> None:
        """Few places to look a term up in, and few deleted passages in them."""
        listed = self.segments._segments()
        assert len(listed) <= 7 * 3
        assert sum(one.size for one in listed) <= 1.25 * len(self.texts)

    def teardown(self) -> None:
        self.segments._db.close()


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_frequencies_name_the_terms_that_stand_anywhere(segments: Segments) -> None:
    for key in range(20):
        segments.add([(key, "de", ["de:tor"] + ["de:berg"] * (key % 2))])
    unknown = [f"de:nie{number}" for number in range(1_200)]
    assert segments.frequencies(["de:tor", *unknown, "de:berg"]) == {"de:tor": 20, "de:berg": 10}
    assert segments.frequencies([]) == {}


def test_a_term_that_fills_a_passage_counts_255_times(segments: Segments) -> None:
    segments.add([(1, "de", ["de:tor"] * 300), (2, "de", ["de:tor"] * 255)])
    assert alive(segments, "de:tor") == {1: 255, 2: 255}
    assert segments.lengths()[1].tolist() == [300, 255]
    assert segments.damage() == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DELETE FROM postings WHERE term = 'de:tor'", "passages with other terms than were counted: 1"),
        ("UPDATE lengths SET length = 7", "passages with other terms than were counted: 2"),
        ("UPDATE postings SET passages = x'ffffffff'", "passages with other terms than were counted: 2"),
        ("UPDATE postings SET passages = x'0102'", "more or fewer passages than counts"),
    ],
)
def test_postings_that_do_not_fit_the_passages_are_damage(
    segments: Segments, statement: str, message: str
) -> None:
    segments.add([(1, "de", ["de:tor"]), (2, "de", ["de:berg"])])
    assert segments.damage() == []
    segments._db.execute(statement)
    assert message in " ".join(segments.damage())


def test_an_addition_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """Roll back with the caller's transaction, in the middle of a merge, too."""
    segments = opened(tmp_path / "lexical.sqlite")
    with segments._db:
        for key in range(7):
            segments.add([(key, "de", ["de:tor"])])
    with pytest.raises(ZeroDivisionError), segments._db:
        segments.add([(7, "de", ["de:tor"])])
        assert len(segments._segments()) == 1
        1 / 0  # noqa: B018 - what breaks off
    assert alive(segments, "de:tor") == dict.fromkeys(range(7), 1)
    assert segments.damage() == []
    segments._db.close()
