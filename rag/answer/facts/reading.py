"""Text → the figures and dates in it, and which of a statement's stand in none of the texts given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rag.answer.facts.figures import LOOSE, Figure, figures, is_of_kind, is_same, summed
from rag.answer.facts.moments import Moment, fits, resolved, take_moments
from rag.calendar import LANGUAGES


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures and dates of a text, in order."""

    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]


@lru_cache(maxsize=4096)
def read(text: str, language: str) -> Facts:
    """Return the figures and dates of a text; one in neither German nor English is read as English."""
    moments, rest = take_moments(text)
    return Facts(figures(rest, language if language in LANGUAGES else "en"), tuple(moments))


def missing_figures(claimed: Facts, given: Sequence[Facts]) -> list[str]:
    """Return those figures of a statement that stand in none of the texts given, as written."""
    told = [figure for facts in given for figure in (*facts.figures, *summed(facts.figures))]
    years = [m.year for facts in given for m in facts.moments if m.year]
    return [
        one.text
        for one in claimed.figures
        if not any(is_same(one, other) for other in told)
        and not (not one.unit and one.value in years)
        and not (one.unit in LOOSE and not any(is_of_kind(one, other) for other in told))
    ]


def missing_moments(claimed: Facts, given: Sequence[tuple[Facts, date | None]]) -> list[str]:
    """Return those dates of a statement that the texts given do not hold, as written.

    Each text comes with the day its article was published: what weekdays, "yesterday" and dates without a
    year are counted from, and the date of a text that names none.
    """
    held = [moment for facts, published in given for moment in resolved(facts.moments, published)]
    numbers = [figure.value for facts, _ in given for figure in facts.figures]
    return [
        one.text
        for one in claimed.moments
        if not any(fits(one, other) for other in held) and not (one.year in numbers and one.month is None)
    ]
