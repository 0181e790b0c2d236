"""What a person does with the page, in words, for the browser tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from rag.ui.texts.languages import Texts, next_language

BOX = "#qc-question-box textarea"
MARK = "#qc-reader mark"
_WAIT_MS = 30_000
_IN_VIEW = """selector => {
    const element = document.querySelector(selector);
    const boxes = [...element.getClientRects()];
    const half = (one, other) => (one + other) / 2;
    const hit = (box) => document.elementFromPoint(half(box.left, box.right), half(box.top, box.bottom));
    const inside = (box) =>
        box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth + 1;
    return boxes.length > 0 && boxes.every((box) => inside(box) && element.contains(hit(box)));
}"""


def switch(page: Page, role: Literal["button", "link"], start: Texts, end: Texts) -> None:
    """Change the page's language by what it offers, one after the other, up to the one wanted."""
    offered = start
    while offered is not end:
        offered = next_language(offered)
        page.get_by_role(role, name=offered.own_name).click()


@dataclass(frozen=True)
class Visitor:
    """One browser tab on the page, and every request it has made."""

    page: Page
    url: str
    requests: list[str]

    def open(self) -> Visitor:
        """Load the page and wait until it greets."""
        self.page.goto(self.url)
        self.page.locator("#qc-chat .qc-greeting").wait_for(timeout=_WAIT_MS)
        return self

    def ask(self, question: str) -> Locator:
        """Ask, wait for the complete answer, and return its message."""
        self.type(question)
        return self.answered()

    def type(self, question: str) -> None:
        """Send a question without waiting for its answer."""
        before = self.page.locator("#qc-chat .qc-question").count()
        self.page.fill(BOX, question)
        self.page.press(BOX, "Enter")
        expect(self.page.locator("#qc-chat .qc-question")).to_have_count(before + 1, timeout=_WAIT_MS)

    def answered(self) -> Locator:
        """Wait until nothing is being written any more; return the last message."""
        expect(self.page.locator("#qc-chat .qc-writing")).to_have_count(0, timeout=_WAIT_MS)
        expect(self.page.get_by_test_id("submit-button")).to_be_visible(timeout=_WAIT_MS)
        return self.page.locator("#qc-chat .bot-row").last

    def markers(self) -> Locator:
        """Return the links of the last answer that lead to sentences."""
        return self.page.locator("#qc-chat .bot-row").last.locator("a.qc-cite")

    def highlighted(self) -> str:
        """Wait for the article view and return the text it highlights."""
        self.page.locator(MARK).first.wait_for(timeout=_WAIT_MS)
        return "".join(self.page.locator(MARK).all_text_contents())

    def place(self, cite: str) -> dict[str, str]:
        """Return where a citation leads, as its card in the panel says, with the quote."""
        entry = self.page.locator(f'#qc-panel [data-cite="{cite}"]')
        data: dict[str, str] = entry.evaluate("entry => ({...entry.dataset})")
        return data | {"quote": entry.locator("q").text_content() or ""}

    def in_view(self, selector: str) -> bool:
        """Tell whether an element comes to lie wholly inside the window, covered by nothing."""
        try:
            self.page.wait_for_function(_IN_VIEW, arg=selector, timeout=3_000)
        except PlaywrightTimeoutError:
            return False
        return True

    def evaluate(self, script: str) -> Any:
        """Run a script in the page."""
        return self.page.evaluate(script)
