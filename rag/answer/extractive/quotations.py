"""Scored sentences → an answer made of quotations alone, for use without a language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from rag.answer.checks.differences import differences
from rag.answer.markers import defused, without
from rag.answer.texts import day, quoted, say
from rag.retrieve.lexical.analysis import analyse
from rag.schema import Citation, Sentence, Source, Span, Statement

QUOTES: Final = 3
_REPEATS: Final = 0.75  # share of common terms from which a sentence says nothing new; 0.6 loses answers
# Of the best score, a log-odds: what is 12 times less likely adds nothing. With 5 a fifth more was quoted,
# and the answer was among the quotations of the sample questions no more often.
_WITHIN: Final = 2.5
_UNCLEAR: Final = 0.5
_REFERRING: Final = re.compile(
    r"\W*(?:Er|Sie|Ihm|Ihr\w*|Das(?=\s[a-zäöü])|Dies\w*|Dort|Dabei|Dazu|Damit|Darauf|Davon|He|She|It|They|That|This|These"
    r"|Those)\b"
)
_ELSEWHERE: Final = 1.0  # log-odds by which a further quotation of an article already quoted must be better


def choose(sentences: Sequence[Sentence], quotes: int = QUOTES) -> list[Sentence]:
    """Return the best of sentences, best first, and up to `quotes - 1` that add something.

    Among those nearly as good the ones of articles not quoted yet come first, and those that say by
    themselves whom they speak of.
    """
    if not sentences:
        return []
    least = sentences[0].score - _WITHIN
    left = [one for one in sentences if one.score >= least]
    chosen: list[Sentence] = []
    while left and len(chosen) < quotes:
        seen = {one.source.id for one in chosen}
        clear = [one for one in left if not chosen or one.score - unclear(one) >= least]
        if not clear:
            break
        best = max(
            clear,
            key=lambda one: one.score - _ELSEWHERE * (one.source.id in seen) - unclear(one) * bool(seen),
        )
        chosen.append(best)
        left = [one for one in clear if one is not best and not _repeats(one, best)]
    return chosen


def unclear(one: Sentence) -> float:
    """Return what it takes from a sentence's score, a log-odds, to begin with a "he" that others explain."""
    return _UNCLEAR if _REFERRING.match(one.text) else 0.0


def compose(
    sentences: Sequence[Sentence], language: str
) -> tuple[str, tuple[Citation, ...], tuple[Statement, ...]]:
    """Return the answer's text, citations and statements: one quotation with its source a line."""
    citations, statements = [], []
    text = say("frame", language)
    for number, sentence in enumerate(sentences, start=1):
        marker = f"[{number}]"
        citations.append(Citation(marker, sentence.source, sentence.span, sentence.text, support=1.0))
        line = f"{_lead(sentence.source, language)}: {quoted(defused(sentence.text), language)} {marker}"
        start = len(text) + 2
        text += "\n\n" + line
        statements.append(Statement(Span(start, start + len(line)), (marker,)))
    return text, tuple(citations), tuple(statements)


def _lead(source: Source, language: str) -> str:
    about = f"{named(source, language)}, {day(source.published, language)}"
    foreign = {source.language, language} == {"de", "en"}
    return about + (say("in_other", language) if foreign else "")


def named(source: Source, language: str) -> str:
    """Return who published an article, as far as is known: the publisher, the site, or its headline."""
    site = urlsplit(source.url or "").hostname or ""
    headline = say("headed", language, title=quoted(without(source.title), language))
    return source.publisher or site.removeprefix("www.") or headline


@lru_cache(maxsize=1_000)
def _terms(text: str, language: str) -> frozenset[str]:
    return frozenset(analyse(text, language))


def _repeats(one: Sentence, other: Sentence) -> bool:
    """Tell whether a sentence says nothing new; another article's other figure for the same thing is new."""
    left, right = _terms(one.text, one.source.language), _terms(other.text, other.source.language)
    if not left or not right or len(left & right) / min(len(left), len(right)) < _REPEATS:
        return False
    pair = [Citation(mark, it.source, it.span, it.text, 1.0) for mark, it in (("[1]", one), ("[2]", other))]
    return not differences(pair)
