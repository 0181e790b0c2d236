"""Adding addresses on the page, from a real server: an article, a feed with progress, and what goes wrong."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from rag import settings
from rag.library import Library
from tests.browser.conftest import Serve, Visit
from tests.browser.driver import Visitor
from tests.web.pages import feed, page
from tests.web_server import Asked, Served, WebServer

WAIT_S = 60.0


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """Return an empty collection that may read from loopback, without pauses."""
    monkeypatch.setenv("RAG_FETCH_PRIVATE", "1")
    chosen = settings.load(store=tmp_path / "web", fetch_delay_s=0)
    with Library.open(chosen, create=True) as library:
        yield library


def adding(visitor: Visitor) -> Locator:
    """Open the dialog that adds articles."""
    visitor.page.locator("#qc-masthead [data-view=collection]").click()
    visitor.page.locator(".qc-collection-head .qc-add").click()
    return visitor.page.locator("#qc-adding")


def fetch(dialog: Locator, address: str) -> Locator:
    """Name an address and return where the page tells what comes of it."""
    dialog.locator("[name=url]").first.fill(address)
    dialog.locator(".qc-from-address button").click()
    return dialog.locator(".qc-progress")


def test_an_article_is_added_by_its_address(
    visit: Visit, serve: Serve, reader: Library, site: WebServer
) -> None:
    site.pages["/7"] = Served(page(7))
    visitor = visit(serve(reader))
    dialog = adding(visitor)
    outcome = fetch(dialog, f"{site.url}/gone")
    expect(outcome).to_contain_text("1 nicht lesbar", timeout=30_000)
    expect(outcome).to_contain_text("Diese Seite gibt es nicht (Status 404). Prüfen Sie die Adresse")
    expect(dialog.locator(".qc-from-address [name=url]")).to_have_value(f"{site.url}/gone")
    expect(fetch(dialog, f"{site.url}/7")).to_contain_text("1 neu", timeout=30_000)
    expect(dialog.locator(".qc-from-address [name=url]")).to_have_value("")
    visitor.page.keyboard.press("Escape")
    article = visitor.page.locator(".qc-articles > li")
    expect(article).to_contain_text("Das Blatt")
    expect(article).to_contain_text("7. Dezember 2021")
    expect(article.locator(".qc-original")).to_have_attribute("href", f"{site.url}/7")
    assert reader.count() == 1


def test_a_feed_is_added_with_progress_and_each_failure(
    visit: Visit, serve: Serve, reader: Library, site: WebServer
) -> None:
    seen = threading.Event()

    def late(_: Asked) -> Served:
        seen.wait(WAIT_S)
        return Served(page(3))

    site.pages |= {"/feed": feed(site, 1, 2, 3, 4), "/3?utm_source=rss": late, "/3": late}
    for number in (1, 2):
        site.pages |= {f"/{number}{query}": Served(page(number)) for query in ("", "?utm_source=rss")}
    visitor = visit(serve(reader), locale="en-US")
    dialog = adding(visitor)
    outcome = fetch(dialog, f"{site.url}/feed")
    try:
        expect(outcome).to_contain_text("0 of 1 read, 2 articles", timeout=30_000)
        expect(outcome.locator("progress")).to_have_attribute("value", "0.400")
    finally:
        seen.set()
    expect(outcome).to_contain_text("3 new, 1 could not be read", timeout=30_000)
    expect(outcome.locator(".qc-failed li")).to_contain_text(f"{site.url}/4")
    expect(outcome.locator(".qc-failed li")).to_contain_text("there is no such page (status 404)")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(".qc-articles > li")).to_have_count(3)


def test_addresses_that_must_not_be_read_are_refused_in_the_language_of_the_page(
    visit: Visit, serve: Serve, empty: Library, site: WebServer
) -> None:
    dialog = adding(visit(serve(empty)))
    outcome = fetch(dialog, f"{site.url}/7")
    expect(outcome).to_contain_text("liegt nicht im öffentlichen Netz", timeout=30_000)
    expect(outcome).to_contain_text("RAG_FETCH_PRIVATE=1 erlaubt")
    assert site.requests == []
    expect(fetch(dialog, "ftp://blatt.example/7")).to_contain_text("Das ist keine Internetadresse")
    assert empty.count() == 0
