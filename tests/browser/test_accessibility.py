"""No serious finding of axe-core in any state of the page, in both lights, wide and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from rag import settings
from rag.library import Library
from tests.browser.axe import findings
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import BOX, Visitor
from tests.browser.test_model import cite
from tests.llm_server import LanguageModelServer, Reply
from tests.stores import news

QUESTION = "What did Putin demand regarding NATO?"
WIDE, PHONE = (1280, 800), (360, 740)
# Two articles on the same thing with other figures.
FIRES = {
    "a.md": "# Brand im Hafen von Quellenhausen\n\n"
    "Bei dem Brand im Hafen von Quellenhausen wurden am Montag 30 Menschen verletzt.\n",
    "b.md": "# Mehr Verletzte nach dem Feuer\n\nDie Feuerwehr nennt neue Zahlen. "
    "Bei dem Brand im Hafen von Quellenhausen wurden 40 Menschen verletzt, teilte sie mit.\n",
}


class States:
    """A visitor, and what was found in each state that was looked at."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.found: dict[str, list[str]] = {}

    def look(self, state: str, *shown: str) -> None:
        """Wait until what belongs to a state is there, and let axe-core look at it."""
        for selector in shown:
            expect(self.visitor.page.locator(selector).first).to_be_visible()
        self.found[state] = findings(self.visitor.page)

    def press(self, selector: str) -> None:
        """Press the first of these."""
        self.visitor.page.locator(selector).first.click()

    def leave(self) -> None:
        """Leave a dialog or an article by its key."""
        self.visitor.page.keyboard.press("Escape")

    def nothing_serious(self) -> None:
        """Demand that no state had a serious finding."""
        assert {state: one for state, one in self.found.items() if one} == {}


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_asking_and_checking(
    visit: Visit, serve: Serve, store: Path, model: LanguageModelServer, size: tuple[int, int]
) -> None:
    chosen = settings.load(store=store, llm="scripted", llm_url=model.url, llm_timeout_s=2.0)
    visitor = visit(serve(Library.open(chosen)), size=size, locale="en-GB", reduced_motion="reduce")
    states = States(visitor)
    states.look("greeting", "#qc-chat .examples")
    claim = cite("rechtlich bindende Zusagen")
    model.say(Reply(lambda asked: claim(asked) + " And more [88.1].", delta_chars=4, delay_s=0.15))
    visitor.type(QUESTION)
    states.look("streaming", ".qc-writing .qc-text")
    visitor.answered()
    states.look("answer", ".qc-unsupported", ".qc-note", ".qc-offers")
    if size == PHONE:
        states.press('[href="#q1-sources"]')
        states.look("sources", "#qc-panel .qc-quote")
    model.say(Reply(status=401), "Putin demanded legally binding commitments.")
    states.press(".qc-translate")
    states.look("translation that failed", ".qc-quoted .qc-error")
    states.press(".qc-translate")
    states.look("translation", ".qc-translation")
    states.press("#qc-panel summary")
    states.press("#qc-panel .qc-right")
    states.look("read and judged", "#qc-panel .qc-read", '#qc-panel [aria-pressed="true"]')
    states.press("#qc-panel .qc-quote a.qc-cite")
    states.look("article", "#qc-reader mark")
    states.press("#qc-reader .qc-edit")
    states.look("details above the article", "#qc-editing")
    states.leave()
    states.leave()
    states.press(".qc-rephrase")
    states.look("question in other words", ".qc-rephrasing")
    states.leave()
    states.press("[data-dialog=qc-settings]")
    states.look("settings with a model", "#qc-settings")
    states.leave()
    states.nothing_serious()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_collecting_and_all_that_goes_wrong(
    visit: Visit, serve: Serve, empty: Library, tmp_path: Path, size: tuple[int, int]
) -> None:
    visitor = visit(serve(empty), size=size, reduced_motion="reduce")
    states, page = States(visitor), visitor.page
    states.look("empty", ".qc-greeting .qc-add")
    states.press("#qc-masthead [data-view=collection]")
    states.look("empty collection", ".qc-list .qc-empty")
    states.press(".qc-collection-head .qc-add")
    states.press("#qc-adding summary")
    states.look("adding", "#qc-adding textarea")
    files = {"leer.txt": " \n"} | FIRES
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    page.set_input_files("#qc-adding input[type=file]", [tmp_path / name for name in files])
    states.look("added with failures", "#qc-adding .qc-failed")
    states.leave()
    states.press(".qc-remove")
    states.look("removing", "#qc-removing")
    states.leave()
    page.locator(".qc-filters [name=language]").select_option("de")
    states.look("filtered", ".qc-articles", ".qc-list-head .qc-lift")
    states.press(".qc-articles h3 a")
    states.look("article of the collection", "#qc-reader article")
    states.leave()
    page.fill("[name=search]", "nichts dergleichen")
    states.look("nothing found", ".qc-list .qc-empty")
    states.press("#qc-masthead [data-view=conversation]")
    visitor.ask("Wie viele Menschen wurden bei dem Brand im Hafen von Quellenhausen verletzt?")
    if size == PHONE:
        states.press('[href="#q1-sources"]')
    states.look("figures that differ", "#qc-panel .qc-differing")
    differing = page.locator("#qc-panel .qc-differing")
    expect(differing).to_contain_text("„30 Menschen“")
    expect(differing).to_contain_text("„40 Menschen“")
    if size == PHONE:
        states.press(".qc-close")
    visitor.ask("Wer gewann 1954 die Fußball-Weltmeisterschaft?")
    states.look("abstention", ".qc-abstention", "#qc-limit .qc-chip")
    visitor.ask("???")
    states.look("error", "#qc-chat .qc-error")
    states.press("[data-dialog=qc-history]")
    states.press(".qc-rename")
    states.press(".qc-forget")
    states.look("conversations", ".qc-rename-box", ".qc-sure")
    states.nothing_serious()


def test_whoever_goes_by_keyboard_goes_on_where_a_dialog_was_opened(
    visit: Visit, serve: Serve, empty: Library, tmp_path: Path
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(news(number), encoding="utf-8")
    empty.index(list(tmp_path.glob("*.txt")))
    visitor = visit(serve(empty))
    page = visitor.page
    for opener in ("[data-dialog=qc-settings]", "[data-dialog=qc-history]"):
        page.locator(opener).press("Enter")
        expect(page.locator("dialog[open] .qc-dismiss").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(opener)).to_be_focused()
    page.locator("#qc-masthead [data-view=collection]").press("Enter")
    expect(page.locator(".qc-articles > li")).to_have_count(3)
    page.locator(".qc-remove").nth(1).press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".qc-remove").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#qc-removing .qc-danger").press("Enter")
    expect(page.locator(".qc-articles > li")).to_have_count(2)
    expect(page.locator(".qc-remove").nth(1)).to_be_focused()
    page.locator(".qc-filters [name=language]").select_option("de")
    lift = page.locator(".qc-list-head .qc-lift")
    expect(lift).to_be_visible()
    lift.press("Enter")
    expect(page.locator("[name=search]")).to_be_focused()
    for left in (1, 0):
        page.locator(".qc-remove").first.press("Enter")
        page.locator("#qc-removing .qc-danger").press("Enter")
        expect(page.locator(".qc-articles > li")).to_have_count(left)
    expect(page.locator(".qc-list .qc-empty")).to_be_visible()
    expect(page.locator(".qc-collection-head .qc-add")).to_be_focused()
    page.locator("#qc-masthead [data-view=conversation]").press("Enter")
    expect(page.locator(BOX)).to_be_visible()
    page.locator(".qc-greeting .qc-add").press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".qc-collection-head .qc-add")).to_be_focused()
