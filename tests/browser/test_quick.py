"""Quick hands and slow servers: what is pressed or typed while something else is still coming."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.driver import BOX, Visitor

QUESTION = "Was forderte Putin bezüglich der NATO?"
RIAD = "Worauf einigten sich Rubio und Lawrow in Riad?"
RATES = "Wie stark senkte die EZB die Zinsen?"
PREDICT, JOIN = "**/gradio_api/run/predict*", "**/gradio_api/queue/join*"


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
    while not waiting:
        visitor.page.wait_for_timeout(20)


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


def test_a_question_asked_before_its_conversation_is_there_again_goes_on_from_it(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.ask(RIAD)
    with held_up(visitor, PREDICT, '"turns"'):
        visitor.page.reload()
        visitor.page.locator(BOX).fill(RATES)
        visitor.page.press(BOX, "Enter")
        visitor.page.wait_for_timeout(300)
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
    with held_up(visitor, JOIN):
        visitor.page.locator(BOX).fill(QUESTION)
        visitor.page.press(BOX, "Enter")
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
