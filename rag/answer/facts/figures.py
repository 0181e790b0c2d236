"""Text → the figures in it, in one form for German and English, and which of them are the same."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from rag.answer.facts.moments import blanked
from rag.answer.facts.numerals import spelled, value_of

_CLOCK: Final = (
    re.compile(
        r"(?<![\d.,])(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d))?\s*(?P<said>Uhr)\b(?:\s(?P<half>abends|nachmittags))?"
    ),
    re.compile(
        r"(?<![\d.,])(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[ap])\.?m\b\.?", re.IGNORECASE
    ),
    re.compile(r"(?<![\d.,])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?![\d:])"),
)
_LATE: Final = re.compile("abend|nachmittag|nacht", re.IGNORECASE)  # where "8 Uhr" may be 20 Uhr
_DAY_MIN: Final = 24 * 60

_TIMES: Final = {
    "de": {"dutzend": 12, "tsd": 1e3, "tausend": 1e3, "mio": 1e6, "million": 1e6, "millionen": 1e6,
           "mrd": 1e9, "milliarde": 1e9, "milliarden": 1e9, "billion": 1e12, "billionen": 1e12},
    "en": {"dozen": 12, "hundred": 100, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6,
           "billion": 1e9, "bn": 1e9, "trillion": 1e12, "tn": 1e12},
}  # fmt: skip
_UNITS: Final = (
    ("pp", r"prozentpunkt\w*|percentage[\s-]points?"),
    ("%", r"%|prozent\w*|percent|per\s?cent"),
    ("eur", r"€|euros?|eur"),
    ("usd", r"(?:U\.?S\.?[\s-]?)?(?:dollars?|\$)|usd"),
    ("gbp", r"£|pfund|pounds?|gbp"),
    ("rub", r"rubel|r(?:o)?ubles?"),
    ("hour", r"stunden?|stündig\w*|hours?|hrs?"),
    ("minute", r"minuten?|minütig\w*|minutes?"),
    ("day", r"tage?n?|tägig\w*|days?"),
    ("week", r"wochen?|wöchig\w*|weeks?"),
    ("month", r"monate?n?|monatig\w*|months?"),
    ("year", r"jahre?n?|jährig\w*|years?"),
    ("km", r"kilometern?|kilomet(?:er|re)s?|km"),
    ("mile", r"meilen?|miles?"),
    ("ton", r"tonnen?|ton(?:ne)?s?"),
    ("chf", r"(?:Schweizer\s)?(?:franken|francs?)|chf"),
    ("cent", r"cents?"),
    ("km²", r"quadratkilometern?|square\skilomet(?:er|re)s?|km²|km2"),
    ("m²", r"quadratmetern?|square\smet(?:er|re)s?|m²|m2|qm"),
    ("m", r"metern?|met(?:er|re)s?|(?<=\s)m"),
    ("cm", r"zentimetern?|centimet(?:er|re)s?|cm"),
    ("mm", r"millimetern?|millimet(?:er|re)s?|mm"),
    ("ha", r"hektar|hectares?|ha"),
    ("kg", r"kilogramms?|kilograms?|kilos?|kg"),
    ("g", r"gramms?|grams?"),
    ("l", r"litern?|lit(?:er|re)s?"),
    ("°", r"grad|degrees?|°\s?[cf]?"),
    ("wh", r"wattstunden?|watt[\s-]?hours?|wh"),
    ("kwh", r"kilowattstunden?|kilowatt[\s-]?hours?|kwh"),
    ("mwh", r"megawattstunden?|megawatt[\s-]?hours?|mwh"),
    ("gwh", r"gigawattstunden?|gigawatt[\s-]?hours?|gwh"),
    ("twh", r"terawattstunden?|terawatt[\s-]?hours?|twh"),
    ("w", r"watts?"),
    ("kw", r"kilowatts?|kw"),
    ("mw", r"megawatts?|mw"),
    ("gw", r"gigawatts?|gw"),
)
_UNIT: Final = re.compile(
    r"[\s-]*(?:" + "|".join(f"(?P<u{n}>{pattern})" for n, (_, pattern) in enumerate(_UNITS)) + r")(?!\w)",
    re.IGNORECASE,
)
_CURRENCY_BEFORE: Final = re.compile(
    r"(?P<u2>€|\bEUR)\s?$|(?P<u3>(?:US)?\$|\bUSD)\s?$|(?P<u4>£|\bGBP)\s?$|(?P<u15>\bCHF)\s?$"
)
_STRICT: Final = frozenset({"%", "pp", "clock", "share", "th"})  # units without which a number is another one
# Units that measure one thing: each in the first of them.
_MEASURES: Final = (
    {"minute": 1.0, "hour": 60.0, "day": 24 * 60.0, "week": 7 * 24 * 60.0},
    {"mm": 1.0, "cm": 10.0, "m": 1e3, "km": 1e6},
    {"m²": 1.0, "ha": 1e4, "km²": 1e6},
    {"g": 1.0, "kg": 1e3, "ton": 1e6},
    {"wh": 1.0, "kwh": 1e3, "mwh": 1e6, "gwh": 1e9, "twh": 1e12},
    {"w": 1.0, "kw": 1e3, "mw": 1e6, "gw": 1e9},
)
# What is told loosely, or in other words: wrong only beside another one of its kind.
LOOSE: Final = frozenset({"share", "th"})
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
_HEDGE: Final = re.compile(
    r"\b(?:(?P<about>rund|etwa|ungefähr|circa|ca\.|knapp|fast|about|around|roughly|nearly|almost|some"
    r"|approximately|close to)"
    r"|(?P<least>(?<!nicht )mehr als|nicht weniger als|über|gut|mindestens|wenigstens|(?<!no )more than"
    r"|no (?:fewer|less) than|over|at least)"
    r"|(?P<most>(?<!nicht )weniger als|nicht mehr als|bis zu|höchstens|maximal|(?<!no )(?:fewer|less) than"
    r"|no more than|up to|at most))\s+$",
    re.IGNORECASE,
)
_BOUND: Final = 2.0  # how far beyond its bound, as a factor, a figure still is the one that is meant
# A noun behind a number, in English a plural: what is counted, where it is no unit.
_NOUN: Final = {
    "de": re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]+"),
    "en": re.compile(
        r"\s(?:(?!(?:was|has|does|as|its|always|times|says)\b|\w*(?:ss|us|is)\b)[a-z]+s|people|men|women|children)\b"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is meant: thousands, millions and the like multiplied out."""

    text: str
    value: float
    unit: str = ""  # "%", "eur", "hour" … or "" where none is written
    loose: str = ""  # "about", "least" ("more than") or "most" ("up to") before it; "half": either of a day
    counts: bool = False  # a noun that is no unit stands behind it


def figures(text: str, language: str) -> tuple[Figure, ...]:
    """Return the figures of a text without dates; numbers spelled out count from two on.

    >>> [one.value for one in figures("94 Tsd. Soldaten und 1,5 Milliarden Euro", "de")]
    [94000.0, 1500000000.0]
    """
    clocks, rest = _take_clocks(text)
    loose, rest = _take_loose(rest)
    return (*clocks, *_figures(rest, language), *loose)


def summed(figures: Sequence[Figure]) -> Iterator[Figure]:
    """Yield "two hours and a minute" as minutes."""
    for one, other in pairwise(figures):
        if (one.unit, other.unit) == ("hour", "minute"):
            yield Figure(one.text, one.value * 60 + other.value, "minute")


def is_of_kind(claimed: Figure, given: Figure) -> bool:
    return claimed.unit == given.unit or (claimed.unit, given.unit) == ("share", "%")


def is_same(claimed: Figure, given: Figure) -> bool:
    if claimed.unit != given.unit and (measure := _measure(claimed, given)):
        base = next(iter(measure))
        return is_same(
            *(replace(one, value=one.value * measure[one.unit], unit=base) for one in (claimed, given))
        )
    if {claimed.unit, given.unit} == {"share", "%"}:
        return math.isclose(
            *(one.value * (100 if one.unit == "share" else 1) for one in (claimed, given)), rel_tol=0.02
        )
    if (claimed.unit, given.unit) == ("pp", "share"):
        return math.isclose(claimed.value, given.value)  # "a quarter point"
    if claimed.unit != given.unit and (_STRICT & {claimed.unit, given.unit} or (claimed.unit and given.unit)):
        return False
    if (claimed.unit and given.counts) or (given.unit and claimed.counts):
        return False  # 500 euros, and 500 tanks
    if claimed.unit == "clock":
        half = "half" in (claimed.loose, given.loose)
        return (claimed.value - given.value) % (_DAY_MIN // 2 if half else _DAY_MIN) == 0
    return _is_within(claimed, given)


def _measure(*measured: Figure) -> dict[str, float] | None:
    """Return the units of what all the figures measure, None where they do not measure one thing."""
    return next((units for units in _MEASURES if all(one.unit in units for one in measured)), None)


def _is_within(claimed: Figure, given: Figure) -> bool:
    """Tell whether a number is the one claimed, or within what its hedge allows."""
    if {claimed.loose, given.loose} == {"least", "most"}:
        return False
    if math.isclose(claimed.value, given.value, rel_tol=1e-9):
        return True
    if claimed.loose == "least":
        return claimed.value <= given.value <= _BOUND * claimed.value
    if claimed.loose == "most":
        return claimed.value / _BOUND <= given.value <= claimed.value
    return claimed.loose == "about" and math.isclose(
        _to_digits(given.value, _digits(claimed.value)), claimed.value
    )


def _digits(value: float) -> int:
    """Return the number of significant digits."""
    return len(f"{value:.9e}".partition("e")[0].replace(".", "").rstrip("0")) or 1


def _to_digits(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _take_clocks(text: str) -> tuple[list[Figure], str]:
    clocks = []
    for pattern in _CLOCK:
        for match in list(pattern.finditer(text)):
            hour, minute = int(match["hour"]), int(match["minute"] or 0)
            half = (match.groupdict().get("half") or "").lower()
            if hour > 24 or minute > 59:
                continue
            sure = half or hour > 12 or (match.groupdict().get("said") and not _LATE.search(text))
            hour = hour % 12 + 12 * (half != "a") if half else hour
            loose = "" if sure else "half"
            clocks.append(Figure(match.group().strip(), hour * 60 + minute, "clock", loose))
            text = blanked(text, match)
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
        text = blanked(text, match)
    for match in _ORDINAL.finditer(text):
        found.append(Figure(match.group(), _ORDINALS[match["word"].lower()], "th"))
    return found, text


def _figures(text: str, language: str) -> Iterator[Figure]:
    end = 0
    for match in re.finditer(rf"{_DIGITS.pattern}|{spelled(language)}", text, re.IGNORECASE):
        value = value_of(match.group(), language)
        if value is None or match.start() < end:
            continue  # none, or the "dozen" of "two dozen"
        factor, end = _factor(text, match.end(), language)
        if value == 1 and not match.group()[0].isdigit() and factor == 1:
            continue  # "a", "one", "ein": an article, not a figure
        before = _CURRENCY_BEFORE.search(text[: match.start()])
        after = _UNIT.match(text, end)
        unit = _unit(before) or _unit(after)
        start = before.start() if before else match.start()
        stop = after.end() if after and not before else end
        noun = None if unit else _NOUN[language].match(text, end)
        counts = noun is not None and not _UNIT.match(text, noun.end())
        yield Figure(text[start:stop].strip(), value * factor, unit, _hedge(text[:start]), counts)


def _hedge(before: str) -> str:
    match = _HEDGE.search(before)
    return (match.lastgroup or "") if match else ""


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
