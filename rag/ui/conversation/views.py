"""A conversation's messages and a question → views of the page, growing while the answer is written.

Messages are Gradio's (`{"role", "content"}`) and live in the browser: no conversation is kept on the server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rag.errors import QuellenchatError
from rag.language import SPOKEN
from rag.schema import Abstention, Answer, Filter, Wishes
from rag.ui.conversation.messages import (
    answer_markup,
    error_markup,
    notice_markup,
    question_markup,
    question_of,
    stopped_markup,
    unanswered_markup,
    waiting_markup,
)
from rag.ui.conversation.record import Articles, Record, record, restore
from rag.ui.conversation.sources import empty_panel, panel
from rag.ui.texts.languages import Texts

Message = Mapping[str, Any]
_UPDATE_S: Final = 0.05  # between two pictures of a growing text; each is rendered anew by the browser
QUOTES: Final = "quotes"  # what the browser sends where no language model is to be asked
_NAME_CHARS: Final = 200
_LOG: Final = logging.getLogger(__name__)


class Answering(Protocol):
    """What a conversation needs of a library."""

    def count(self) -> int:
        """Return the number of articles."""

    def stream(
        self,
        question: str,
        previous: Sequence[str] = (),
        filter: Filter | None = None,
        wishes: Wishes | None = None,
    ) -> Iterator[Answer | Abstention]:
        """Yield growing answers, the last one complete; `previous` are the questions before."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the messages, and the sources panel where it changed."""

    messages: list[Message]
    panel: str | None
    told: Record | None = None  # what the browser keeps


def asked(
    library: Answering,
    messages: Sequence[Message],
    question: str,
    texts: Texts,
    chosen: Filter | None = None,
    wishes: Wishes | None = None,
) -> Iterator[View]:
    """Yield the page while a question is being answered; whatever goes wrong ends in a message."""
    told = [*messages, {"role": "user", "content": question_markup(question)}]
    previous = [question_of(_text(message)) for message in messages if message["role"] == "user"]
    turn = len(previous) + 1
    begun = {"turn": turn, "question": question}
    yield View([*told, _reply(waiting_markup(texts.searching))], empty_panel(texts, turn), begun)
    try:
        if not library.count():
            notice = notice_markup(texts.empty, texts.empty_more, kind="qc-notice")
            yield View([*told, _reply(notice)], None)
            return
        for answer, sources in _snapshots(library.stream(question, previous, chosen, wishes), turn, texts):
            kept = begun | {"outcome": record(answer)} if answer.final else None
            yield View([*told, _reply(answer_markup(answer, turn, texts))], sources, kept)
    except Exception as error:
        if not isinstance(error, QuellenchatError):
            _LOG.exception("a question could not be answered")
        yield View([*told, _reply(unanswered_markup(error_markup(error, texts), turn, texts))], None)


def reopened(library: Articles, turns: object, texts: Texts) -> tuple[list[Message], dict[str, str]]:
    """Return a kept conversation's messages, and the sources of each answer by its turn.

    What is no record of ours, and an answer that was never complete, is shown as not kept, and can be asked
    for once more.
    """
    messages: list[Message] = []
    panels: dict[str, str] = {}
    for turn, kept in enumerate(turns if isinstance(turns, list) else [], start=1):
        given = kept if isinstance(kept, Mapping) else {}
        messages.append({"role": "user", "content": question_markup(str(given.get("question", "")))})
        try:
            found = restore(given["outcome"], library)
            messages.append(_reply(answer_markup(found.answer, turn, texts)))
            panels[str(turn)] = panel(found.answer, turn, texts, found.lost)
        except (KeyError, TypeError, ValueError, IndexError):
            notice = notice_markup(texts.stopped_short, texts.not_kept, kind="qc-notice")
            messages.append(_reply(unanswered_markup(notice, turn, texts)))
            panels[str(turn)] = empty_panel(texts, turn, again=True)
    return messages, panels


def wished(limit: object) -> Wishes:
    """Read the wishes that the browser sends with a question; what makes no sense is as if not wished."""
    given = limit.get("settings") if isinstance(limit, Mapping) else None
    if not isinstance(given, Mapping):
        return Wishes()
    language = given.get("language")
    percent = _whole(given.get("strictness"), 0, 100)
    return Wishes(
        language=language if language in SPOKEN else None,
        passages=_whole(given.get("passages"), 1, 50),
        abstain_below=None if percent is None else percent / 100,
        model=_model(given.get("answerer")),
        quotes=given.get("answerer") == QUOTES,
    )


def _model(answerer: object) -> str | None:
    named = isinstance(answerer, str) and answerer not in ("", QUOTES)
    return str(answerer)[:_NAME_CHARS] if named else None


def _whole(value: object, least: int, most: int) -> int | None:
    text = str(value)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
    return number if number is not None and least <= number <= most else None


def anew(messages: Sequence[Message], asked: object) -> tuple[list[Message], str]:
    """Return the messages to go on from, and the question to ask, "" where there is none.

    The browser sends a `question`, the `turn` in whose place it is asked, counted from 1, or both: a turn
    alone asks its question once more, a question alone goes on from all that was said.
    """
    given = asked if isinstance(asked, Mapping) else {}
    question, turn = given.get("question"), _whole(given.get("turn"), 1, 999)
    question = question if isinstance(question, str) else ""
    places = [index for index, message in enumerate(messages) if message["role"] == "user"]
    if turn is None or turn > len(places):
        return list(messages), question
    before = places[turn - 1]
    return list(messages[:before]), question or question_of(_text(messages[before]))


def stopped(messages: Sequence[Message], texts: Texts) -> list[Message]:
    """Return the messages with the last reply marked as cut short by the person."""
    turn = sum(message["role"] == "user" for message in messages)
    if messages and messages[-1]["role"] == "assistant":
        return [*messages[:-1], _reply(stopped_markup(_text(messages[-1]), turn, texts))]
    return [*messages, _reply(stopped_markup("", turn, texts))] if messages else []


def _snapshots(
    answers: Iterator[Answer | Abstention], turn: int, texts: Texts
) -> Iterator[tuple[Answer | Abstention, str | None]]:
    """Yield snapshots no faster than eyes can follow, with the panel where it is another than before."""
    shown, at = "", 0.0
    for answer in answers:
        if not answer.final and time.monotonic() - at < _UPDATE_S:
            continue
        sources = panel(answer, turn, texts)
        yield answer, None if sources == shown else sources
        shown, at = sources, time.monotonic()


def _reply(markup: str) -> Message:
    return {"role": "assistant", "content": markup}


def _text(message: Message) -> str:
    """Return a message's text, which Gradio sends back as a string or as a list of parts."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if isinstance(part, Mapping))
