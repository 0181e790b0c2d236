"""Logging in with a real Chromium: the form, two people in one browser, a reverse proxy, and its end."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from rag import settings
from rag.library import Library
from rag.ui.texts.languages import DE, EN
from tests.browser.conftest import running
from tests.browser.driver import BOX, switch
from tests.proxy_server import proxied
from tests.ui.door.conftest import PASSWORDS, invite

QUESTION = "Was forderte Putin bezüglich der NATO?"
# The fonts that the page writes with, and that have come.
FAMILIES = """document.fonts.ready.then((fonts) => [...fonts].filter((font) => font.status === "loaded")
    .map((font) => font.family.replaceAll('"', "")))"""


@pytest.fixture(scope="module")
def page_of_people(
    tmp_path_factory: pytest.TempPathFactory, samples_store: Path
) -> Iterator[tuple[str, Path]]:
    """Return the address of a page that asks for a login, and its store."""
    store = Path(shutil.copytree(samples_store, tmp_path_factory.mktemp("people") / "store"))
    invite(store)
    with Library.open(settings.load(store=store)) as library, running(library) as address:
        yield address, store


def opened(chromium: Browser, locale: str = "de-DE") -> tuple[Page, list[str]]:
    """Return a new browser's page, and what its console complains of the policy."""
    page = chromium.new_context(locale=locale, viewport={"width": 1280, "height": 800}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def log_in(page: Page, name: str) -> None:
    """Fill the form by its labels, and send it by the keyboard."""
    page.get_by_label("Name").fill(name)
    page.get_by_label(re.compile("Passwor[dt]|Password")).fill(PASSWORDS[name])
    page.keyboard.press("Enter")
    page.locator("#qc-chat .qc-greeting").wait_for(timeout=60_000)


def test_two_people_in_one_browser_see_each_their_own(
    chromium: Browser, page_of_people: tuple[str, Path]
) -> None:
    address, _ = page_of_people
    page, complaints = opened(chromium)
    page.goto(f"{address}?article=2021-12-07-videogipfel-1945.md")
    expect(page).to_have_title("Anmelden – Quellenchat")
    assert Axe().run(page).violations_count == 0
    families = [page.evaluate(FAMILIES)]
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Passwort").fill("ganz und gar falsch")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_have_text("Name oder Passwort stimmt nicht.")
    switch(page, "link", DE, EN)
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    switch(page, "link", EN, DE)
    log_in(page, "anna")
    assert page.url.endswith("?article=2021-12-07-videogipfel-1945.md")
    page.goto(address)
    page.locator("#qc-chat .qc-greeting").wait_for(timeout=60_000)
    families.append(page.evaluate(FAMILIES))
    assert {"Source Sans Pro", "Source Serif 4"} <= set(families[0]) & set(families[1])
    page.fill(BOX, QUESTION)
    page.press(BOX, "Enter")
    expect(page.locator("#qc-chat .bot-row").last).to_contain_text("rechtlich bindende", timeout=60_000)
    page.get_by_role("button", name="Sammlung").click()
    expect(page.locator(".qc-articles .qc-remove").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Abmelden").click()
    log_in(page, "bert")
    expect(page.locator(".qc-question")).to_have_count(0)
    page.get_by_role("button", name="Gespräche").click()
    expect(page.locator("#qc-history .qc-open")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sammlung").click()
    expect(page.locator(".qc-articles li")).to_have_count(22, timeout=30_000)
    for tool in (".qc-add", ".qc-remove", ".qc-edit"):
        expect(page.locator(f"{tool}:visible")).to_have_count(0)
    page.get_by_role("button", name="Abmelden").click()
    log_in(page, "anna")
    page.get_by_role("button", name="Gespräche").click()
    expect(page.locator("#qc-history .qc-open")).to_have_text(QUESTION)
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("strips", [True, False])
def test_the_page_works_behind_a_proxy_under_a_path(
    chromium: Browser, page_of_people: tuple[str, Path], strips: bool
) -> None:
    chosen = settings.load(store=page_of_people[1], root_path="/nachrichten")
    with (
        Library.open(chosen) as library,
        running(library) as inner,
        proxied(inner, "/nachrichten", strips=strips) as address,
    ):
        page, complaints = opened(chromium)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        log_in(page, "bert")
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        expect(page.locator("#qc-chat .bot-row").last).to_contain_text("rechtlich bindende", timeout=60_000)
        outside = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
        assert [url for url in outside if not url.endswith("/manifest.json")] == []
        page.get_by_role("button", name="Abmelden").click()
        expect(page).to_have_url(f"{address}login")
        assert complaints == []
        page.context.close()


def test_a_session_that_has_ended_leads_to_the_login(
    chromium: Browser, page_of_people: tuple[str, Path]
) -> None:
    page, _ = opened(chromium)
    page.goto(page_of_people[0])
    log_in(page, "bert")
    page.set_viewport_size({"width": 360, "height": 740})
    head = page.locator("#qc-top").bounding_box()
    for part in ("#qc-masthead h1", "#qc-masthead .qc-privacy:visible", ".qc-leave button"):
        box = page.locator(part).bounding_box()
        assert head and box and box["y"] >= 0 and box["y"] + box["height"] <= head["y"] + head["height"]
    page.context.clear_cookies(name=re.compile("qc_session_.*"))
    page.get_by_role("button", name="Sammlung").click()
    expect(page).to_have_title("Anmelden – Quellenchat", timeout=30_000)
    page.context.close()
