"""What is read of a mention of a time → the days that it means, as of some day.

A kind of mention is a function from its parts, by the names of their groups in `mentions`, to a meaning. Of
what has no year the last one that has begun is meant.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from rag.calendar import ANY_MONTH, ANY_WEEKDAY
from rag.schema import Period

Parts = Mapping[str, str]
Meaning = Callable[[date], Period | None]  # a day from which it is seen → the days; None: there are none

_NUMBERS: Final = {
    word: number
    for words in (
        "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "one two three four five six seven eight nine ten eleven twelve",
    )
    for number, word in enumerate(words.split(), start=1)
} | dict.fromkeys("a an eine einem einen einer".split(), 1)
_SOME: Final = 3  # "the last few weeks", "the last weeks"
_FEW: Final = (2, 5)  # "a few days ago"
_ORDINALS: Final = {
    "erst": 1, "first": 1, "zweit": 2, "second": 2, "dritt": 3, "third": 3, "viert": 4, "fourth": 4,
}  # fmt: skip
_SEASONS: Final = {"fr": 3, "sp": 3, "so": 6, "su": 6, "he": 9, "au": 9, "fa": 9, "wi": 12}  # first months
_ENGLISH_UNITS: Final = ("day", "week", "month", "year")
_UNIT_DAYS: Final = {"t": 1, "d": 1, "w": 7, "m": 30, "j": 365, "y": 365}  # by first letter
_DAYS_BACK: Final = {"heut": 0, "toda": 0, "toni": 0, "this": 0, "vorg": 2, "the ": 2}  # others: yesterday
_YEARS_BACK: Final = 9  # that 29 February may lie
_PIVOT: Final = 70  # "07.12.21" is of this century, "07.12.89" of the last


def part_of(period: Period, number: int, of: int) -> Period:
    """Return one of `of` equal parts of a period, from 1: "Anfang 2022" is the first of three."""
    if is_year(period):
        return _months(period.since.year, 12 * (number - 1) // of + 1, 12 // of)
    days = (period.until - period.since).days + 1
    first, end = days * (number - 1) // of, days * number // of
    return Period(period.since + timedelta(days=first), period.since + timedelta(days=max(end - 1, first)))


def is_year(period: Period) -> bool:
    """Tell whether a period is a calendar year."""
    return period == _year(period.since.year)


def _date(parts: Parts) -> Meaning:
    if "iso" in parts:
        year, month, day = map(int, parts["iso"].split("-"))
        return lambda _: _days(year, month, day, day)
    number, day = _month_number(parts["month"]), int(parts["day"])
    first = int(parts.get("first", day))
    return _latest(lambda year: _days(year, number, min(first, day), day), parts.get("year", ""))


def _slashed(parts: Parts) -> Meaning:
    """Read 12/31/2021 and 31/12/2021; of 03/05/2021 only the year is sure."""
    one, other, year = (int(parts[name]) for name in ("one", "other", "year"))
    if one <= 12 and other <= 12 and one != other:
        return lambda _: _year(year)
    return lambda _: _days(year, min(one, other), max(one, other), max(one, other))


def _month(parts: Parts) -> Meaning:
    number = _month_number(parts["month"])
    meaning = _latest(lambda year: _months(year, number, 1), parts.get("year", ""))
    return (lambda today: meaning(today.replace(day=1) - timedelta(days=1))) if "last" in parts else meaning


def _quarter(parts: Parts) -> Meaning:
    number = int(parts["number"]) if "number" in parts else _ORDINALS.get(parts["ordinal"].lower(), 0)
    if number or "year" in parts:  # "the last quarter of 2021" is its fourth
        return _latest(lambda year: _months(year, 3 * (number or 4) - 2, 3), parts.get("year", ""))
    return lambda today: _months(today.year, (today.month - 1) // 3 * 3 - 2, 3)


def _season(parts: Parts) -> Meaning:
    month = _SEASONS[parts["season"][:2].lower()]
    meaning = _latest(lambda year: _months(year, month, 3), parts.get("year", ""))
    return (
        (lambda today: meaning(_months(today.year, today.month - 2, 1).since)) if "last" in parts else meaning
    )


def _week(parts: Parts) -> Meaning:
    def of_year(year: int) -> Period | None:
        try:
            monday = date.fromisocalendar(year, int(parts["number"]), 1)
        except ValueError:
            return None
        return Period(monday, monday + timedelta(days=6))

    return _latest(of_year, parts.get("year", ""))


def _recent(parts: Parts) -> Meaning:
    """Read the last few hours, days, weeks, months or years, up to today."""
    unit = parts["unit"].lower()
    number = _number(parts.get("count")) or (1 if unit in _ENGLISH_UNITS and "count" not in parts else _SOME)
    hours = unit.startswith(("stunde", "hour"))
    days = -(-number // 24) if hours else number * _UNIT_DAYS[unit[0]]
    return lambda today: Period(today - timedelta(days=days), today)


def _turn(parts: Parts) -> Meaning:
    """Read the week, weekend, month or year of today, the one before, or the one before that."""
    unit, which = parts["unit"].lower(), parts.get("which", "").lower()
    if not which:
        return lambda today: _weekend(today - timedelta(days=(today.weekday() + 2) % 7))
    back = 0 if which.startswith(("dies", "this", "lauf", "curr")) else 2 if "vorletzt" in which else 1
    back = 2 if which.startswith("before") else back

    def meaning(today: date) -> Period:
        if unit.startswith("m"):
            return _months(today.year, today.month - back, 1)
        if unit.startswith(("j", "y")):
            return _year(today.year - back)
        monday = today - timedelta(days=today.weekday() + 7 * back)
        weekend = unit.startswith(("wochenend", "weekend"))
        return _weekend(monday + timedelta(days=5)) if weekend else Period(monday, monday + timedelta(days=6))

    return meaning


def _ago(parts: Parts) -> Meaning:
    """Read the day, the days about it, the month or the year that lies so far back."""
    unit, number = parts["unit"][0].lower(), _number(parts["count"])
    if not number:
        late, early = (timedelta(days=many * _UNIT_DAYS[unit]) for many in _FEW)
        return lambda today: Period(today - early, today - late)
    if unit == "m":
        return lambda today: _months(today.year, today.month - number, 1)
    if unit in "jy":
        return lambda today: _year(today.year - number)
    back, around = timedelta(days=number * _UNIT_DAYS[unit]), timedelta(days=3 if unit == "w" else 0)
    return lambda today: Period(today - back - around, today - back + around)


def _near(parts: Parts) -> Meaning:
    back = timedelta(days=_DAYS_BACK.get(parts["near"][:4].lower(), 1))
    return lambda today: Period(today - back, today - back)


def _weekday(parts: Parts) -> Meaning:
    number = ANY_WEEKDAY[parts["weekday"].lower()]

    def meaning(today: date) -> Period:
        back = (today.weekday() - number) % 7 or (7 if "last" in parts else 0)
        day = today - timedelta(days=back)
        return Period(day, day)

    return meaning


def _years(parts: Parts) -> Meaning:
    """Read a year, or "2014–2021", "2021/22" and the month "2021-12"."""
    until = int(parts["year"])
    since = int(parts.get("first", until))
    if until < 100:
        until += since // 100 * 100
        if until <= since:
            return lambda _: _months(since, until % 100, 1) if 1 <= until % 100 <= 12 else _year(since)
    return lambda _: Period(_year(min(since, until)).since, _year(until).until)


def _decade(parts: Parts) -> Meaning:
    first = int(parts["year"])
    first += 0 if first > 100 else 1900 if first >= 30 else 2000
    return lambda _: Period(_year(first).since, _year(first + 9).until)


MEANINGS: Final[Mapping[str, Callable[[Parts], Meaning]]] = {
    "date": _date, "slashed": _slashed, "month": _month, "quarter": _quarter, "season": _season,
    "week": _week, "recent": _recent, "turn": _turn, "ago": _ago, "near": _near, "weekday": _weekday,
    "year": _years, "decade": _decade,
}  # fmt: skip
RECURRING: Final = frozenset(("date", "month", "quarter", "season", "week", "weekday"))  # without a year


def _latest(of_year: Callable[[int], Period | None], year: str) -> Meaning:
    """Return what is meant of a year, or of the last year in which it had begun."""
    if year:
        number = int(year)
        century = 0 if number > 100 else 2000 if number < _PIVOT else 1900
        return lambda _: of_year(number + century)

    def meaning(today: date) -> Period | None:
        years = range(today.year, max(today.year - _YEARS_BACK, 0), -1)
        found = (period for one in years if (period := of_year(one)) is not None)
        return next((period for period in found if period.since <= today), None)

    return meaning


def _days(year: int, month: int, first: int, last: int) -> Period | None:
    try:
        return Period(date(year, month, first), date(year, month, last))
    except ValueError:
        return None


def _months(year: int, month: int, number: int) -> Period:
    """Return `number` months from a month on; months below 1 and above 12 are of other years."""
    first, last = year * 12 + month - 1, year * 12 + month - 2 + number
    until = date(last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1])
    return Period(date(first // 12, first % 12 + 1, 1), until)


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _weekend(saturday: date) -> Period:
    return Period(saturday, saturday + timedelta(days=1))


def _month_number(name: str) -> int:
    return int(name) if name.isdecimal() else ANY_MONTH[name.lower().rstrip(".")]


def _number(word: str | None) -> int:
    """Return what a numeral says, 0 where it says "a few" or there is none."""
    return int(word) if word and word.isdecimal() else _NUMBERS.get((word or "").lower(), 0)
