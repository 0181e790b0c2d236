"""Check late interaction: matching tokens, packing their vectors, and what it does in a store."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import settings
from rag.library import Library
from rag.retrieve.embedding.bundled import MAX_TOKENS
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.interaction import TokenMemory, TokenVectors, best, pack, unpack
from tests.test_copies import write_dump

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def vectors(count: int, dimension: int = 8, seed: int = 0) -> Floats:
    """Return random unit vectors."""
    drawn = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_each_token_is_compared_with_the_nearest() -> None:
    """Take the maximum over the passage, token by token."""
    passage = np.eye(3, dtype=np.float32)[:2]
    query = np.array([[0, 1, 0], [0, 0, 1], [0.6, 0.8, 0]], dtype=np.float32)
    assert best(query, passage).tolist() == pytest.approx([1, 0, 0.8])


def test_no_tokens_match_nothing() -> None:
    """Give zeros for an empty passage."""
    assert best(vectors(3), vectors(0)).tolist() == [0, 0, 0]


@given(st.integers(0, 40), st.integers(0, 300), st.sampled_from([2, 16, 64]))
def test_packing_keeps_directions(count: int, lead: int, dimension: int) -> None:
    """Unpack what was packed: the same count and lead, unit length, nearly the same direction."""
    original = vectors(count, dimension, seed=lead)
    packed = pack(TokenVectors(original, lead))
    assert len(packed) == 2 + count * dimension // 2
    found = unpack(packed, dimension)
    assert found.lead == lead and found.vectors.shape == original.shape
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(np.ones(count), abs=1e-5)
    assert ((found.vectors * original).sum(axis=1) > 0.97).all()


def test_of_skips_what_stands_before_the_passage() -> None:
    """Count tokens from the passage's first, and give fewer where the passage was cut off."""
    tokens = TokenVectors(vectors(6), lead=2)
    assert np.array_equal(tokens.of(1, 3), tokens.vectors[3:5])
    assert len(tokens.of(3, 9)) == 1


def test_memory_reads_each_passage_once() -> None:
    """Ask the store for what is not known yet, and only for that."""
    packed = {key: pack(TokenVectors(vectors(key), key)) for key in (1, 2, 3)}
    asked: list[list[int]] = []

    def read(keys: object) -> dict[int, bytes]:
        asked.append(list(keys))  # type: ignore[call-overload]
        return {key: packed[key] for key in asked[-1] if key in packed}

    memory = TokenMemory(read, 8)
    assert memory.of([1, 2])[2].lead == 2
    assert sorted(memory.of([3, 2, 9])) == [2, 3]
    assert asked == [[1, 2], [3, 9]]


def test_a_store_keeps_the_tokens_of_its_passages(samples: Library) -> None:
    """Find with every hit how its tokens match, and put first what matches a question word for word."""
    hits = samples.search("Wer hält Russlands Forderungen an die Nato für unannehmbar?", 5)
    assert all(0 < hit.match <= 1 for hit in hits)
    sentence = hits[2].passage.quote(hits[2].passage.sentences[0])
    again = samples.search(sentence, 5)
    assert again[0].match == max(hit.match for hit in again)
    assert sentence in again[0].passage.text


def test_what_stands_behind_the_last_token_read_is_found(tmp_path: Path) -> None:
    """Quote a sentence at the end of a passage that has more tokens than the model reads."""
    filler = (
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikanten protestierten gegen Zollvorschriften."
    )
    answer = "Den Leuchtturm von Quellenhausen erbaute Amalie Sturm."
    text = " ".join([filler] * 20 + [answer])
    with Library.open(settings.load(store=tmp_path / "store"), create=True) as library:
        library.index([write_dump(tmp_path / "a.jsonl", [{"id": "a", "title": "Handwerk", "text": text}])])
        hit = library.search("Wer erbaute den Leuchtturm?", 1)[0]
        spans = open_embedder(None).token_spans(hit.passage.text)
        assert hit.passage.text.endswith(answer) and len(spans) > MAX_TOKENS
        found = library.chain.find("Wer erbaute den Leuchtturm von Quellenhausen?")
        assert found.sentences[0].text == answer
        assert found.sentences[0].match > 0.3
