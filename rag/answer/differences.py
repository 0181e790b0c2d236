"""Cited sentences → where two articles give different figures for what seems the same thing.

The rule is simple and says little: the figures count the same noun in the same unit, cannot be the same
number rounded, and the sentences share further words. Which of them is right, or whether both are, of
different days, is left to the reader, who is shown the dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from rag.answer.facts import Facts, Figure, missing_figures, read
from rag.retrieve.analysis import analyse
from rag.schema import Citation

_SHARED: Final = 2  # terms besides the noun that both sentences must have
_NEXT_WORD: Final = re.compile(r"[\s\-–]+([^\W\d_]{3,})")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two citations of different articles, the earlier first, and the figures in which they differ."""

    earlier: Citation
    later: Citation
    before: str  # as written, with what is counted
    after: str


def differences(citations: Sequence[Citation]) -> list[Difference]:
    """Return the differences between cited sentences of the same language, in the order of their markers."""
    found = []
    for one, other in combinations(citations, 2):
        if one.source.id == other.source.id or one.source.language != other.source.language:
            continue
        earlier, later = sorted((one, other), key=lambda c: (c.source.published or date.max, c.marker))
        found += [Difference(earlier, later, *texts) for texts in _differing(earlier, later)]
    return found


def _differing(one: Citation, other: Citation) -> Iterator[tuple[str, str]]:
    language = one.source.language
    shared = set(analyse(one.quote, language)) & set(analyse(other.quote, language))
    words = {term for term in shared if not any(character.isdigit() for character in term)}
    theirs = dict(_counted(other))
    for (noun, unit), (figure, text) in _counted(one):
        if (noun, unit) not in theirs or len(words - {noun}) < _SHARED:
            continue
        against, written = theirs[noun, unit]
        left, right = Facts((figure,), ()), Facts((against,), ())
        if missing_figures(left, [right]) and missing_figures(right, [left]):
            yield text, written


def _counted(citation: Citation) -> Iterator[tuple[tuple[str, str], tuple[Figure, str]]]:
    """Yield what a sentence counts: noun and unit, the figure, and both as written."""
    quote, language = citation.quote, citation.source.language
    at = 0
    for figure in read(quote, language).figures:
        start = quote.find(figure.text, at)
        if start < 0:
            continue
        at = start + len(figure.text)
        word = _NEXT_WORD.match(quote, at)
        terms = analyse(word[1], language) if word else []
        if word and terms:
            yield (terms[0], figure.unit), (figure, quote[start : word.end()])
