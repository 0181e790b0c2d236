"""Asking: in both languages, by example, with nothing in the box, again, from the beginning."""

import re

import pytest
from playwright.sync_api import expect

from rag.ui.texts.languages import DE, EN
from tests.browser.conftest import Visit
from tests.browser.driver import BOX


def test_a_german_question_is_answered_with_quotes(visit: Visit) -> None:
    visitor = visit()
    answer = visitor.ask("Was forderte Putin bezüglich der NATO?")
    expect(answer).to_contain_text("rechtlich bindende Zusagen")
    expect(answer).to_contain_text("ohne Sprachmodell")
    assert visitor.markers().count() >= 1
    expect(visitor.page.locator("#qc-panel .qc-card").first).to_contain_text("Dezember 2021")
    assert visitor.evaluate("document.documentElement.lang") == "de"


def test_an_english_question_is_answered_on_an_english_page(visit: Visit) -> None:
    visitor = visit(locale="en-GB")
    expect(visitor.page.locator("#qc-new")).to_have_text("New conversation")
    answer = visitor.ask("What did Putin demand regarding NATO?")
    expect(answer).to_contain_text("no language model")
    expect(visitor.page.locator("#qc-panel")).to_contain_text("December 2021")
    expect(visitor.page.locator("#qc-panel")).to_contain_text("rechtlich bindende Zusagen")


def test_the_answer_follows_the_question_and_not_the_page(visit: Visit) -> None:
    answer = visit().ask("What did Putin demand regarding NATO?")
    assert answer.locator(".qc-text").get_attribute("lang") == "en"
    expect(answer.locator(".qc-ask").first).to_have_attribute("lang", "en")
    expect(answer.locator(".qc-offers")).to_have_attribute("lang", "de")


def test_a_follow_up_question_goes_on_from_the_one_before(visit: Visit) -> None:
    visitor = visit()
    visitor.ask("Wo trafen sich Rubio und Lawrow in Riad?")
    answer = visitor.ask("Wie lange sprachen sie dort?")
    expect(answer).to_contain_text("viereinhalb Stunden")
    expect(answer.locator(".qc-note")).to_contain_text("Lawrow")


def test_an_example_is_asked_by_a_click(visit: Visit) -> None:
    visitor = visit()
    examples = visitor.page.locator("#qc-chat .examples button")
    expect(examples).to_have_count(4)
    expect(examples.nth(0)).to_contain_text("Was forderte Putin bezüglich der NATO?")
    named = visitor.page.get_by_role("button", name="Was forderte Putin bezüglich der NATO?", exact=True)
    expect(named).to_be_visible()  # for the ear, too, and no "Select example 1" before it
    expect(visitor.page.get_by_role("log", name="Gespräch", exact=True)).to_be_visible()
    examples.nth(2).click()
    expect(visitor.page.locator(".qc-question")).to_have_text(
        "Wie viele russische Soldaten standen an der ukrainischen Grenze?"
    )
    visitor.answered()
    assert visitor.markers().count() >= 1


def test_what_the_articles_do_not_say_is_told_with_the_nearest_passages(visit: Visit) -> None:
    visitor = visit()
    answer = visitor.ask("Wer gewann 1954 die Fußball-Weltmeisterschaft?")
    expect(answer).to_contain_text("Keine Antwort in den Artikeln")
    folded = visitor.page.locator("#qc-panel details")
    expect(folded).not_to_have_attribute("open", re.compile(".*"))
    answer.get_by_text("Nächstliegende Passagen").click()
    expect(folded).to_have_attribute("open", re.compile(".*"))
    folded.locator("h3 a").first.click()
    visitor.page.locator("#qc-reader .qc-shaded").first.wait_for()


def test_what_is_no_question_is_not_answered_and_can_be_put_right(visit: Visit) -> None:
    visitor = visit()
    assert visitor.page.locator(BOX).get_attribute("maxlength") == "4000"
    visitor.page.fill(BOX, "   ")
    visitor.page.press(BOX, "Enter")
    visitor.page.wait_for_timeout(400)
    assert visitor.page.locator(".qc-question").count() == 0
    answer = visitor.ask("???")
    expect(answer.locator(".qc-error")).to_contain_text("Die Frage ist leer")
    assert "Traceback" not in (answer.text_content() or "")
    answer.get_by_role("button", name="Frage ändern").click()
    visitor.page.locator(".qc-rephrasing textarea").fill("Worauf einigten sich Rubio und Lawrow in Riad?")
    visitor.page.locator(".qc-rephrasing").get_by_role("button", name="Fragen", exact=True).click()
    expect(visitor.markers()).not_to_have_count(0)
    expect(visitor.page.locator(".qc-question")).to_have_count(1)


def test_asking_again_replaces_the_answer(visit: Visit) -> None:
    visitor = visit()
    answer = visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    answer.locator(".qc-answer").evaluate("answer => { answer.dataset.old = true }")
    answer.get_by_role("button", name="Wiederholen").click()
    expect(visitor.page.locator("[data-old]")).to_have_count(0)
    visitor.answered()
    expect(visitor.page.locator(".qc-question")).to_have_count(1)
    assert visitor.markers().count() >= 1
    expect(visitor.page.locator(BOX)).to_be_focused()  # what was pressed is gone


def test_a_question_is_put_in_other_words_in_its_place(visit: Visit) -> None:
    visitor = visit()
    visitor.ask("Was forderte Putin bezüglich der NATO?")
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    first = visitor.page.locator("#qc-answer-1")
    first.get_by_role("button", name="Frage ändern").click()
    box = visitor.page.locator(".qc-rephrasing textarea")
    expect(box).to_be_focused()
    expect(box).to_have_value("Was forderte Putin bezüglich der NATO?")
    box.press("Escape")
    expect(visitor.page.locator(".qc-question:visible")).to_have_count(2)
    expect(first.get_by_role("button", name="Frage ändern")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    box.fill("Wer gewann 1954 die Fußball-Weltmeisterschaft?")
    box.press("Enter")
    expect(visitor.page.locator(".qc-question")).to_have_count(1)
    expect(visitor.page.locator(".qc-question")).to_have_text(
        "Wer gewann 1954 die Fußball-Weltmeisterschaft?"
    )
    expect(visitor.answered()).to_contain_text("Keine Antwort in den Artikeln")
    expect(visitor.page.locator(BOX)).to_be_focused()
    visitor.page.reload()
    expect(visitor.page.locator(".qc-question")).to_have_count(1)
    expect(visitor.page.locator(".qc-question")).to_have_text(
        "Wer gewann 1954 die Fußball-Weltmeisterschaft?"
    )


def test_what_else_could_be_asked_is_offered_and_answered(visit: Visit) -> None:
    visitor = visit(locale="en-GB")
    visitor.ask("Where did Rubio and Lavrov meet?")
    offers = visitor.page.locator("#qc-answer-1 .qc-ask")
    expect(offers.first).to_be_visible()
    question = offers.first.text_content() or ""
    cited = [visitor.place(f"1-{number + 1}")["article"] for number in range(visitor.markers().count())]
    offers.first.click()
    expect(visitor.page.locator(".qc-question")).to_have_count(2)
    expect(visitor.page.locator(".qc-question").last).to_have_text(question)
    expect(visitor.page.locator('#qc-chat [href="#q2-1"]')).to_be_visible()
    assert visitor.place("2-1")["article"] in cited
    expect(visitor.page.locator("#qc-answer-1 .qc-ask")).to_have_count(0)


def test_a_new_conversation_begins_with_nothing(visit: Visit) -> None:
    visitor = visit()
    visitor.ask("Was forderte Putin bezüglich der NATO?")
    visitor.markers().first.click()
    visitor.highlighted()
    visitor.page.click("#qc-new")
    visitor.page.locator("#qc-chat .qc-greeting").wait_for()
    expect(visitor.page.locator("#qc-panel .qc-card")).to_have_count(0)
    expect(visitor.page.locator("#qc-reader article")).to_have_count(0)


@pytest.mark.parametrize("without", ["permission", "clipboard"])
def test_what_cannot_be_copied_stands_there_selected(visit: Visit, without: str) -> None:
    """Say so where the browser forbids it, or has no clipboard for a page over plain http."""
    for locale, texts in (("de-DE", DE), ("en-GB", EN)):
        visitor = visit(permissions=[], locale=locale)
        if without == "clipboard":
            visitor.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        answer = visitor.ask("Was forderte Putin bezüglich der NATO?")
        answer.get_by_role("button", name=texts.copy).click()
        dialog = visitor.page.get_by_role("dialog", name=texts.copy)
        expect(dialog).to_contain_text(texts.copy_by_hand)
        quote = visitor.place("1-1")["quote"]
        assert visitor.evaluate("getSelection().toString()").count(quote) == 2
        visitor.page.keyboard.press("ControlOrMeta+c")
        expect(dialog).to_be_hidden()
        visitor.markers().first.click()
        visitor.highlighted()
        visitor.page.get_by_role("button", name=texts.copy_link).click()
        expect(dialog.get_by_role("textbox")).to_have_value(visitor.page.url)
        visitor.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        visitor.highlighted()


def test_copying_takes_the_sources_along(visit: Visit) -> None:
    for locale, texts, marks, day in (
        ("de-DE", DE, "„“", "Dezember 2021"),
        ("en-GB", EN, "“”", "December 2021"),
    ):
        visitor = visit(permissions=["clipboard-read", "clipboard-write"], locale=locale)
        answer = visitor.ask("Was forderte Putin bezüglich der NATO?")
        answer.get_by_role("button", name=texts.copy).click()
        expect(answer.get_by_role("button", name=texts.copied)).to_be_visible()
        copied = visitor.evaluate("navigator.clipboard.readText()")
        place = visitor.place("1-1")
        assert copied.count("[1]") == 2 and place["quote"].join(marks) in copied
        assert "https://muster.quellenchat.example/2021/" in copied and day in copied
