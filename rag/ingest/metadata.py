"""What can be said of an article that does not say it itself: its headline and its date."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from typing import Final

_TERMINAL: Final = re.compile(r"[.!?…]['\"“”»«)]*$")
_HEAD_LINES: Final = 12
_TITLE_CHARS: Final = (15, 160)
_LEAD_CHARS: Final = 110
_WORD: Final = re.compile(r"\w{4,}")


def headline(text: str, fallback: str) -> str:
    """Return the article's headline: a line near its top whose words the text goes on to use.

    Share bars, login notices and section names stand above headlines in scraped pages, but the text
    does not come back to them. Where no line qualifies the lead sentence stands in, shortened.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return fallback
    if len(lines) == 1:
        return _shorten(lines[0])
    frequency = Counter(_WORD.findall(text.lower()))
    best, best_score = "", 1.5
    for line in lines[:_HEAD_LINES]:
        if _TITLE_CHARS[0] <= len(line) <= _TITLE_CHARS[1] and not re.search(r"[.…:,;]['\"“”»«)]*$", line):
            terms = set(_WORD.findall(line.lower()))
            score = sum(1.0 for term in terms if frequency[term] > 1) / max(len(terms), 3) * 4
            if score > best_score:
                best, best_score = line, score + 0.5  # a later line must be clearly better
        elif _TERMINAL.search(line) and len(line) > _TITLE_CHARS[1]:
            break  # the body has begun
    return best or _shorten(next((line for line in lines if _TERMINAL.search(line)), lines[0]))


def iso_date(value: object) -> date | None:
    """Return the day of an ISO date, a datetime or a date; None for None or an empty string.

    Raises:
        ValueError: anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return datetime.fromisoformat(value.strip()).date()
    raise ValueError(f"expected an ISO date such as 2021-12-07, got {value!r}")


def _shorten(line: str) -> str:
    if len(line) <= _LEAD_CHARS:
        return line
    return line[: line.rfind(" ", 0, _LEAD_CHARS)].rstrip(" ,;:–-") + " …"
