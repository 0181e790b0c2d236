"""The desk that every question passes: limits for each person, figures, a line in the log, and the closing.

What is logged and counted is who asked, how long it took and what came of it; never what was asked.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rag.access.limits import Quota
from rag.answer.translation import translated
from rag.errors import LimitError, ModelError
from rag.schema import Abstention, Answer, Filter, Hit, Wishes
from rag.ui.door.caller import Caller
from rag.ui.server.metrics import Metrics

if TYPE_CHECKING:
    from rag.library import Library

_LOG: Final = logging.getLogger(__name__)
_LAST_WORDS_S: Final = 0.3  # until what a finished answer said has reached its browser


class Desk:
    """A library for many people at once; `closing` is set when it takes no more questions."""

    def __init__(self, library: Library) -> None:
        self.metrics = Metrics(library)
        self.closing = threading.Event()
        self.quota = Quota(library.settings.questions_a_minute, library.settings.answers_at_once)
        self._library = library
        self._over = threading.Event()  # what is still being answered is broken off
        self._open = 0
        self._lock = threading.Lock()

    def seat(self, caller: Caller) -> Seat:
        """Return the library as one person may use it."""
        return Seat(self._library, self, caller)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Hold something that a closing waits for: an answer, a run of adding."""
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def go_on(self) -> None:
        """Let an answer go on, or break it off.

        Raises:
            LimitError: the time that a closing gives is over.
        """
        if self._over.is_set():
            raise _closed()

    async def close(self, seconds: float, hurried: Callable[[], bool]) -> bool:
        """Take no more questions, and wait for what is running: so long at most, less where hurried.

        Return whether all of it came to its end.
        """
        self.closing.set()
        until = time.monotonic() + seconds
        waited = bool(self._open)
        while self._open and time.monotonic() < until and not hurried():
            await asyncio.sleep(0.05)
        if left := self._open:
            _LOG.warning("closing breaks off what is running", extra={"running": left})
        self._over.set()
        if waited:
            await asyncio.sleep(_LAST_WORDS_S)
        return not left


@dataclass(slots=True)
class _Visit:
    """One question at the desk."""

    answer: Answer | Abstention | None = None


class Seat:
    """What one person may ask of a library; `LimitError` says what is too much."""

    def __init__(self, library: Library, desk: Desk, caller: Caller) -> None:
        self._library = library
        self._desk = desk
        self._caller = caller

    def count(self) -> int:
        """Return the number of articles."""
        return self._library.count()

    def ask(self, question: str, filter: Filter | None = None) -> Answer | Abstention:
        """Answer a question as `Library.ask` does.

        Raises:
            LimitError: the person asks too much, or the page is being closed.
        """
        with self._visit() as visit:
            visit.answer = self._library.ask(question, filter=filter)
            return visit.answer

    def stream(
        self,
        question: str,
        previous: Sequence[str] = (),
        filter: Filter | None = None,
        wishes: Wishes | None = None,
    ) -> Iterator[Answer | Abstention]:
        """Yield growing answers as `Library.stream` does.

        Raises:
            LimitError: the person asks too much, or the page is being closed.
        """
        with self._visit() as visit:
            for answer in self._library.stream(question, previous, filter, wishes):
                self._desk.go_on()
                visit.answer = answer if answer.final else None
                yield answer

    def search(self, question: str, k: int) -> tuple[str, list[Hit]]:
        """Return what is searched for and the passages, as `Library.query` and `Library.search` do.

        Raises:
            LimitError: the person asks too much, or the page is being closed.
        """
        with self._place(), self._desk.work():
            return self._library.query(question), self._library.search(question, k)

    def translate(self, quote: str, language: str, wishes: Wishes) -> tuple[str, str]:
        """Return the name of the language model that a person chose, and what it makes of a quote.

        Raises:
            LimitError: the person asks too much.
            ModelError: no model is chosen, or it fails.
        """
        model = self._library.chain.model(wishes)
        if model is None:
            raise ModelError("no language model is chosen", hint="choose one in the settings")
        with self._place(), self._desk.work():
            return model.name, translated(quote, language, model)

    @contextmanager
    def _visit(self) -> Iterator[_Visit]:
        """Hold a place at the desk for one question; count and log what comes of it."""
        visit, began, metrics = _Visit(), time.monotonic(), self._desk.metrics
        try:
            with self._place(), self._desk.work(), metrics.answering.track_inprogress():
                yield visit
        except BaseException as error:
            if visit.answer is None:
                outcome = _outcome(error)
                metrics.failed(error, outcome)
                self._log(outcome, began, error=type(error).__name__)
                raise
            if not isinstance(error, GeneratorExit):
                raise
        if visit.answer is not None:
            outcome = metrics.answered(visit.answer, time.monotonic() - began)
            self._log(outcome, began, model=visit.answer.model, citations=len(visit.answer.citations))

    def _log(self, outcome: str, began: float, **more: object) -> None:
        seconds = round(time.monotonic() - began, 3)
        about = {"outcome": outcome, "person": self._caller.person.name or None, "seconds": seconds}
        _LOG.info("question", extra=about | more)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._desk.closing.is_set():
            raise _closed()
        key = self._caller.key
        with nullcontext() if key is None else self._desk.quota.question(key):
            yield


def _outcome(error: BaseException) -> str:
    if isinstance(error, GeneratorExit):
        return "stopped"
    return "refused" if isinstance(error, LimitError) else "failed"


def _closed() -> LimitError:
    return LimitError("this page is being closed", hint="ask again in a minute")
