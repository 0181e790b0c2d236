"""Take the screenshots of the documentation: `python docs/screenshots.py`, with a Chromium installed.

A new collection of the sample articles is served and visited in both languages, in both lights, wide and on
a phone; one answer is that of a scripted language model. The pictures are cut down to 64 colours, which a
page of text does not miss.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from rag.library import Library
from rag.settings import load
from tests.browser.conftest import executable, running
from tests.llm_server import LanguageModelServer, Reply

_HERE: Final = Path(__file__).parent
_WIDE: Final = {"width": 1280, "height": 800}
_PHONE: Final = {"width": 360, "height": 740}
_QUESTIONS: Final = {
    "de": "Was forderte Putin bezüglich der NATO?",
    "en": "What did Putin demand regarding NATO?",
}


def _ask(page: Page, language: str) -> None:
    page.fill("#qc-question-box textarea", _QUESTIONS[language])
    page.press("#qc-question-box textarea", "Enter")
    page.locator("#qc-chat .qc-foot").last.wait_for()
    page.locator("#qc-chat .qc-offers").wait_for()  # what else could be asked


def _article(page: Page, language: str) -> None:
    _ask(page, language)
    page.locator("a.qc-cite").first.click()
    page.locator("#qc-reader mark").first.wait_for()


def _collection(page: Page, _: str) -> None:
    page.locator("#qc-masthead [data-view=collection]").click()
    page.locator(".qc-articles li").first.wait_for()


def _written(page: Page, language: str) -> None:
    _ask(page, language)
    page.locator(".qc-translate").first.click()
    page.locator(".qc-translation").wait_for()


def _abstention(page: Page, _: str) -> None:
    page.fill("#qc-question-box textarea", "Wer gewann 1954 die Fußball-Weltmeisterschaft?")
    page.press("#qc-question-box textarea", "Enter")
    page.locator("#qc-chat .qc-abstention .qc-more").click()
    page.locator("#qc-panel .qc-read").first.wait_for()


def _settings(page: Page, language: str) -> None:
    _ask(page, language)
    page.locator("[data-dialog=qc-settings]").click()


_STATES: Final[dict[str, tuple[Callable[[Page, str], None], str, dict[str, int], str]]] = {
    "screenshot": (_article, "de", _WIDE, "light"),
    "answer-en-dark": (_ask, "en", _WIDE, "dark"),
    "written-en": (_written, "en", _WIDE, "light"),
    "abstention-de": (_abstention, "de", _WIDE, "light"),
    "collection-en": (_collection, "en", _WIDE, "light"),
    "settings-de-dark": (_settings, "de", _WIDE, "dark"),
    "phone-answer-de": (_ask, "de", _PHONE, "light"),
    "phone-article-en": (_article, "en", _PHONE, "light"),
    "phone-collection-de-dark": (_collection, "de", _PHONE, "dark"),
}


def _scripted(request: Mapping[str, Any]) -> str:
    """Reply with a statement that a sentence carries, and one that none does."""
    prompt = "\n".join(str(message["content"]) for message in request["messages"])
    found = re.search(r"\[(\d+\.\d+)\][^\n]*rechtlich bindende Zusagen", prompt)
    sentence = found[1] if found else "1.1"
    return (
        "Putin demanded legally binding assurances from Joe Biden that NATO would not expand further to the "
        f"east [{sentence}]. He also asked for a date to be set for new talks in Vienna."
    )


_TRANSLATED: Final = (
    "According to this, Vladimir Putin on Tuesday demanded legally binding assurances from Joe Biden that "
    "NATO would not extend further to the east."
)


def take(browser: Browser, address: str, written: str) -> None:
    """Take every picture and write it beside this file; where a model writes, at its address."""
    for name, (act, language, size, light) in _STATES.items():
        options: dict[str, Any] = {"has_touch": True, "is_mobile": True} if size is _PHONE else {}
        locale = {"de": "de-DE", "en": "en-GB"}[language]
        context = browser.new_context(
            viewport=size, locale=locale, color_scheme=light, reduced_motion="reduce", **options
        )
        page = context.new_page()
        page.goto(written if act is _written else address)
        page.locator("#qc-chat .qc-greeting").wait_for()
        act(page, language)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(64).save(_HERE / f"{name}.png", optimize=True)
        context.close()


def main() -> None:
    """Serve the samples and visit them."""
    with ExitStack() as stack:
        store = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "store"
        with Library.open(load(store=store, llm="none"), create=True) as library:
            library.index_samples()
        shutil.copytree(store, store.with_name("written"))
        model = stack.enter_context(LanguageModelServer())
        model.say(Reply(_scripted), _TRANSLATED)
        library = stack.enter_context(Library.open(load(store=store, llm="none")))
        chosen = load(store=store.with_name("written"), llm="my-model", llm_url=model.url)
        writing = stack.enter_context(Library.open(chosen))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=executable(playwright),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        address, written = (stack.enter_context(running(one)) for one in (library, writing))
        take(browser, address, written)
        browser.close()


if __name__ == "__main__":
    main()
