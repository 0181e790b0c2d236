"""What kind of answer a question asks for, where its words say so, and whether a sentence has one.

The oldest trick of question answering (Li & Roth, "Learning Question Classifiers", COLING 2002), kept to
the kinds that can be seen in a sentence without a parser. What the question says itself is no answer to it.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from rag.retrieve.lexical.analysis import STOPWORDS

Kind = Literal[
    "duration", "percent", "money", "number", "year", "day", "time", "person", "place", "reason", "list"
]


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(patterns)})", re.IGNORECASE)


_ASKS: Final[dict[Kind, re.Pattern[str]]] = {  # the first that matches decides
    "duration": _any_of(r"\bwie\s+lange?\b", r"\bhow\s+long\b"),
    "percent": _any_of(
        r"\bwie\s*viele?\s+prozent\b", r"\bwelche[nrs]?\s+(?:prozent\w*|anteil)\b",
        r"\b(?:what|which)\s+(?:percent\w*|share|proportion|fraction)\b", r"\bhow\s+many\s+percent\b",
    ),
    "money": _any_of(
        r"\bwie\s+teuer\b", r"\bwie\s*viel\s+(?:geld|euro|dollar|franken)\b",
        r"\b(?:was|wie\s*viel)\s+(?:\w+\s+)?kost\w*\b",
        r"\bwie\s+hoch\s+\w+\s+(?:\w+\s+)?\w*(?:kosten|preise?|gebühr(?:en)?|miete|strafe|gehalt|lohn|summe)\b",
        r"\bhow\s+much\s+(?:money|\w+\b.*\b(?:cost|pay|paid|spend|spent|earn|fee|price|save))",
        r"\bhow\s+expensive\b", r"\b(?:what|which)\b.*\b(?:costs?|price|fee)\b",
    ),
    "number": _any_of(
        r"\bwie\s*viele?\b(?!\s+uhr\b)", r"\bwie\s+(?:hoch|groß|alt|weit|oft|stark|schnell|schwer|tief)\b",
        r"\bwelche[mnrs]?\s+(?:zahl(?:en)?|summe|wert|höhe|niveau|umsatz|\w*(?:stärke|rate|größe|zinssatz|steuersatz))\b",
        r"\bhow\s+(?:many|much|old|far|high|large|big|often|fast|tall|deep)\b",
        r"\bwhat\s+(?:number|figure|size|level|population|height|speed|age|temperature)\b",
        r"\bwhat\s+(?:is|was|are|were)\s.*\b(?:rate|estimate|population|size|number|amount|level|height|length|speed)\b",
    ),
    "year": _any_of(r"\bwelche[mns]\s+jahre?s?\b", r"\b(?:what|which)\s+year\b"),
    "day": _any_of(
        r"\b(?:an|zu|auf|für)\s+welche[mnrs]?\s+(?:tag|datum|termin)\b", r"\b(?:what|which)\s+(?:date|day)\b",
    ),
    "time": _any_of(
        r"\bwann\b", r"\bin\s+welche[mn]\s+(?:jahr\w+|monat)\b", r"\bzu\s+welchem\s+zeitpunkt\b",
        r"\bwie\s*viel\s+uhr\b", r"\bwie\s+spät\b", r"\b(?:what|which)\s+(?:time|month|century|decade)\b",
        # not "What did he say when asked?"
        r"^\s*(?:\w+\s+)?when\b", r"\band\s+when\b", r"^\s*(?:tell|say)\b.*\bwhen\b",
        r"\bwhen\s+(?:did|does|do|was|were|is|are|will|would|has|have|had|can|could|should)\b",
    ),
    "place": _any_of(
        r"^\s*(?:\w+\s+)?(?:wo|wohin|woher|where)\b", r"\bwelche[mnrs]?\s+(?:stadt|ort|gebäude|gegend)\b",
        r"\b(?:in|aus|nach|auf|an)\s+welche[mnrs]?\s+(?:land|staat|region|insel|provinz|straße|platz|haus)\b",
        r"\b(?:what|which)\s+(?:city|country|town|place|state|region|building|island|province|street|district)\b",
    ),
    "person": _any_of(  # the WHO is nobody
        r"^\s*(?:\w+\s+)?(?:wer|wem|wen|wessen)\b", r"^\s*(?:\w+\s+)?(?!(?-i:WHO))(?:who|whom|whose)\b",
    ),
    "reason": _any_of(
        r"\b(?:warum|weshalb|wieso|weswegen|why|how\s+come)\b", r"\baus\s+welche[mn]\s+gr(?:und|ünden)\b",
        r"\b(?:what|which)\s+(?:(?:is|was|are|were)\s+the\s+)?reasons?\b",
    ),
    "list": _any_of(
        r"\bwelche\s+(?:zwei|drei|vier|fünf|sechs|\w+(?:en|er))\b",
        r"\b(?:what|which)\s+(?:two|three|four|five|six)\b", 
        r"\bwhich\s+(?:(?-i:[A-Z])\w*\s+)?(?!is\b|was\b|has\b|does\b)(?-i:[a-z]+)(?<!s)s\b",
        r"\bwhat\s+\w+s\s+(?:do|does|did|are|were|have|has)\b",
    ),
}  # fmt: skip

_MONTHS: Final = (
    r"januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|january|february"
    r"|(?-i:March)|may(?=\s+\d)|june|july|october|december"
)
_DAYS: Final = (
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday"
)
_SPELLED: Final = (
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend|dutzend|million\w*|milliard\w*"
    r"|zweimal|dreimal|hälfte|\w+einhalb|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|dozens?"
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
_MOMENT: Final = (  # what stands capitalised behind "in" or "am" and is no place
    rf"(?:{_MONTHS}|{_DAYS}|jahr\w*|monat\w*|woche\w*|tag\w*|abend\w*|vorabend|morgen|mittag|\w*nacht|\w*nachmittag"
    r"|winter|sommer|herbst|frühjahr|frühling|quartal|anfang|ende|mitte|beginn|jan|feb|aug|sept|oct|nov|dec)\b"
)
_LITTLE: Final = "|".join(sorted(STOPWORDS["de"] | STOPWORDS["en"]))
_HAS: Final[dict[Kind, re.Pattern[str]]] = {
    "person": re.compile(
        rf"(?<!\w)(?!(?i:{_LITTLE})\b)(?:{_CAPITAL}\s+(?:(?:van|von|de|der|bin|al)\s+)?)+(?!(?i:{_MOMENT})){_CAPITAL}"
    ),
    "place": re.compile(
        rf"\b(?:[Ii]ns?|[Ii]m|[Aa]n|[Aa]m|[Bb]ei|[Nn]ach|[Aa]us|[Aa]t|to|[Ii]nto|[Oo]n|[Nn]ear|[Ff]rom)\s+"
        rf"(?:(?:the|der|dem|den|die|das|einem|einer|seine[mr]|ihre[mr])\s+)?(?!(?i:{_MOMENT}))({_CAPITAL})"
    ),
    "duration": _any_of(  # or, of what lies somewhere, how long it is
        rf"\b{_NUMBER}[\s-]+(?:\w+\s+)?{_UNIT}\b", r"\b\w+(?:minütig|stündig|tägig|wöchig|monatig)\w*\b",
        r"\d[\s-]?(?:k?m|\w*met(?:er|re)n?s?|miles?|meilen?|feet|fuß)\b",
    ),
    "percent": _any_of(
        r"\d\s*(?:%|prozent|percent|per\s+cent)", r"\b(?:drittel|viertel|hälfte|third|quarter|half)\b"
    ),
    "money": _any_of(r"[€$£¥]\s?\d", r"\b(?:euros?|dollars?|franken|rubel|pfund|pounds?|cent|yen)\b"),
    "number": _any_of(r"\d", rf"\b(?:{_SPELLED})\b"),
    "year": _any_of(r"\b(?:1\d{3}|20\d\d)\b"),
    "day": _any_of(
        rf"\b\d{{1,2}}\.\s?(?:\d{{1,2}}\.|(?:{_MONTHS})\b)",
        rf"\b(?:{_MONTHS}|(?:jan|feb|aug|sept|oct|nov|dec)\.)\s+\d{{1,2}}\b"
    ),
    "time": _any_of(
        r"\b(?:1\d{3}|20\d\d)\b", r"\b\d{1,2}\.\s?\d{1,2}\.", rf"\b(?:{_MONTHS}|{_DAYS})s?\b",
        r"\b(?:jan|feb|aug|sept|oct|nov|dec)\.\s+\d{1,2}\b",
        r"\b\d{1,2}\.\s?(?:jan|feb|aug|sept|okt|nov|dez)\.",
        r"\b\d{1,2}(?:[.:]\d\d)?(?:am\b|\s?(?:uhr|pm|[ap]\.m\.))",
    ),
    "reason": _any_of(
        r"\b(?:weil|denn|wegen|aufgrund|damit|deshalb|darum|daher|begründe\w*|grund|gründe\w*|um\b.*\bzu)\b",
        r"\b(?:because|since|due\s+to|so\s+that|in\s+order\s+to|therefore|reasons?|as\s+a\s+result|owing)\b",
    ),
    "list": re.compile(r"\w,\s+(?:\S+\s+){1,6}?(?:und|sowie|and)\s+\w|(?:\w+,\s+){2}\w"),
}  # fmt: skip
_WORD: Final = re.compile(r"\w+")


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
