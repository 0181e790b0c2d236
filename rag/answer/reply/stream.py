"""A language model's stream → its reply's text: thoughts left out, counted, asked again if it helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final

from langchain_core.messages import AIMessageChunk, BaseMessage
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from rag.answer.llm.failures import LONGEST_WAIT_S, may_pass, wait_s
from rag.schema import Usage

_ATTEMPTS: Final = 3
_BACKOFF_S: Final = 0.5  # doubled with each attempt, unless the server says how long to wait
# How models set off their thoughts, by the opening sign; what closes them is found in the second.
_THOUGHTS: Final = tuple(
    (re.compile(opening, re.IGNORECASE), closing)
    for opening, closing in (
        (
            r"<(think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think|antthinking)>",
            "</{}>",
        ),
        (r"\[(THINK)\]", "[/{}]"),
        ("◁(think)▷", "◁/{}▷"),
        (r"<\|begin_of_(thought)\|>", "<|end_of_{}|>"),
        (r"<\|START_(THINKING)\|>", "<|END_{}|>"),
        (r"<\|channel\|>(analysis|commentary)", "<|channel|>final"),
        ("<unused94>(thought)?", "<unused95>"),
    )
)
_CLOSING: Final = (
    r"</(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think|antthinking)>"
    r"|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<\|END_THINKING\|>|<\|channel\|>final|<unused95>"
)
# What chat templates leave in a reply: <|im_end|>, </s>, <answer> around it.
_NOISE: Final = (
    r"<\|(?:start|im_start|start_header_id)\|>(?:assistant)?|<\|[^<>|\s]{1,40}\|>"
    r"|</?(?:answer|response|final_answer|output|s)>|<(?:start_of_turn|end_of_turn|eos|bos)>"
)
_SIGN: Final = re.compile(
    "|".join(
        [
            *(f"(?:{pattern.pattern})" for pattern, _ in _THOUGHTS),
            f"(?P<closing>{_CLOSING})",
            f"(?P<noise>{_NOISE})",
        ]
    ),
    re.IGNORECASE,
)
_BEGINNING: Final = re.compile(
    r"(?:<\|(?:channel|(?:im_)?start|start_header_id)\|>\w{0,12}|<unused94>\w{0,8}|<[/|]?[\w:|]{0,40}|\[/?[A-Z]{0,6}|◁/?\w{0,6})$",
    re.IGNORECASE,
)
_CUT: Final = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_MOST_CHARS: Final = 12_000  # of a reply; what is longer runs in a circle
_MOST_READ: Final = 200_000  # characters of a stream, thoughts and what a server counts beside included
_EMPTY_CHARS: Final = 20  # a chunk without text counts as so many


class Reply:
    """Reads one reply; `cut_off` and `usage` tell about it once it is read."""

    def __init__(self, ask: Callable[[], Iterator[BaseMessage]], attempts: int = _ATTEMPTS) -> None:
        """Take a function that asks the model and returns its stream of chunks."""
        self._ask = ask
        self._attempts = attempts
        self._tokens: dict[str, int] = {}
        self.cut_off = False

    def pieces(self) -> Iterator[str | None]:
        """Yield the text as it comes, None where all that came so far was thinking.

        Raises:
            Exception: whatever the provider's client raises, after what may pass was tried again.
        """
        written = 0
        for piece in _spoken(self._texts()):
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
        for message in _started(self._ask, self._attempts):
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


def _started(ask: Callable[[], Iterator[BaseMessage]], attempts: int) -> Iterator[BaseMessage]:
    """Return a stream whose first chunk has arrived, asking again after errors that may pass."""

    def start() -> Iterator[BaseMessage]:
        stream = ask()
        first = next(stream, None)
        return iter(()) if first is None else chain([first], stream)

    retrying = Retrying(
        retry=retry_if_exception(may_pass), stop=stop_after_attempt(attempts), wait=_wait, reraise=True
    )
    return retrying(start)


def _wait(state: RetryCallState) -> float:
    """Return how long to wait: as the server asks, else twice as long with each attempt."""
    error = state.outcome.exception() if state.outcome else None
    asked = wait_s(error) if error is not None else None
    return min(LONGEST_WAIT_S, asked if asked is not None else _BACKOFF_S * 2 ** (state.attempt_number - 1))


def _spoken(texts: Iterator[str]) -> Iterator[str | None]:
    """Drop a reasoning model's thoughts between their signs, and what a chat template left.

    Some templates put the opening sign into the prompt: a closing one alone ends thoughts that were taken
    for the reply, which None tells.
    """
    held, closing, begun = "", "", False
    for text in chain(texts, (None,)):
        held += text or ""
        tail = _BEGINNING.search(held) if text is not None else None
        ready, held = (held[: tail.start()], held[tail.start() :]) if tail else (held, "")
        position = 0
        for match in _SIGN.finditer(ready):
            before, position = ready[position : match.start()], match.end()
            if not closing and before and (begun or before.strip()):
                yield before if begun else before.lstrip()
                begun = True
            if closing:
                closing = "" if match.group().lower() == closing else closing
            elif match["closing"]:
                begun = False
                yield None
            elif not match["noise"]:
                closing = _closed_by(match.group())
        rest = ready[position:] if begun else ready[position:].lstrip()
        if rest and not closing:
            begun = True
            yield rest


def _closed_by(sign: str) -> str:
    """Return what ends the thoughts that a sign begins, in lower case."""
    for pattern, closing in _THOUGHTS:
        if match := pattern.fullmatch(sign):
            return closing.format(match[1]).lower()
    raise AssertionError(f"{sign!r} begins no thoughts")
