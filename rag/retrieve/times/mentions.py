"""Question → what in it names a time: its place, and which days it means as of some day.

Patterns of our own: date parsers take "die 5" and the verb "may" for dates, and know no "KW 12".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from rag.calendar import MONTHS, SHORT_MONTHS, WEEKDAYS, either
from rag.retrieve.times.spans import MEANINGS, RECURRING, Meaning, Parts, part_of
from rag.schema import Period

# A kind (see `spans`) and a pattern each; a space is white space, words in capitals stand for those below.
# What leads up to a mention stands before `at`, where there is such a group. A year before a noun is a number
# of things ("2000 Soldaten", "2000 troops"), a bare English month a verb, "August Hanning" a name.
_FORMS: Final = {
    "de": r"""
date     \b(?P<iso>\d{4}-\d\d-\d\d)(?!\d)
date     (?<![\d.,])FIRST?DAY\.?\s?(?P<month>MONTH|(?:SHORT)\b\.?)(?!\w)(?:,? (?P<year>YEAR)\b(?![.,]\d))?
date     (?<![\d.,])FIRST?DAY\.\s?(?P<month>\d{1,2})\.\s?(?P<year>YEAR)(?!\d)
date     (?<![\d.,])FIRST?DAY\.(?P<month>\d{1,2})\.(?P<year>\d\d)(?![\d.,])
date     \b(?:am|vom|zum|seit|bis|ab|dem|den|der|und|nach|vor) (?P<at>DAY\.\s?(?P<month>\d{1,2})\.)(?!\s?\d)
month    \b(?P<month>MONTH|(?:SHORT)\b\.?)(?:wochen?|hälfte)? (?:des Jahres )?(?P<year>YEAR)\b(?![.,]\d)
month    \b(?:im|seit|bis|ab|zwischen|vom|zum|Anfang|Mitte|Ende|diese[nmrs]?) (?P<at>(?P<month>MONTH))\b
month    \b(?:(?P<last>LAST)|ORDINAL) (?P<month>MONTH)(?:wochen?|hälfte)?\b
month    (?:\b(?:von|und|oder|vor|nach|des|den|dem|in|noch) |[–-]\s?)(?P<at>(?P<month>MONTH))\b(?! CAPITAL)
quarter  \bQ(?P<number>[1-4])\b(?:[\s/]+(?:des Jahres )?(?P<year>YEAR)\b)?
quarter  \b(?:(?P<number>[1-4])\.|(?P<ordinal>erst|zweit|dritt|viert|letzt)e[nmrs]?) Quartals?\b
         (?: (?:des Jahres )?(?P<year>YEAR)\b)?
season   \b(?P<season>SEASON)s? (?:des Jahres )?(?P<year>YEAR)\b(?:/\d\d\b)?
season   \b(?:im|seit|Anfang|Ende|diese[nm]) (?P<at>(?P<season>SEASON))\b
season   \b(?P<last>LAST) (?P<season>SEASON)s?\b
week     \b(?:KW|Kalenderwoche)\s*(?P<number>\d{1,2})\b(?:[\s/,]+(?:im Jahr )?(?P<year>YEAR)\b)?
recent   \bLAST (?P<count>\d{1,3}|NUMBER|FEW) (?P<unit>Stunde|Tag|Woche|Monat|Jahr)e?n?\b
recent   (?<!ihre\s)(?<!ihre[nrm]\s)(?<!seine\s)(?<!seine[nrm]\s)
         \bLAST (?P<unit>Stunden|Tagen?|Wochen|Monaten?|Jahren?)\b(?! (?:der|des|vor|von)\b)
recent   \bseit (?P<at>(?P<count>\d{1,3}|NUMBER|FEW) (?P<unit>Tag|Woche|Monat|Jahr)e?n?)\b
recent   \bseit (?P<at>(?P<unit>Tagen|Wochen|Monaten))\b
turn     \b(?P<which>vorletzte[nmrs]?|LAST|diese[nmrs]?|laufende[nmrs]?)
          (?P<unit>Wochenende|Woche|Monat|Jahr)(?:e?s)?\b(?! (?:im|des|vom)\b)
turn     \b(?P<which>Vor)(?P<unit>woche|monat|jahr)(?:e?s)?\b
turn     \b(?:am|vom|seit dem) (?P<at>(?P<unit>Wochenende))\b
ago      \bvor (?P<count>\d{1,3}|NUMBER|FEW) (?P<unit>Tag|Woche|Monat|Jahr)e?n?\b
near     \b(?P<near>vorgestern|gestern|heute|gestrig)(?:e[nmrs]?)?\b
weekday  \b(?:am|seit|bis|vom|von|zum|ab|und|vor|nach|zwischen|dem|diese[nmrs]?)
          (?P<at>(?P<weekday>WEEKDAY)HOURS)s?\b(?!NUMBERED)
weekday  \b(?P<last>LAST) (?P<weekday>WEEKDAY)HOURSs?\b(?!NUMBERED)
year     (?<![\d.,-])\b(?P<first>YEAR)\s?[–/-]\s?(?P<year>YEAR|\d\d)\b(?![.,–-]\d)
year     \bJahre?s? (?P<year>YEAR)\b
year     \b(?:seit|Anfang|Mitte|Ende|Jahresende|Jahresbeginn) (?P<at>(?P<year>YEAR))\b(?![.,-]\d|\s*%)
year     (?<![\d.,-])\b(?P<year>YEAR)\b(?![.,-]\d|\s*%| CAPITAL)
decade   \b(?P<year>(?:19|20)?\d0)er(?:n|-?\s?Jahren?)\b
""",
    "en": r"""
date     \b(?P<iso>\d{4}-\d\d-\d\d)(?!\d)
date     (?<![\d.,])FIRST?DAY (?:of )?(?P<month>MONTH|(?:SHORT)\b\.?)(?!\w)(?:,? (?P<year>YEAR)\b(?![.,]\d))?
date     \b(?P<month>MONTH|(?:SHORT)\b\.?) (?:the )?FIRST?DAY\b(?!:\d|[.,]\d|\s?%)
         (?:,? (?P<year>YEAR)\b(?![.,]\d))?
date     (?<![\d.,])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>YEAR)(?!\d)
date     (?<![\d.,])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d\d)(?![\d.,])
slashed  (?<![\d/])(?P<one>\d{1,2})/(?P<other>\d{1,2})/(?P<year>YEAR)(?![\d/])
month    \b(?P<month>MONTH|(?:SHORT)\b\.?),? (?:of )?(?P<year>YEAR)\b(?![.,]\d)
month    \b(?:in|of|since|until|during|early|late|mid)[\s-]+(?P<at>(?P<month>MONTH))\b(?!['’])
month    \b(?P<last>LAST) (?P<month>MONTH)\b
month    (?:\b(?:by|before|after|from|to|through|between|and|or|this) |[–-]\s?)
         (?P<at>(?P<month>MONTH))\b(?! CAPITAL|['’])
quarter  \bQ(?P<number>[1-4])\b(?:[\s/]+(?:of )?(?P<year>YEAR)\b)?
quarter  \b(?P<ordinal>first|second|third|fourth|last)[\s-]+quarter\b(?: (?:of )?(?P<year>YEAR)\b)?
season   \b(?P<season>SEASON) (?:of )?(?P<year>YEAR)\b(?:/\d\d\b)?
season   \b(?P<last>LAST) (?P<season>SEASON)\b
week     \bcalendar week (?P<number>\d{1,2})\b(?:,? (?:of )?(?P<year>YEAR)\b)?
week     \bweek (?P<number>\d{1,2}),? (?:of )?(?P<year>YEAR)\b
recent   \bLAST (?P<count>\d{1,3}|NUMBER|FEW) (?P<unit>hour|day|week|month|year)s?\b
recent   (?<!\bhis\s)(?<!\bher\s)(?<!\bits\s)(?<!\btheir\s)
         \bLAST (?P<unit>hours|days|weeks|months|years)\b(?! (?:before|of)\b)
recent   \bpast (?P<unit>day|week|month|year)\b
turn     \b(?P<which>LAST|this|current) (?P<unit>weekend|week|month|year)\b(?! of\b)
turn     \b(?P<unit>weekend|week|month|year) (?P<which>before last)\b
turn     \b(?:over|during|on|at|since) (?P<at>the (?P<unit>weekend))\b
ago      \b(?P<count>\d{1,3}|FEW|NUMBER) (?P<unit>day|week|month|year)s? ago\b
near     \b(?P<near>the day before yesterday|yesterday|today|tonight|last night
         |this (?:morning|afternoon|evening))\b
weekday  \b(?:on|since|until|by|before|after|between|from|to|through|and|this)
          (?P<at>(?P<weekday>WEEKDAY))\b(?!NUMBERED)
weekday  \b(?P<last>LAST) (?P<weekday>WEEKDAY)\b(?!NUMBERED)
weekday  (?<!\bBlack\s)(?<!\bGood\s)(?<!\bEaster\s)(?<!\bBloody\s)\b(?P<weekday>WEEKDAY)
         (?= (?:morning|afternoon|evening|night)\b|[\s?.!]*$)
year     (?<![\d.,-])\b(?P<first>YEAR)\s?[–/-]\s?(?P<year>YEAR|\d\d)\b(?![.,–-]\d)
year     \byear (?P<year>YEAR)\b
year     \b(?:in|of|since|during|until|from|to|and|between|before|after|by|early|mid|late)[\s-]+
         (?P<at>(?P<year>YEAR))\b(?![.,-]\d|\s*%| THINGS)
year     \bthe (?P<at>(?P<year>YEAR))(?= [a-z])(?! THINGS)
year     (?<![\d.,-])\b(?P<year>YEAR)(?=[\s?.!]*$)
decade   \b(?P<year>(?:19|20)\d0)['’]?s\b
""",
}
_WORDS: Final = {
    "de": {
        "FIRST": r"(?P<first>\d{1,2})\.(?:\s?[–/-]\s?| (?:bis|und|oder) (?:zum |dem |am )?)",
        "DAY": r"(?<!\d)(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)",
        "LAST": "(?:letzte|vergangene|vorige)[nmrs]?",
        "ORDINAL": r"(?:ers|zwei|drit|vier|fünf|sechs|sieb|sieben|ach|neun|\w*zehn|elf|zwölf|\w+zigs)te[nr]",
        "NUMBER": "eine?[mnr]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf",
        "FEW": "(?:ein )?paar|(?:einige|wenige|mehrere)[nr]?",
        "SEASON": "Frühjahr|Frühling|Sommer|Herbst|Winter",
        "HOURS": "(?:abend|nachmittag|vormittag|morgen|mittag|nacht)?",
        "NUMBERED": r",? (?:de[mn] )?\d",
    },
    "en": {
        "FIRST": r"(?P<first>\d{1,2})(?:st|nd|rd|th)?(?:\s?[–-]\s?| (?:and|or|to|until|through) (?:the )?)",
        "DAY": r"(?<!\d)(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th)?",
        "LAST": "(?:last|past|previous)",
        "NUMBER": "an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve",
        "FEW": "(?:a )?(?:few|couple of)|several",
        "SEASON": "spring|summer|autumn|fall|winter",
        "NUMBERED": r",? (?:the )?(?:\d|MONTH)",
        "THINGS": r"(?-i:(?!(?:as|does|has|his|is|its|this|was)\b)[a-z]+s\b)",
    },
}
# What stands before a long period and takes a part of it: which one, of how many equal ones.
_PARTS: Final = {
    "de": {
        (1, 3): "Anfang|(?:zu )?Beginn", (2, 3): "Mitte", (3, 3): "Ende|letzte[nr]? Woche",
        (1, 2): "(?:erste[nr]?|1\\.) (?:Jahres)?hälfte", (2, 2): "(?:zweite[nr]?|2\\.) (?:Jahres)?hälfte",
    },
    "en": {
        (1, 3): "early|(?:the )?(?:beginning|start|first week)", (2, 3): "mid|(?:the )?middle",
        (3, 3): "late|(?:the )?(?:end|last week)", (1, 2): "(?:the )?first half",
        (2, 2): "(?:the )?second half",
    },
}  # fmt: skip
_OF: Final = {"de": "(?: (?:des|im|vom|von))?(?: Jahre?s?)? ", "en": r"(?: (?:of|in))?(?: the year)?[\s-]+"}
_INDENT: Final = 9  # of the patterns above
_PARTED_DAYS: Final = 28  # that a period has at least to have parts
_VERBS: Final = re.compile(r"(?:march|may)$")
_BEFORE_A_MONTH: Final = re.compile(r"\b(?:in|of|since|until|on|by|last|this)\s+$|\d\S*\s+$")


@dataclass(frozen=True, slots=True)
class Mention:
    """What names a time in question[start:end]; not `dated`, it is the last day, month … of its name."""

    start: int
    end: int
    meaning: Meaning
    dated: bool


def mentions(question: str, language: str) -> list[Mention]:
    """Return what names a time in a question, read as English ("en") or German, in order."""
    code = "en" if language == "en" else "de"
    kept: list[Mention] = []
    for one in sorted(_all(question, code), key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return [_in_part(one, question, code) for one in kept]


def _all(question: str, code: str) -> Iterator[Mention]:
    for kind, form in _forms(code):
        for match in form.finditer(question):
            parts: Parts = {name: value for name, value in match.groupdict().items() if value is not None}
            start = match.start("at" if "at" in parts else 0)
            if not (_VERBS.match(parts.get("month", "")) and not _BEFORE_A_MONTH.search(question[:start])):
                dated = kind not in RECURRING or not parts.keys().isdisjoint(("iso", "last", "year"))
                yield Mention(start, match.end(), MEANINGS[kind](parts), dated)


def _in_part(mention: Mention, question: str, code: str) -> Mention:
    """Return a mention with what takes a part of it, as "Anfang" does of "Anfang 2022"."""
    for (number, of), form in _parts(code):
        if found := form.search(question, 0, mention.start):
            return Mention(found.start(), mention.end, _part(mention.meaning, number, of), mention.dated)
    return mention


def _part(whole: Meaning, number: int, of: int) -> Meaning:
    def meaning(today: date) -> Period | None:
        period = whole(today)
        if period is None or (period.until - period.since).days + 1 < _PARTED_DAYS:
            return period
        return part_of(period, number, of)

    return meaning


@lru_cache(maxsize=2)
def _forms(code: str) -> list[tuple[str, re.Pattern[str]]]:
    lines = _FORMS[code].strip().replace("\n" + " " * _INDENT, "").splitlines()
    return [(line[:_INDENT].strip(), _compiled(line[_INDENT:], code)) for line in lines]


@lru_cache(maxsize=2)
def _parts(code: str) -> list[tuple[tuple[int, int], re.Pattern[str]]]:
    return [(which, _compiled(rf"\b(?:{form}){_OF[code]}$", code)) for which, form in _PARTS[code].items()]


def _compiled(form: str, code: str) -> re.Pattern[str]:
    """Return a pattern with white space for spaces, and for words in capitals those of a language."""
    words = _WORDS[code] | {
        "WEEKDAY": either(WEEKDAYS[code]), "MONTH": either(MONTHS[code]), "SHORT": either(SHORT_MONTHS[code]),
        "YEAR": r"(?:19|20)\d\d", "CAPITAL": "(?-i:[A-ZÄÖÜ])",
    }  # fmt: skip
    for name, value in words.items():
        form = re.sub(rf"(?<![A-Z]){name}(?![A-Z])", f"(?:{value})".replace("\\", r"\\"), form)
    return re.compile(form.replace(" ", r"\s+"), re.IGNORECASE)
