"""Check the invariants of the nouns."""

import dataclasses

import pytest

from rag.schema import Abstention, Answer, Article, Passage, Source, Span, Statement, Timings

SOURCE = Source(id="a", title="T", language="de")


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3)])
def test_a_span_holds_a_character(start: int, end: int) -> None:
    """Refuse empty and backward spans."""
    with pytest.raises(ValueError, match=rf"\[{start}, {end}\)"):
        Span(start, end)


def test_a_passage_has_the_text_it_spans() -> None:
    """Refuse a text of another length and sentences outside."""
    with pytest.raises(ValueError, match="5 characters"):
        Passage("a", 0, 4, "Hallo", (Span(0, 4),))
    with pytest.raises(ValueError, match="leaves"):
        Passage("a", 10, 15, "Hallo", (Span(10, 16),))
    with pytest.raises(ValueError, match="leaves"):
        Passage("a", 10, 15, "Hallo", (Span(9, 12),))


def test_a_passage_quotes_by_offsets_of_the_article() -> None:
    """Cut a sentence out with the article's offsets."""
    text = "Vorher. Er kam. Er ging."
    passage = Passage("a", 8, 24, text[8:24], (Span(8, 15), Span(16, 24)))
    assert [passage.quote(span) for span in passage.sentences] == ["Er kam.", "Er ging."]


def test_nouns_do_not_change() -> None:
    """Refuse to write to any of them."""
    for noun, field in ((SOURCE, "id"), (Span(0, 1), "start"), (Article(SOURCE, "x"), "text")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(noun, field, "y")


def test_answers_and_abstentions_are_told_apart() -> None:
    """Know by a value, not by a missing one."""
    answer = Answer("q", "de", "q", "t", "m")
    abstention = Abstention("q", "de", "q", "t", "because")
    assert (answer.answered, abstention.answered) == (True, False)
    assert abstention.citations == abstention.statements == ()
    assert abstention.final
    assert Article(SOURCE, "x").id == "a"
    assert Timings(1.5, 2.5).total == 4.0
    assert not Statement(Span(0, 1), ()).supported
    assert Statement(Span(0, 1), ("[1]",)).supported
