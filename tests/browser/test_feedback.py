"""Verdicts become evaluation questions, and a conversation can be taken along."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from rag import settings
from rag.evaluate.cases import read_cases
from rag.library import Library
from tests.browser.conftest import Serve, Visit

QUESTION = "Was forderte Putin bezüglich der NATO?"


def test_verdicts_become_questions_that_evaluate_reads(visit: Visit, serve: Serve, store: Path) -> None:
    with Library.open(settings.load(store=store)) as library:
        visitor = visit(serve(library))
        visitor.ask(QUESTION)
        place = visitor.place("1-1")
        entry = visitor.page.locator('#qc-panel [data-cite="1-1"]')
        entry.get_by_role("button", name="belegt es", exact=True).click()
        expect(entry.locator(".qc-right")).to_have_attribute("aria-pressed", "true")
        other = visitor.page.locator('#qc-panel [data-cite="1-2"]')
        other.get_by_role("button", name="belegt es nicht").click()
        expect(other.locator(".qc-wrong")).to_have_attribute("aria-pressed", "true")
        answer = visitor.ask("Wer gewann 1954 die Fußball-Weltmeisterschaft?")
        answer.get_by_role("button", name="Stimmt", exact=True).click()
        expect(answer.locator(".qc-right")).to_have_attribute("aria-pressed", "true")
        cases = {case.question: case for case, _ in read_cases(store / "feedback" / "questions.jsonl")}
        assert cases[QUESTION].articles == (place["article"],)
        assert cases[QUESTION].evidence == (place["quote"],)
        assert cases["Wer gewann 1954 die Fußball-Weltmeisterschaft?"].articles == ()


def test_a_page_that_was_loaded_anew_takes_verdicts_and_offers_questions(
    visit: Visit, serve: Serve, store: Path
) -> None:
    with Library.open(settings.load(store=store)) as library:
        visitor = visit(serve(library))
        visitor.ask(QUESTION)
        visitor.page.locator("#qc-chat .qc-ask").first.wait_for()
        visitor.page.reload()
        visitor.page.locator("#qc-chat .qc-ask").first.wait_for()
        supports = visitor.page.locator('#qc-panel [data-cite="1-1"] .qc-right')
        supports.click()
        expect(supports).to_have_attribute("aria-pressed", "true")
        assert (store / "feedback" / "questions.jsonl").stat().st_size


def test_a_conversation_is_taken_along_with_quotes_and_links(visit: Visit, tmp_path: Path) -> None:
    visitor = visit(accept_downloads=True)
    visitor.ask(QUESTION)
    place = visitor.place("1-1")
    visitor.page.get_by_role("button", name="Gespräche").click()
    texts = {}
    for name in ("Als Markdown", "Als JSON"):
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("button", name=name).click()
        texts[name] = Path(download.value.path()).read_text(encoding="utf-8")
        assert download.value.suggested_filename.startswith("Was forderte Putin")
    assert texts["Als Markdown"].startswith("# Was forderte Putin bezüglich der NATO?\n\n## ")
    assert place["quote"] in texts["Als Markdown"]
    assert re.search(
        r"^- \[1\] [„»].+[“«] – .+, \d+\. Dezember 2021, \[", texts["Als Markdown"], re.MULTILINE
    )
    assert "https://muster.quellenchat.example/2021/" in texts["Als Markdown"]
    exported = json.loads(texts["Als JSON"])
    (answer,) = exported["answers"]
    assert answer["citations"][0]["quote"] == place["quote"]
    other = visit(answer["citations"][0]["link"])
    assert other.highlighted() == place["quote"]


def test_a_verdict_that_is_not_taken_says_why(visit: Visit) -> None:
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.page.route("**/component_server/**", lambda route: route.abort())
    verdict = visitor.page.locator("#qc-chat .qc-verdict")
    verdict.locator(".qc-right").click()
    expect(verdict.get_by_role("alert")).to_contain_text("rag serve")
    expect(verdict.locator(".qc-right")).to_have_attribute("aria-pressed", "false")


def test_an_exported_answer_keeps_its_layout_and_its_marks(visit: Visit, tmp_path: Path) -> None:
    visitor = visit(accept_downloads=True)
    visitor.ask(QUESTION)
    visitor.evaluate(
        """() => {
            const key = Object.keys(localStorage).find((name) => name.startsWith("qc-conversation-"));
            const kept = JSON.parse(localStorage.getItem(key));
            const outcome = kept.turns[0].outcome;
            outcome.text = "**Kopf ~x~**\\n\\n* eins [1]\\n2. zwei";
            const changed = {quote: "Er sagte:\\n„Ja.“", title: "A|B &amp; *C*", published: null};
            Object.assign(outcome.citations[0], changed);
            localStorage.setItem(key, JSON.stringify(kept));
        }"""
    )
    visitor.page.get_by_role("button", name="Gespräche").click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Als Markdown").click()
    written = Path(download.value.path()).read_text(encoding="utf-8")
    assert "**Kopf \\~x\\~**\n\n- eins [1]\n2. zwei\n" in written
    assert "- [1] »Er sagte: „Ja.“« – " in written and "[A\\|B \\&amp; \\*C\\*](<" in written
