"""Reading parallel text and choosing rows."""

import lzma
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.training.corpus import Pair, RowChoice, drop_repeats, read_pairs


def test_plain_and_compressed_files_read_alike(tmp_path: Path) -> None:
    line = "Guten Tag\tGood day\tcards\n"
    (tmp_path / "a.tsv").write_text(line, encoding="utf-8")
    with lzma.open(tmp_path / "b.tsv.xz", "wt", encoding="utf-8") as file:
        file.write(line)
    assert (
        read_pairs([tmp_path / "a.tsv", tmp_path / "b.tsv.xz"])
        == [Pair("Guten Tag", "Good day", "cards")] * 2
    )


def test_a_missing_column_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("eins\tone\tx\nzwei\ttwo\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.tsv:2: got 2 columns"):
        read_pairs([tmp_path / "a.tsv"])


def test_what_has_one_side_only_teaches_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("\ufeffeins\tone\tx\n\n\ttwo\tx\ndrei\t \tx\nvier\tfour\tx\n\n", "utf-8")
    assert read_pairs([tmp_path / "a.tsv"]) == [Pair("eins", "one", "x"), Pair("vier", "four", "x")]


@pytest.mark.parametrize(("name", "content"), [("a.tsv", b"\xff\n"), ("a.tsv.xz", b"no xz"), ("a", None)])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name} cannot be read") as caught:
        read_pairs([tmp_path / name])
    assert "<TAB>" in caught.value.hint


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").touch()
    with pytest.raises(InputError, match="no parallel text"):
        read_pairs([tmp_path / "a.tsv"])


def test_a_german_text_is_kept_once_and_its_english_may_repeat() -> None:
    pairs = [Pair("eins", "one", "x"), Pair("eins", "1", "x"), Pair("einmal", "one", "x")]
    assert drop_repeats(pairs) == [pairs[0], pairs[2]]


@pytest.mark.parametrize(
    ("german", "source", "taken", "kept"),
    [
        ("eins zwei drei vier fünf sechs", "news", True, True),
        ("eins zwei", "news", False, True),
        ("eins zwei drei vier fünf sechs", "cards", False, False),
        ("wer ist denn das?", "cards", True, True),
    ],
)
def test_rows_are_chosen_by_length_source_and_kind(german: str, source: str, taken: bool, kept: bool) -> None:
    pair = Pair(german, "x?" if german.endswith("?") else "x", source)
    choice = RowChoice(unordered=("cards",))
    assert (choice.takes(pair), choice.keeps(pair)) == (taken, kept)
