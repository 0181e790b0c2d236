"""The student's tokenizer."""

import pytest
from tokenizers import Tokenizer

from rag.errors import SettingsError
from rag.training.vocabulary import (
    SPECIAL_TOKENS,
    VocabularySize,
    build_tokenizer,
    normalizer,
    to_json,
    word_piece_tokenizer,
)

from .conftest import WORDS


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("Über Äpfel, Öl", "über äpfel, öl"),
        ("naïve Café", "naive cafe"),
        ("u\u0308ber", "über"),
        ("Straße", "straße"),
    ],
)
def test_umlauts_stay_and_other_accents_go(text: str, normalized: str) -> None:
    assert normalizer().normalize_str(text) == normalized


def test_the_teachers_words_are_cut_as_before_and_german_words_become_pieces() -> None:
    teacher = word_piece_tokenizer([*SPECIAL_TOKENS, "[unused1]", "house", "h", "##o", "ж"])
    student = build_tokenizer(teacher, ["brücke brücke brücke"], ["house"], VocabularySize(pieces=40))
    assert student.encode("house").tokens == ["[CLS]", "house", "[SEP]"]
    assert student.encode("Brücke").tokens == ["[CLS]", "brücke", "[SEP]"]
    assert student.token_to_id("[unused1]") is None
    assert student.token_to_id("ж") is None


def test_the_same_text_gives_the_same_vocabulary() -> None:
    teacher = word_piece_tokenizer([*SPECIAL_TOKENS, "the"])
    german = [" ".join(WORDS), "für „Äpfel“, 3,5 km"]

    def learnt() -> str:
        return to_json(build_tokenizer(teacher, german, ["the"], VocabularySize(pieces=70, min_frequency=1)))

    assert {learnt() for _ in range(5)} == {learnt()}


def test_a_vocabulary_too_small_for_the_teachers_pieces_is_refused() -> None:
    teacher = word_piece_tokenizer([*SPECIAL_TOKENS, "a", "b"])
    with pytest.raises(SettingsError, match="got 7 pieces from the teacher, wanted at most 6"):
        build_tokenizer(teacher, ["a"], ["a"], VocabularySize(pieces=6))


def test_the_file_neither_truncates_nor_pads(tokenizer: Tokenizer) -> None:
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding()
    assert Tokenizer.from_str(to_json(tokenizer)).encode("a b c").ids == [2, 5, 6, 7, 3]
