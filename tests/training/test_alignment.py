"""Word translations from co-occurrence."""

import random

import numpy as np
import pytest

from rag.training.alignment import Ids, Translations, model1, strongest, symmetric

WORDS = 12


@pytest.fixture
def rows() -> tuple[list[Ids], list[Ids]]:
    """Sentences in which source word i always comes with target word i, and with word 0, the article."""
    draws = random.Random(1)
    chosen = [sorted({0, *draws.sample(range(1, WORDS), 4)}) for _ in range(200)]
    sentences = [np.array(row, dtype=np.int32) for row in chosen]
    return sentences, sentences


def best(translations: Translations) -> list[int]:
    return strongest(translations, 1).target.tolist()


def test_model1_finds_every_translation(rows: tuple[list[Ids], list[Ids]]) -> None:
    found = model1(*rows)
    assert best(found)[1:] == list(range(1, WORDS))
    np.testing.assert_allclose(np.bincount(found.source, found.weight), 1, rtol=1e-5)


def test_both_directions_agree_on_rare_words_too(rows: tuple[list[Ids], list[Ids]]) -> None:
    assert best(symmetric(model1(*rows), model1(*rows[::-1]))) == list(range(WORDS))


def test_the_strongest_are_kept_and_add_up_to_one() -> None:
    given = Translations(
        np.array([0, 0, 0, 1], np.int32), np.array([5, 6, 7, 5], np.int32), np.array([0.1, 0.6, 0.3, 1.0])
    )
    kept = strongest(given, 2)
    assert kept.target.tolist() == [6, 7, 5]
    np.testing.assert_allclose(kept.weight, [2 / 3, 1 / 3, 1])
