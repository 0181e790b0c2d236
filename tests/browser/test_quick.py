"""Quick hands and slow servers: what is pressed or typed while something else is still coming."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Route, expect

from rag import settings
from rag.library import Library
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import BOX, Visitor
from tests.conftest import Writer

QUESTION = "Was forderte Putin bezüglich der NATO?"
RIAD = "Worauf einigten sich Rubio und Lawrow in Riad?"
RATES = "Wie stark senkte die EZB die Zinsen?"
PREDICT, JOIN = "**/gradio_api/run/predict*", "**/gradio_api/queue/join*"
CALL = "**/gradio_api/component_server/**"


@contextmanager
def held_up(visitor: Visitor, address: str, words: str = "") -> Iterator[list[Route]]:
    """Have the server receive nothing at an address, or nothing with these words, before the block ends."""
    waiting: list[Route] = []
    over = False

    def hold(route: Route) -> None:
        if not over and words in (route.request.post_data or ""):
            waiting.append(route)
        else:
            route.continue_()

    visitor.page.route(address, hold)
    yield waiting
    until(visitor, waiting)
    over = True
    for route in waiting:
        route.continue_()


def until(visitor: Visitor, waiting: list[Route]) -> None:
    """Wait for the first request that is held up."""
    for _ in range(500):
        if waiting:
            return
        visitor.page.wait_for_timeout(20)
    raise AssertionError("no such request was made")


def kept(visitor: Visitor) -> list[list[str]]:
    """Return the questions of each conversation that the browser keeps."""
    found: list[list[str]] = visitor.evaluate(
        """() => Object.keys(localStorage).filter((key) => key.startsWith("qc-conversation-"))
            .map((key) => JSON.parse(localStorage.getItem(key)).turns.map((turn) => turn.question))"""
    )
    return sorted(found)


def test_an_offered_question_does_not_turn_the_pages_of_the_open_article(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.page.locator("#qc-chat .qc-ask").first.wait_for()
    visitor.markers().first.click()
    quote = visitor.highlighted()
    visitor.page.locator("#qc-chat .qc-offers .qc-label").click()
    visitor.page.wait_for_timeout(300)
    assert visitor.highlighted() == quote


def test_a_question_that_cannot_be_sent_can_be_sent_again(visit: Visit) -> None:
    visitor = visit()
    visitor.page.context.set_offline(True)
    visitor.page.fill(BOX, QUESTION)
    visitor.page.press(BOX, "Enter")
    expect(visitor.page.locator(".toast-body")).to_contain_text("erreicht ihren Server nicht")
    expect(visitor.page.locator(BOX)).to_have_value(QUESTION)
    visitor.page.context.set_offline(False)
    expect(visitor.page.locator(".toast-body")).to_have_count(0)  # the page has loaded itself anew
    expect(visitor.page.locator(BOX)).to_have_value(QUESTION)
    visitor.page.press(BOX, "Enter")
    expect(visitor.markers().first).to_be_visible()
    expect(visitor.page.locator(BOX)).to_have_value("")


def test_a_question_asked_before_its_conversation_is_there_again_goes_on_from_it(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.ask(RIAD)
    with held_up(visitor, PREDICT, '"turns"'):
        visitor.page.reload()
        visitor.page.locator(BOX).fill(RATES)
        visitor.page.press(BOX, "Enter")
        visitor.page.locator("#qc-chat .qc-greeting").wait_for(state="attached")
        expect(visitor.page.locator("#qc-chat .qc-greeting")).to_be_hidden()
    expect(visitor.page.locator(".qc-question")).to_have_text([QUESTION, RIAD, RATES])
    visitor.answered()
    assert kept(visitor) == [[QUESTION, RIAD, RATES]]


def test_a_question_asked_before_the_page_is_new_begins_a_conversation(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    with held_up(visitor, PREDICT):
        visitor.page.click("#qc-new")
        visitor.page.locator(BOX).fill(RATES)
        visitor.page.press(BOX, "Enter")
        visitor.page.wait_for_timeout(300)
    expect(visitor.page.locator(".qc-question")).to_have_text([RATES])
    visitor.answered()
    assert kept(visitor) == sorted([[QUESTION], [RATES]])


def test_a_new_conversation_begun_before_another_is_open_is_empty(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.page.click("#qc-new")
    visitor.page.locator("#qc-chat .qc-greeting").wait_for()
    with held_up(visitor, PREDICT, '"turns"'):
        visitor.page.get_by_role("button", name="Gespräche").click()
        visitor.page.locator("#qc-history .qc-open").click()
        visitor.page.click("#qc-new")
        visitor.page.wait_for_timeout(300)
    visitor.ask(RATES)
    expect(visitor.page.locator(".qc-question")).to_have_text([RATES])
    assert kept(visitor) == sorted([[QUESTION], [RATES]])


def test_of_two_questions_at_once_one_is_asked(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    offer = visitor.page.locator("#qc-chat .qc-ask").first
    offer.wait_for()
    with held_up(visitor, JOIN) as waiting:
        visitor.page.locator(BOX).fill(RATES)
        visitor.page.press(BOX, "Enter")
        offer.click()
        visitor.page.wait_for_timeout(300)
        assert len(waiting) == 1
    expect(visitor.page.locator(".qc-question")).to_have_text([QUESTION, RATES])
    visitor.answered()
    assert kept(visitor) == [[QUESTION, RATES]]


def test_what_is_typed_before_the_answer_begins_stays(visit: Visit) -> None:
    visitor = visit()
    with held_up(visitor, JOIN) as waiting:
        visitor.page.locator(BOX).fill(QUESTION)
        visitor.page.press(BOX, "Enter")
        until(visitor, waiting)  # nobody types a question between a key and what it sends
        visitor.page.locator(BOX).fill(RATES)
    expect(visitor.page.locator(".qc-question")).to_have_text([QUESTION])
    visitor.answered()
    expect(visitor.page.locator(BOX)).to_have_value(RATES)


def test_the_page_answers_where_the_browser_keeps_nothing(visit: Visit) -> None:
    visitor = visit()
    forbidden = "get() { throw new DOMException('forbidden', 'SecurityError'); }"
    visitor.page.add_init_script(
        f"""for (const name of ["localStorage", "sessionStorage"])
            Object.defineProperty(window, name, {{ {forbidden} }});"""
    )
    visitor.open()
    visitor.ask(QUESTION)
    visitor.page.get_by_role("button", name="Einstellungen").click()
    visitor.page.locator("#qc-settings").get_by_label("Englisch").check(timeout=3000)
    visitor.page.keyboard.press("Escape")
    expect(visitor.ask(RIAD).locator(".qc-text")).to_have_attribute("lang", "en")
    visitor.page.get_by_role("button", name="Gespräche").click()
    expect(visitor.page.locator("#qc-history .qc-open")).to_have_text(QUESTION)


def test_the_verdict_that_was_pressed_last_counts(visit: Visit, serve: Serve, store: Path) -> None:
    with Library.open(settings.load(store=store)) as library:
        visitor = visit(serve(library))
        visitor.ask(QUESTION)
        visitor.page.locator("#qc-chat .qc-offers").wait_for()
        right, wrong = (visitor.page.locator(f"#qc-chat .qc-{kind}") for kind in ("right", "wrong"))
        (store / "feedback").mkdir()
        (store / "feedback" / "verdicts.jsonl").touch()
        with held_up(visitor, CALL, '"right":true'):
            right.click()
            wrong.click()
            visitor.page.wait_for_timeout(300)
        kept = store / "feedback" / "verdicts.jsonl"
        for _ in range(500):
            given = [json.loads(one)["right"] for one in kept.read_text(encoding="utf-8").splitlines()]
            if len(set(given)) == 2:
                break
            visitor.page.wait_for_timeout(20)
        assert given[0] is True and given[-1] is False
        expect(wrong).to_have_attribute("aria-pressed", "true")
        expect(right).to_have_attribute("aria-pressed", "false")


def test_two_runs_of_adding_tell_each_of_their_own(visit: Visit, serve: Serve, empty: Library) -> None:
    visitor = visit(serve(empty))
    visitor.page.locator(".qc-greeting .qc-add").click()
    dialog = visitor.page.locator("#qc-adding")
    with held_up(visitor, CALL, '"adding_progress"'):
        blank = {"name": "leer.txt", "mimeType": "text/plain", "buffer": b" "}
        visitor.page.set_input_files("#qc-adding input[type=file]", [blank])
        dialog.locator("summary").click()
        dialog.locator("textarea").fill("Im Flussdorf Auenbach leben seit 2023 genau 47 Biber.")
        dialog.locator(".qc-from-text button").click()
        visitor.page.wait_for_timeout(300)
    expect(dialog.locator(".qc-progress")).to_contain_text("1 neu", timeout=30_000)
    expect(dialog.locator(".qc-progress")).to_contain_text("1 nicht lesbar")
    visitor.page.keyboard.press("Escape")
    visitor.page.locator(".qc-collection-head .qc-add").click()
    expect(dialog.locator(".qc-progress")).to_be_empty()


def test_a_late_reply_closes_no_other_dialog(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    empty.index(
        [write(f"{name}.md", f"# {name}\n\nDer {name} ist ein Baum.\n") for name in ("Ahorn", "Buche")]
    )
    visitor = visit(serve(empty))
    visitor.page.locator("#qc-masthead [data-view=collection]").click()
    dialog = visitor.page.locator("#qc-editing")
    with held_up(visitor, CALL, '"edit_article"'):
        visitor.page.get_by_role("button", name="Bearbeiten: Ahorn").click()
        dialog.locator("[name=publisher]").fill("Waldbote")
        dialog.get_by_role("button", name="Speichern").click()
        visitor.page.keyboard.press("Escape")
        visitor.page.get_by_role("button", name="Bearbeiten: Buche").click()
        dialog.locator("[name=publisher]").fill("Forstblatt")
    expect(visitor.page.locator(".qc-articles")).to_contain_text("Waldbote")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Speichern").click()
    expect(visitor.page.locator(".qc-articles")).to_contain_text("Forstblatt")
