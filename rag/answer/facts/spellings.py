"""Spellings of a name or a text → whether they are one: in German and English, with and without endings."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from rag.retrieve.lexical.analysis import fold

_SPELLINGS: Final = (
    ("tsch", "ch"), ("lts", "ls"), ("sch", "sh"), ("kh", "ch"), ("w", "v"), ("z", "s"), ("j", "y"),
)  # fmt: skip
_ALIKE: Final = 0.85  # difflib's ratio from which two spellings are one name
_FIRST_ALIKE: Final = 0.58  # and two first names: Wolodymyr and Vladimir, but not Hillary and Bill


@lru_cache(maxsize=50_000)
def bare(word: str) -> str:
    """Return a word folded, without a genitive's ending after an apostrophe."""
    return fold(re.sub(r"['’].*", "", word).lower())


def level(text: str) -> str:
    """Return a text for comparing: its words in lower case, a single blank in place of all between them."""
    return re.sub(r"\W+", " ", text.casefold()).strip()


def alike(one: str, other: str) -> bool:
    """Tell whether two folded spellings are one name, with or without a German genitive's s."""
    if _transliterated(one.rstrip("s")) == _transliterated(other.rstrip("s")):
        return True
    if one[:1] != other[:1]:
        return False
    compared = SequenceMatcher(None, one, other)  # the quick ratios are upper bounds of the ratio
    ratios = compared.real_quick_ratio, compared.quick_ratio, compared.ratio
    return all(ratio() >= _ALIKE for ratio in ratios)


def may_be_first(one: str, other: str) -> bool:
    """Tell whether two folded first names may be forms of one: Sergej and Sergey, Mike and Michael."""
    left, right = _transliterated(one), _transliterated(other)
    return left[:2] == right[:2] or resembles(left, right)


def resembles(one: str, other: str) -> bool:
    """Tell whether two folded words are as near as first names, or one word in two languages, may be."""
    return SequenceMatcher(None, one, other).ratio() >= _FIRST_ALIKE


def is_misspelt(one: str, other: str) -> bool:
    """Tell whether words of one language differ in letters, and not by an ending: Petersen and Peterson."""
    return len(one) == len(other) and _transliterated(one) != _transliterated(other)


def as_heard(name: str) -> str:
    """Return one spelling for a last name, however it is heard: Peskow, Peschkow and Peskov.

    Coarser than `alike`: two people who become one lose a suggestion, no statement its support.

    >>> as_heard("Peschkow") == as_heard("Peskov"), as_heard("Selenskyj") == as_heard("Zelensky")
    (True, True)
    """
    heard = _transliterated(bare(name)).replace("sh", "s").replace("y", "i")
    return re.sub(r"(.)\1", r"\1", heard)


@lru_cache(maxsize=20_000)
def _transliterated(word: str) -> str:
    """Return one spelling for what German and English make of a Slavic name: Charkiw and Kharkiv."""
    for spelling, common in _SPELLINGS:
        word = word.replace(spelling, common)
    return word
