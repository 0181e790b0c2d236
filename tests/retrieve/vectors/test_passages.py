"""Check the vectors in a real Chroma on disk."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreError
from rag.retrieve.vectors.chroma import Folder
from rag.retrieve.vectors.passages import Vectors
from rag.schema import Passage, Source, Span

DIMENSION = 8


def unit(*values: float) -> np.ndarray:
    """Return a unit vector that begins with the values."""
    vector = np.zeros(DIMENSION, dtype=np.float32)
    vector[: len(values)] = values
    return vector / np.linalg.norm(vector)


def about(key: int) -> tuple[Passage, Source]:
    """Return a passage and its source for a key."""
    published = date(2021, 12, 7) if key % 2 else None
    passage = Passage(f"a{key}", 0, 4, "Text", (Span(0, 4),))
    return passage, Source(id=f"a{key}", title="T", language="de", published=published)


def put(vectors: Vectors, rows: dict[int, np.ndarray]) -> None:
    """Add vectors by key."""
    vectors.add(list(rows), np.stack(list(rows.values())), [about(key) for key in rows])


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    """Return an empty collection."""
    opened = Vectors(Folder(tmp_path / "chroma"), DIMENSION)
    yield opened
    opened.close()


def test_nearest_are_ordered_with_their_cosines(vectors: Vectors) -> None:
    """Return keys and cosines, nearest first, at most k."""
    put(vectors, {1: unit(1), 2: unit(1, 1), 3: unit(0, 1), 4: unit(-1)})
    found = vectors.nearest(unit(1), 3)
    assert list(found) == [1, 2, 3]
    assert list(found.values()) == pytest.approx([1.0, 0.5**0.5, 0.0], abs=1e-5)
    assert len(vectors.nearest(unit(1), 50)) == 4


def test_an_empty_collection_has_no_nearest(vectors: Vectors) -> None:
    """Return nothing instead of an error."""
    assert vectors.nearest(unit(1), 5) == {}
    assert vectors.cosines(unit(1), [1, 2]) == {}
    assert (vectors.count(), list(vectors.keys())) == (0, [])
    put(vectors, {1: unit(1)})
    assert vectors.nearest(unit(1), 0) == {}


def test_cosines_of_known_keys(vectors: Vectors) -> None:
    """Score the passages that are asked for and leave unknown ones out."""
    put(vectors, {1: unit(1), 2: unit(1, 1)})
    found = vectors.cosines(unit(0, 1), [2, 1, 99])
    assert found == {1: pytest.approx(0.0, abs=1e-6), 2: pytest.approx(0.5**0.5, abs=1e-6)}
    assert vectors.cosines(unit(1), []) == {}


def test_cosines_and_nearest_agree(vectors: Vectors) -> None:
    """Demand one number for a passage, whichever way it was found."""
    rng = np.random.default_rng(7)
    rows = {key: unit(*rng.normal(size=DIMENSION)) for key in range(200)}
    put(vectors, rows)
    query = unit(*rng.normal(size=DIMENSION))
    near = vectors.nearest(query, 20)
    assert vectors.cosines(query, list(near)) == pytest.approx(near, abs=1e-5)
    best = sorted(rows, key=lambda key: -float(rows[key] @ query))[:20]
    assert len(set(best) & set(near)) >= 19


def test_adding_again_replaces(vectors: Vectors) -> None:
    """Keep one vector a key, the last."""
    put(vectors, {1: unit(1), 2: unit(0, 1)})
    put(vectors, {1: unit(0, 0, 1)})
    assert vectors.count() == 2
    assert vectors.cosines(unit(0, 0, 1), [1])[1] == pytest.approx(1.0)


def test_deleting_forgets(vectors: Vectors) -> None:
    """Never find a deleted passage again; unknown keys are no error."""
    put(vectors, {key: unit(1, key) for key in range(1, 30)})
    vectors.delete([*range(1, 20), 99])
    assert sorted(vectors.keys()) == list(range(20, 30))
    assert set(vectors.nearest(unit(1, 5), 30)) <= set(range(20, 30))
    vectors.delete([])
    assert vectors.count() == 10


def test_thousands_go_in_and_out(vectors: Vectors) -> None:
    """Go beyond what Chroma takes at once."""
    rng = np.random.default_rng(1)
    keys = list(range(6_000))
    rows = rng.normal(size=(len(keys), DIMENSION)).astype(np.float32)
    vectors.add(keys, rows, [about(1)] * len(keys))
    assert sorted(vectors.keys()) == keys
    vectors.delete(keys[:5_990])
    assert sorted(vectors.keys()) == keys[5_990:]


def test_vectors_last_and_reopen(tmp_path: Path) -> None:
    """Find after opening again, and go on after `reopen`."""
    first = Vectors(Folder(tmp_path / "chroma"), DIMENSION)
    put(first, {1: unit(1)})
    first.reopen()
    assert list(first.nearest(unit(1), 1)) == [1]
    first.close()
    second = Vectors(Folder(tmp_path / "chroma"), DIMENSION)
    assert list(second.nearest(unit(1), 1)) == [1]
    second.close()


def test_a_vector_of_another_length_is_a_clear_error(vectors: Vectors) -> None:
    """Say so, whatever Chroma calls it."""
    put(vectors, {1: unit(1)})
    with pytest.raises(StoreError, match="written"):
        vectors.add([2], np.ones((1, DIMENSION + 1), dtype=np.float32), [about(2)])
    assert list(vectors.keys()) == [1]


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """Say where, and that it can be rebuilt."""
    (tmp_path / "chroma").write_text("kein Ordner")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Vectors(Folder(tmp_path / "chroma"), DIMENSION)
    assert "rag doctor --repair" in caught.value.hint


@pytest.mark.parametrize("share", [2, 20, 200])
def test_a_filter_gets_the_nearest_of_what_it_admits(vectors: Vectors, share: int) -> None:
    """Return exactly as many as asked for, the nearest, whether few or many are admitted."""
    rng = np.random.default_rng(share)
    rows = rng.normal(size=(2_000, DIMENSION)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    put(vectors, dict(enumerate(rows, start=1)))
    among = np.arange(share, 2_001, share)
    for question in rows[:5]:
        found = vectors.nearest(question, 7, among)
        cosines = rows[among - 1] @ question
        assert len(found) == 7
        assert set(found) <= set(among.tolist())
        assert list(found.values()) == sorted(found.values(), reverse=True)
        assert list(found.values()) == pytest.approx(sorted(cosines, reverse=True)[:7], abs=1e-3)
    assert set(vectors.nearest(rows[0], 5_000, among)) == set(among.tolist())


def test_a_filter_far_from_the_question_gets_its_share_too(vectors: Vectors) -> None:
    """Find what is admitted even where all that is near is not."""
    rng = np.random.default_rng(7)
    near = unit(1) + 0.1 * rng.normal(size=(1_000, DIMENSION)).astype(np.float32)
    far = unit(-1) + 0.1 * rng.normal(size=(1_000, DIMENSION)).astype(np.float32)
    rows = np.vstack([near, far])
    put(vectors, dict(enumerate(rows / np.linalg.norm(rows, axis=1, keepdims=True), start=1)))
    found = vectors.nearest(unit(1), 10, np.arange(1_001, 2_001))
    assert len(found) == 10
    assert min(found) > 1_000


def test_a_filter_that_admits_nothing_finds_nothing(vectors: Vectors) -> None:
    """Return nothing, from an empty collection too."""
    nothing = np.array([], dtype=np.int64)
    assert vectors.nearest(unit(1), 5, nothing) == {}
    put(vectors, {1: unit(1)})
    assert vectors.nearest(unit(1), 5, nothing) == {}
    assert vectors.nearest(unit(1), 5, np.array([1, 9])) == pytest.approx({1: 1.0})


def test_a_crowd_of_equal_vectors_hides_nothing(vectors: Vectors) -> None:
    """Return all where all are asked for, though a graph of equal vectors leads nowhere else."""
    put(vectors, {key: unit(1) for key in range(1, 401)} | {401: unit(0, 1), 402: unit(-1)})
    found = vectors.nearest(unit(1), 500)
    assert len(found) == 402
    assert list(found)[-1] == 402
