"""The desk that every question passes: it holds each person to a limit, and knows what is being answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from rag.access.limits import Quota
from rag.schema import Abstention, Answer, Filter, Hit, Wishes
from rag.ui.door.caller import Caller

if TYPE_CHECKING:
    from rag.library import Library


class Desk:
    """A library for many people at once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        chosen = library.settings
        self._quota = Quota(chosen.questions_a_minute, chosen.answers_at_once)

    def seat(self, caller: Caller) -> Seat:
        """Return the library as one person may use it."""
        return Seat(self._library, self._quota, caller)


class Seat:
    """What one person may ask of a library; `LimitError` says what is too much."""

    def __init__(self, library: Library, quota: Quota, caller: Caller) -> None:
        self._library = library
        self._quota = quota
        self._caller = caller

    def count(self) -> int:
        """Return the number of articles."""
        return self._library.count()

    def ask(self, question: str, filter: Filter | None = None) -> Answer | Abstention:
        """Answer a question as `Library.ask` does.

        Raises:
            LimitError: the person asks too much.
        """
        with self._place():
            return self._library.ask(question, filter=filter)

    def stream(
        self,
        question: str,
        previous: Sequence[str] = (),
        filter: Filter | None = None,
        wishes: Wishes | None = None,
    ) -> Iterator[Answer | Abstention]:
        """Yield growing answers as `Library.stream` does.

        Raises:
            LimitError: the person asks too much.
        """
        with self._place():
            yield from self._library.stream(question, previous, filter, wishes)

    def search(self, question: str, k: int) -> list[Hit]:
        """Find passages as `Library.search` does.

        Raises:
            LimitError: the person asks too much.
        """
        with self._place():
            return self._library.search(question, k)

    def _place(self) -> AbstractContextManager[None]:
        key = self._caller.key
        return nullcontext() if key is None else self._quota.question(key)
