"""What a browser calls the page's server for beside its events: an article, a verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import QuellenchatError
from rag.ui.feedback import Feedback, verdicts
from rag.ui.messages import error_markup
from rag.ui.problems import told
from rag.ui.reader import article_markup, place
from rag.ui.texts import Texts, choose

if TYPE_CHECKING:
    from rag.library import Library


def texts_of(request: gr.Request) -> Texts:
    """Return the words in the language that the person chose, or else that the browser asks for first."""
    return choose(request.cookies.get("qc_language") or request.headers.get("accept-language"))


def opening(library: Library) -> Callable[..., str]:
    """Return the function by which a browser opens an article."""

    def open_article(asked: dict[str, Any], request: gr.Request) -> str:
        texts = texts_of(request)
        try:
            where = place(asked)
            return article_markup(library.article(where.article), where, texts)
        except (QuellenchatError, ValueError) as error:
            return error_markup(error, texts)

    return open_article


def judging(library: Library) -> Callable[..., dict[str, str]]:
    """Return the function by which a browser gives a verdict."""
    feedback = Feedback(library.settings.store)

    def judge(asked: Any, request: gr.Request) -> dict[str, str]:
        try:
            feedback.give(verdicts(asked))
        except (QuellenchatError, ValueError, AttributeError) as error:
            return {"error": told(str(error), texts_of(request))}
        return {}

    return judge
