"""A real Chromium, the real page over a real store, and a record of every request."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from rag.library import Library
from rag.ui.app import web
from rag.ui.server import serving
from tests.browser.driver import Visitor
from tests.llm_server import LanguageModelServer

Visit = Callable[..., Visitor]
Serve = Callable[[Library], str]

DESKTOP = (1280, 800)
expect.set_options(timeout=15_000)  # a busy machine is no failure
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a running headless Chromium, the machine's own or the one Playwright has installed."""
    with sync_playwright() as playwright:
        path = executable(playwright)
        if path is None:
            pytest.skip(f"no Chromium: none of {', '.join(_NAMES)} is installed, nor Playwright's own")
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


def executable(playwright: Playwright) -> str | None:
    """Return the Chromium of this machine, or Playwright's own, or None."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


@contextmanager
def running(library: Library, *, mcp: bool = False) -> Iterator[str]:
    """Serve a library's page from a thread and yield its address."""
    with served(web(library, mcp=mcp)) as address:
        yield address


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application from a thread and yield its address."""
    listening = serving.listen("127.0.0.1", 0)
    server = serving.server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield serving.address(listening)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


@pytest.fixture(scope="session")
def samples_page(samples: Library) -> Iterator[str]:
    """Return the address of a page over the sample collection."""
    with running(samples) as address:
        yield address


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves a library of the test's own and returns the page's address."""
    with ExitStack() as stack:
        yield lambda library: stack.enter_context(running(library))


@pytest.fixture
def visit(chromium: Browser, samples_page: str) -> Iterator[Visit]:
    """Return a function that opens the page as a new visitor: by default German, on a desktop.

    No visitor's browser may have contacted or tried to contact any other host, nor met an error in the
    page's scripts.
    """
    visitors: list[Visitor] = []
    errors: list[str] = []
    with ExitStack() as stack:

        def new_visitor(url: str = samples_page, size: tuple[int, int] = DESKTOP, **options: Any) -> Visitor:
            viewport = {"width": size[0], "height": size[1]}
            context = chromium.new_context(**{"locale": "de-DE", "viewport": viewport} | options)
            stack.callback(context.close)
            requests: list[str] = []
            context.on("request", lambda request: requests.append(request.url))
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda message: _note_violation(message.text, errors))
            visitors.append(Visitor(page, url, requests))
            return visitors[-1].open()

        yield new_visitor
        for visitor in visitors:
            asked = [url for url in visitor.requests if not url.startswith(("data:", "blob:"))]
            hosts = {urlsplit(url).netloc for url in asked}
            assert hosts == {urlsplit(visitor.url).netloc}
    assert errors == []


def _note_violation(message: str, errors: list[str]) -> None:
    """Keep what the browser says when the page tried what its policy forbids, or a part of it failed."""
    if "Content Security Policy" in message or "Error executing js_on_load" in message:
        errors.append(message)


@pytest.fixture
def model() -> Iterator[LanguageModelServer]:
    """Return a scripted language model."""
    with LanguageModelServer() as server:
        yield server
