"""Question → the periods it names: "im Dezember 2021", "last week", "seit Montag", "2021"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from rag.retrieve.times.mentions import Mention, mentions
from rag.retrieve.times.spans import is_year
from rag.schema import Period

_THE: Final = r"(?:de[mnr]\s+|the\s+)?"
_SINCE: Final = re.compile(rf"\b(?:seit|ab|since)\s+{_THE}$", re.IGNORECASE)
_AFTER: Final = re.compile(rf"\b(?:nach|after)\s+{_THE}$", re.IGNORECASE)
_BEFORE: Final = re.compile(rf"\b(?:vor|before|prior\s+to)\s+{_THE}$", re.IGNORECASE)
_BESIDE: Final = re.compile(  # "kurz nach", "two days before", "vor und nach": still about that day
    r"\b(?:(?:vor|before)\s+(?:und|oder|and|or)|kurz|unmittelbar|gleich|direkt|shortly|right|just|immediately|soon"
    r"|\w*tage?n?|woche|stunden?|\w*abend|nacht|days?|week|hours?|evening|night|eve)"
    rf"\s+(?:vor|nach|before|after|prior\s+to)\s+{_THE}$",
    re.IGNORECASE,
)
_FROM: Final = re.compile(rf"\b(?:von|vom|zwischen|from|between)\s+{_THE}$", re.IGNORECASE)
_ONWARDS: Final = re.compile(r"\s+(?:an(?=[\s?.!]*$)|onwards?\b)", re.IGNORECASE)  # "von Mai 2021 an"
_DAY: Final = r"(?:zum\s+|am\s+|on\s+)?(?:\w+(?:tag|woch|day),?\s+)?"  # "bis Mittwoch, 5. Dezember"
_TO: Final = re.compile(rf"\s*(?:bis|to|until|till|through|–|-)\s*{_DAY}{_THE}", re.IGNORECASE)
_UNTIL: Final = re.compile(rf"\b(?:bis|until|till|by|up\s+to)\s+{_DAY}{_THE}$", re.IGNORECASE)
_END: Final = re.compile(r"(?:the\s+)?(?:end|ende|late)\b", re.IGNORECASE)
_AND: Final = re.compile(
    rf"(?:\s*,\s*|,?\s+(?:und|oder|sowie|and|or)\s+)(?:i[mn]\s+)?{_DAY}{_THE}", re.IGNORECASE
)
_OF: Final = re.compile(r",?\s+(?:of\s+|des\s+|i[mn]\s+)?(?:the\s+)?", re.IGNORECASE)
_TO_COME: Final = re.compile(  # what is due by a day is written of at any time
    r"\b(?:soll\w*|muss|müss\w*|will|woll\w*|w[ie]rd|werden|darf|könn\w*|could|might|should|must|shall|due|plans?|planned)\b",
    re.IGNORECASE,
)
# "before the December 2021 summit": the day is the summit's.
_A_THING: Final = re.compile(
    r"\s(?!(?:in|on|at|of|to|and|or|by|with|about|from|for|as|did|do|has|had|was|were|is|are)\b)[^\W\d]"
)
_MARGIN_DAYS: Final = 4  # yesterday's events are in today's paper, tomorrow's are announced
_A_DAY: Final = timedelta(days=1)
_YEAR: Final = timedelta(days=364)


def periods(question: str, language: str, today: date) -> tuple[Period, ...]:
    """Return the periods that a question in German or English names, in order; relative ones as of `today`.

    A day without a year is the last one that was, or that of a year named beside it. "Seit X" ends today,
    "bis X" and "vor X" begin with `date.min`; "von X bis Y" is one period.

    >>> periods("Was geschah im Dezember 2021?", "de", date(2022, 3, 1))
    (Period(since=datetime.date(2021, 12, 1), until=datetime.date(2021, 12, 31)),)
    """
    found: list[Period | None] = []
    end, opened = 0, False  # of the mention before, and whether it is the first of two ends
    for mention, period in _meant(question, language, today):
        before, between = question[: mention.start], question[end : mention.start]
        first = found[-1] if found else None
        if _SINCE.search(before) and period.since <= today:
            found.append(Period(period.since, today))
        elif first and (_TO.fullmatch(between) or (opened and _AND.fullmatch(between))):
            found[-1] = Period(first.since, period.until) if first.since <= period.until else period
        else:
            found.append(_opened(question, mention, period, today))
        opened = bool(_FROM.search(before))
        end = mention.end
    return tuple(dict.fromkeys(one for one in found if one))


def _opened(question: str, mention: Mention, period: Period, today: date) -> Period | None:
    """Return what a mention by itself means: a period may begin or end with it; None: it is no limit."""
    before, behind = question[: mention.start], question[mention.end :]
    if period.since > today:
        return period
    beside = _BESIDE.search(before)
    if (_AFTER.search(before) and not beside) or (_FROM.search(before) and _ONWARDS.match(behind)):
        return Period(period.since, today)
    if _TO_COME.search(question):
        return period
    until = period.until
    if _BEFORE.search(before) and not beside and not (before.endswith("the ") and _A_THING.match(behind)):
        until = until if _END.match(question, mention.start) else period.since - _A_DAY
    elif not _UNTIL.search(before):
        return period
    return Period(date.min, until) if until < today else None


def _meant(question: str, language: str, today: date) -> list[tuple[Mention, Period]]:
    """Return the mentions with what they mean; one without a year takes it from the one it belongs to."""
    named = mentions(question, language)
    found: list[tuple[Mention, Period]] = []  # the last one first
    for number, mention in reversed(list(enumerate(named))):
        seen_from = today
        if not mention.dated and found:
            after, period = found[-1]
            between = question[mention.end : after.start]
            if _OF.fullmatch(between) and is_year(period):  # "im Dezember letzten Jahres"
                mention, seen_from = replace(mention, end=after.end), period.until
                found.pop()
            elif _joined(between):
                seen_from = period.until
        if not mention.dated and number and seen_from == today:
            before = named[number - 1]
            period_before = before.meaning(today)
            if before.dated and period_before and _joined(question[before.end : mention.start]):
                seen_from = min(today, period_before.until + _YEAR)
        meant = mention.meaning(seen_from)
        if meant is not None:
            found.append((mention, meant))
    return found[::-1]


def _joined(between: str) -> bool:
    return bool(_TO.fullmatch(between) or _AND.fullmatch(between))


def nearness(day: date | None, named: Sequence[Period]) -> float:
    """Return how near a day is to the nearest of some periods, 1 inside, 0 out of reach or undated."""
    if day is None:
        return 0.0
    return max((_nearness(day, period) for period in named), default=0.0)


def reach(period: Period) -> Period:
    """Return a period with the days around it on which it is still written about."""
    margin = timedelta(days=_margin(period) - 1)
    since = period.since if period.since == date.min else period.since - margin
    return Period(since, period.until + margin)


def _nearness(day: date, period: Period) -> float:
    outside = max((period.since - day).days, (day - period.until).days, 0)
    return max(0.0, 1.0 - outside / _margin(period))


def _margin(period: Period) -> int:
    """Return how many days outside a period is out of reach: some days, more for longer periods."""
    long = period.since != date.min
    return _MARGIN_DAYS + (period.until - period.since).days // 4 * long
