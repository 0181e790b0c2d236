"""What kind of answer a question asks for, where its words say so, and whether a sentence has one.

The oldest trick of question answering (Li & Roth, "Learning Question Classifiers", COLING 2002), kept to
the kinds that can be seen in a sentence without a parser. What the question says itself is no answer to it.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Final, Literal

Kind = Literal["duration", "percent", "money", "number", "year", "time", "person", "place", "reason"]


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(patterns)})", re.IGNORECASE)


_ASKS: Final[dict[Kind, re.Pattern[str]]] = {  # the first that matches decides
    "duration": _any_of(r"\bwie\s+lange\b", r"\bhow\s+long\b"),
    "percent": _any_of(
        r"\bwie\s*viele?\s+prozent\b", r"\bwelche[nrs]?\s+(?:prozent\w*|anteil)\b",
        r"\b(?:what|which)\s+(?:percent\w*|share|proportion|fraction)\b", r"\bhow\s+many\s+percent\b",
    ),
    "money": _any_of(
        r"\bwie\s+teuer\b", r"\bwie\s*viel\s+(?:geld|euro|dollar|franken)\b", r"\bwas\s+kostet\w*\b",
        r"\bhow\s+much\s+(?:money|(?:did|does|do|will|would)\b.*\b(?:cost|pay|spend|earn))",
        r"\bhow\s+expensive\b",
    ),
    "number": _any_of(
        r"\bwie\s*viele?\b", r"\bwie\s+(?:hoch|groß|alt|weit|oft|stark|schnell|schwer|tief)\b",
        r"\bwelche\s+(?:zahl|zahlen|summe)\b",
        r"\bhow\s+(?:many|much|old|far|high|large|big|often|fast|tall|deep)\b",
        r"\bwhat\s+(?:number|figure|size)\b",
    ),
    "year": _any_of(r"\bwelche[mns]\s+jahre?s?\b", r"\b(?:what|which)\s+year\b"),
    "time": _any_of(
        r"\b(?:seit\s+|bis\s+|ab\s+)?wann\b", r"\bin\s+welche[mn]\s+(?:jahr\w+|monat)\b",
        r"\b(?:an|zu)\s+welchem\s+(?:tag|datum|zeitpunkt)\b", r"\bwhen\b",
        r"\b(?:what|which)\s+(?:date|day|month|century|decade)\b",
    ),
    "place": _any_of(
        r"^\s*(?:wo|wohin|woher|where)\b",
        r"\b(?:in|aus|nach)\s+welche[mnrs]?\s+(?:stadt|land|ort|staat|region)\b",
        r"\b(?:what|which)\s+(?:city|country|town|place|state|region)\b", r"\bwelche\s+stadt\b",
    ),
    "person": _any_of(r"^\s*(?:\w+\s+)?(?:wer|wem|wen|wessen)\b", r"^\s*(?:\w+\s+)?(?:who|whom|whose)\b"),
    "reason": _any_of(r"\b(?:warum|weshalb|wieso|why)\b"),
}  # fmt: skip

_MONTHS: Final = (
    r"januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|january|february"
    r"|march|may(?=\s+\d)|june|july|october|december"
)
_DAYS: Final = (
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday"
)
_SPELLED: Final = (
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend|dutzend|million\w*|milliard\w*"
    r"|zweimal|dreimal|hälfte|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|dozens?"
    r"|billion|twice|half"
)
_DATE: Final = _any_of(  # what is written with figures and is no quantity
    rf"\b\d{{1,2}}\.\s?(?:\d{{1,2}}\.(?:\s?\d{{2,4}})?|(?:{_MONTHS})(?:\s+\d{{4}})?)",
    rf"\b(?:{_MONTHS})\s+\d{{1,2}}(?:,\s*\d{{4}})?\b",
    rf"\b(?:{_MONTHS})\s+\d{{4}}\b",
    r"\b\d{4}-\d\d-\d\d\b",
    r"\b\d{1,2}[.:]\d\d\s?(?:uhr|am|pm|a\.m\.|p\.m\.)",
    r"\b(?:in|im\s+jahr|seit|since|of)\s+(?:1\d|20)\d\d\b",
)
_UNIT: Final = (
    r"(?:sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|jahrzehnt\w*|jahrhundert\w*"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))"
)
_NUMBER: Final = (
    rf"(?:\d[\d.,]*|{_SPELLED}|ein(?:e|en|em|er)?|an?|one|anderthalb|halbe?n?|mehrere|several|wenige|few)"
)
_CAPITAL: Final = r"[A-ZÄÖÜ][\w’'-]+"
_HAS: Final[dict[Kind, re.Pattern[str]]] = {
    "person": re.compile(rf"(?<!\w)(?:{_CAPITAL}\s+(?:(?:van|von|de|der|bin|al)\s+)?)+{_CAPITAL}"),
    "place": re.compile(rf"\b(?:in|im|an|am|bei|nach|aus|at|to|on|near|from)\s+({_CAPITAL})"),
    "duration": _any_of(rf"\b{_NUMBER}[\s-]+(?:\w+\s+)?{_UNIT}\b"),
    "percent": _any_of(
        r"\d\s*(?:%|prozent|percent|per\s+cent)", r"\b(?:drittel|viertel|hälfte|third|quarter|half)\b"
    ),
    "money": _any_of(r"[€$£¥]\s?\d", r"\b(?:euros?|dollars?|franken|rubel|pfund|pounds?|cent|yen)\b"),
    "number": _any_of(r"\d", rf"\b(?:{_SPELLED})\b"),
    "year": _any_of(r"\b(?:1\d{3}|20\d\d)\b"),
    "time": _any_of(
        r"\b(?:1\d{3}|20\d\d)\b", r"\b\d{1,2}\.\s?\d{1,2}\.", rf"\b(?:{_MONTHS}|{_DAYS})s?\b"
    ),
    "reason": _any_of(
        r"\b(?:weil|denn|wegen|aufgrund|damit|deshalb|darum|daher|begründe\w*|grund|gründe\w*|um\b.*\bzu)\b",
        r"\b(?:because|since|due\s+to|so\s+that|in\s+order\s+to|therefore|reasons?|as\s+a\s+result|owing)\b",
    ),
}  # fmt: skip
_WORD: Final = re.compile(r"\w+")
_NAMED: Final = rf"(?:(?:der|die|das|the|präsident|president|herr|mr\.?)\s+)?((?-i:(?:{_CAPITAL}\s*){{1,3}}))"
_TELLS: Final = _any_of(  # German asks with the verb of saying before its subject, English with "did"
    r"\b(?:sag|äußer|erklär|forder|verlang|reagier|antworte|kritisier|warn|kündig|bewerte|mein|begründe|beton"
    rf"|behaupte|beschreib|bezeichne)\w*\s+{_NAMED}",
    rf"\b(?:hält|hielt|denkt|dachte|nennt|nannte|beschrieb|wies|droht|drohte|versprach)\s+{_NAMED}",
    rf"\b(?:did|does|do)\s+{_NAMED}",
)
_SAYING: Final = _any_of(
    r"\b(?:sag|erklär|forder|verlang|warn|beton|mein|kündig|äußer|kritisier|bestätig|antworte|begrüß)\w*",
    r"\b(?:nannte|wies|hieß|laut|zufolge|said|says|told|stated|warned|demanded|announced|called|described)\b",
    r"\b(?:claim|declare|add|reject|dismiss|welcome|criticiz|criticis|react|respond|answer)\w*",
)
_OPENING: Final = 8  # words within which a sentence names who acts
_BEHIND: Final = 4  # words behind a verb of saying within which it names who speaks


def expected(question: str) -> Kind | None:
    """Return the kind of answer a question asks for, None where its words do not say."""
    plain = question.replace("\u200b", "")  # pasted from web pages
    return next((kind for kind, pattern in _ASKS.items() if pattern.search(plain)), None)


def offers(sentence: str, kind: Kind | None, question: str = "") -> bool:
    """Tell whether a sentence holds something of the kind; what the question says itself is nothing."""
    if kind is None:
        return False
    said = {word.casefold() for word in _WORD.findall(question)}
    if kind == "number":
        sentence = _DATE.sub(" ", sentence)
    return any(_new(found.group(found.lastindex or 0), said) for found in _HAS[kind].finditer(sentence))


def _new(words: str, said: set[str]) -> bool:
    """Tell whether any of the words is not among those that were said."""
    return any(word.casefold() not in said for word in _WORD.findall(words)) or not _WORD.search(words)


def speaker(question: str) -> str:
    """Return of whom a question asks what they say or do, as it names them; "" where it asks of nobody.

    >>> speaker("Was sagte Selenskyj über das Treffen?"), speaker("What did Zelensky say?")
    ('Selenskyj', 'Zelensky')
    """
    found = _TELLS.search(question)
    return (found.group(found.lastindex or 0)).strip() if found else ""


def tells(sentence: str) -> bool:
    """Tell whether a sentence has a verb of saying."""
    return bool(_SAYING.search(sentence))


def speaking(sentence: str) -> str:
    """Return the words of a sentence that may name who speaks or acts: its first, and those behind "said"."""
    words = sentence.split()
    behind = (sentence[found.end() :].split()[:_BEHIND] for found in _SAYING.finditer(sentence))
    return " ".join(chain(words[:_OPENING], *behind))
