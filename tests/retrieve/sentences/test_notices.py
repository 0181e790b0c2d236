"""Check which sentences are known as a paper's correction of itself."""

from pathlib import Path

import pytest

from rag.library import Library
from rag.retrieve.sentences.notices import corrects
from rag.schema import Answer

NOTICE = "In einer früheren Version dieses Artikels hieß es, die Brücke sei 300 Meter lang."


@pytest.mark.parametrize(
    "sentence",
    [
        NOTICE,
        "In unserem Bericht vom Montag stand ein Fehler.",
        "Wir bitten, den Fehler zu entschuldigen.",
        "An earlier version of this article gave another length.",
        "This story incorrectly said that the bridge was closed.",
        "We regret the error.",
    ],
)
def test_a_notice_answers_only_who_asks_for_the_mistake(sentence: str) -> None:
    """Know it in both languages, and not where the question is about what was wrong."""
    assert corrects("Wie lang ist die Brücke?", sentence)
    assert not corrects("Welche Angabe war falsch?", sentence)
    assert not corrects("What did the paper correct?", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "In dem Bericht hieß es, die Brücke sei 300 Meter lang.",
        "Der Fehler kostete die Bahn drei Millionen Euro.",
        "The report said the bridge was 300 metres long.",
        "Die erste Fahrt begann um acht Uhr.",
    ],
)
def test_reports_and_mistakes_of_others_are_no_notice(sentence: str) -> None:
    """Take what a report says, and what someone did wrong, for news."""
    assert not corrects("Wie lang ist die Brücke?", sentence)


def test_a_notice_goes_on_where_it_says_what_stood_there() -> None:
    """Know "there it said" by the sentence before."""
    assert corrects(
        "Wie lang ist sie?", "Dort hieß es, sie sei 300 Meter lang.", "In unserem Text stand ein Fehler."
    )
    assert not corrects("Wie lang ist sie?", "Dort hieß es, sie sei 300 Meter lang.", "Sie liegt bei Kiel.")
    assert not corrects("Wie lang ist sie?", "Sie misst 280 Meter.", "In unserem Text stand ein Fehler.")


def test_what_was_wrong_is_not_quoted_first(empty: Library, tmp_path: Path) -> None:
    """Quote what holds before what an earlier version said."""
    text = f"Von Ufer zu Ufer misst die Levensauer Hochbrücke 280 Meter. Darunter liegt der Kanal. {NOTICE}"
    file = tmp_path / "bruecke.txt"
    file.write_text(f"Brücke über den Kanal\n\n{text}\n", encoding="utf-8")
    empty.index([file])
    answer = empty.ask("Wie lang ist die Brücke?")
    assert isinstance(answer, Answer)
    assert "280" in answer.citations[0].quote
