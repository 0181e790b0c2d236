"""A language model's stream → its reply's text: thoughts left out, counted, asked again if it helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final

from langchain_core.messages import AIMessageChunk, BaseMessage
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from rag.answer.failures import may_pass, wait_s
from rag.schema import Usage

_ATTEMPTS: Final = 3
_BACKOFF_S: Final = 0.5  # doubled with each attempt, unless the server says how long to wait
_LONGEST_WAIT_S: Final = 20.0
_TAGS: Final = (
    ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"),
    ("[THINK]", "[/THINK]"), ("◁think▷", "◁/think▷"),
)  # fmt: skip
_OPENING: Final = dict(_TAGS)
_ANY: Final = re.compile("|".join(re.escape(tag) for pair in _TAGS for tag in pair))
_LONGEST: Final = max(len(tag) for pair in _TAGS for tag in pair)
_CUT: Final = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_MOST_CHARS: Final = 12_000  # of a reply; what is longer runs in a circle
_MOST_READ: Final = 200_000  # characters of a stream, thoughts and what a server counts beside included
_EMPTY_CHARS: Final = 20  # a chunk without text counts as so many


class Reply:
    """Reads one reply; `cut_off`, `usage` and `silent` tell about it once it is read."""

    def __init__(self, ask: Callable[[], Iterator[BaseMessage]]) -> None:
        """Take a function that asks the model and returns its stream of chunks."""
        self._ask = ask
        self._tokens: dict[str, int] = {}
        self.cut_off = False
        self.thought = False

    def pieces(self) -> Iterator[str | None]:
        """Yield the text as it comes, None where all that came so far was thinking.

        Raises:
            Exception: whatever the provider's client raises, after what may pass was tried again.
        """
        written = 0
        for piece in _spoken(self._texts()):
            if piece is None:
                self.thought = True
            yield piece
            written += len(piece or "")
            if written > _MOST_CHARS:
                self.cut_off = True
                return

    def usage(self, price_in: float | None, price_out: float | None) -> Usage | None:
        """Return what the server counted, with its cost at prices in US dollars for a million tokens."""
        if not self._tokens:
            return None
        read, wrote = self._tokens.get("input_tokens", 0), self._tokens.get("output_tokens", 0)
        cost = None
        if price_in is not None and price_out is not None:
            cost = (read * price_in + wrote * price_out) / 1e6
        return Usage(read, wrote, cost)

    def _texts(self) -> Iterator[str]:
        read = 0
        for message in _started(self._ask):
            self._note(message)
            text = str(message.text)
            if text:
                yield text
            read += len(text) or _EMPTY_CHARS
            if read > _MOST_READ:
                self.cut_off = True
                return

    def _note(self, message: BaseMessage) -> None:
        about: dict[str, Any] = message.response_metadata
        ended = {str(about.get(name)) for name in ("finish_reason", "done_reason", "stop_reason")}
        self.cut_off = self.cut_off or bool(ended & _CUT)
        counted = message.usage_metadata if isinstance(message, AIMessageChunk) else None
        for name in ("input_tokens", "output_tokens") if counted else ():
            self._tokens[name] = self._tokens.get(name, 0) + int(counted[name])  # type: ignore[index]


def _started(ask: Callable[[], Iterator[BaseMessage]]) -> Iterator[BaseMessage]:
    """Return a stream whose first chunk has arrived, asking again after errors that may pass."""

    def start() -> Iterator[BaseMessage]:
        stream = ask()
        first = next(stream, None)
        return iter(()) if first is None else chain([first], stream)

    retrying = Retrying(
        retry=retry_if_exception(may_pass), stop=stop_after_attempt(_ATTEMPTS), wait=_wait, reraise=True
    )
    return retrying(start)


def _wait(state: RetryCallState) -> float:
    """Return how long to wait: as the server asks, else twice as long with each attempt."""
    error = state.outcome.exception() if state.outcome else None
    asked = wait_s(error) if error is not None else None
    return min(_LONGEST_WAIT_S, asked if asked is not None else _BACKOFF_S * 2 ** (state.attempt_number - 1))


def _spoken(texts: Iterator[str]) -> Iterator[str | None]:
    """Drop a reasoning model's thoughts between their tags.

    Some templates put the opening tag into the prompt: a closing one alone ends thoughts that were taken
    for the reply, which None tells.
    """
    held, closing, begun = "", "", False
    for text in texts:
        held += text
        while match := _ANY.search(held):
            tag, before, held = match.group(), held[: match.start()], held[match.end() :]
            if closing:
                closing = "" if tag == closing else closing
            elif tag in _OPENING:
                if before.strip():
                    begun = True
                    yield before
                closing = _OPENING[tag]
            else:
                begun = False
                yield None
        if closing:
            held = held[-_LONGEST:]
            continue
        held = held if begun else held.lstrip()
        ready = len(held) - _beginning(held)
        if ready:
            begun = True
            yield held[:ready]
            held = held[ready:]
    if held.strip() and not closing:
        yield held


def _beginning(text: str) -> int:
    """Return how many characters at the end may be the beginning of a tag."""
    for length in range(min(_LONGEST - 1, len(text)), 0, -1):
        tail = text[-length:]
        if any(tag.startswith(tail) for pair in _TAGS for tag in pair):
            return length
    return 0
