"""What a browser calls the page's server for beside its events: an article, a verdict."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from rag.answer.translation import QUOTE_CHARS
from rag.errors import QuellenchatError
from rag.language import SPOKEN
from rag.ui.article.place import as_now, place
from rag.ui.article.reader import article_markup
from rag.ui.conversation.feedback import Feedback, verdicts
from rag.ui.conversation.messages import error_markup, follow_up_markup
from rag.ui.conversation.suggestions import further
from rag.ui.conversation.views import wished
from rag.ui.door import caller
from rag.ui.markup import element, escape
from rag.ui.server.desk import Desk
from rag.ui.texts.languages import Texts, choose
from rag.ui.texts.problems import told

if TYPE_CHECKING:
    from rag.library import Library

Reply = dict[str, str]
_PATIENCE_S: Final = 2.0
_TRANSLATIONS: Final = 1_000  # kept, so that the same quote is not paid for twice


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


def following(library: Library) -> Callable[..., Reply]:
    """Return the function by which a browser asks what else could be asked after an answer.

    One visitor's suggestions are made at a time; who would wait long goes without, for answers come first.
    """
    turn = threading.Lock()

    def follow_ups(asked: Any, request: gr.Request) -> Reply:
        if not turn.acquire(timeout=_PATIENCE_S):
            return {"markup": ""}
        try:
            questions = further(library, asked)
            return {"markup": follow_up_markup(questions, str(asked["language"]), texts_of(request))}
        except (QuellenchatError, KeyError, TypeError, ValueError, AttributeError):
            return {"markup": ""}  # an offer less
        finally:
            turn.release()

    return follow_ups


def translating(library: Library, desk: Desk) -> Callable[..., Reply]:
    """Return the function by which a browser has a quote translated by the language model that it chose.

    What is translated is a part of an article of the collection, and nothing else.
    """
    made: OrderedDict[tuple[str, str, str], tuple[str, str]] = OrderedDict()

    def translate(asked: Any, request: gr.Request) -> Reply:
        texts = texts_of(request)
        try:
            where, language, wishes = place(asked), str(asked["language"]), wished(asked)
            article = library.article(where.article)
            where, _ = as_now(where, article.text)
            if where.quote is None or language not in SPOKEN:
                raise ValueError("a translation needs a place and a language")
            text = article.text[where.quote.start : where.quote.end][:QUOTE_CHARS]
            key = (text, language, "" if wishes.quotes else str(wishes.model))
            if key not in made:
                made[key] = desk.seat(caller.of(request)).translate(text, language, wishes)
                while len(made) > _TRANSLATIONS:
                    made.popitem(last=False)
            name, words = made[key]
            before, after = texts.translation.split("{text}")
            said = element("span", escape(words), lang=language)
            shown = escape(before.format(model=name)) + said + escape(after)
            return {"markup": element("p", shown, class_="qc-translation", lang=texts.language)}
        except (QuellenchatError, KeyError, TypeError, ValueError) as error:
            return {"error": error_markup(error, texts)}

    return translate


def judging(library: Library) -> Callable[..., Reply]:
    """Return the function by which a browser gives a verdict."""
    feedback = Feedback(library.settings.store)

    def judge(asked: Any, request: gr.Request) -> Reply:
        try:
            feedback.give(verdicts(asked))
        except (QuellenchatError, ValueError, AttributeError) as error:
            return {"error": told(str(error), texts_of(request))}
        return {}

    return judge
