"""Checking: from a marker to its exact sentence, by mouse, by keyboard, on a phone, in very long articles."""

import re

from playwright.sync_api import expect

from rag.library import Library
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import BOX, MARK
from tests.conftest import Writer

QUESTION = "Was forderte Putin bezüglich der NATO?"


def test_a_click_on_a_marker_shows_the_exact_sentence(visit: Visit, samples: Library) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    for number in range(visitor.markers().count()):
        visitor.markers().nth(number).click()
        place = visitor.place(f"1-{number + 1}")
        expect(visitor.page.locator(MARK)).to_have_text(place["quote"])
        assert visitor.highlighted() == place["quote"]
        text = samples.article(place["article"]).text
        assert text[int(place["start"]) : int(place["end"])] == place["quote"]
        assert visitor.in_view(MARK)
        assert visitor.in_view(f'#qc-panel .qc-card.qc-current [href="#q1-{number + 1}"]')


def test_the_whole_article_is_there_and_the_passage_is_shaded(visit: Visit, samples: Library) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.markers().first.click()
    visitor.highlighted()
    place = visitor.place("1-1")
    shown = visitor.page.locator("#qc-reader .qc-body").text_content() or ""
    article = samples.article(place["article"]).text
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", article)
    shaded = "".join(visitor.page.locator("#qc-reader .qc-shaded").all_text_contents())
    passage = article[int(place["from"]) : int(place["to"])]
    assert re.sub(r"\s", "", shaded) == re.sub(r"\s", "", passage)


def test_next_and_previous_walk_through_the_citations(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    count = visitor.markers().count()
    visitor.markers().first.click()
    expect(visitor.page.locator(".qc-position")).to_have_text(f"1 / {count}")
    visitor.page.get_by_role("button", name="Nächste Textstelle").click()
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("1-2")["quote"])
    visitor.page.get_by_role("button", name="Vorige Textstelle").click()
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("1-1")["quote"])
    visitor.page.get_by_role("button", name="Alle Quellen").click()
    expect(visitor.page.locator("#qc-reader article")).to_have_count(0)
    expect(visitor.page.locator("#qc-panel .qc-card:visible")).not_to_have_count(0)


def test_markers_of_earlier_answers_still_lead_to_their_sources(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    quote = visitor.place("1-1")["quote"]
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    expect(visitor.page.locator("#qc-panel .qc-sources")).to_have_attribute("data-turn", "2")
    visitor.page.locator('#qc-chat [href="#q1-1"]').click()
    expect(visitor.page.locator(MARK)).to_have_text(quote)
    visitor.page.locator('#qc-chat [href="#q2-1"]').click()
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("2-1")["quote"])


def test_everything_works_by_keyboard_alone(visit: Visit) -> None:
    visitor = visit()
    keyboard = visitor.page.keyboard
    expect(visitor.page.locator(BOX)).to_be_focused()
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    visitor.page.locator("a.qc-cite").first.wait_for()
    visitor.answered()
    for _ in range(30):
        keyboard.press("Shift+Tab")
        if visitor.evaluate("document.activeElement.getAttribute('href')") == "#q1-1":
            break
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert visitor.evaluate(outline) == "solid"
    keyboard.press("Enter")
    expect(visitor.page.locator(MARK)).to_be_focused()
    assert visitor.highlighted() == visitor.place("1-1")["quote"]
    assert visitor.in_view(MARK)
    keyboard.press("Escape")
    expect(visitor.page.locator("#qc-reader article")).to_have_count(0)
    assert visitor.evaluate("document.activeElement.getAttribute('href')") == "#q1-1"


def test_on_a_phone_the_sources_lie_over_the_conversation(visit: Visit) -> None:
    visitor = visit(size=(360, 740), has_touch=True, is_mobile=True)
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 360
    visitor.ask(QUESTION)
    expect(visitor.page.locator("#qc-right")).not_to_be_visible()
    visitor.markers().nth(1).tap()
    assert visitor.highlighted() == visitor.place("1-2")["quote"]
    assert visitor.in_view(MARK)
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 360
    visitor.page.get_by_role("button", name="Schließen").tap()
    expect(visitor.page.locator("#qc-right")).not_to_be_visible()
    assert visitor.in_view(BOX)


def test_of_an_article_of_megabytes_only_a_part_is_sent(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    filler = "Der Bericht führt dazu viele Einzelheiten über Züge und Fahrpläne auf.\n" * 1_000
    other = filler.replace("Züge und Fahrpläne", "Schiffe und Häfen")
    sentence = "Der Leuchtturm von Quellenhausen wurde im Jahr 1873 von Amalie Sturm erbaut."
    empty.index([write("lang.md", f"# Ein langer Bericht\n\n{filler}\n{sentence}\n\n{other}")])
    visitor = visit(serve(empty))
    visitor.ask("Wer erbaute den Leuchtturm von Quellenhausen?")
    visitor.markers().first.click()
    assert visitor.highlighted() == sentence
    assert visitor.in_view(MARK)
    expect(visitor.page.locator("#qc-reader .qc-note")).to_contain_text("Langer Artikel")
    assert visitor.evaluate("document.querySelector('#qc-reader').textContent.length") < 200_000
    visitor.page.get_by_role("button", name="Danach weiterlesen").click()
    expect(visitor.page.locator(MARK)).to_have_count(0)
    here = visitor.page.locator(".qc-here")  # where the part shown before ended
    top = here.evaluate("here => here.getBoundingClientRect().top")
    assert 0 < top < 800 and visitor.evaluate("document.querySelector('#qc-reader').scrollTop") > 5_000


def test_a_server_that_is_gone_is_told_in_the_panel(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.page.route("**/component_server/**", lambda route: route.abort())
    visitor.markers().first.click()
    expect(visitor.page.locator("#qc-reader .qc-error")).to_contain_text("rag serve")
