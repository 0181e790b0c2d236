"""Text → the figures and dates in it, in one form for German and English."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rag.retrieve.analysis import number

_MONTHS: Final = {
    name: n
    for n, names in enumerate(
        (
            "januar jänner january jan", "februar feber february feb", "märz mär march mar", "april apr",
            "mai may", "juni june jun", "juli july jul", "august aug", "september sept sep",
            "oktober october okt oct", "november nov", "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS: Final = {
    name: n
    for n, names in enumerate(
        ("montag monday", "dienstag tuesday", "mittwoch wednesday", "donnerstag thursday",
         "freitag friday", "samstag sonnabend saturday", "sonntag sunday")
    )
    for name in names.split()
}  # fmt: skip
_RELATIVE: Final = {
    "heute": 0, "today": 0, "gestern": -1, "yesterday": -1, "vorgestern": -2, "tomorrow": 1, "übermorgen": 2,
}  # fmt: skip

DATE_WORDS: Final = frozenset({*_MONTHS, *_WEEKDAYS, *_RELATIVE})  # lower-case

_MONTH: Final = (
    "(?P<month>" + "|".join(sorted((n.capitalize() for n in _MONTHS), key=len, reverse=True)) + ")"
)
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
    + "|".join(_WEEKDAYS)
    + r")(?:s|abend|morgen|nachmittag|mittag|nacht|vormittag|früh)?"
    r"|(?P<relative>" + "|".join(_RELATIVE) + r"))\b",
    re.IGNORECASE,
)
_CLOCK: Final = (
    re.compile(r"(?<![\d.,])(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d))?\s*Uhr\b"),
    re.compile(
        r"(?<![\d.,])(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[ap])\.?m\b\.?", re.IGNORECASE
    ),
    re.compile(r"(?<![\d.,])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?![\d:])"),
)
_HALF_DAY_MIN: Final = 12 * 60

_TIMES: Final = {
    "de": {"tsd": 1e3, "tausend": 1e3, "mio": 1e6, "million": 1e6, "millionen": 1e6, "mrd": 1e9,
           "milliarde": 1e9, "milliarden": 1e9, "billion": 1e12, "billionen": 1e12},
    "en": {"thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
           "trillion": 1e12, "tn": 1e12},
}  # fmt: skip
_UNITS: Final = (
    ("pp", r"prozentpunkt\w*|percentage[\s-]points?"),
    ("%", r"%|prozent\w*|percent|per\s?cent"),
    ("eur", r"€|euros?|eur"),
    ("usd", r"US-Dollars?|(?:US\s?)?\$|dollars?|usd"),
    ("gbp", r"£|pfund|pounds?|gbp"),
    ("rub", r"rubel|r(?:o)?ubles?"),
    ("hour", r"stunden?|stündig\w*|hours?"),
    ("minute", r"minuten?|minütig\w*|minutes?"),
    ("day", r"tage?n?|tägig\w*|days?"),
    ("week", r"wochen?|wöchig\w*|weeks?"),
    ("month", r"monate?n?|monatig\w*|months?"),
    ("year", r"jahre?n?|jährig\w*|years?"),
    ("km", r"kilometern?|kilomet(?:er|re)s?|km"),
    ("mile", r"meilen?|miles?"),
    ("ton", r"tonnen?|ton(?:ne)?s?"),
    ("chf", r"franken|francs?|chf"),
)
_UNIT: Final = re.compile(
    r"[\s-]*(?:" + "|".join(f"(?P<u{n}>{pattern})" for n, (_, pattern) in enumerate(_UNITS)) + r")(?!\w)",
    re.IGNORECASE,
)
_CURRENCY_BEFORE: Final = re.compile(
    r"(?P<u2>€|\bEUR)\s?$|(?P<u3>(?:US)?\$|\bUSD)\s?$|(?P<u4>£|\bGBP)\s?$|(?P<u15>\bCHF)\s?$"
)
_STRICT: Final = frozenset({"%", "pp", "clock", "share", "th"})  # units without which a number is another one
_MINUTES: Final = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
# What is told loosely, or in other words: wrong only beside another one of its kind.
_LOOSE: Final = frozenset({"share", "th"})
_SHARES: Final = re.compile(
    r"\b(?:(?P<half>hälfte|(?<!a )half(?=\s+(?:of|the|its|their|all)\b))"
    r"|(?P<count>ein|zwei|drei|a|an|one|two|three)[\s-](?P<part>drittel|viertel|fünftel|(?:third|quarter|fifth)(?:s\b|(?=\s+(?:of|point)\b))))\b"
    r"(?!\s*(?:\w+\s+){0,2}(?:hour|stunde|final))",
    re.IGNORECASE,
)
_PARTS: Final = {"dri": 3, "thi": 3, "vie": 4, "qua": 4, "fün": 5, "fif": 5}
_COUNTS: Final = {"zwei": 2, "two": 2, "drei": 3, "three": 3}
_ORDINALS: Final = {
    word: n
    for n, words in enumerate(
        ("second zweite", "third dritte", "fourth vierte", "fifth fünfte", "sixth sechste",
         "seventh siebte siebente", "eighth achte", "ninth neunte", "tenth zehnte"),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_ORDINAL: Final = re.compile(rf"\b(?P<word>{'|'.join(_ORDINALS)})(?:[rnsm])?\b", re.IGNORECASE)
_DIGITS: Final = re.compile(
    r"(?<![\w.,])(?:(?<=\$)|(?<=€)|(?<=£)|)(?:\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?!\d)|\d+)"
    r"(?:[.,]\d+)*(?:st|nd|rd|th)?(?![^\W\d_]{4,})"
)
_GROUPS: Final = re.compile(r"[ \u00a0\u2009\u202f'’]")  # between thousands: 100 000, 100'000
_HEDGE: Final = re.compile(
    r"\b(?:rund|etwa|ungefähr|circa|ca\.|knapp|fast|gut|über|mehr als|bis zu|mindestens|weit über|about"
    r"|around|roughly|nearly|almost|over|more than|some|approximately|up to|at least|close to)\s+$",
    re.IGNORECASE,
)

_ONES: Final = {
    "de": "null _ zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn".split(),
    "en": "zero _ two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split(),
}
_TENS: Final = {
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(),
    "en": "twenty thirty forty fifty sixty seventy eighty ninety".split(),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is meant: thousands, millions and the like multiplied out."""

    text: str
    value: float
    unit: str = ""  # "%", "eur", "hour" … or "" where none is written
    rounded: bool = False  # "about", "knapp" and the like stand before it


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is given: any of year, month, day; or a weekday; or days from today."""

    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # Monday is 0
    offset: int | None = None  # "yesterday" is -1


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures and dates of a text, in order."""

    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]


@lru_cache(maxsize=4096)
def read(text: str, language: str) -> Facts:
    """Return the figures and dates of a text; numbers spelled out count from two on.

    >>> [f.value for f in read("94 Tsd. Soldaten und 1,5 Milliarden Euro", "de").figures]
    [94000.0, 1500000000.0]
    """
    code = language if language in _ONES else "en"
    moments, rest = _take_moments(text)
    clocks, rest = _take_clocks(rest)
    loose, rest = _take_loose(rest)
    return Facts((*clocks, *_figures(rest, code), *loose), tuple(moments))


def missing_figures(claimed: Facts, given: Sequence[Facts]) -> list[str]:
    """Return those figures of a statement that stand in none of the texts given, as written."""
    figures = [figure for facts in given for figure in (*facts.figures, *_summed(facts.figures))]
    years = [m.year for facts in given for m in facts.moments if m.year]
    return [
        one.text
        for one in claimed.figures
        if not any(_same(one, other) for other in figures)
        and not (not one.unit and one.value in years)
        and not (one.unit in _LOOSE and not any(_of_kind(one, other) for other in figures))
    ]


def missing_moments(claimed: Facts, given: Sequence[tuple[Facts, date | None]]) -> list[str]:
    """Return those dates of a statement that the texts given do not hold, as written.

    Each text comes with the day its article was published: what weekdays, "yesterday" and dates without a
    year are counted from, and the date of a text that names none.
    """
    held = [moment for facts, published in given for moment in _resolved(facts, published)]
    numbers = [figure.value for facts, _ in given for figure in facts.figures]
    return [
        one.text
        for one in claimed.moments
        if not any(_fits(one, other) for other in held) and not (one.year in numbers and one.month is None)
    ]


def _summed(figures: Sequence[Figure]) -> Iterator[Figure]:
    """Yield "two hours and a minute" as minutes."""
    for one, other in pairwise(figures):
        if (one.unit, other.unit) == ("hour", "minute"):
            yield Figure(one.text, one.value * 60 + other.value, "minute")


def _of_kind(claimed: Figure, given: Figure) -> bool:
    return claimed.unit == given.unit or (claimed.unit, given.unit) == ("share", "%")


def _same(claimed: Figure, given: Figure) -> bool:
    if claimed.unit in _MINUTES and given.unit in _MINUTES and claimed.unit != given.unit:
        return _same(
            *(replace(one, value=one.value * _MINUTES[one.unit], unit="minute") for one in (claimed, given))
        )
    if {claimed.unit, given.unit} == {"share", "%"}:
        return math.isclose(
            *(one.value * (100 if one.unit == "share" else 1) for one in (claimed, given)), rel_tol=0.02
        )
    if (claimed.unit, given.unit) == ("pp", "share"):
        return math.isclose(claimed.value, given.value)  # "a quarter point"
    if claimed.unit != given.unit and (_STRICT & {claimed.unit, given.unit} or (claimed.unit and given.unit)):
        return False
    if claimed.unit == "clock":
        return (claimed.value - given.value) % _HALF_DAY_MIN == 0
    if math.isclose(claimed.value, given.value, rel_tol=1e-9):
        return True
    return claimed.rounded and math.isclose(_to_digits(given.value, _digits(claimed.value)), claimed.value)


def _digits(value: float) -> int:
    """Return the number of significant digits."""
    return len(f"{value:.10g}".replace(".", "").strip("0")) or 1


def _to_digits(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _resolved(facts: Facts, published: date | None) -> Iterator[Moment]:
    """Yield a text's dates with what the day of publication adds to them."""
    dated = False
    for one in facts.moments:
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


def _fits(claimed: Moment, given: Moment) -> bool:
    """Tell whether a date says no more and nothing else than one that is given."""
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


def _take_moments(text: str) -> tuple[list[Moment], str]:
    """Return the dates of a text, and the text with blanks in place of those that have figures."""
    found: list[tuple[int, Moment]] = []
    for pattern in _DATES:
        for match in list(pattern.finditer(text)):
            moment = _moment(match)
            if moment is not None:
                found.append((match.start(), moment))
                text = _blank(text, match)
    for match in _DAY_WORD.finditer(text):
        if match["relative"]:
            moment = Moment(match.group(), offset=_RELATIVE[match["relative"].lower()])
        else:
            moment = Moment(match.group(), weekday=_WEEKDAYS[match["weekday"].lower()])
        found.append((match.start(), moment))
    return [moment for _, moment in sorted(found, key=lambda one: one[0])], text


def _moment(match: re.Match[str]) -> Moment | None:
    """Return the date that a pattern found, None where there is no such day."""
    groups = match.groupdict()
    month = _MONTHS[groups["month"].lower()] if groups.get("month") else int(groups.get("number") or 0)
    year, day = int(groups.get("year") or 0), int(groups.get("day") or 0)
    if groups.get("first"):
        month, day = _slashed(int(groups["first"]), int(groups["second"]))
    try:
        date(year or 2000, month or 1, day or 1)  # 2000 has a 29 February
    except ValueError:
        return None
    return Moment(match.group().strip(), year or None, month or None, day or None)


def _slashed(first: int, second: int) -> tuple[int, int]:
    """Return month and day of 12/24 or 24/12, 0 for each where it may be either."""
    if first == second:
        return first, second
    if first > 12 or second > 12:
        return (second, first) if first > 12 else (first, second)
    return 0, 0


def _take_clocks(text: str) -> tuple[list[Figure], str]:
    clocks = []
    for pattern in _CLOCK:
        for match in list(pattern.finditer(text)):
            hour, minute = int(match["hour"]), int(match["minute"] or 0)
            half = (match.groupdict().get("half") or "").lower()
            if hour > 24 or minute > 59:
                continue
            hour = hour % 12 + 12 * (half == "p") if half else hour
            clocks.append(Figure(match.group().strip(), hour * 60 + minute, "clock"))
            text = _blank(text, match)
    return clocks, text


def _take_loose(text: str) -> tuple[list[Figure], str]:
    """Return the shares and ordinals that a text spells out, and the text with blanks for the shares."""
    found = []
    for match in list(_SHARES.finditer(text)):
        value = (
            0.5
            if match["half"]
            else _COUNTS.get(match["count"].lower(), 1) / _PARTS[match["part"].lower()[:3]]
        )
        found.append(Figure(match.group(), value, "share"))
        text = _blank(text, match)
    for match in _ORDINAL.finditer(text):
        found.append(Figure(match.group(), _ORDINALS[match["word"].lower()], "th"))
    return found, text


def _figures(text: str, language: str) -> Iterator[Figure]:
    for match in re.finditer(rf"{_DIGITS.pattern}|{_spelled(language)}", text, re.IGNORECASE):
        value = _value(match.group(), language)
        if value is None:
            continue
        factor, end = _factor(text, match.end(), language)
        if value == 1 and not match.group()[0].isdigit() and factor == 1:
            continue  # "a", "one", "ein": an article, not a figure
        before = _CURRENCY_BEFORE.search(text[: match.start()])
        after = _UNIT.match(text, end)
        unit = _unit(before) or _unit(after)
        start = before.start() if before else match.start()
        stop = after.end() if after and not before else end
        yield Figure(text[start:stop].strip(), value * factor, unit, bool(_HEDGE.search(text[:start])))


def _factor(text: str, end: int, language: str) -> tuple[float, int]:
    """Return what the word behind a number multiplies it by, and where that word ends."""
    match = re.compile(r"(\s*-?)([^\W\d_]+)\.?").match(text, end)
    if match is None:
        return 1.0, end
    word = match[2].lower()
    if word in ("k", "m") and match[1]:
        return 1.0, end
    if word == "m" and not _CURRENCY_BEFORE.search(re.sub(r"[\d.,]+$", "", text[:end])):
        return 1.0, end  # metres
    factor = _TIMES[language].get(word)
    if factor is None:
        return 1.0, end
    return factor, match.end() if word in ("tsd", "mio", "mrd") else match.end(2)


def _unit(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    return next(_UNITS[int(name[1:])][0] for name, found in match.groupdict().items() if found)


@lru_cache(maxsize=2)
def _words(language: str) -> dict[str, float]:
    """Return the numbers from 0 to 99 as they are spelled, and a few more."""
    ones, tens = _ONES[language], _TENS[language]
    words: dict[str, float] = {word: float(n) for n, word in enumerate(ones) if word != "_"}
    for n, ten in enumerate(tens, start=2):
        words[ten] = float(10 * n)
        for m, one in enumerate(ones[1:10], start=1):
            name = {"de": "ein", "en": "one"}[language] if m == 1 else one
            joined = f"{name}und{ten}" if language == "de" else f"{ten}-{name}"
            words[joined] = float(10 * n + m)
    more: dict[str, dict[str, float]] = {
        "de": {"hundert": 100, "einhundert": 100, "tausend": 1000, "eintausend": 1000, "dutzend": 12,
               "beide": 2, "beiden": 2, "beider": 2, "anderthalb": 1.5, "eineinhalb": 1.5, "ein": 1,
               "eine": 1, "einer": 1, "einen": 1, "eine halbe": 0.5, "einer halben": 0.5},
        "en": {"hundred": 100, "a hundred": 100, "one hundred": 100, "a thousand": 1000, "dozen": 12,
               "both": 2, "one and a half": 1.5, "one": 1, "a": 1, "half a": 0.5},
    }  # fmt: skip
    halves = {f"{w}einhalb" if language == "de" else f"{w} and a half": words[w] + 0.5 for w in ones[2:13]}
    return words | halves | more[language]


@lru_cache(maxsize=2)
def _spelled(language: str) -> str:
    """Return a pattern of all spelled numbers, the longest first; "zweistündig" begins with one."""
    words = "|".join(re.escape(word) for word in sorted(_words(language), key=len, reverse=True))
    joined = r"|(?=(?:stünd|minüt|täg|wöch|monat|jähr)ig)" if language == "de" else ""
    return rf"(?<!\w)(?:{words})(?:(?!\w){joined})"


def _value(token: str, language: str) -> float | None:
    if token[0].isdigit():
        token = _GROUPS.sub("", token)
        parsed = number(re.sub(r"(?:st|nd|rd|th)$", "", token.lower()))
        return float(parsed) if parsed.count(".") <= 1 else None
    return _words(language).get(token.lower())


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * len(match.group()) + text[match.end() :]
