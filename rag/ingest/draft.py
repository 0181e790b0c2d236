"""What a format's reader hands over: the text of one article and what its file says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """Text and whatever its file says about it, before canonical form and guesses."""

    text: str
    fields: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    scraped: bool = True  # it may hold lines of a page; False where a person wrote the file as an article
    repeated: frozenset[str] = frozenset()  # lines that other articles of its publisher have too
    part: str = ""  # which part of its file it is, where that holds more than one article
