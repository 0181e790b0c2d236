"""Cited sentences → where two articles give different figures for the same thing, or one corrects another.

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

from rag.answer.facts.figures import Figure
from rag.answer.facts.moments import Moment, readings
from rag.answer.facts.names import names
from rag.answer.facts.naming import Naming
from rag.answer.facts.reading import Facts, missing_figures, read
from rag.answer.markers import level, number
from rag.retrieve.lexical.analysis import tokens
from rag.retrieve.lexical.lexicon import Lexicon, bundled
from rag.retrieve.lexical.terms import term_set
from rag.schema import Citation, Source

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
_TITLE: Final = re.compile(
    r"^\W*(?:korrektur|berichtigung|richtigstellung|correction|corrigendum|erratum)\b", re.IGNORECASE
)
_NAMED: Final = re.compile(r"[„“”\"»«'‚‘]([^„“”\"»«]{12,200})[„“”\"»«'’‘]")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two citations of different articles, the earlier first, and the figures in which they differ."""

    earlier: Citation
    later: Citation
    before: str  # as written, with what is counted
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A cited article that corrects another; `corrected` is None where that is not cited."""

    by: Citation
    corrected: Citation | None


def differences(citations: Sequence[Citation]) -> list[Difference]:
    """Return the differences between cited sentences of different articles, in the order of their markers."""
    lexicon = bundled()
    found: list[Difference] = []
    for one, other in combinations(citations, 2):
        if one.source.id == other.source.id or _elsewhere(one, other, lexicon):
            continue
        earlier, later = sorted((one, other), key=lambda c: (c.source.published or date.max, _number(c)))
        found += [Difference(earlier, later, *texts) for texts in _differing(earlier, later, lexicon)]
    return found


def corrections(citations: Sequence[Citation]) -> list[Correction]:
    """Return the cited articles that call themselves a correction, each with what it corrects if cited.

    Another article is meant where the correction names its headline, or else where it is the only earlier one
    of the same publisher that is cited.
    """
    firsts = {one.source.id: one for one in reversed(citations)}
    correcting = [one for one in firsts.values() if _TITLE.match(one.source.title)]
    found = []
    for by in sorted(correcting, key=_number):
        others = [one for one in firsts.values() if one not in correcting]
        found.append(Correction(by, _meant(by, others, citations)))
    return found


def _number(citation: Citation) -> int:
    return number(citation.marker)


def _meant(by: Citation, others: Sequence[Citation], citations: Sequence[Citation]) -> Citation | None:
    quoted = " ".join(one.quote for one in citations if one.source.id == by.source.id)
    headlines = {level(name) for name in _NAMED.findall(quoted)}
    for one in others:
        if level(one.source.title) in headlines:
            return one
    earlier = [one for one in others if _precedes(one.source, by.source)]
    return earlier[0] if len(earlier) == 1 else None


def _precedes(one: Source, other: Source) -> bool:
    """Tell whether one article appeared no later than another of the same publisher."""
    if one.published is None or other.published is None or one.publisher != other.publisher:
        return False
    return one.publisher is not None and one.published <= other.published


def _differing(one: Citation, other: Citation, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Yield the figures of two sentences that cannot be the same number of the same thing, as written."""
    for figure, noun, written in _counted(one):
        for against, theirs, as_written in _counted(other):
            if figure.unit != against.unit or not _same(noun, one, theirs, other, lexicon):
                continue
            left, right = Facts((figure,), ()), Facts((against,), ())
            same = not missing_figures(left, [right]) or not missing_figures(right, [left])
            shared = _shared(one, other, lexicon, {noun, theirs} - {""})
            if not same and len(shared) >= _SHARED + (not noun):
                yield written, as_written
            break


def _counted(citation: Citation) -> Iterator[tuple[Figure, str, str]]:
    """Yield what a sentence counts: the figure, the noun, and both as written; bounds are left out."""
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
            yield figure, "", figure.text
        elif noun and behind:
            end = behind.start(1) + behind[1].find(noun) + len(noun)
            yield figure, noun, quote[start:end]


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
