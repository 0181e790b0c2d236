"""The settings of a browser: what they change, for whom, and that they are remembered."""

from pathlib import Path

from playwright.sync_api import expect

from rag import settings
from rag.library import Library
from tests.browser.conftest import Serve, Visit
from tests.browser.test_model import cite
from tests.llm_server import LanguageModelServer, Reply

QUESTION = "Was forderte Putin bezüglich der NATO?"


def test_language_and_caution_are_chosen_remembered_and_reset(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("[data-dialog=qc-settings]").click()
    dialog = visitor.page.locator("#qc-settings")
    expect(dialog).to_contain_text("Nichts verlässt diesen Rechner")
    dialog.get_by_label("Englisch").check()
    visitor.page.keyboard.press("Escape")
    answer = visitor.ask(QUESTION)
    expect(answer.locator(".qc-text")).to_contain_text("The articles say")
    visitor.page.reload()
    expect(visitor.page.locator(".qc-question")).to_have_count(1)
    visitor.page.locator("[data-dialog=qc-settings]").click()
    expect(dialog.get_by_label("Englisch")).to_be_checked()
    dialog.locator("[name=strictness]").fill("95")
    expect(dialog.locator("output").last).to_have_text("95")
    visitor.page.keyboard.press("Escape")
    expect(visitor.ask("Worauf einigten sich Rubio und Lawrow?").locator(".qc-abstention")).to_have_count(1)
    visitor.page.locator("[data-dialog=qc-settings]").click()
    dialog.get_by_role("button", name="Voreinstellungen").click()
    expect(dialog.get_by_label("wie die Frage")).to_be_checked()
    visitor.page.keyboard.press("Escape")
    expect(visitor.ask(QUESTION).locator(".qc-text")).to_contain_text("Das steht in den Artikeln")


def test_what_was_chosen_holds_for_the_first_question_of_a_page_loaded_anew(
    visit: Visit, serve: Serve, store: Path, model: LanguageModelServer
) -> None:
    """Above all that a language model is asked nothing, as the head of the page says."""
    chosen = settings.load(store=store, llm="scripted", llm_url=model.url)
    visitor = visit(serve(Library.open(chosen)))
    visitor.page.locator("[data-dialog=qc-settings]").click()
    visitor.page.get_by_label("ohne Sprachmodell").check()
    visitor.page.locator("#qc-settings").get_by_label("Englisch").check()
    visitor.page.reload()
    visitor.page.locator("#qc-chat .qc-greeting").wait_for()
    expect(visitor.page.locator("#qc-masthead .qc-privacy:visible")).to_contain_text("ohne Sprachmodell")
    expect(visitor.ask(QUESTION).locator(".qc-text")).to_contain_text("The articles say")
    assert model.requests == []


def test_a_model_of_this_machines_ollama_is_chosen_and_nothing_else_can_be(
    visit: Visit, serve: Serve, store: Path, model: LanguageModelServer
) -> None:
    chosen = settings.load(store=store, ollama_url=model.ollama)
    model.say(Reply(cite("rechtlich bindende Zusagen")))
    visitor = visit(serve(Library.open(chosen)))
    privacy = visitor.page.locator(".qc-privacy:visible")
    expect(privacy).to_contain_text("ohne Sprachmodell")
    visitor.page.locator("[data-dialog=qc-settings]").click()
    visitor.page.get_by_label("ollama:scripted").check()
    expect(visitor.page.locator("#qc-settings .qc-privacy:visible")).to_contain_text("auf diesem Rechner")
    visitor.page.keyboard.press("Escape")
    expect(privacy).to_contain_text("ollama:scripted auf diesem Rechner")
    expect(visitor.ask(QUESTION)).to_contain_text("Geschrieben von ollama:scripted")
    visitor.page.reload()
    expect(privacy).to_contain_text("ollama:scripted auf diesem Rechner")
    expect(visitor.page.locator(".qc-question")).to_have_count(1)
    asked = len(model.requests)
    for name in ("ollama:other", "openai:gpt-5", "http://evil.example"):
        chosen_there = f"{{detail: {{answerer: '{name}'}}}}"
        visitor.evaluate(f"document.dispatchEvent(new CustomEvent('qc-settings', {chosen_there}))")
        expect(visitor.ask(QUESTION).locator(".qc-error")).to_contain_text("steht nicht zur Wahl")
    assert len(model.requests) == asked


def test_with_quotations_chosen_nothing_is_sent_to_the_model(
    visit: Visit, serve: Serve, store: Path, model: LanguageModelServer
) -> None:
    chosen = settings.load(store=store, llm="scripted", llm_url=model.url, llm_timeout_s=2.0)
    visitor = visit(serve(Library.open(chosen)))
    privacy = visitor.page.locator(".qc-privacy:visible")
    expect(privacy).to_contain_text("scripted")
    visitor.page.locator("[data-dialog=qc-settings]").click()
    visitor.page.get_by_label("Wörtliche Sätze, ohne Sprachmodell").check()
    visitor.page.keyboard.press("Escape")
    expect(privacy).to_contain_text("ohne Sprachmodell")
    for question in (QUESTION, "Und was sagte er dazu?"):
        expect(visitor.ask(question)).to_contain_text("ohne Sprachmodell")
    assert model.requests == []
