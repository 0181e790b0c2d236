"""Text → the dates in it, as far as they are given, and which of them say the same.

A statement and its sentence are held against each other, in both languages at once, so every date counts, and
half of one. Which times a question is about is another matter (`retrieve.mentions`): what leads up to a word
decides there, and seasons, quarters and "the last three weeks" are days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Final

from rag.calendar import ANY_MONTH, ANY_WEEKDAY, either

_RELATIVE: Final = {
    "heute": 0, "today": 0, "gestern": -1, "yesterday": -1, "vorgestern": -2, "tomorrow": 1, "übermorgen": 2,
}  # fmt: skip

DATE_WORDS: Final = frozenset({*ANY_MONTH, *ANY_WEEKDAY, *_RELATIVE})  # lower-case

_MONTH: Final = f"(?P<month>{either(name.capitalize() for name in ANY_MONTH)})"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b",
        rf"(?<![\d.,])(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.(?:\s?{_YEAR})?(?![\d])",
        rf"(?<![\d/])(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}(?![\d/])",
        rf"(?<![\d.,])(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b\.?(?:,?\s+{_YEAR}\b)?",
        rf"\b{_MONTH}\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.,]\d|\d)(?:,?\s+{_YEAR}\b)?",
        rf"\b{_MONTH}\b\.?,?\s+(?:of\s+)?{_YEAR}\b",
        r"(?<!\S)(?:(?i:in|of|since|until|by|last|next|early|late|mid)[\s-]+)(?P<month>May|March)\b",
        rf"\b(?!May\b|March\b|Mar\b|Jan\b|Jun\b){_MONTH}\b",
        rf"(?<![\w.,$€£-]){_YEAR}(?![\d%€]|[.,]\d|\s*(?:%|€|Euro|Dollar|Prozent|percent))\b",
    )
)
_DAY_WORD: Final = re.compile(
    r"\b(?:(?P<weekday>"
    + either(ANY_WEEKDAY)
    + r")(?:s|abend|morgen|nachmittag|mittag|nacht|vormittag|früh)?"
    r"|(?P<relative>" + "|".join(_RELATIVE) + r"))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is given: any of year, month, day; or a weekday; or days from today."""

    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # Monday is 0
    offset: int | None = None  # "yesterday" is -1
    swaps: bool = False  # 03/05/2022: month and day may be the other way round


def take_moments(text: str) -> tuple[list[Moment], str]:
    """Return the dates of a text, and the text with blanks in place of those that have figures."""
    found: list[tuple[int, Moment]] = []
    for pattern in _DATES:
        for match in list(pattern.finditer(text)):
            moment = _moment(match)
            if moment is not None:
                found.append((match.start(), moment))
                text = blanked(text, match)
    for match in _DAY_WORD.finditer(text):
        if match["relative"]:
            moment = Moment(match.group(), offset=_RELATIVE[match["relative"].lower()])
        else:
            moment = Moment(match.group(), weekday=ANY_WEEKDAY[match["weekday"].lower()])
        found.append((match.start(), moment))
    return [moment for _, moment in sorted(found, key=lambda one: one[0])], text


def _moment(match: re.Match[str]) -> Moment | None:
    """Return the date that a pattern found, None where there is no such day."""
    groups = match.groupdict()
    month = ANY_MONTH[groups["month"].lower()] if groups.get("month") else int(groups.get("number") or 0)
    year, day = int(groups.get("year") or 0), int(groups.get("day") or 0)
    if groups.get("first"):
        month, day = int(groups["first"]), int(groups["second"])
        if month > 12:
            month, day = day, month
    try:
        date(year or 2000, month or 1, day or 1)  # 2000 has a 29 February
    except ValueError:
        return None
    swaps = bool(groups.get("first")) and day <= 12
    return Moment(match.group().strip(), year or None, month or None, day or None, swaps=swaps)


def readings(moment: Moment) -> Iterator[Moment]:
    """Yield a date, and 5 March beside 3 May where it may be either."""
    yield replace(moment, swaps=False)
    if moment.swaps:
        yield replace(moment, month=moment.day, day=moment.month, swaps=False)


def resolved(moments: Sequence[Moment], published: date | None) -> Iterator[Moment]:
    """Yield a text's dates with what the day of publication adds to them, where it is a day of our time."""
    if published is not None and not MINYEAR < published.year < MAXYEAR:
        published = None
    dated = False
    for one in (reading for moment in moments for reading in readings(moment)):
        dated = True
        yield one
        if published is None:
            continue
        if one.offset is not None:
            yield _full(published + timedelta(days=one.offset))
        elif one.weekday is not None:
            back = (published.weekday() - one.weekday) % 7
            yield _full(published - timedelta(days=back))
            yield _full(published - timedelta(days=back - 7))
        elif one.month is not None:
            for year in (one.year,) if one.year else _years(one.month, published):
                yield Moment(one.text, year, one.month, one.day)
                if one.day and (day := _day_of(year, one.month, one.day)):
                    yield Moment(one.text, offset=(day - published).days)
    if published is not None and not dated:
        yield _full(published)


def _years(month: int, published: date) -> Iterator[int]:
    """Yield the years in which a month is meant that is named without one: within half a year."""
    for year in (published.year - 1, published.year, published.year + 1):
        if abs((year - published.year) * 12 + month - published.month) <= 6:
            yield year


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 29 February of another year
        return None


def _full(day: date) -> Moment:
    return Moment("", day.year, day.month, day.day, day.weekday())


def fits(claimed: Moment, given: Moment) -> bool:
    """Tell whether a date says no more and nothing else than one that is given."""
    if claimed.swaps:
        return any(fits(reading, given) for reading in readings(claimed))
    if claimed.offset is not None:
        return claimed.offset == given.offset
    if claimed.weekday is not None:
        return claimed.weekday == _weekday(given)
    return all(
        wanted is None or wanted == held
        for wanted, held in (
            (claimed.year, given.year), (claimed.month, given.month), (claimed.day, given.day)
        )
    )  # fmt: skip


def _weekday(moment: Moment) -> int | None:
    if moment.weekday is None and moment.year and moment.month and moment.day:
        return date(moment.year, moment.month, moment.day).weekday()
    return moment.weekday


def blanked(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * len(match.group()) + text[match.end() :]
