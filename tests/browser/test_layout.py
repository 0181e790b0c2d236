"""What stands where, at the widths of phones, tablets and screens."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.driver import Visitor

QUESTION = "Was forderte Putin bezüglich der NATO?"
WIDTHS = (360, 768, 1280, 1920)


def left(visitor: Visitor, selector: str) -> float:
    """Return where what is seen of an element begins."""
    box = visitor.page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_columns_are_flush(visit: Visit, width: int) -> None:
    visitor = visit(size=(width, 900))
    visitor.ask(QUESTION)
    assert left(visitor, ".qc-question") == left(visitor, "#qc-question-box .input-container")
    visitor.markers().first.click()
    visitor.highlighted()
    if width < 900:
        assert left(visitor, "#qc-panel .qc-current h3") == left(visitor, "#qc-reader .qc-author")


@pytest.mark.parametrize("width", WIDTHS)
def test_what_lifts_a_filter_stands_apart_from_what_it_lifts(visit: Visit, width: int) -> None:
    visitor = visit(size=(width, 900))
    visitor.page.locator("#qc-masthead [data-view=collection]").click()
    visitor.page.locator("select[name=language]").select_option("de")
    visitor.page.locator("#qc-masthead [data-view=conversation]").click()
    chip = visitor.page.locator("#qc-limit .qc-chip")
    words, lift = chip.locator("span").bounding_box(), chip.locator("button").bounding_box()
    assert words is not None and lift is not None
    below = lift["y"] >= words["y"] + words["height"]
    assert below or lift["x"] - words["x"] - words["width"] >= 8


def test_nothing_of_the_conversation_lies_over_an_article_that_covers_it(visit: Visit) -> None:
    visitor = visit(size=(360, 740))
    visitor.ask(QUESTION)
    expect(visitor.page.locator("#qc-chat .qc-offers")).to_be_visible()  # nothing grows any more
    arrow = visitor.page.locator("#qc-chat .scroll-down-button-container button")
    for place in ("log.scrollHeight", "0"):
        visitor.page.locator("#qc-chat [role=log]").evaluate(f"log => {{ log.scrollTop = {place}; }}")
        expect(arrow).to_have_count(int(place == "0"))
    box = arrow.bounding_box()
    assert box is not None
    visitor.markers().first.press("Enter")
    visitor.highlighted()
    expect(visitor.page.locator("#qc-right")).to_have_css("opacity", "1")
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    # What is inert is passed over by this, whether or not it is seen.
    covered = """([x, y]) => {
        document.querySelector("#qc-left").inert = false;
        return Boolean(document.elementFromPoint(x, y).closest("#qc-right"));
    }"""
    assert visitor.page.evaluate(covered, middle)


@pytest.mark.parametrize("size", [(320, 568), (360, 740), (740, 360)])
def test_the_head_of_an_open_article_is_seen_whole(visit: Visit, size: tuple[int, int]) -> None:
    visitor = visit(size=size, has_touch=True, is_mobile=True)
    visitor.ask(QUESTION)
    visitor.markers().first.click()
    visitor.highlighted()
    hidden = "panel => panel.scrollHeight - panel.clientHeight"
    assert visitor.page.locator("#qc-panel").evaluate(hidden) <= 1
    height = visitor.page.locator("#qc-panel").evaluate("panel => panel.clientHeight")
    assert height <= 0.56 * size[1]
