"""With a finger: whatever is pressed is 44 pixels wide and high, and a marker need not be hit exactly."""

from typing import Any

from playwright.sync_api import Page, expect

from rag.ui.texts.languages import DE
from tests.browser.conftest import Visit
from tests.browser.driver import MARK, Visitor

PHONE: dict[str, Any] = {"size": (360, 740), "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
_PRESSED = "a, button, input, select, textarea, summary, label.qc-choice"
# A link in running text has the height of its line, and a box within a label is pressed with its label.
_SMALL = """selector => {
    const top = document.querySelector("dialog[open]") ?? document;
    const shown = (one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible";
    const bare = (one) => !one.closest("[inert]") && !one.matches(".qc-cite, label input");
    const box = (one) => one.getBoundingClientRect();
    return [...top.querySelectorAll(selector)]
        .filter((one) => shown(one) && bare(one) && (box(one).width < 43.9 || box(one).height < 43.9))
        .map((one) => `${one.outerHTML.slice(0, 120)} ${box(one).width} x ${box(one).height}`);
}"""


def small(page: Page) -> list[str]:
    """Return what is on view, may be pressed and is smaller than a finger."""
    found: list[str] = page.evaluate(_SMALL, _PRESSED)
    return found


def asked(visit: Visit) -> Visitor:
    """Return a visitor with a phone who has asked a question."""
    visitor = visit(**PHONE)
    assert small(visitor.page) == []
    visitor.ask("Was forderte Putin bezüglich der NATO?")
    visitor.page.locator("#qc-chat .qc-ask").first.wait_for()
    return visitor


def test_all_that_is_pressed_is_as_large_as_a_finger(visit: Visit) -> None:
    visitor = asked(visit)
    page = visitor.page
    found = {"answer": small(page)}
    page.locator('[href="#q1-sources"]').tap()
    page.locator("#qc-panel summary").tap()
    found["sources"] = small(page)
    page.locator("#qc-panel .qc-quote").first.tap()
    page.locator(MARK).first.wait_for()
    found["article"] = small(page)
    page.get_by_role("button", name=DE.close, exact=True).tap()
    for dialog in ("qc-settings", "qc-history"):
        page.locator(f"[data-dialog={dialog}]").tap()
        found[dialog] = small(page)
        page.keyboard.press("Escape")
    page.locator("#qc-masthead [data-view=collection]").tap()
    page.locator(".qc-articles li").first.wait_for()
    found["collection"] = small(page)
    for opener in (".qc-add", ".qc-articles .qc-edit", ".qc-articles .qc-remove"):
        page.locator(f"#qc-collection {opener}").first.tap()
        expect(page.locator("dialog[open]")).to_be_visible()
        found[opener] = small(page)
        page.keyboard.press("Escape")
    assert {state: one for state, one in found.items() if one} == {}


def test_a_finger_beside_a_marker_opens_its_sentence(visit: Visit) -> None:
    visitor = asked(visit)
    marker = visitor.markers().first
    marker.scroll_into_view_if_needed()
    box = marker.bounding_box()
    assert box is not None
    visitor.page.touchscreen.tap(box["x"] + box["width"] / 2 + 18, box["y"] + box["height"] / 2 + 18)
    assert visitor.highlighted() == visitor.place("1-1")["quote"].strip()
