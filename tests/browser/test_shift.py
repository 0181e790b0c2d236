"""Nothing that is being read moves when sources and more of the answer arrive."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit

_WATCH = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({type: "layout-shift", buffered: false});
}"""


def test_no_layout_shift_when_sources_arrive(visit: Visit) -> None:
    visitor = visit()
    visitor.evaluate(_WATCH)
    visitor.ask("Was forderte Putin bezüglich der NATO?")
    expect(visitor.page.locator("#qc-panel .qc-card").first).to_be_visible()
    visitor.page.wait_for_timeout(600)
    assert visitor.evaluate("window.shifted") < 0.1  # what web.dev calls good
