"""What kind of answer a question asks for, where its first words say so, and whether a sentence has one.

The oldest trick of question answering (Li & Roth, "Learning Question Classifiers", COLING 2002), kept to
the kinds that can be seen in a sentence without a parser: numbers and points in time.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Kind = Literal["number", "time"]

_NUMBER: Final = re.compile(
    r"\b(?:wie\s*viele?|wieviele?|wie\s+(?:hoch|groß|lange|alt|weit|teuer|oft|stark)|welche\s+(?:zahl|summe)"
    r"|how\s+(?:many|much|long|old|far|high|large|big|often)|what\s+(?:number|percentage|share))\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"\b(?:wann|seit\s+wann|bis\s+wann|in\s+welchem\s+(?:jahr|monat)|an\s+welchem\s+(?:tag|datum)"
    r"|zu\s+welchem\s+zeitpunkt|when|what\s+(?:year|date|day|month)|(?:in|on)\s+(?:which|what)\s+(?:year|date|day|month))\b",
    re.IGNORECASE,
)
_HAS_NUMBER: Final = re.compile(
    r"\d|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend|dutzend|million\w*|milliard\w*"
    r"|zweimal|dreimal|hälfte|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|dozen"
    r"|billion|twice|half)\b",
    re.IGNORECASE,
)
_HAS_TIME: Final = re.compile(
    r"\b(?:1\d{3}|20\d\d)\b|\b\d{1,2}\.\s?(?:\d{1,2}\.|[A-ZJ])|\b(?:januar|februar|märz|april|mai|juni|juli|august"
    r"|september|oktober|november|dezember|january|february|march|may|june|july|october|december|montag|dienstag"
    r"|mittwoch|donnerstag|freitag|samstag|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b",
    re.IGNORECASE,
)


def expected(question: str) -> Kind | None:
    """Return the kind of answer a question asks for, None where its words do not say."""
    if _NUMBER.search(question):
        return "number"
    return "time" if _TIME.search(question) else None


def offers(sentence: str, kind: Kind | None) -> bool:
    """Tell whether a sentence holds something of the kind; False where no kind is expected."""
    if kind is None:
        return False
    return bool((_HAS_NUMBER if kind == "number" else _HAS_TIME).search(sentence))
