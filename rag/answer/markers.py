"""The markers of an answer, [1] to [99]: what they look like, and a text without them. [2024] is a year."""

from __future__ import annotations

import re
from typing import Final

PATTERN: Final = r"\[\d{1,2}\]"
MARKER: Final = re.compile(PATTERN)
_WITH_SPACE: Final = re.compile(rf"\s*{PATTERN}")


def number(marker: str) -> int:
    """Return the number of a marker: 2 of "[2]"."""
    return int(marker.strip("[]"))


def without(text: str) -> str:
    """Return a text without its markers and the blanks before them."""
    return _WITH_SPACE.sub("", text)


def defused(text: str) -> str:
    """Return a text without markers of an answer: (2) for [2], by which encyclopedias name their notes."""
    return MARKER.sub(lambda found: f"({number(found.group())})", text)
