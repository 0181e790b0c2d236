"""Check answers through a language model: a real server on loopback plays it, well and badly."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from rag import settings
from rag.errors import ModelError
from rag.library import Library
from rag.schema import Abstention, Answer
from tests.llm_server import MODEL, LanguageModelServer, Reply

QUESTION = {"de": "Was forderte Putin bezüglich der NATO?", "en": "What did Putin demand regarding NATO?"}
SENTENCE = re.compile(r"^\[(\d+\.\d+)\] (.*)$", re.MULTILINE)


def evidence(request: Mapping[str, Any]) -> dict[str, str]:
    """Return the numbered sentences that a request shows."""
    return dict(SENTENCE.findall("\n".join(str(message["content"]) for message in request["messages"])))


def guarantee(request: Mapping[str, Any]) -> str:
    """Return the id of the sentence on binding guarantees."""
    return next(one for one, text in evidence(request).items() if "rechtlich bindende" in text)


def check(library: Library, answer: Answer | Abstention) -> None:
    """Demand what must hold of every answer: exact quotes, markers that lead to them, one final state."""
    assert answer.final
    for citation in answer.citations:
        text = library.article(citation.source.id).text
        assert citation.quote == text[citation.span.start : citation.span.end]
        assert citation.marker in answer.text
        assert 0 <= citation.support <= 1.0001
    markers = {citation.marker for citation in answer.citations}
    assert set(re.findall(r"\[\d{1,2}\]", answer.text)) == markers
    for statement in answer.statements:
        assert set(statement.markers) <= markers
    assert "<think>" not in answer.text


def ask(library: Library, language: str = "de") -> Answer | Abstention:
    """Ask and check."""
    answer = library.ask(QUESTION[language])
    check(library, answer)
    return answer


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_answer_streams_with_its_citations_resolved(
    talking: Library, model: LanguageModelServer, language: str
) -> None:
    """Show the model numbered sentences, and its markers as citations of exactly these."""
    said = {"de": "Putin verlangte bindende Garantien", "en": "Putin demanded binding guarantees"}[language]
    tail = {"de": "Weiteres ist nicht bekannt.", "en": "Nothing else is known."}[language]
    model.say(Reply(lambda request: f"{said} [{guarantee(request)}]. {tail}", delta_chars=3))
    snapshots = list(talking.stream(QUESTION[language]))
    answer = snapshots[-1]
    check(talking, answer)
    assert isinstance(answer, Answer)
    assert answer.text == f"{said} [1]. {tail}"
    assert (answer.model, answer.language, answer.warnings) == (MODEL, language, ())
    assert "rechtlich bindende" in answer.citations[0].quote
    assert answer.citations[0].support > 0.2
    assert [statement.supported for statement in answer.statements] == [True, False]
    assert len(snapshots) > 3
    for before, after in pairwise(snapshots):
        assert after.text.startswith(before.text.rstrip())
        assert not before.final


def test_the_prompt_is_in_the_language_of_the_question(talking: Library, model: LanguageModelServer) -> None:
    """Send rules, evidence and the question, and nothing of the other language's."""
    for language, rule in (("de", "Antworte auf Deutsch"), ("en", "Answer in English")):
        model.clear()
        model.say("x")
        talking.ask(QUESTION[language])
        assert rule in model.prompt()
        assert QUESTION[language] in model.prompt()
        assert len(evidence(model.requests[0])) > 10
        assert model.requests[0]["stream"] is True
        assert model.requests[0]["temperature"] == 0


def test_one_question_is_one_request(talking: Library, model: LanguageModelServer) -> None:
    """Ask the model once, and not at all where the articles hold no answer."""
    model.say(Reply(lambda request: f"Garantien [{guarantee(request)}]."))
    ask(talking)
    assert len(model.requests) == 1
    outcome = talking.ask("Wie viele Einwohner hat die Hauptstadt von Peru?")
    assert isinstance(outcome, Abstention)
    assert len(model.requests) == 1


def test_slow_models_are_waited_for(talking: Library, model: LanguageModelServer) -> None:
    """Show pieces as they come."""
    model.say(Reply(lambda request: f"Er verlangte bindende Garantien von der Nato [{guarantee(request)}].",
                    delta_chars=6, delay_s=0.03))  # fmt: skip
    answer = ask(talking)
    assert (answer.model, answer.warnings) == (MODEL, ())


def test_a_reply_that_breaks_off_keeps_what_it_cited(talking: Library, model: LanguageModelServer) -> None:
    """Keep the cited part and say that it was cut off."""
    model.say(Reply(lambda request: f"Garantien [{guarantee(request)}]. " + "Und mehr. " * 20,
                    delta_chars=10, cut_after=8))  # fmt: skip
    answer = ask(talking)
    assert isinstance(answer, Answer)
    assert answer.model == MODEL
    assert answer.text.startswith("Garantien [1].")
    assert any("brach ab" in warning for warning in answer.warnings)


def test_a_reply_that_breaks_off_before_its_first_citation_is_replaced(
    talking: Library, model: LanguageModelServer
) -> None:
    """Quote instead, and say why."""
    model.say(*[Reply("Putin verlangte so manches von " * 5, delta_chars=10, cut_after=3)] * 4)
    answer = ask(talking)
    assert answer.model == "extractive"
    assert answer.citations
    assert any("nicht geantwortet" in warning for warning in answer.warnings)


def test_ids_that_do_not_exist_are_removed_and_counted(talking: Library, model: LanguageModelServer) -> None:
    """Keep what is cited rightly."""
    model.say(Reply(lambda request: f"Garantien [{guarantee(request)}][77.1]. Truppen [9.99]."))
    answer = ask(talking)
    assert answer.model == MODEL
    assert "77" not in answer.text
    assert len(answer.citations) == 1
    (warning,) = answer.warnings
    assert "77.1" in warning
    assert "9.99" in warning
    assert "2" in warning.replace("77.1", "").replace("9.99", "")


@pytest.mark.parametrize(
    "reply", ["Garantien [88.1]. Truppen [99.2].", "Garantien, sagte er.", "", " \n ", "[99.1]"]
)
def test_a_reply_that_cites_nothing_real_is_replaced(
    talking: Library, model: LanguageModelServer, reply: str
) -> None:
    """Quote instead of showing a claim that rests on nothing."""
    model.say(reply)
    answer = ask(talking)
    assert isinstance(answer, Answer)
    assert answer.model == "extractive"
    assert answer.citations
    assert any(MODEL in warning for warning in answer.warnings)


@pytest.mark.parametrize("reply", ["[1.1]", "[1.1][1.2]", " [1.1]. "])
def test_a_reply_of_markers_alone_is_replaced(
    talking: Library, model: LanguageModelServer, reply: str
) -> None:
    """Quote instead of an answer without a word."""
    model.say(reply)
    answer = ask(talking)
    assert answer.model == "extractive"
    assert any(character.isalpha() for character in answer.text)


@pytest.mark.parametrize(
    ("language", "reply"),
    [("de", "KEINE ANTWORT"), ("en", "NO ANSWER"), ("de", "KEINE ANTWORT."), ("en", "**NO ANSWER**"),
     ("en", "<think>Nothing there.</think>\n\nNO ANSWER"), ("de", "no answer"),
     ("de", "Antwort: KEINE ANTWORT"),
     ("de", "KEINE ANTWORT [1.1]"), ("en", "NO ANSWER. The sentences only tell of other things [1.1]."),
     ("de", "Die Frage lässt sich damit nicht beantworten. KEINE ANTWORT"),
     ("de", "Die vorliegenden Sätze enthalten keine Informationen zu dieser Frage."),
     ("de", "Aus den Artikeln geht nicht hervor, wie viele Bäume gefällt wurden."),
     ("de", "Dazu gibt es in den Artikeln keine Angaben [1.1]."),
     ("de", "Es tut mir leid, aber das kann ich nicht beantworten. Bitte stellen Sie eine andere Frage."),
     ("en", "The provided sentences do not contain information about this question."),
     ("en", "The articles don't say how many trees were felled [1.1][2.1]."),
     ("en", "Unfortunately, I cannot answer this based on the sentences provided."),
     ("en", "There is no mention of this in the articles.")],
)  # fmt: skip
def test_a_refusal_is_an_abstention(
    talking: Library, model: LanguageModelServer, language: str, reply: str
) -> None:
    """Abstain in the language of the question, with the model's name and the nearest passages."""
    model.say(reply)
    outcome = ask(talking, language)
    assert isinstance(outcome, Abstention)
    assert (outcome.model, outcome.language) == (MODEL, language)
    assert outcome.hits
    assert {"de": "Sprachmodell", "en": "language model"}[language] in outcome.reason


def test_an_answer_that_begins_like_a_refusal_is_an_answer(
    talking: Library, model: LanguageModelServer
) -> None:
    """Tell a sentence about an answer that never came from a refusal."""
    model.say(
        Reply(
            lambda request: (
                f"Keine Antwort gab es auf Putins Forderung nach Garantien [{guarantee(request)}]."
            )
        )
    )
    answer = ask(talking)
    assert isinstance(answer, Answer)
    assert answer.text.startswith("Keine Antwort gab es")


@pytest.mark.parametrize("reply", ["Putin verlangte rechtlich bindende", "<think>Nun, was verlangte er"])
def test_a_reply_cut_off_before_it_said_anything_is_replaced(
    talking: Library, model: LanguageModelServer, reply: str
) -> None:
    """Quote instead of half a sentence without a citation, and say that the limit was too low."""
    model.say(Reply(reply, finish="length"))
    answer = ask(talking)
    assert answer.model == "extractive"
    assert "RAG_LLM_REPLY" in answer.warnings[0]


def test_half_a_marker_at_the_end_is_left_out(talking: Library, model: LanguageModelServer) -> None:
    """Show whole sentences where the limit cut a marker in two."""
    model.say(Reply(lambda request: f"Er verlangte bindende Garantien [{guarantee(request)}]. Und [1.",
                    finish="length"))  # fmt: skip
    answer = ask(talking)
    assert answer.text == "Er verlangte bindende Garantien [1]."
    assert answer.warnings


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("{said}. KEINE ANTWORT", "{said}."),
        ("Antwort: {said}.", "{said}."),
        ("### Antwort\n{said}.", "{said}."),
        ("<answer>{said}.</answer>", "{said}."),
        ("{said}.\n\nQuellen:\n[{one}] Küstenblatt, 7. Dezember 2021", "{said}."),
        (
            "{said}.\n\nBelege: Auf den Bildern sind Panzer zu sehen [{one}].",
            "{said}.\n\nBelege: Auf den Bildern sind Panzer zu sehen [1].",
        ),
        ("Die Artikel nennen keinen Termin. {said}.", "Die Artikel nennen keinen Termin. {said}."),
    ],
)
def test_what_small_models_write_around_an_answer_is_left_out(
    talking: Library, model: LanguageModelServer, reply: str, text: str
) -> None:
    """Show the answer alone: no label, no list of sources, no refusal behind it; a gap it names stays."""

    def told(request: Mapping[str, Any]) -> str:
        one = guarantee(request)
        return reply.format(said=f"Putin verlangte rechtlich bindende Garantien [{one}]", one=one)

    model.say(Reply(told, delta_chars=5))
    answer = ask(talking)
    assert answer.text == text.format(said="Putin verlangte rechtlich bindende Garantien [1]")
    assert answer.model == MODEL


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_an_error_of_the_server_is_said_and_quotes_stand_in(
    talking: Library, model: LanguageModelServer, status: int
) -> None:
    """Answer with quotations whatever the server refuses, and say that it did."""
    model.say(*[Reply(status=status)] * 4)
    answer = ask(talking)
    assert isinstance(answer, Answer)
    assert answer.model == "extractive"
    assert answer.citations
    (warning,) = answer.warnings
    assert MODEL in warning
    assert "\n" not in warning


def test_a_busy_server_is_asked_again(talking: Library, model: LanguageModelServer) -> None:
    """Try once more after 429 and use the answer."""
    model.say(Reply(status=429), Reply(lambda request: f"Garantien [{guarantee(request)}]."))
    answer = ask(talking)
    assert (answer.model, answer.warnings) == (MODEL, ())
    assert len(model.requests) == 2


@pytest.mark.parametrize("body", [b"<html>nicht hier</html>", b"", b'{"choices": 5}', b"data: {kaputt\n\n"])
def test_garbage_is_replaced(talking: Library, model: LanguageModelServer, body: bytes) -> None:
    """Quote instead of showing what is no reply."""
    model.say(*[Reply(body=body)] * 4)
    answer = ask(talking)
    assert answer.model == "extractive"
    assert answer.citations
    assert answer.warnings


@pytest.mark.parametrize(
    "thought",
    ["<think>Evidence [1.1] says [9.9] so.</think>\n\n", "<think>\n</think>", "\n <think>a < b</think>  "],
)
@pytest.mark.parametrize("delta_chars", [1, 7, 500])
def test_thoughts_are_not_shown(
    talking: Library, model: LanguageModelServer, thought: str, delta_chars: int
) -> None:
    """Drop what a reasoning model thinks before it answers, and the markers in it."""
    model.say(Reply(lambda request: f"{thought}Garantien [{guarantee(request)}].", delta_chars=delta_chars))
    answer = ask(talking)
    assert (answer.text, answer.model, answer.warnings) == ("Garantien [1].", MODEL, ())
    assert len(answer.citations) == 1


def test_a_thought_that_never_ends_is_replaced(talking: Library, model: LanguageModelServer) -> None:
    """Quote instead of showing thoughts."""
    model.say("<think>Lange überlegt [1.1] und nie geantwortet")
    assert ask(talking).model == "extractive"


def test_a_reply_may_begin_with_a_bracket_that_is_no_thought(
    talking: Library, model: LanguageModelServer
) -> None:
    """Keep what only looks like the beginning of a thought."""
    model.say(Reply(lambda request: f"<th>5</th> Garantien [{guarantee(request)}].", delta_chars=1))
    assert ask(talking).text == "<th>5</th> Garantien [1]."


def test_a_marker_of_a_whole_passage_takes_its_fitting_sentence(
    talking: Library, model: LanguageModelServer
) -> None:
    """Resolve [n] to the sentence of evidence n that says what the statement says."""

    def reply(request: Mapping[str, Any]) -> str:
        one = guarantee(request)
        return f"{evidence(request)[one]} [{one.partition('.')[0]}]"

    model.say(Reply(reply))
    (citation,) = ask(talking).citations
    assert "rechtlich bindende" in citation.quote


def test_instructions_in_a_reply_change_nothing(talking: Library, model: LanguageModelServer) -> None:
    """Show what a model writes as text, with real citations alone."""
    model.say(
        Reply(
            lambda request: f"[Klick](https://evil.example/?q=1.1) <img src=x> [{guarantee(request)}] [[1]]"
        )
    )
    answer = ask(talking)
    assert len({(one.source.id, one.span) for one in answer.citations}) == len(answer.citations)


@pytest.mark.parametrize("silent", [Reply(silent=True), Reply("Putin " * 50, delay_s=3.0)])
def test_silence_ends(model: LanguageModelServer, samples: Library, silent: Reply) -> None:
    """Give up after the time that was set, quote, and say so."""
    chosen = settings.load(store=samples.settings.store, llm=MODEL, llm_url=model.url, llm_timeout_s=0.3)
    model.say(*[silent] * 3)
    with Library.open(chosen) as library:
        answer = ask(library)
    assert answer.model == "extractive"
    assert answer.citations
    assert answer.warnings


def test_no_server_is_said_and_quotes_stand_in(samples: Library) -> None:
    """Answer with quotations where nobody listens."""
    chosen = settings.load(store=samples.settings.store, llm=MODEL, llm_url="http://127.0.0.1:9/v1")
    with Library.open(chosen) as library:
        answer = ask(library, "en")
    assert answer.model == "extractive"
    assert any("did not answer" in warning for warning in answer.warnings)


def test_a_model_that_cannot_be_opened_is_an_error_on_opening(samples: Library) -> None:
    """Say so at once, not with the first question."""
    with pytest.raises(ModelError):
        Library.open(settings.load(store=samples.settings.store, llm="unbekannt"))
