"""German and English text → the dates in it, and the day an article was published as far as it says so.

Only days with a year count; of a weekday with day and month the year is worked out ("Dienstag, dem
7. Dezember"), from the years that the text names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from rag import language
from rag.calendar import ANY_MONTH, ANY_WEEKDAY, either

_MONTH: Final = f"(?:{either(ANY_MONTH)})"
_WEEKDAY: Final = f"(?:{either(ANY_WEEKDAY)})"
_FULL: Final = (
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<![\d/-])(?P<y>(?:19|20)\d\d)(?P<s>[-/])(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?![\d/])"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?\s?(?P<m>{_MONTH})\.?,?\s(?P<y>(?:19|20)\d\d)(?!\d)",
        re.I,
    ),
    re.compile(rf"(?<![\d-])(?P<d>\d{{1,2}})-(?P<m>{_MONTH})-(?P<y>(?:19|20)\d\d)(?![\d-])", re.I),
    re.compile(rf"\b(?P<m>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>(?:19|20)\d\d)", re.I),
    # American where a time of day there says so, or where the other order is no date.
    re.compile(
        r"(?<![\d/])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>(?:19|20)\d\d)(?=,?\s.{0,12}\b(?:[AaPp]\.?[Mm]|[ECMP][SD]?T)\b)"
    ),
    re.compile(r"(?<![\d/-])(?P<m>\d{1,2})[/-](?P<d>1[3-9]|2\d|3[01])[/-](?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<![\d/-])(?P<d>1[3-9]|2\d|3[01])[/-](?P<m>\d{1,2})[/-](?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(  # "07.12.21", no version and no time of day
        r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>0?[1-9]|1[0-2])\.(?P<y>\d\d)(?![\d.,:]*\d| (?:Uhr|Euro|Prozent)\b)"
    ),
    re.compile(r"\bdpa:(?P<y>\d\d)(?P<m>\d\d)(?P<d>\d\d)-\d"),
)  # fmt: skip
_SLASHED: Final = re.compile(r"(?<![\d/-])(0?[1-9]|1[0-2])[/-](0?[1-9]|1[0-2])[/-]((?:19|20)\d\d)(?![\d/-])")
_ANY: Final = (*_FULL, _SLASHED)
_DAY_AND_MONTH: Final = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})\.?\s(?P<m>{_MONTH})\b|\b(?P<m2>{_MONTH})\.?\s(?P<d2>\d{{1,2}})(?!\d)", re.I
)
_IN_ADDRESS: Final = re.compile(r"https?://\S*?/(?P<y>(?:19|20)\d\d)[/-](?P<m>\d\d?)[/-](?P<d>\d\d?)(?=[/-])")
_UNYEARED: Final = (
    re.compile(
        rf"(?P<w>{_WEEKDAY}),?\s\(?(?:dem\s|den\s|der\s)?(?P<d>\d{{1,2}})\.?\s(?P<m>{_MONTH})\b"
        r"(?!\.?,?\s\d{4})",
        re.I,
    ),
    re.compile(rf"(?P<w>{_WEEKDAY}),?\s\(?(?P<m>{_MONTH})\.?\s(?P<d>\d{{1,2}})\b(?!,?\s\d{{4}})", re.I),
)  # fmt: skip
_TODAY: Final = re.compile(
    rf"\b(?:heute|today)\b[^.(]{{0,15}}\((?P<d>\d{{1,2}})\.?(?:\s(?P<m>{_MONTH}))?", re.I
)
_TIME: Final = re.compile(
    r"\b\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?(?:Uhr|[ap]\.?m\.?))?"
    r"(?:\s(?:GMT|UTC|MES?Z|[CEW]ES?T|[BI]ST|[CEMP][SD]?T)\b)?",
    re.I,
)
_YEAR: Final = re.compile(r"(?<![\d.,])(?:19[5-9]\d|20\d\d)(?![\d%])")
_UPDATED: Final = re.compile(
    r"aktualisiert|update|updated|modified|geändert|zuletzt|^\W*stand\b|\bstand:|überarbeitet", re.I
)
_PUBLISHED: Final = re.compile(
    r"veröffentlicht|published|erschienen|publiziert|posted|erstellt|created|gesendet|datum|\bdate\b", re.I
)
_FIRST_YEAR: Final = 1400
_SECONDS: Final = 1e8  # since 1970: from 1973 on
_MILLISECONDS: Final = 1e11
_DIGITS: Final = re.compile(r"(?:\d{8,10}|\d{13})(?:\.0*)?", re.ASCII)
_SHORT_YEAR: Final = re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d\d)", re.ASCII)
_REPEATS: Final = 6  # years after which every date meets its weekday again, at the latest
_DATELINE_CHARS: Final = 70
_LEAD: Final = 3  # lines of running text in which the day of the news is looked for


@dataclass(frozen=True, slots=True)
class Days:
    """When an article was published and last changed; None where it does not say so."""

    published: date | None = None
    updated: date | None = None


def days(
    around: Sequence[str], running: Sequence[str], text: str, latest: date, near: int | None = None
) -> Days:
    """Work out the days of an article.

    A date such as 11/07/2023 counts in German text, which puts the day first, and where the text names
    that day in words.

    `around` are the lines that are no running text, in order (bylines, captions, footers), `running` those
    that are; `text` is all of it, `latest` the last day that is possible. The first `near` lines stand below
    the headline: what others call a date gives way to a day there.
    """
    stated, changed, bare = None, None, None
    label = ""
    if any(_SLASHED.search(line) for line in around):
        dotted = partial(_dotted, _named(text))
        around = [_SLASHED.sub(dotted, line) for line in around]
    for place, line in enumerate(around):
        far = near is not None and place >= near and bare is not None
        for day, start in _dates(line, latest):
            before = line[:start] if line[:start].strip(" :,|•·-–") else label
            if _UPDATED.search(before[-40:]):
                changed = changed or day
            elif not far and (_PUBLISHED.search(line) or _PUBLISHED.search(label)):
                stated = stated or day
            else:
                bare = bare or day
        label = line if len(line) < 40 else ""
    published = stated or bare or _in_address(around, latest) or _dateline(running, latest)
    if published is None and changed is None:
        published = _resolved(running, text, latest)
    if published is None or (changed is not None and changed <= published):
        return Days(published or changed)
    return Days(published, changed)


def stated(value: object, text: str = "") -> date | None:
    """Return the day that a field gives in words, with dots, as a mail does, or as a number.

    `text` is the article's, which tells whether 08/12/2021 is in December. None where no day is certain.
    """
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _counted(value)
    if not isinstance(value, str):
        return None
    if match := _SHORT_YEAR.fullmatch(value.strip()):
        year = 2000 + int(match["y"])
        return _day(match, date.max, year if year <= date.today().year + 1 else year - 100)
    if text and _SLASHED.search(value):
        value = _SLASHED.sub(partial(_dotted, _named(text)), value)
    found = _dates(value, date.max)
    return next((day for day, _ in found), None)


def _counted(number: float) -> date | None:
    """Return the day that a number gives: 20211207, or seconds or milliseconds since 1970."""
    if _SECONDS >= number > 19_000_000 and number == int(number):
        year, rest = divmod(int(number), 10_000)
        try:
            return date(year, *divmod(rest, 100))
        except ValueError:
            return None
    if not _SECONDS < number < 1_000 * _MILLISECONDS:
        return None
    return datetime.fromtimestamp(number / 1_000 if number > _MILLISECONDS else number, UTC).date()


def iso_date(value: object) -> date | None:
    """Return the day of an ISO date, a datetime or a date; None for None or an empty string.

    Raises:
        ValueError: anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return datetime.fromisoformat(value.strip()).date()
    raise ValueError(f"expected an ISO date such as 2021-12-07, got {value!r}")


def is_possible(day: date) -> bool:
    """Tell whether an article can be of a day: from 1400 to next year; dumps write 0001-01-01 for none."""
    return _FIRST_YEAR <= day.year <= date.today().year + 1


def starts_with_date(line: str) -> bool:
    """Tell whether a line begins with a date."""
    return any(pattern.match(line) for pattern in _ANY)


def is_stamp(line: str) -> bool:
    """Tell whether a line gives when something appeared: a date with a time of day, or with such a word."""
    if not any(pattern.search(line) for pattern in _ANY):
        return False
    return bool(_TIME.search(without_days(line)) or _UPDATED.search(line) or _PUBLISHED.search(line))


def without_days(line: str) -> str:
    """Return a line without its dates."""
    for pattern in _ANY:
        line = pattern.sub(" ", line)
    return line


def without_dates(line: str) -> str:
    """Return a line without its dates and times of day."""
    return _TIME.sub(" ", without_days(line))


def _named(text: str) -> frozenset[tuple[int, int]] | None:
    """Return the days and months that a text names; None for a German one, which puts the day first."""
    if language.detect(text) == "de":
        return None
    found = _DAY_AND_MONTH.finditer(text)
    return frozenset((int(one["d"] or one["d2"]), _month(one["m"] or one["m2"])) for one in found)


def _dotted(named: frozenset[tuple[int, int]] | None, match: re.Match[str]) -> str:
    """Return a date with slashes as one with dots, where the text tells which of its numbers is the day."""
    for day, month in ((match[1], match[2]), (match[2], match[1])):
        if named is None or (int(day), int(month)) in named:
            return f"{day}.{month}.{match[3]}"
    return match[0]


def _dates(text: str, latest: date) -> Iterator[tuple[date, int]]:
    found = [(_day(match, latest), match.start()) for pattern in _FULL for match in pattern.finditer(text)]
    yield from sorted(((day, start) for day, start in found if day is not None), key=lambda one: one[1])


def _day(match: re.Match[str], latest: date, year: int | None = None) -> date | None:
    fields = match.groupdict()
    month = _month(fields["m"])
    year = year or int(fields["y"])
    try:
        day = date(year + 2000 if year < 100 else year, month, int(fields["d"]))
    except ValueError:
        return None
    return day if date(1950, 1, 1) <= day <= latest else None


def _month(name: str) -> int:
    return int(name) if name.isdigit() else ANY_MONTH[name.lower()]


def _in_address(lines: Sequence[str], latest: date) -> date | None:
    found = (_day(match, latest) for line in lines for match in _IN_ADDRESS.finditer(line))
    return next((day for day in found if day is not None), None)


def _dateline(running: Sequence[str], latest: date) -> date | None:
    """Return the date that the first line leads with: "BERLIN, 7. Dezember 2021 (Reuters) – …"."""
    lead = re.split(r"\s[-–—]\s", running[0][:_DATELINE_CHARS], maxsplit=1) if running else []
    return next((day for day, _ in _dates(lead[0], latest)), None) if len(lead) > 1 else None


def _resolved(running: Sequence[str], text: str, latest: date) -> date | None:
    """Return the day of the news where the text names it with its weekday, or as today."""
    years = sorted({int(year) for year in _YEAR.findall(text) if int(year) <= latest.year})
    named = [
        (place, day)
        for place, line in enumerate(running)
        for pattern in _UNYEARED
        for match in pattern.finditer(line)
        if (day := _with_year(match, years, latest)) is not None
    ]
    if not named:
        return None
    for line in running[:_LEAD]:
        if match := _TODAY.search(line):
            near = named[0][1]
            month = _month(match["m"]) if match["m"] else near.month
            try:
                return date(near.year, month, int(match["d"]))
            except ValueError:
                return None
    return next((day for place, day in named if place < _LEAD), None)


def _with_year(match: re.Match[str], years: Sequence[int], latest: date) -> date | None:
    """Return the day with the year in which it has its weekday: one that the text names, or soon after."""
    if not years:
        return None
    weekday = ANY_WEEKDAY[match["w"].lower()]
    for year in [*reversed(years), *range(years[-1] + 1, years[-1] + _REPEATS)]:
        day = _day(match, latest, year)
        if day is not None and day.weekday() == weekday:
            return day
    return None
