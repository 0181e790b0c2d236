"""No serious finding of axe-core in any state of the page, in both lights, wide and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.driver import Visitor


def findings(visitor: Visitor) -> list[str]:
    """Return the serious findings of axe-core, which comes with its Python package."""
    report = Axe().run(visitor.page)
    return [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['target']} {one['nodes'][0]['html'][:160]}"
        for one in report.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("size", "scheme"), [((1280, 800), "light"), ((1280, 800), "dark"), ((360, 740), "light")]
)
def test_no_state_of_the_page_has_a_serious_finding(visit: Visit, size: tuple[int, int], scheme: str) -> None:
    visitor = visit(size=size, color_scheme=scheme, reduced_motion="reduce")
    found = {"greeting": findings(visitor)}
    visitor.ask("Was forderte Putin bezüglich der NATO?")
    found["answer"] = findings(visitor)
    visitor.markers().first.click()
    visitor.highlighted()
    found["article"] = findings(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#qc-masthead [data-view=collection]").click()
    expect(visitor.page.locator(".qc-articles")).to_be_visible()
    found["collection"] = findings(visitor)
    visitor.page.locator(".qc-collection-head .qc-add").click()
    visitor.page.locator("#qc-adding summary").click()
    found["adding"] = findings(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.locator(".qc-edit").first.click()
    expect(visitor.page.locator("#qc-editing")).to_be_visible()
    found["editing"] = findings(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("[data-dialog=qc-history]").click()
    found["conversations"] = findings(visitor)
    assert {state: one for state, one in found.items() if one} == {}
