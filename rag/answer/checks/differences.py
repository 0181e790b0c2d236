"""Cited sentences → where articles give different figures for the same thing.

What is told must be right, for a false alarm costs more trust than a silence. Figures are compared where they
count the same noun in the same unit, in German and English alike, cannot be the same number rounded, and the
sentences share further words that say what is counted, and name neither different places nor different days.
Which of them is right, or whether both are, is left to the reader, who is shown the dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from rag.answer.checks.corrections import corrections
from rag.answer.facts.figures import Figure
from rag.answer.facts.moments import Moment, readings
from rag.answer.facts.names import names
from rag.answer.facts.naming import Naming
from rag.answer.facts.reading import Facts, missing_figures, read
from rag.answer.markers import number
from rag.retrieve.lexical.analysis import tokens
from rag.retrieve.lexical.lexicon import Lexicon, bundled
from rag.retrieve.lexical.terms import term_set
from rag.schema import Citation

_SHARED: Final = 2  # terms besides the noun that both sentences must have
_PHRASE: Final = re.compile(r"[\s\-–]+((?:[^\W\d_]+[\s\-–]+){0,2}[^\W\d_]{3,})")
_WORDS: Final = re.compile(r"[^\W\d_]+")
# Words that make a figure another one: at least, a change, a part.
_BOUNDS: Final = re.compile(
    r"\b(?:bis zu|höchstens|maximal|mindestens|weniger als|mehr als|über|unter|zwischen|weitere[nr]?|davon|um"
    r"|zusätzlich\w*|up to|at most|at least|less than|more than|over|under|between|another|additional|further"
    r"|by)\s+(?:\w+\s)?$",
    re.IGNORECASE,
)
# And words that are numbered: "Tag 5 der Beratung" counts no days.
_NUMBERED: Final = re.compile(
    r"\b(?:tag|woche|jahr|nummer|nr\.|punkt|seite|platz|rang|artikels?|absatz|kapitel|paragraf|runde|phase|stufe|gleis"
    r"|linie|kanal|block|zone|halle|teil|klasse|gruppe|version|day|week|year|number|no\.|point|page|article|chapter"
    r"|section|round|level|line|route|channel|part|group)\s+$",
    re.IGNORECASE,
)
_WHERE: Final = re.compile(
    r"\b(?:in|im|an|am|aus|bei|nach|von|vor|zu[mr]?|near|of|from|at|with)\s(?:de[rmn]\s|the\s)?([A-ZÄÖÜ][\w-]+)"
)
_MEASURES: Final = frozenset("eur usd gbp rub hour minute day week month year km mile ton".split())


@dataclass(frozen=True, slots=True)
class Given:
    """A figure as written, with what it counts, and the citations that give it, the earliest first."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The figures that cited articles give for one thing, two at least, the earliest article's first."""

    figures: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a sentence counts: the figure and its noun ("" for a measure), and both as written."""

    citation: Citation
    figure: Figure
    noun: str
    text: str


def differences(citations: Sequence[Citation]) -> list[Difference]:
    """Return in what cited sentences of different articles differ, each thing once.

    Figures belong together where each differs from each other one, or is the same number.
    """
    lexicon = bundled()
    pairs = [
        pair
        for one, other in combinations(sorted(citations, key=_appeared), 2)
        if one.source.id != other.source.id and not _elsewhere(one, other, lexicon)
        for pair in _differing(one, other, lexicon)
    ]
    groups: list[list[_Counted]] = []
    for pair in pairs:
        for group in groups:
            new = [one for one in pair if one not in group]
            if len(new) < len(pair) and all(_compare(one, other, pairs) for one in new for other in group):
                group += new
                break
        else:
            groups.append(list(pair))
    return [_told(group) for group in groups]


def unexplained(citations: Sequence[Citation]) -> list[Difference]:
    """Return the differences without the figures that a cited correction puts right."""
    corrected = [
        (one.by.source.id, one.corrected.source.id) for one in corrections(citations) if one.corrected
    ]
    left = []
    for one in differences(citations):
        articles = [{cited.source.id for cited in given.citations} for given in one.figures]
        wrong = {wrong for by, wrong in corrected if any(by in some for some in articles)}
        figures = tuple(given for given, some in zip(one.figures, articles, strict=True) if not some <= wrong)
        if len(figures) > 1:
            left.append(Difference(figures))
    return left


def _appeared(citation: Citation) -> tuple[date, int]:
    return citation.source.published or date.max, number(citation.marker)


def _compare(one: _Counted, other: _Counted, pairs: Sequence[tuple[_Counted, _Counted]]) -> bool:
    """Tell whether two figures are known to differ, or are the same number."""
    return (one, other) in pairs or (other, one) in pairs or _is_same(one.figure, other.figure)


def _is_same(one: Figure, other: Figure) -> bool:
    left, right = Facts((one,), ()), Facts((other,), ())
    return not missing_figures(left, [right]) or not missing_figures(right, [left])


def _told(group: Sequence[_Counted]) -> Difference:
    """Return the figures of a group by the days of their articles, those of one value together."""
    given: dict[float, list[_Counted]] = {}
    for one in sorted(group, key=lambda one: _appeared(one.citation)):
        given.setdefault(one.figure.value, []).append(one)
    return Difference(
        tuple(Given(some[0].text, tuple(one.citation for one in some)) for some in given.values())
    )


def _differing(one: Citation, other: Citation, lexicon: Lexicon) -> Iterator[tuple[_Counted, _Counted]]:
    """Yield the figures of two sentences that cannot be the same number of the same thing."""
    for mine in _counted(one):
        for theirs in _counted(other):
            if mine.figure.unit != theirs.figure.unit or not _same(
                mine.noun, one, theirs.noun, other, lexicon
            ):
                continue
            shared = _shared(one, other, lexicon, {mine.noun, theirs.noun} - {""})
            if not _is_same(mine.figure, theirs.figure) and len(shared) >= _SHARED + (not mine.noun):
                yield mine, theirs
            break


def _counted(citation: Citation) -> Iterator[_Counted]:
    """Yield what a sentence counts; bounds are left out."""
    quote, language = citation.quote, citation.source.language
    at = 0
    for figure in read(quote, language).figures:
        start = quote.find(figure.text, at)
        if start < 0 or figure.unit == "clock":
            continue
        at = start + len(figure.text)
        behind = _PHRASE.match(quote, at)
        noun = _noun(behind[1], language) if behind else None
        if _BOUNDS.search(quote[:start]) or _NUMBERED.search(quote[:start]):
            continue
        if figure.unit in _MEASURES:
            yield _Counted(citation, figure, "", figure.text)
        elif noun and behind:
            end = behind.start(1) + behind[1].find(noun) + len(noun)
            yield _Counted(citation, figure, noun, quote[start:end])


def _noun(phrase: str, language: str) -> str | None:
    """Return the noun that a figure counts: in German the first capitalised, in English the first plural."""
    words = _WORDS.findall(phrase)
    if language == "de":
        return next((word for word in words if word[0].isupper() and len(word) > 2), None)
    plural = [
        word
        for word in words
        if (word.islower() and word.endswith("s")) or word in ("people", "men", "women")
    ]
    return plural[0] if plural else None


def _same(noun: str, one: Citation, theirs: str, other: Citation, lexicon: Lexicon) -> bool:
    """Tell whether two nouns are one, or each other's translation; measures have none."""
    if not noun or not theirs:
        return noun == theirs
    return bool(_terms(noun, one, other, lexicon) & _terms(theirs, other, other, lexicon))


def _terms(text: str, one: Citation, other: Citation, lexicon: Lexicon) -> set[str]:
    """Return the terms of a text of `one`'s language in the language of `other`."""
    language, wanted = one.source.language, other.source.language
    found: set[str] = set()
    for lowered, term in tokens(text, language):
        if any(character.isdigit() for character in term):
            continue
        if language == wanted:
            found.add(term)
            continue
        same = next((each for _, each in tokens(lowered, wanted)), lowered)
        found |= lexicon.likely(term, same, language)
    return found


def _shared(one: Citation, other: Citation, lexicon: Lexicon, nouns: set[str]) -> set[str]:
    """Return the terms that both sentences have besides the nouns, in the language of the other."""
    without = r"\b(?:" + "|".join(map(re.escape, nouns)) + r")\b" if nouns else r"(?!)"
    left = _terms(re.sub(without, "", one.quote), one, other, lexicon)
    right = term_set(re.sub(without, "", other.quote), other.source.language, lexicon)
    return left & right


def _elsewhere(one: Citation, other: Citation, lexicon: Lexicon) -> bool:
    """Tell whether two sentences speak of different days, of different places, or of nobody in common."""
    mine, theirs = (
        [reading for moment in read(each.quote, each.source.language).moments for reading in readings(moment)]
        for each in (one, other)
    )
    if mine and theirs and not any(_may_be(left, right) for left in mine for right in theirs):
        return True
    if _only_there(one, other, lexicon) and _only_there(other, one, lexicon):
        return True
    named = names(one.quote, one.source.language, lexicon)
    if not named or not names(other.quote, other.source.language, lexicon):
        return False
    naming = Naming(other.quote, other.source.language, lexicon)
    return not any(naming.holds(name, one.source.language) for name in named)


def _only_there(one: Citation, other: Citation, lexicon: Lexicon) -> bool:
    """Tell whether a sentence says of a where that the other does not have."""
    terms = term_set(other.quote, other.source.language, lexicon)
    places = (found[1] for found in _WHERE.finditer(one.quote))
    return any(not _terms(place, one, other, lexicon) & terms for place in places)


def _may_be(one: Moment, other: Moment) -> bool:
    """Tell whether two dates, as far as each is given, may be the same day."""
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(left is None or right is None or left == right for left, right in parts)
