"""What a format's reader hands over: the text of one article and what its file says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """Text and whatever its file says about it, before canonical form and guesses.

    The text has an empty line between two paragraphs. Fields are `title`, `publisher`, `author`, `agency`,
    `url`, `language`, `published` and `updated`, and in a dump `id`: text (of several authors a list), a day
    as a date or as ISO text such as 2021-12-07. One that is missing or None is guessed where it can be.
    """

    text: str
    fields: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    scraped: bool = True  # it may hold lines of a page; False where a person wrote the file as an article
    links: frozenset[str] = frozenset()  # lines that are links and nothing else, where its format tells
    repeated: frozenset[str] = frozenset()  # lines that other articles of its publisher have too
    part: str = ""  # which part of its file it is, where that holds more than one article
