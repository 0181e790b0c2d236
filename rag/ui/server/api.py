"""A library → the page's named endpoints: what a program, or an assistant by MCP, may ask of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from rag.answer import export
from rag.errors import QuellenchatError, QuestionError
from rag.schema import Filter
from rag.ui.door import caller
from rag.ui.server.desk import Desk

if TYPE_CHECKING:
    from rag.library import Library

_LOG: Final = logging.getLogger(__name__)
_MOST_PASSAGES: Final = 50


def offer(library: Library, desk: Desk) -> None:
    """Name the endpoints `ask`, `search` and `get_article` inside the current Blocks."""
    for function in functions(library, desk):
        gr.api(function, api_name=function.__name__, concurrency_limit=16, concurrency_id="ask")


def functions(library: Library, desk: Desk) -> list[Callable[..., dict[str, Any]]]:
    """Return the endpoints; their docstrings are what their callers read, and what an assistant goes by."""
    return [_asking(desk), _searching(desk), _reading(library)]


def _asking(desk: Desk) -> Callable[..., dict[str, Any]]:
    def ask(
        question: str,
        since: str = "",
        until: str = "",
        publisher: str = "",
        language: str = "",
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the collection of news articles, with the exact sentences it rests on.

        Args:
            question: A question in German or English.
            since: Only articles published on this day or later, such as 2021-12-07; empty for all.
            until: Only articles published on this day or earlier; empty for all.
            publisher: Only articles of this publisher; empty for all.
            language: Only articles in this language, de or en; empty for all.
        """

        def answer() -> dict[str, Any]:
            chosen = _filter(since, until, publisher, language)
            return export.outcome(desk.seat(caller.of(request)).ask(_text("question", question), chosen))

        return _told(answer)

    return ask


def _searching(desk: Desk) -> Callable[..., dict[str, Any]]:
    def search(question: str, k: int = 10, request: gr.Request | None = None) -> dict[str, Any]:
        """Find the passages of the collection that fit a question best, best first.

        Args:
            question: A question or words in German or English.
            k: How many passages, at most 50.
        """

        def find() -> dict[str, Any]:
            if not isinstance(k, int):
                raise QuestionError(f"`k` is no whole number: {k!r}", hint="give one from 1 to 50")
            wanted, seat = min(max(k, 1), _MOST_PASSAGES), desk.seat(caller.of(request))
            query, hits = seat.search(_text("question", question), wanted)
            return {"query": query, "passages": export.passages(hits)}

        return _told(find)

    return search


def _reading(library: Library) -> Callable[..., dict[str, Any]]:
    def get_article(article: str) -> dict[str, Any]:
        """Read an article of the collection; citations name its id, and their offsets count its text.

        Args:
            article: The id of an article, as citations and passages give it.
        """

        def read() -> dict[str, Any]:
            found = library.article(_text("article", article))
            return {**export.source(found.source), "text": found.text}

        return _told(read)

    return get_article


def _filter(since: str, until: str, publisher: str, language: str) -> Filter:
    first, last = (_day(name, value) for name, value in (("since", since), ("until", until)))
    if first and last and first > last:
        raise QuestionError(
            f"`since` is after `until`: {first} and {last}", hint="give the earlier day first"
        )
    names = [_text("publisher", publisher or ""), _text("language", language or "")]
    publishers, languages = ((name,) if name else () for name in names)
    return Filter(first, last, publishers, languages)


def _day(name: str, value: str) -> date | None:
    try:
        return date.fromisoformat(_text(name, value)) if value else None
    except ValueError as error:
        raise QuestionError(f"`{name}` is no day: {value!r}", hint="write days like 2021-12-07") from error


def _text(name: str, value: object) -> str:
    """Return what a program gave as text: Gradio lets any JSON through."""
    if not isinstance(value, str):
        raise QuestionError(f"`{name}` is no text: {value!r}", hint="give it as a string")
    return value


def _told(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what the work returns; its error is the caller's, with the hint what to do."""
    try:
        return work()
    except QuellenchatError as error:
        hint = f" ({error.hint})" if error.hint else ""
        raise gr.Error(f"{error}{hint}", print_exception=False) from error
    except Exception:  # Gradio would print it, with whatever it says
        _LOG.exception("a program's question could not be answered")
        raise gr.Error("something unexpected went wrong", print_exception=False) from None
