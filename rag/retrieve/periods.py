"""Question → the periods it names: "im Dezember 2021", "last week", "seit Montag", "2021".

Own patterns find the expressions, since dateparser's search also takes "die 5" and the verb "may" for
dates; dateparser then says which day, month or year each of them is, counted from today.
"""

from __future__ import annotations

import re
import threading
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rag.calendar import MONTHS, WEEKDAYS, either
from rag.schema import Period

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

_YEAR: Final = r"(?:19|20)\d\d"
_WORDS: Final = {
    "de": {
        "month": either(MONTHS["de"]),
        "weekday": either(WEEKDAYS["de"]),
        "number": "einem|einer|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf",
        "last": "(?:letzte|vergangene|vorige)[nrsm]?",
    },
    "en": {
        "month": either(MONTHS["en"]),
        "weekday": either(WEEKDAYS["en"]),
        "number": "an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve",
        "last": "last|past|previous",
    },
}
_DIGITS: Final = r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{1,2}\.\d{1,2}\.\d{2}"
# A year before a noun is a number of things ("2000 Soldaten", "2000 troops"), a bare English month a verb.
_FORMS: Final = {
    "de": r"""
        \b(?P<past>{last})\s+(?:(?P<count>\d{{1,3}}|{number})\s+)?(?P<unit>Tage|Woche|Monate|Jahre)n\b
        |(?P<dotted>\b(?:{digits})(?!\d))
        |\b(?P<text>\d{{1,2}}\.\s?(?:{month})(?:\s+{year})?|(?:{month})(?:\s+{year})?|heute|gestern|vorgestern
            |vor\s+(?:\d{{1,3}}|{number})\s+(?:Tag|Woche|Monat|Jahr)e?n?)\b
        |\b(?P<which>{last}|diese[nrsm]?)\s+(?P<turn>Woche|Monat|Jahr|Wochenende)(?:e?s)?\b
        |\b(?:am|seit|bis|vom|{last})\s+(?P<weekday>{weekday})\b(?!,?\s+(?:de[mn]\s+)?\d)
        |\bJahre?s?\s+(?P<named>{year})\b
        |(?<![\d.,-])\b(?P<year>{year})\b(?![.,-]\d|\s*%|\s+(?-i:[A-ZÄÖÜ]))
    """,
    "en": r"""
        \b(?P<past>{last})\s+(?:(?P<count>\d{{1,3}}|{number}|few|couple\sof)\s+)(?P<unit>day|week|month|year)s?\b
        |(?P<dotted>\b(?:{digits})(?!\d))
        |\b(?P<text>\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{month})(?:,?\s+{year})?
            |(?:{month})\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+{year})?|(?:{month}),?\s+{year}
            |(?<=\b(?:in|of)\s)(?:{month})|(?<=\b(?:since|until)\s)(?:{month})|today|yesterday
            |(?:\d{{1,3}}|{number})\s+(?:day|week|month|year)s?\s+ago)\b
        |\b(?P<which>{last}|this)\s+(?P<turn>week|month|year|weekend)\b
        |\b(?:on|since|until|last)\s+(?P<weekday>{weekday})\b(?!,?\s+(?:the\s+)?(?:\d|{month}))
        |\byear\s+(?P<named>{year})\b
        |\b(?:in|of|since|during|until|from|to|and|between|before|after|early|mid|late)[\s-]+(?P<year>{year})\b
            (?![.,-]\d|\s*%|\s+[a-z]+s\b)
        |(?<![\d.,-])\b(?P<final>{year})(?=[\s?.!]*$)
    """,
}
_SINCE: Final = re.compile(
    r"\b(?:seit|ab|since)\s+(?:dem\s+|the\s+|Anfang\s+|Mitte\s+|Ende\s+|early\s+|late\s+)?$", re.IGNORECASE
)
_FROM: Final = re.compile(r"\b(?:von|vom|zwischen|from|between)\s+(?:dem\s+|the\s+)?$", re.IGNORECASE)
_TO: Final = re.compile(r"\s*(?:bis|und|to|and|until|–|-)\s+(?:zum\s+|dem\s+|the\s+)?", re.IGNORECASE)
_UNIT_DAYS: Final = {
    "t": 1,
    "d": 1,
    "w": 7,
    "m": 30,
    "j": 365,
    "y": 365,
}  # by first letter, in either language
_MARGIN_DAYS: Final = 4  # yesterday's events are in today's paper, tomorrow's are announced
_SOME: Final = 3  # "the last few weeks"
_LOCK: Final = threading.Lock()  # dateparser's parsers keep state


def periods(question: str, language: str, today: date) -> tuple[Period, ...]:
    """Return the periods that a question in German or English names, in order; relative ones as of `today`.

    A day without a year is the last one that was. "Seit X" ends today; "von X bis Y" is one period.

    >>> periods("Was geschah im Dezember 2021?", "de", date(2022, 3, 1))
    (Period(since=datetime.date(2021, 12, 1), until=datetime.date(2021, 12, 31)),)
    """
    code = "de" if language == "de" else "en"
    found: list[Period] = []
    end, opened = 0, False  # of the mention before, and whether it is the first of two ends
    for match in _form(code).finditer(question):
        period = _resolve(match, code, today)
        if period is None:
            continue
        before = question[: match.start(match.lastgroup or 0)]
        if _SINCE.search(before) and period.since <= today:
            period = Period(period.since, today)
        elif opened and _TO.fullmatch(before[end:]):
            first = found.pop()
            period = Period(first.since, period.until) if first.since <= period.until else period
        opened = bool(_FROM.search(before))
        end = match.end()
        found.append(period)
    return tuple(dict.fromkeys(found))


def nearness(day: date | None, named: Sequence[Period]) -> float:
    """Return how near a day is to the nearest of some periods, 1 inside, 0 out of reach or undated."""
    if day is None:
        return 0.0
    return max((_nearness(day, period) for period in named), default=0.0)


def reach(period: Period) -> Period:
    """Return a period with the days around it on which it is still written about."""
    margin = timedelta(days=_margin(period) - 1)
    return Period(period.since - margin, period.until + margin)


def _nearness(day: date, period: Period) -> float:
    outside = max((period.since - day).days, (day - period.until).days, 0)
    return max(0.0, 1.0 - outside / _margin(period))


def _margin(period: Period) -> int:
    """Return how many days outside a period is out of reach: some days, more for longer periods."""
    return _MARGIN_DAYS + (period.until - period.since).days // 4


@lru_cache(maxsize=2)
def _form(code: str) -> re.Pattern[str]:
    words = _WORDS[code]
    return re.compile(_FORMS[code].format(year=_YEAR, digits=_DIGITS, **words), re.IGNORECASE | re.VERBOSE)


def _resolve(match: re.Match[str], code: str, today: date) -> Period | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    if "past" in parts:
        return _span(parts.get("count"), parts["unit"], code, today)
    if "turn" in parts:
        back = 0 if parts["which"].lower().startswith(("diese", "this")) else 1
        return _turn(parts["turn"].lower(), back, today)
    year = parts.get("named") or parts.get("year") or parts.get("final")
    if year:
        return Period(date(int(year), 1, 1), date(int(year), 12, 31))
    if "dotted" in parts:
        return _parse(re.sub(r"\s", "", parts["dotted"]), "de", today)  # days come first, in English too
    return _parse(parts.get("text") or parts["weekday"], code, today)


def _span(count: str | None, unit: str, code: str, today: date) -> Period | None:
    """Return the last few days, weeks, months or years, up to today."""
    number = int(count) if count and count.isdecimal() else _count(count, code)
    days = number * _UNIT_DAYS[unit[0].lower()]
    return Period(today - timedelta(days=days), today)


def _count(word: str | None, code: str) -> int:
    numbers = _WORDS[code]["number"].replace("einem|einer", "einem").replace("an?|one", "one").split("|")
    return numbers.index(word.lower()) + 1 if word and word.lower() in numbers else _SOME


def _turn(unit: str, back: int, today: date) -> Period:
    """Return the calendar week, weekend, month or year of today (`back` 0) or the one before (1)."""
    if unit.startswith("w"):
        monday = today - timedelta(days=today.weekday() + 7 * back)
        weekend = unit in ("wochenende", "weekend")
        return Period(monday + timedelta(days=5 if weekend else 0), monday + timedelta(days=6))
    if unit.startswith("m"):
        last = today.replace(day=1) - timedelta(days=1) if back else today
        return _month(last)
    return Period(date(today.year - back, 1, 1), date(today.year - back, 12, 31))


def _parse(text: str, code: str, today: date) -> Period | None:
    """Return the day, month or year that dateparser reads, None where it reads nothing."""
    with _LOCK:
        read = _parser(code, today).get_date_data(text)
    if read.date_obj is None:
        return None
    day = read.date_obj.date()
    if read.period == "month":
        return _month(day)
    if read.period == "year":
        return Period(date(day.year, 1, 1), date(day.year, 12, 31))
    around = timedelta(days=3 if read.period == "week" else 0)
    return Period(day - around, day + around)


def _month(day: date) -> Period:
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


@lru_cache(maxsize=4)
def _parser(code: str, today: date) -> DateDataParser:
    from dateparser.date import DateDataParser

    noon = datetime.combine(today, time(12))
    return DateDataParser(languages=[code], settings={"RELATIVE_BASE": noon, "PREFER_DATES_FROM": "past"})
