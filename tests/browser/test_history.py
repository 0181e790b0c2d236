"""Conversations kept in the browser: after a reload, in the list, with sources as they are now."""

from pathlib import Path

from playwright.sync_api import expect

from rag import settings
from rag.library import Library
from rag.ui.texts.languages import DE, EN
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import MARK, Visitor, switch
from tests.conftest import Writer

QUESTION = "Was forderte Putin bezüglich der NATO?"


def test_a_reload_keeps_the_conversation_and_the_open_article(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    visitor.page.locator('#qc-chat [href="#q1-1"]').click()
    quote = visitor.highlighted()
    visitor.page.reload()
    expect(visitor.page.locator(".qc-question")).to_have_count(2)
    assert visitor.highlighted() == quote
    expect(visitor.page.locator(".qc-position")).not_to_be_empty()
    visitor.page.keyboard.press("Escape")
    visitor.page.locator('#qc-chat [href="#q2-1"]').click()
    expect(visitor.page.locator(MARK)).to_have_text(visitor.place("2-1")["quote"])
    expect(visitor.page.locator("#qc-chat .bot-row").last).to_contain_text("ohne Sprachmodell")
    answer = visitor.ask("Und wann war das?")
    expect(visitor.page.locator(".qc-question")).to_have_count(3)
    assert "q3-" in answer.inner_html()


def test_conversations_are_listed_opened_renamed_and_deleted(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.page.click("#qc-new")
    visitor.page.locator("#qc-chat .qc-greeting").wait_for()
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    visitor.page.get_by_role("button", name="Gespräche").click()
    dialog = visitor.page.locator("#qc-history")
    titles = dialog.locator(".qc-open")
    expect(titles).to_have_text(["Worauf einigten sich Rubio und Lawrow in Riad?", QUESTION])
    dialog.get_by_role("button", name="Umbenennen: " + QUESTION).click()
    dialog.locator("input").fill("Forderungen <b>")
    dialog.locator("input").press("Enter")
    expect(titles.nth(1)).to_have_text("Forderungen <b>")
    expect(titles.nth(1)).to_be_focused()
    titles.nth(1).click()
    expect(visitor.page.locator(".qc-question")).to_have_text(QUESTION)
    visitor.markers().first.click()
    assert visitor.highlighted() == visitor.place("1-1")["quote"]
    visitor.page.get_by_role("button", name="Gespräche").click()
    for _ in range(2):
        dialog.locator(".qc-forget").nth(1).click()
    expect(titles).to_have_count(1)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(".qc-question")).to_have_count(0)


def test_what_became_of_a_cited_article_is_said(
    visit: Visit, serve: Serve, store: Path, write: Writer
) -> None:
    sentences = {
        "biber.md": "# Biber am Fluss\n\nIm Flussdorf Auenbach leben seit 2023 genau 47 Biber.\n",
        "turm.md": "# Der Turm\n\nDen Leuchtturm von Quellenhausen erbaute Amalie Sturm im Jahr 1873.\n",
        "linde.md": "# Die Linde\n\nDie Linde von Talheim pflanzte der Wirt Otto Krug im Jahr 1650.\n",
    }
    with Library.open(settings.load(store=store)) as library:
        paths = [write(name, text) for name, text in sentences.items()]
        library.index(paths)
        visitor = visit(serve(library))
        visitor.ask("Wie viele Biber leben in Auenbach?")
        visitor.ask("Wer erbaute den Leuchtturm von Quellenhausen?")
        visitor.ask("Wer pflanzte die Linde von Talheim?")
        library.remove(["biber.md"])
        paths[1].write_text("# Der Turm\n\nÜber den Erbauer ist nichts bekannt.\n", encoding="utf-8")
        paths[2].write_text("# Die Linde\n\nEin Nachtrag.\n\n" + sentences["linde.md"][13:], encoding="utf-8")
        library.index(paths[1:])
        visitor.page.reload()
        expect(visitor.page.locator(".qc-question")).to_have_count(3)
        visitor.page.locator('#qc-chat [href="#q3-1"]').click()
        assert "Otto Krug" in visitor.highlighted()
        visitor.page.keyboard.press("Escape")
        for turn, words in (("1", "nicht mehr in der Sammlung"), ("2", "seither geändert")):
            visitor.page.locator(f'#qc-chat .qc-answer a[href="#q{turn}-sources"]').click()
            expect(visitor.page.locator(f'#qc-panel [data-cite="{turn}-1"] .qc-gone')).to_contain_text(words)


def test_what_is_corrected_above_the_article_shows_in_the_cards(
    visit: Visit, serve: Serve, store: Path
) -> None:
    with Library.open(settings.load(store=store)) as library:
        visitor = visit(serve(library))
        visitor.ask(QUESTION)
        visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
        visitor.page.locator('#qc-chat [href="#q1-1"]').click()
        quote = visitor.highlighted()
        visitor.page.locator("#qc-reader .qc-edit").click()
        dialog = visitor.page.locator("#qc-editing")
        dialog.locator("[name=publisher]").fill("Auenbacher Bote")
        dialog.get_by_role("button", name="Speichern").click()
        expect(dialog).to_be_hidden()
        card = visitor.page.locator("#qc-panel .qc-card.qc-current")
        expect(card.locator(".qc-publisher")).to_have_text("Auenbacher Bote")
        assert visitor.highlighted() == quote
        expect(visitor.page.locator(".qc-question")).to_have_count(2)


def test_two_tabs_that_go_on_with_one_conversation_lose_nothing(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    with visitor.page.context.expect_page() as opened:
        visitor.evaluate("window.open(location.href)")  # as a duplicated tab does, with its session
    twin = Visitor(opened.value, visitor.url, visitor.requests)
    expect(twin.page.locator(".qc-question")).to_have_text([QUESTION], timeout=30_000)
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    twin.ask("Wie stark senkte die EZB die Zinsen?")
    kept = visitor.evaluate(
        """() => Object.keys(localStorage).filter((key) => key.startsWith("qc-conversation-"))
            .map((key) => JSON.parse(localStorage.getItem(key)).turns)
            .map((turns) => turns.map((turn) => turn.question).join(" "))"""
    )
    assert sorted("Riad" in one for one in kept) == [False, True]
    assert sum("EZB" in one for one in kept) == 1 and all(QUESTION in one for one in kept)
    twin.page.reload()
    expect(twin.page.locator(".qc-question")).to_have_text([QUESTION, "Wie stark senkte die EZB die Zinsen?"])


def test_an_answer_that_comes_late_belongs_to_no_other_conversation(visit: Visit) -> None:
    visitor = visit()
    tell = "detail => document.dispatchEvent(new CustomEvent('qc-record', { detail }))"
    outcome = {"answered": False, "citations": [], "passages": []}
    visitor.page.evaluate(tell, {"turn": 1, "question": QUESTION})
    visitor.page.click("#qc-new")
    visitor.page.evaluate(tell, {"turn": 1, "question": QUESTION, "outcome": outcome})
    kept = visitor.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('qc-conversation-'))")
    assert len(kept) == 1 and '"outcome":null' in visitor.evaluate(f"localStorage.getItem('{kept[0]}')")


def test_an_article_that_was_changed_while_its_answer_stands_there_marks_no_other_words(
    visit: Visit, serve: Serve, empty: Library, write: Writer
) -> None:
    beavers = (
        "# Biber am Fluss\n\nIm Flussdorf Auenbach leben seit 2023 genau 47 Biber. Das zählte der Förster.\n"
    )
    path = write("biber.md", beavers)
    empty.index([path])
    visitor = visit(serve(empty))
    visitor.ask("Wie viele Biber leben in Auenbach?")
    quote = visitor.place("1-1")["quote"]
    path.write_text(
        beavers.replace("Im Fluss", "Eine Berichtigung steht hier.\n\nIm Fluss"), encoding="utf-8"
    )
    empty.index([path])
    visitor.markers().first.click()
    assert visitor.highlighted() == quote
    shared = visitor.page.url
    path.write_text(beavers.replace("47", "52"), encoding="utf-8")
    empty.index([path])
    visitor.page.goto(shared)
    expect(visitor.page.locator("#qc-reader .qc-note")).to_contain_text("seither geändert")
    expect(visitor.page.locator(MARK)).to_have_count(0)


def test_a_damaged_record_is_told_and_harms_nothing(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.evaluate(
        """() => {
            const key = Object.keys(localStorage).find((name) => name.startsWith("qc-conversation-"));
            const kept = JSON.parse(localStorage.getItem(key));
            kept.turns[0].outcome.citations[0].title = "<img src=x onerror='window.hacked=1'>";
            kept.turns.push({question: "<b>?</b>", outcome: {answered: true}}, 7);
            localStorage.setItem(key, JSON.stringify(kept));
        }"""
    )
    visitor.page.reload()
    expect(visitor.page.locator(".qc-question")).to_have_count(3)
    expect(visitor.page.locator("#qc-chat .qc-notice")).to_have_count(2)
    assert visitor.evaluate("window.hacked") is None


def test_the_language_is_switched_and_remembered(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    switch(visitor.page, "button", DE, EN)
    expect(visitor.page.locator("#qc-new")).to_have_text("New conversation")
    expect(visitor.page.locator(".qc-privacy:visible")).to_contain_text("Nothing leaves this machine")
    expect(visitor.page.locator(".qc-question")).to_have_text(QUESTION)
    expect(visitor.page.locator("#qc-panel")).to_contain_text("December 2021")
    assert visitor.evaluate("document.documentElement.lang") == "en"
    visitor.page.reload()
    expect(visitor.page.locator("#qc-new")).to_have_text("New conversation")
    switch(visitor.page, "button", EN, DE)
    expect(visitor.page.locator("#qc-new")).to_have_text("Neues Gespräch")
    expect(visitor.ask("???").locator(".qc-error")).to_contain_text("Die Frage ist leer")


def test_what_followed_a_question_that_is_asked_anew_is_kept_and_led_back_to(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    visitor.page.locator("#qc-answer-1").get_by_role("button", name="Wiederholen").click()
    expect(visitor.page.locator(".qc-question")).to_have_text([QUESTION])
    visitor.answered()
    note = visitor.page.locator("#qc-answer-1 .qc-earlier")
    expect(note).to_contain_text("stehen weiter unter „Gespräche“")
    visitor.page.get_by_role("button", name="Gespräche").click()
    expect(visitor.page.locator("#qc-history .qc-open")).to_have_count(2)
    expect(visitor.page.locator("#qc-history .qc-when").first).to_contain_text("1 Frage")
    expect(visitor.page.locator("#qc-history .qc-when").last).to_contain_text("2 Fragen")
    visitor.page.keyboard.press("Escape")
    note.get_by_role("button").click()
    expect(visitor.page.locator(".qc-question")).to_have_count(2)
    expect(visitor.page.locator(".qc-earlier")).to_have_count(0)
    visitor.page.locator("#qc-answer-1").get_by_role("button", name="Wiederholen").click()
    expect(note).to_be_visible()
    visitor.page.get_by_role("button", name="Gespräche").click()
    oldest = visitor.page.locator("#qc-history li").last
    expect(oldest.locator(".qc-when")).to_contain_text("2 Fragen")
    for _ in range(2):
        oldest.locator(".qc-forget").click()
    expect(note).to_have_count(0)  # there is nothing to get back to
    visitor.page.keyboard.press("Escape")
    visitor.ask("Worauf einigten sich Rubio und Lawrow in Riad?")
    visitor.page.locator("#qc-answer-2").get_by_role("button", name="Wiederholen").click()
    visitor.answered()
    expect(visitor.page.locator(".qc-question")).to_have_count(2)
    expect(visitor.page.locator(".qc-earlier")).to_have_count(0)  # nothing followed


def test_a_conversation_is_called_as_its_first_question_is_now(visit: Visit) -> None:
    visitor = visit()
    visitor.ask("???").get_by_role("button", name="Frage ändern").click()
    visitor.page.locator(".qc-rephrasing textarea").fill(QUESTION)
    visitor.page.locator(".qc-rephrasing textarea").press("Enter")
    expect(visitor.page.locator(".qc-question")).to_have_text(QUESTION)
    visitor.answered()
    visitor.page.get_by_role("button", name="Gespräche").click()
    expect(visitor.page.locator("#qc-history .qc-open")).to_have_text([QUESTION])


def test_settings_hold_where_the_browser_has_no_room(visit: Visit) -> None:
    visitor = visit()
    visitor.evaluate(
        """() => {
            const set = Storage.prototype.setItem;
            Storage.prototype.setItem = function (name, text) {
                if (this === localStorage) throw new DOMException("full", "QuotaExceededError");
                set.call(this, name, text);
            };
        }"""
    )
    visitor.page.get_by_role("button", name="Einstellungen").click()
    visitor.page.locator("#qc-settings").get_by_label("Englisch").check()
    visitor.page.keyboard.press("Escape")
    expect(visitor.ask(QUESTION).locator(".qc-text")).to_have_attribute("lang", "en")
    visitor.page.get_by_role("button", name="Gespräche").click()
    expect(visitor.page.locator("#qc-history .qc-when-lost")).to_be_visible()
