"""Canonical text → exact spans of its sentences, line by line.

The rules are sentencex's (Wikimedia's segmenter); what it cuts wrongly in German news (ordinals such as
"7. Dezember" and "21. Jahreskonferenz", initials such as "W. Putin", "3 p.m. Tuesday") is joined again here,
and cut where it never does: before a number, behind "94.000." and behind "in the U.S." before "He".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rag.calendar import MONTHS, SHORT_MONTHS, either
from rag.schema import Span

_LINE: Final = re.compile(r"[^\n]+")
# An ordinal ends the left side when an article, a preposition or a weekday leads up to it …
_ORDINAL: Final = re.compile(
    r"(?:\b(?:(?i:der|die|das|dem|den|des|am|im|vom|zum|zur|beim|bis|ab|seit|ihr\w*|sein\w*|unser\w*|jede\w*)"
    r"|[A-ZÄÖÜ]\w+tags?,?|und|oder|–|-|\d{1,2}\.)\s*)(?<![.,])\(?\d{1,3}\.$"
)
_NUMBER_POINT: Final = re.compile(r"(?:^|[\s(])\d{1,2}\.$")
_MONTH: Final = re.compile(rf"(?:{either((*MONTHS['de'], *SHORT_MONTHS['de']))})\b")
_INITIAL: Final = re.compile(r"(?:^|[\s(„“\"'.])[A-ZÄÖÜ]\.$")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(„“\"'-])(?:Dr|Prof|Hr|Hrn|Fr|St|Nr|No|Art|Abs|Mio|Mrd|Tsd|ca|bzw|inkl|exkl|evtl|vgl|sog|geb"
    r"|gest|Ziff|Aufl|Ing|Maj|Adm|approx|etc|usw|Mr|Mrs|Ms|Gen|Sen|Rep|Gov|Lt|Col|Sgt|vs|Inc|Ltd|Co|Corp|z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?e"
    r"|e\.\s?g|Jan|Feb|Aug|Sept|Oct|Nov|Dec|Dez|Okt)\.$"
)
# A full stop behind a word of four letters or more, and a number: "… wurde gestoppt. 21 Räte stimmten zu."
_NUMBER_FOLLOWS: Final = re.compile(r"""(?<![^\W\d_])[^\W\d_]{4,}[.!?…]["'“”‘’»«)\]]*\s+(?=\d)""")
# No ordinal has a point or a comma in it, and after "in the U.S." or "etc." these begin a sentence.
_SURE: Final = re.compile(
    r"""(?:\d[.,]\d{3}|\d,\d+|\betc|\busw)[.!?…]["'“”‘’»«)\]]*\s+(?=["'„“»«(]?[A-ZÄÖÜ])"""
    r"|\bU\.(?:S|K|N|S\.A)\.\s+(?=(?:The|He|She|It|They|We|But|In|On|At|This|That|These|His|Her|Its|Their)\s)"
)
_STREET: Final = re.compile(r"[a-zäöüß]str\.$")
_CLOCK: Final = re.compile(r"\b[ap]\.m\.$")
_ON_THE_CLOCK: Final = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Eastern|Pacific|Central|[CEMP][SD]?T|GMT|UTC|BST|CEST)\b"
)
_LOWER: Final = re.compile(r"[a-zäöüß]")
_SENTENCE_END: Final = re.compile(r"(?:etc|usw|Inc|Ltd|Co|Corp)\.$")


def sentences(text: str, language: str) -> list[Span]:
    """Return the spans of all sentences of `text`, in order, without the white space around them.

    A line break always ends a sentence. The spans are disjoint and cover everything but white space.
    """
    return [span for line in _LINE.finditer(text) for span in _line(line.group(), line.start(), language)]


def _line(line: str, offset: int, language: str) -> Iterator[Span]:
    start = 0
    sure = {match.end() for match in _SURE.finditer(line)} | {len(line)}
    for end in sorted(sure.union(_boundaries(line, language))):
        if end not in sure and not _is_boundary(line, start, end, language):
            continue
        piece = line[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if right > left:
            yield Span(offset + left, offset + right)
        start = end


def _boundaries(line: str, language: str) -> list[int]:
    """Return the offsets inside `line` at which a new sentence may start."""
    ends, position = [], 0
    for piece in _segmented(line, language):
        position += len(piece)
        ends.append(position)
    ends += [match.end() for match in _NUMBER_FOLLOWS.finditer(line)]
    return sorted({end for end in ends if end < len(line)})


def _segmented(line: str, language: str) -> list[str]:
    """Return the pieces that sentencex cuts a line into; where it panics, those of the line in ASCII.

    It cuts some lines within a character that takes several bytes; Rust's panic is no `Exception`.
    """
    import sentencex

    try:
        return list(sentencex.segment(language, line))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
    plain = "".join(c if c.isascii() else "x" if c.isalnum() else " " for c in line)
    return list(sentencex.segment(language, plain))


def _is_boundary(line: str, start: int, end: int, language: str) -> bool:
    """Tell whether a sentence really ends at `end`, or sentencex took an abbreviation for its end."""
    left, right = line[start:end].rstrip(), line[end:].lstrip()
    if line[end] == "-" and not line[end - 1].isspace():  # "Dipl.-Ing."
        return False
    if _STREET.search(left) and right[:1].isdecimal():
        return False
    if _CLOCK.search(left) and _ON_THE_CLOCK.match(right):
        return False
    if _INITIAL.search(left) and not left.endswith("I."):
        return False
    if _ABBREVIATION.search(left) and not (_SENTENCE_END.search(left) and not _LOWER.match(right)):
        return False
    if language != "en" and _NUMBER_POINT.search(left) and _MONTH.match(right):
        return False
    if language != "en" and _ORDINAL.search(left):
        return False
    return not _LOWER.match(right)
