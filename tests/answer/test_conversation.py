"""Follow-up questions become queries that stand alone; questions that stand alone stay as they are."""

from __future__ import annotations

import pytest

from rag.answer.conversation import standalone
from rag.retrieve.lexicon import bundled

NATO = {"de": "Was forderte Putin bezüglich der NATO?", "en": "What did Putin demand regarding NATO?"}


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Wo trafen sich Rubio und Lawrow?"),
        ("de", "Was sagte Selenskyj über seine Pläne?"),
        ("de", "Wie hoch ist der Leitzins?"),
        ("en", "Where did Rubio and Lavrov meet?"),
        ("en", "Who won the 2014 football world cup?"),
    ],
)
def test_a_question_that_stands_alone_is_not_touched(language: str, question: str) -> None:
    """Carry nothing over where nothing is referred to."""
    assert standalone(question, [NATO[language]], language, bundled()) == question


@pytest.mark.parametrize(
    ("language", "question"),
    [("de", "Was sagte er dazu?"), ("en", "What did he say about it?")],
)
def test_a_pronoun_takes_the_names_along(language: str, question: str) -> None:
    """Search for the names of the question before, not for its words."""
    assert standalone(question, [NATO[language]], language, bundled()) == f"{question} Putin NATO"


@pytest.mark.parametrize(
    ("language", "question"),
    [("de", "Warum?"), ("de", "Und was ist mit der Ukraine?"), ("en", "why?"), ("en", "What about Ukraine?")],
)
def test_going_on_takes_the_last_question_along(language: str, question: str) -> None:
    """Search for a bare or continuing question together with the one before."""
    assert standalone(question, [NATO[language]], language, bundled()) == f"{question} {NATO[language]}"


def test_the_first_question_has_nothing_to_go_on_from() -> None:
    """Leave a first question as it is, whatever words it uses."""
    assert standalone("Und was sagte er?", [], "de", bundled()) == "Und was sagte er?"


def test_a_follow_up_of_a_follow_up_reaches_back() -> None:
    """Resolve a chain of follow-ups to the names it began with."""
    query = standalone("Warum?", [NATO["de"], "Was sagte er dazu?"], "de", bundled())
    assert query == "Warum? Was sagte er dazu? Putin NATO"


def test_only_the_last_questions_are_remembered() -> None:
    """Bound what a long conversation can carry along."""
    query = standalone("Warum?", [NATO["de"], *["Warum?"] * 50], "de", bundled())
    assert "Putin" not in query
    assert len(query) < 100
