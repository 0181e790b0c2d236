"""Follow-up questions become queries that stand alone; questions that stand alone stay as they are."""

from __future__ import annotations

import pytest

from rag.answer.conversation.standalone import bounded, standalone
from rag.library import Library
from rag.retrieve.lexical.lexicon import bundled
from rag.schema import Abstention, Answer, Turn
from tests.llm_server import LanguageModelServer, Reply
from tests.questions import NATO


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Wo trafen sich Rubio und Lawrow?"),
        ("de", "Was sagte Selenskyj über seine Pläne?"),
        ("de", "Wie hoch ist der Leitzins?"),
        ("en", "Where did Rubio and Lavrov meet?"),
        ("en", "Who won the 2014 football world cup?"),
        ("de", "Und wer gewann bei der Berlinale den Goldenen Bären?"),
        ("de", "Was sagte Selenskyj, als er in Riad war?"),
        ("en", "Then what happened in Paris?"),
        ("en", "Who said that Scholz would visit Washington?"),
        ("en", "Which companies are in the DAX this year?"),
    ],
)
def test_a_question_that_stands_alone_is_not_touched(language: str, question: str) -> None:
    """Carry nothing over where nothing is referred to."""
    assert standalone(question, [NATO[language]], language, bundled()) == question


@pytest.mark.parametrize(
    ("language", "before", "question"),
    [
        ("de", "Wie hoch war die Inflationsrate im Dezember 2024?", "Wer hat sie gemessen?"),
        ("en", "How high was the rate of inflation in December 2024?", "Who measured them?"),
    ],
)
def test_a_month_is_nobody(language: str, before: str, question: str) -> None:
    """Take the whole question along where it names nobody: its month alone says nothing."""
    assert standalone(question, [before], language, bundled()) == f"{question} {before}"


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Was sagte er dazu?"),
        ("en", "What did he say about it?"),
        ("en", "What did he say about Ukraine?"),
        ("de", "Was meinte er damit?"),
    ],
)
def test_a_pronoun_takes_the_names_along(language: str, question: str) -> None:
    """Search for the names of the question before, not for its words."""
    assert standalone(question, [NATO[language]], language, bundled()) == f"{question} Putin NATO"


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Warum?"),
        ("de", "Und was ist mit der Ukraine?"),
        ("en", "why?"),
        ("en", "What about Ukraine?"),
        ("de", "Wie lange?"),
        ("de", "Seit wann?"),
        ("de", "Mehr dazu"),
        ("de", "Erzähl mir mehr"),
        ("de", "Was noch?"),
        ("de", "Wann war das?"),
        ("de", "Wer hat das gesagt?"),
        ("de", "Stimmt das?"),
        ("de", "Wie reagierte Biden darauf?"),
        ("de", "Und der Kreml?"),
        ("de", "Welche anderen Forderungen gab es?"),
        ("en", "Tell me more."),
        ("en", "How did Biden respond?"),
        ("en", "And Biden?"),
        ("en", "When was that?"),
        ("en", "In 2014?"),
        ("en", "What else?"),
    ],
)
def test_going_on_takes_the_last_question_along(language: str, question: str) -> None:
    """Search for a bare or continuing question together with the one before."""
    assert standalone(question, [NATO[language]], language, bundled()) == f"{question} {NATO[language]}"


def test_the_first_question_has_nothing_to_go_on_from() -> None:
    """Leave a first question as it is, whatever words it uses."""
    assert standalone("Und was sagte er?", [], "de", bundled()) == "Und was sagte er?"


def test_a_follow_up_of_a_follow_up_reaches_back() -> None:
    """Resolve a chain of follow-ups to what it began with, or to the last that names something new."""
    query = standalone("Warum?", [NATO["de"], "Was sagte er dazu?"], "de", bundled())
    assert query == f"Warum? {NATO['de']}"
    query = standalone("Warum?", [NATO["de"], "Was sagte er zur Ukraine?"], "de", bundled())
    assert query == "Warum? Was sagte er zur Ukraine? Putin NATO"


def test_a_question_without_words_of_its_own_keeps_what_it_was_about() -> None:
    """Let a second follow-up go on from the last question that says something."""
    query = standalone("Und Biden?", [NATO["de"], "Warum?"], "de", bundled())
    assert query.startswith(f"Und Biden? {NATO['de']}")


def test_a_question_in_the_other_language_takes_names_alone() -> None:
    """Carry no word of a question that another language's rules take for a name."""
    assert standalone("Was sagte er?", ["Who is Peskov?"], "de", bundled()) == "Was sagte er? Peskov"
    assert standalone("Warum?", [NATO["en"]], "de", bundled()) == "Warum? Putin NATO"


def test_only_the_last_questions_are_remembered() -> None:
    """Bound what a long conversation can carry along."""
    query = standalone("Warum?", [NATO["de"], *["Warum?"] * 50], "de", bundled())
    assert "Putin" not in query
    assert len(query) < 100


# -- by a language model ----------------------------------------------------------------------------------


def asked(talking: Library, model: LanguageModelServer, *replies: Reply | str) -> Answer | Abstention:
    """Ask a follow-up question of a model that says these things."""
    model.say(*replies)
    before = Turn(NATO["de"], "Putin forderte Garantien [1].")
    return talking.ask("Und was sagte er zur Ukraine?", [before])


def test_a_model_writes_the_query(talking: Library, model: LanguageModelServer) -> None:
    """Search with what the model makes of question and conversation, and show it."""
    answer = asked(talking, model, "<think>er = Putin</think>Frage: „Was sagte Putin zur Ukraine?“", "x")
    assert answer.query == "Was sagte Putin zur Ukraine?"
    assert answer.question == "Und was sagte er zur Ukraine?"
    rewriting = model.prompt(0)
    assert NATO["de"] in rewriting
    assert "Putin forderte Garantien" in rewriting
    assert "[1]" not in rewriting
    assert "Was sagte Putin zur Ukraine?" in model.prompt(1)
    assert answer.timings.rewrite > 0


@pytest.mark.parametrize("reply", ["", "…", "<think>hm", "Wort " * 300, Reply(status=400), Reply(body=b"?")])
def test_the_rule_stands_in_for_the_model(
    talking: Library, model: LanguageModelServer, reply: Reply | str
) -> None:
    """Search by rule where the model gives no question."""
    answer = asked(talking, model, reply, "x")
    assert answer.query == f"Und was sagte er zur Ukraine? {NATO['de']}"


def test_a_first_question_is_not_rewritten(talking: Library, model: LanguageModelServer) -> None:
    """Ask the model once."""
    model.say("x")
    assert talking.ask(NATO["de"]).query == NATO["de"]
    assert len(model.requests) == 1


def test_history_is_bounded_by_tokens() -> None:
    """Keep the last turns that fit, oldest first, and nothing where nothing may be kept."""
    turns = [Turn(f"Frage Nummer {n}?", "Antwort. " * 20) for n in range(20)]
    kept = bounded(turns, 200, "de")
    assert len(kept) <= 200 * 3 + 10
    assert kept.endswith(("Antwort.", "Antwort. "))
    assert "Nummer 19" in kept
    assert "Nummer 2?" not in kept
    assert bounded(turns, 0, "de") == ""
