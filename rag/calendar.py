"""The names of months and weekdays in German and English → their numbers, and days as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

LANGUAGES: Final = ("de", "en")
# As a calendar has them, January to December; what else a month is called stands after a stroke.
_MONTHS: Final = {
    "de": "Januar/Jänner Februar/Feber März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_SHORT: Final = {
    "de": "Jan Feb Mär/Mrz Apr _ Jun Jul Aug Sep/Sept Okt Nov Dez",
    "en": "Jan Feb Mar Apr _ Jun Jul Aug Sep/Sept Oct Nov Dec",
}
_WEEKDAYS: Final = {
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag/Sonnabend Sonntag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}

# How a day is written: "7. Dezember 2021", "7 December 2021".
DAY: Final = {"de": "{day}. {month} {year}", "en": "{day} {month} {year}"}


def _numbered(names: str, first: int) -> dict[str, int]:
    return {
        name: number
        for number, called in enumerate(names.split(), start=first)
        for name in called.split("/")
        if name != "_"
    }


# Language → name as it is written → number: months from 1, weekdays from 0 as Python counts them.
MONTHS: Final[Mapping[str, Mapping[str, int]]] = {one: _numbered(_MONTHS[one], 1) for one in LANGUAGES}
SHORT_MONTHS: Final[Mapping[str, Mapping[str, int]]] = {one: _numbered(_SHORT[one], 1) for one in LANGUAGES}
WEEKDAYS: Final[Mapping[str, Mapping[str, int]]] = {one: _numbered(_WEEKDAYS[one], 0) for one in LANGUAGES}

# Any of these names in lower case → its number.
ANY_MONTH: Final[Mapping[str, int]] = {
    name.lower(): number
    for one in LANGUAGES
    for table in (MONTHS, SHORT_MONTHS)
    for name, number in table[one].items()
}
ANY_WEEKDAY: Final[Mapping[str, int]] = {
    name.lower(): number for one in LANGUAGES for name, number in WEEKDAYS[one].items()
}


def _of_a_day() -> str:
    """Return a pattern of what follows a day in German: "9. Dezember", "9. Dez.", "9. 12. 2021"."""
    months, short = either(MONTHS["de"]), either(SHORT_MONTHS["de"])
    return rf"[ \t\xa0]*(?:(?:{months})\b|(?:{short})(?:\.|[ \t\xa0]+\d)|\d{{1,2}}\.\s?(?:19|20)\d\d)"


def month_names(language: str) -> tuple[str, ...]:
    """Return the twelve names that a calendar in German or English has."""
    return tuple(called.split("/")[0] for called in _MONTHS[language].split())


def written(day: date, form: str, months: Sequence[str]) -> str:
    """Return a day in a form such as those of `DAY`."""
    return form.format(day=day.day, month=months[day.month - 1], year=day.year)


def either(names: Iterable[str]) -> str:
    """Return a pattern of any of these names, longer ones before those they begin with."""
    return "|".join(sorted(set(names), key=lambda name: (-len(name), name)))


# The number of an item in a list, which is not the day of a date.
ITEM: Final = rf"\d{{1,2}}[.)](?!{_of_a_day()})"
