"""A language model behind the page: streaming, inventing citations, breaking off, silent, hostile."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from rag import settings
from rag.library import Library
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import BOX, MARK, Visitor
from tests.llm_server import LanguageModelServer, Reply

QUESTION = "Was forderte Putin bezüglich der NATO?"
Ask = Callable[..., Visitor]


def cite(sentence: str) -> Callable[[Mapping[str, Any]], str]:
    """Return a reply that cites the numbered sentence of the prompt in which some words stand."""

    def reply(request: Mapping[str, Any]) -> str:
        prompt = "\n".join(str(message["content"]) for message in request["messages"])
        found = re.search(rf"\[(\d+\.\d+)\][^\n]*{sentence}", prompt)
        assert found, f"the model was not shown {sentence!r}"
        return f"Putin verlangte verbindliche Zusagen [{found[1]}]. Das war zu erwarten."

    return reply


@pytest.fixture
def talk(visit: Visit, serve: Serve, store: Path, model: LanguageModelServer) -> Ask:
    """Return a function that opens a page on which the scripted model answers."""

    def visitor(**options: Any) -> Visitor:
        chosen = settings.load(store=store, llm="scripted", llm_url=model.url, llm_timeout_s=2.0)
        return visit(serve(Library.open(chosen)), **options)

    return visitor


def test_a_streamed_reply_has_resolved_citations(talk: Ask, model: LanguageModelServer) -> None:
    model.say(Reply(cite("rechtlich bindende Zusagen"), delta_chars=4, delay_s=0.08))
    visitor = talk()
    visitor.type(QUESTION)
    growing = visitor.page.locator("#qc-chat .qc-writing .qc-text")
    expect(growing).to_contain_text("Putin")
    assert "zu erwarten" not in (growing.text_content() or "")
    log = visitor.page.locator("#qc-chat [role=log]")
    expect(log).to_have_attribute("aria-busy", "true")
    expect(visitor.page.get_by_role("button", name="Anhalten")).to_be_visible()
    answer = visitor.answered()
    expect(log).to_have_attribute("aria-busy", "false")
    expect(visitor.page.get_by_role("button", name="Fragen", exact=True)).to_be_visible()
    expect(answer).to_contain_text("Geschrieben von scripted")
    expect(answer.locator(".qc-unsupported")).to_have_text("Das war zu erwarten.")
    expect(answer).to_contain_text("(ohne Beleg: ")
    expect(answer.locator(".qc-note")).to_contain_text("belegt kein Satz der Artikel")
    visitor.markers().first.click()
    assert "rechtlich bindende Zusagen" in visitor.highlighted()
    assert visitor.in_view(MARK)


def test_an_article_stays_open_while_the_answer_goes_on(talk: Ask, model: LanguageModelServer) -> None:
    first, second = cite("rechtlich bindende Zusagen"), cite("Angriffswaffen")
    model.say(Reply(lambda request: first(request) + " " + second(request), delta_chars=6, delay_s=0.12))
    visitor = talk()
    visitor.type(QUESTION)
    visitor.page.locator('#qc-chat [href="#q1-1"]').click()
    quote = visitor.highlighted()
    visitor.answered()
    expect(visitor.page.locator('#qc-chat [href="#q1-2"]')).to_be_visible()
    expect(visitor.page.locator("#qc-panel .qc-card.qc-current")).to_be_visible()
    expect(visitor.page.locator(".qc-position")).to_have_text("1 / 2")
    assert visitor.highlighted() == quote


def test_invented_citations_are_dropped_and_told_in_the_language_of_the_page(
    talk: Ask, model: LanguageModelServer
) -> None:
    real = cite("rechtlich bindende Zusagen")
    reply = Reply(lambda request: real(request) + " Auch das [88.1], und jenes [9.99].")
    model.say(reply)
    visitor = talk()
    expect(visitor.page.locator("#qc-masthead")).to_contain_text("scripted auf diesem Rechner")
    answer = visitor.ask(QUESTION)
    assert visitor.markers().count() == 1
    assert "[88" not in (answer.locator(".qc-text").text_content() or "")
    expect(answer.locator(".qc-note").last).to_contain_text("88.1")
    english = "What did Putin demand regarding NATO?"
    model.say(english, reply)
    answer = visitor.ask(english)
    expect(answer.locator(".qc-text")).to_have_attribute("lang", "en")
    expect(answer.locator(".qc-reason").first).to_have_text(
        "(ohne Beleg: Kein Satz der gelesenen Stellen belegt das)"
    )
    expect(answer.locator(".qc-note").last).to_contain_text("Aus der Antwort entfernt, weil")


def test_a_broken_stream_keeps_what_was_checked(talk: Ask, model: LanguageModelServer) -> None:
    reply = Reply(cite("rechtlich bindende Zusagen"), delta_chars=10, cut_after=6)
    model.say(reply, reply)
    answer = talk().ask(QUESTION)
    expect(answer.locator(".qc-note").last).to_contain_text("brach ab")
    expect(answer.locator("a.qc-cite")).to_have_count(1)


def test_when_the_model_fails_quotes_stand_in(talk: Ask, model: LanguageModelServer) -> None:
    visitor = talk()
    for failure in (Reply(status=500), Reply(status=401), Reply(body=b"<html>no</html>")):
        model.clear()
        model.say(failure, failure)
        answer = visitor.ask(QUESTION)
        assert model.requests
        expect(answer).to_contain_text("rechtlich bindende Zusagen")
        expect(answer.locator(".qc-note")).to_contain_text("scripted")
        expect(answer.locator(".qc-by")).to_contain_text("ohne Sprachmodell")
        assert "Traceback" not in (answer.text_content() or "")
        visitor.page.click("#qc-new")
        expect(visitor.page.locator(".qc-question")).to_have_count(0)


def test_a_silent_model_can_be_stopped(talk: Ask, model: LanguageModelServer) -> None:
    model.say(Reply(silent=True), Reply(silent=True))
    visitor = talk()
    visitor.type(QUESTION)
    visitor.page.get_by_test_id("stop-button").click()
    expect(visitor.page.locator("#qc-chat .bot-row").last).to_contain_text("Angehalten")
    expect(visitor.page.get_by_test_id("submit-button")).to_be_visible()
    expect(visitor.page.locator(BOX)).to_be_focused()


def test_a_growing_answer_can_be_stopped_and_the_next_question_asked(
    talk: Ask, model: LanguageModelServer
) -> None:
    reply = cite("rechtlich bindende Zusagen")
    standalone = "Was forderte Putin von der NATO?"  # the follow-up is first written as a question of its own
    model.say(Reply(reply, delta_chars=2, delay_s=0.25), Reply(standalone), Reply(reply))
    visitor = talk()
    visitor.type(QUESTION)
    expect(visitor.page.locator(".qc-writing .qc-text")).to_contain_text("Putin")
    visitor.page.get_by_test_id("stop-button").click()
    stopped = visitor.page.locator("#qc-chat .bot-row").last
    expect(stopped).to_contain_text("Angehalten")
    visitor.page.wait_for_timeout(800)
    expect(stopped).to_contain_text("Angehalten")
    for verdict in visitor.page.locator(".qc-verdict").all():
        expect(verdict).to_be_hidden()  # nothing of it is kept that could be judged
    expect(visitor.ask("Und was forderte Putin von der NATO?")).to_contain_text("Geschrieben von scripted")


def test_a_hostile_reply_is_only_text(talk: Ask, model: LanguageModelServer) -> None:
    real = cite("rechtlich bindende Zusagen")
    attack = (
        '<img src="http://evil.example/x" onerror="window.hacked=1"> ![x](http://evil.example/y.png) '
        "<script>window.hacked=1</script> [hier](http://evil.example/) ${window.hacked=1} {{constructor}}\n\n"
    )
    model.say(Reply(lambda request: attack + real(request)))
    visitor = talk()
    answer = visitor.ask(QUESTION)
    expect(answer).to_contain_text("<script>window.hacked=1</script>")
    expect(answer.locator("img, script, iframe, form, input")).to_have_count(0)
    links = answer.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(link.startswith("#q1-") for link in links)
    assert visitor.evaluate("window.hacked") is None


def test_a_quote_in_the_other_language_is_translated_beside_it(talk: Ask, model: LanguageModelServer) -> None:
    english = "Putin demanded legally binding commitments."
    model.say(Reply(cite("rechtlich bindende Zusagen")), Reply(status=401), english)
    visitor = talk(locale="en-GB")
    visitor.ask("What did Putin demand regarding NATO?")
    entry = visitor.page.locator('#qc-panel [data-cite="1-1"]')
    quote = entry.locator("q").text_content()
    button = entry.get_by_role("button", name="Translation")
    button.click()
    expect(entry.locator(".qc-error")).to_contain_text("RAG_LLM_API_KEY")
    button.click()
    expect(entry.locator(".qc-translation")).to_contain_text(
        f"Translation by scripted, not checked: “{english}”"
    )
    expect(entry.locator(".qc-translation span")).to_have_text(english)
    expect(entry.locator(".qc-error")).to_have_count(0)
    expect(entry.locator("q")).to_have_text(quote or "")
    assert quote in model.prompt() and "into English" in model.prompt()
    expect(visitor.page.locator("#qc-reader article")).to_have_count(0)
    button.click()
    expect(entry.locator(".qc-translation")).to_be_hidden()
    button.click()
    expect(entry.locator(".qc-translation")).to_be_visible()
    assert len(model.requests) == 3


def test_a_question_typed_while_an_offered_one_is_answered_waits_in_the_box(
    talk: Ask, model: LanguageModelServer
) -> None:
    model.say(Reply(cite("rechtlich bindende Zusagen"), delta_chars=4, delay_s=0.08))
    visitor = talk()
    visitor.page.locator("#qc-chat .examples button").first.click()
    expect(visitor.page.locator("#qc-chat .qc-writing .qc-text")).to_contain_text("Putin")
    visitor.page.fill(BOX, "Wie stark senkte die EZB die Zinsen?")
    visitor.page.press(BOX, "Enter")
    expect(visitor.answered()).to_contain_text("zu erwarten")
    expect(visitor.page.locator(".qc-question")).to_have_text([QUESTION])
    expect(visitor.page.locator(BOX)).to_have_value("Wie stark senkte die EZB die Zinsen?")
    assert len(model.requests) == 1
