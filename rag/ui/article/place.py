"""What the page asks to be shown of an article → where that stands in the article as it is now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from rag.schema import Span

_WORD: Final = re.compile(r"\S+")
_SEARCHED_CHARS: Final = 1_000_000  # at most, for what has moved: a sentence takes a quarter of a second
_LONGEST_CHARS: Final = 4_000  # longer spans are not looked for: each place tried costs their length


@dataclass(frozen=True, slots=True)
class Place:
    """What the page asks for: an article, and in it the quote, the passage around, the middle of the view.

    `check` is the checksum of the quote, or of the passage where there is no quote, "" where it is not known;
    `step` says that the person goes on reading a long article at the middle.
    """

    article: str
    quote: Span | None = None
    passage: Span | None = None
    middle: int = 0
    check: str = ""
    step: bool = False


def place(asked: object) -> Place:
    """Read what the browser sent; numbers that make no span are left out.

    Raises:
        ValueError: it names no article.
    """
    if not isinstance(asked, Mapping) or not isinstance(asked.get("article"), str):
        raise ValueError(f"an article's id is needed, got {type(asked).__name__}")
    quote = _span(asked, "start", "end")
    passage = _span(asked, "from", "to")
    first = quote or passage
    check, middle = asked.get("check"), _number(asked.get("middle"))
    step = middle is not None
    if middle is None:
        middle = first.start if first else 0
    return Place(asked["article"], quote, passage, middle, check if isinstance(check, str) else "", step)


def checksum(quote: str) -> str:
    """Return by what a quote or a passage is known again where its article was changed since."""
    return sha256(quote.encode(errors="replace")).hexdigest()[:8]


def as_now(where: Place, text: str) -> tuple[Place, bool]:
    """Return a place in a text as it is now, and whether what was asked for still stands there.

    A quote, or a passage that was read, is looked for where it stood, then wherever it stands since; one that
    is gone is not replaced by what happens to stand in its place.
    """
    asked = where.quote or where.passage
    if asked is None:
        return where, True
    if not where.check:
        stands = asked.end <= len(text)
        return where if stands else replace(where, quote=None, passage=None), stands
    if checksum(text[asked.start : asked.end]) == where.check:
        return where, True
    moved = _moved(asked, where.check, text)
    middle = moved.start if moved and where.middle == asked.start else where.middle
    quote, passage = (moved, None) if where.quote else (None, moved)
    return replace(where, quote=quote, passage=passage, middle=middle), moved is not None


def _moved(asked: Span, check: str, text: str) -> Span | None:
    chars = asked.end - asked.start
    if chars > _LONGEST_CHARS:
        return None
    for word in _WORD.finditer(text, 0, _SEARCHED_CHARS):
        if checksum(text[word.start() : word.start() + chars]) == check:
            return Span(word.start(), word.start() + chars)
    return None


def _span(asked: Mapping[str, Any], first: str, last: str) -> Span | None:
    start, end = _number(asked.get(first)), _number(asked.get(last))
    return Span(start, end) if start is not None and end is not None and start < end else None


def _number(value: object) -> int | None:
    """Return a whole number from 0, sent as such or as digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
