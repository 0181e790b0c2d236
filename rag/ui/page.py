"""The page's components, laid out inside the current Blocks, and what happens between them."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from rag.errors import QuellenchatError
from rag.schema import Filter
from rag.ui import calls
from rag.ui.calls import texts_of
from rag.ui.collection import forms, listing, shelf
from rag.ui.conversation.sources import empty_panel
from rag.ui.conversation.suggestions import suggestions
from rag.ui.conversation.views import View, anew, asked, reopened, stopped, wished
from rag.ui.door import caller
from rag.ui.drawers import conversations, copying, rephrasing, settings
from rag.ui.files import asset
from rag.ui.masthead import greeting, masthead
from rag.ui.server.desk import Desk
from rag.ui.server.pump import from_thread
from rag.ui.texts.languages import Texts, of, translations

if TYPE_CHECKING:
    from rag.library import Library

_REFRESH_S: Final = 10.0  # how soon an idle page notices what another process has indexed
AT_ONCE: Final = 16  # answers being written at the same time; further ones wait in the queue
_PRIVATE: Final = {"api_visibility": "private"}
Seen = tuple[int, int]  # how many articles there are, and the number of the last write


class Page:
    """The page's components, made inside the current Blocks, and what happens between them."""

    def __init__(self, library: Library, desk: Desk) -> None:
        self.library = library
        self.desk = desk
        self.suggested = _suggesting(library)
        say = i18n()
        with gr.Row(elem_id="qc-top"):
            self._top(say)
        with gr.Row(elem_id="qc-page"):
            with gr.Column(elem_id="qc-left"):
                self._conversation(say)
            with gr.Column(elem_id="qc-shelf"):
                functions = shelf.functions(library, texts_of, desk.work)
                self.collection = _scripted("collection", functions)
            with gr.Column(elem_id="qc-right"):
                self.panel = _scripted("panel")
                _scripted("reader", [calls.opening(library)])
        self.seen = gr.State(None)  # the collection when this page last looked
        self.clock = gr.Timer(_REFRESH_S)

    def _top(self, say: gr.I18n) -> None:
        """Lay out the head of the page, and what has no place on it: dialogs, records, verdicts."""
        self.masthead = gr.HTML(elem_id="qc-masthead", js_on_load=None, apply_default_css=False)
        self.drawers = _scripted("history", elem_id="qc-drawers")
        self.told = _scripted("record", value={}, html_template="")
        _scripted("feedback", [calls.judging(self.library)])
        self.asking = _scripted("asking", [calls.following(self.library)])
        _scripted("translation", [calls.translating(self.library, self.desk)])
        self.fresh = gr.Button(say("new_conversation"), elem_id="qc-new", size="sm", scale=0, min_width=0)

    def _conversation(self, say: gr.I18n) -> None:
        self.chat = _chatbot(say)
        self.limit = _scripted("limit", value={}, html_template="${value?.chip ?? ''}")
        self.question = _question_box(self.library.settings.question_chars, say)

    def connect(self, page: gr.Blocks) -> None:
        """Wire every event of the page."""
        shown = [self.question, self.chat, self.panel, self.masthead, self.seen, self.told]
        busy = {"concurrency_limit": AT_ONCE, "concurrency_id": "ask", "show_progress": "hidden"} | _PRIVATE
        asking = [
            self.question.submit(self._ask, [self.question, self.chat, self.limit], shown, **busy),
            self.chat.example_select(self._ask_example, [self.chat, self.limit], shown, **busy),
            self.asking.select(self._ask_otherwise, [self.chat, self.limit], shown, **busy),
        ]
        quick = {"show_progress": "hidden", "queue": False} | _PRIVATE
        # What is cancelled is gone before anything is shown, lest a late piece of an answer come after it.
        stopping = self.question.stop(None, cancels=asking, **quick)
        stopping.then(self._stop, [self.chat], [self.question, self.chat], **quick)
        self.fresh.click(None, cancels=asking, **quick).then(self._start, None, shown, **quick)
        labelled = [self.question, self.fresh]
        page.load(self._begin, None, [*shown[1:5], self.collection, self.drawers, *labelled], **quick)
        opening = [self.question, self.chat, self.panel, self.told]
        self.drawers.select(self._reopen, None, opening, cancels=asking, **quick)
        gr.on([self.clock.tick, self.collection.change], self._refresh, [self.seen], shown[1:5], **quick)

    async def _ask(
        self, question: str, messages: list[Any], limit: Any, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        async for shown in from_thread(lambda: self._answer(question, messages, limit, request)):
            yield shown

    async def _ask_example(
        self, messages: list[Any], limit: Any, event: gr.SelectData, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        question = str(event.value["text"])
        async for shown in from_thread(lambda: self._answer(question, messages, limit, request)):
            yield shown

    async def _ask_otherwise(
        self, messages: list[Any], limit: Any, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        """Ask what was offered, a question once more, or another one in its place."""
        before, question = anew(messages, event._data)
        async for shown in from_thread(lambda: self._answer(question, before, limit, request)):
            yield shown

    def _answer(
        self, question: str, messages: list[Any], limit: Any, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Yield the page while a question is answered; a blank question changes nothing."""
        if not question.strip():
            yield [gr.skip()] * 6
            return
        box = gr.Textbox(submit_btn=False, stop_btn=True)
        texts, wishes, seat = texts_of(request), wished(limit), self.desk.seat(caller.of(request))
        for view in asked(seat, messages, question.strip(), texts, _filter(limit), wishes):
            yield [box, view.messages, _changed(view), gr.skip(), gr.skip(), view.told or gr.skip()]
            box = gr.skip()
        yield [_ready(), gr.skip(), gr.skip(), *self._collection(request), gr.skip()]

    def _stop(self, messages: list[Any], request: gr.Request) -> list[Any]:
        return [_ready(), stopped(messages, texts_of(request))]

    def _start(self, request: gr.Request) -> list[Any]:
        """Show the page as it is before the first question."""
        texts, seen = texts_of(request), self._look()
        chat = self._greeting(seen[0], texts, value=[])
        return [_ready(), chat, empty_panel(texts), self._masthead(seen[0], request), seen, _shown()]

    def _reopen(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """Show a conversation that the browser has kept, its sources looked up anew."""
        texts = texts_of(request)
        messages, panels = reopened(self.library, event._data.get("turns"), texts)
        last = panels.get(str(len(panels)), empty_panel(texts))
        return [_ready(), messages, last, {"panels": panels} | _shown()]

    def _begin(self, request: gr.Request) -> list[Any]:
        """Fill the page that a browser has just loaded; what it already shows of a conversation stays."""
        texts, seen = texts_of(request), self._look()
        view = listing.frame(texts) + forms.dialogs(texts, self.library.settings.upload_mb)
        head = self._masthead(seen[0], request)
        drawers = conversations(texts) + settings(self.library, texts) + rephrasing(texts) + copying(texts)
        return [
            self._greeting(seen[0], texts),
            gr.skip(),
            head,
            seen,
            view,
            drawers,
            *_labels(request),
        ]

    def _refresh(self, seen: Seen | None, request: gr.Request) -> list[Any]:
        """Show what was indexed, corrected or removed since this page last looked."""
        head, now = self._collection(request)
        if now == seen or not isinstance(now, tuple):
            return [gr.skip()] * 4
        return [self._greeting(now[0], texts_of(request)), gr.skip(), head, now]

    def _collection(self, request: gr.Request) -> tuple[Any, Any]:
        """Return the masthead and the collection it tells of, no change where the store fails."""
        try:
            seen = self._look()
        except QuellenchatError:
            return gr.skip(), gr.skip()  # the next question will tell
        return self._masthead(seen[0], request), seen

    def _look(self) -> Seen:
        return self.library.count(), self.library.generation()

    def _masthead(self, count: int, request: gr.Request) -> str:
        return masthead(self.library, count, texts_of(request), caller.of(request).person)

    def _greeting(self, count: int, texts: Texts, **more: Any) -> gr.Chatbot:
        examples = [{"text": question} for question in self.suggested(count, texts.language)]
        return gr.Chatbot(placeholder=greeting(count > 0, texts), examples=examples, **more)


def _suggesting(library: Library) -> Callable[[int, str], list[str]]:
    """Return what suggests questions to begin with, made once after each write for a language."""
    made = lru_cache(maxsize=4)(lambda _, language: suggestions(library, of(language)))
    turn = threading.Lock()  # whoever opens the page meanwhile waits instead of making them too

    def suggested(count: int, language: str) -> list[str]:
        with turn:
            return made(library.generation(), language) if count else []

    return suggested


def _scripted(name: str, functions: list[Callable[..., Any]] | None = None, **more: Any) -> gr.HTML:
    """Make a component of the script of this name, which may call the server's functions."""
    given = {"elem_id": f"qc-{name}"} | more
    return gr.HTML(
        js_on_load=asset("stores.js") + asset(f"{name}.js"),
        apply_default_css=False,
        server_functions=functions,
        **given,
    )


def _chatbot(say: gr.I18n) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="qc-chat",
        label=say("conversation"),
        show_label=False,
        container=False,
        height="100%",
        autoscroll=False,
        layout="panel",
        buttons=[],
        latex_delimiters=[],
        feedback_options=None,
        allow_tags=False,
        allow_file_downloads=False,
        group_consecutive_messages=False,
    )


def _question_box(question_chars: int, say: gr.I18n) -> gr.Textbox:
    return gr.Textbox(
        elem_id="qc-question-box",
        label=say("question_label"),
        placeholder=say("question_hint"),
        show_label=False,
        container=False,
        autofocus=True,
        lines=1,
        max_lines=6,
        max_length=question_chars,
        submit_btn=True,
    )


def _filter(limit: object) -> Filter:
    """Return the filter of what the browser sends with a question."""
    return listing.chosen_filter(limit.get("filter") if isinstance(limit, Mapping) else None)


def _labels(request: gr.Request) -> list[Any]:
    """Label what Gradio labels in the browser's language, where the person has chosen another."""
    if "qc_language" not in request.cookies:
        return [gr.skip(), gr.skip()]
    texts = texts_of(request)
    box = gr.Textbox(label=texts.question_label, placeholder=texts.question_hint)
    return [box, gr.Button(texts.new_conversation)]


def _changed(view: View) -> Any:
    return gr.skip() if view.panel is None else view.panel


def _ready() -> gr.Textbox:
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _shown() -> dict[str, Any]:
    """Tell the browser that another conversation is there: each time otherwise, or it would not notice."""
    return {"shown": time.time_ns()}


@lru_cache(maxsize=1)
def i18n() -> gr.I18n:
    return gr.I18n(**translations())
