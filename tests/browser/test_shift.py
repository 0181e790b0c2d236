"""Nothing that is being read moves: not when the page comes, nor when sources and more of an answer do."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit

_WATCH = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({type: "layout-shift", buffered: true});
}"""
_FONTS = """() => performance.getEntriesByType("resource").map((entry) => entry.name)
    .filter((name) => name.includes("source-serif-4-latin-"))"""


def test_nothing_moves_when_the_page_and_its_sources_arrive(visit: Visit) -> None:
    visitor = visit(size=(360, 740))
    visitor.evaluate(_WATCH)
    fonts = visitor.evaluate(_FONTS)
    assert len(fonts) == len(set(fonts)) >= 2  # asked for before the stylesheet names them, and only once
    visitor.page.wait_for_timeout(300)
    assert visitor.evaluate("window.shifted") < 0.1
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    visitor.page.wait_for_timeout(300)
    visitor.evaluate("window.shifted = 0")
    visitor.ask("Was forderte Putin bezüglich der NATO?")
    expect(visitor.page.locator("#qc-panel .qc-card").first).to_be_visible()
    expect(visitor.page.locator("#qc-chat .qc-offers")).to_be_visible()
    visitor.page.wait_for_timeout(600)
    assert visitor.evaluate("window.shifted") < 0.01
