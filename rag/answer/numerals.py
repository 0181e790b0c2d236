"""German and English numbers, in digits or spelled out → their value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rag.retrieve.analysis import number

_GROUPS: Final = re.compile(r"[ \u00a0\u2009\u202f'’]")  # between thousands: 100 000, 100'000
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
def spelled(language: str) -> str:
    """Return a pattern of all spelled numbers, the longest first; "zweistündig" begins with one."""
    words = "|".join(re.escape(word) for word in sorted(_words(language), key=len, reverse=True))
    joined = r"|(?=(?:stünd|minüt|täg|wöch|monat|jähr)ig)" if language == "de" else ""
    return rf"(?<!\w)(?:{words})(?:(?!\w){joined})"


def value_of(token: str, language: str) -> float | None:
    if token[0].isdigit():
        token = _GROUPS.sub("", token)
        parsed = number(re.sub(r"(?:st|nd|rd|th)$", "", token.lower()))
        return float(parsed) if parsed.count(".") <= 1 else None
    return _words(language).get(token.lower())
