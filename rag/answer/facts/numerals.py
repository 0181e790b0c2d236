"""German and English numbers, in digits or spelled out → their value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rag.retrieve.lexical.analysis import number

_GROUPS: Final = re.compile(r"[ \u00a0\u2009\u202f'’]")  # between thousands: 100 000, 100'000
_ONES: Final = {
    "de": "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn".split(),
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split(),
}
_TENS: Final = {
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(),
    "en": "twenty thirty forty fifty sixty seventy eighty ninety".split(),
}
_POWERS: Final = {"hundert": 100.0, "tausend": 1000.0, "hundred": 100.0, "thousand": 1000.0}
# What is not composed of the words above.
_OTHERS: Final[dict[str, dict[str, float]]] = {
    "de": {"dutzend": 12, "ein halbes dutzend": 6, "beide": 2, "beiden": 2, "beider": 2, "anderthalb": 1.5,
           "eine": 1, "einer": 1, "einen": 1, "eine halbe": 0.5, "einer halben": 0.5},
    "en": {"dozen": 12, "both": 2, "a": 1, "half a": 0.5},
}  # fmt: skip


@lru_cache(maxsize=2)
def _halves(language: str) -> dict[str, float]:
    """Return "zweieinhalb" and the like, up to twelve and a half."""
    ending = "einhalb" if language == "de" else " and a half"
    return {f"{word}{ending}": n + 0.5 for n, word in enumerate(_ONES[language][1:13], start=1)}


@lru_cache(maxsize=2)
def spelled(language: str) -> str:
    """Return a pattern of all spelled numbers below a million; "zweistündig" begins with one."""
    ones, tens, units = (
        _either(words) for words in (_ONES[language], _TENS[language], _ONES[language][1:10])
    )
    if language == "de":
        below = f"(?:(?:(?:{units})und)?(?:{tens})|eins|{ones})"
        hundreds = f"(?:{ones})?hundert(?:(?:und)?{below})?"
        thousands = f"(?:{hundreds}|{below})?tausend(?:(?:und)?(?:{hundreds}|{below}))?"
    else:
        below = f"(?:(?:{tens})(?:-(?:{units}))?|{ones})"
        hundreds = rf"(?:(?:{ones}|a)[\s-]+)?hundred(?:[\s-]+(?:and\s+)?{below})?"
        thousands = rf"(?:{hundreds}|{below}|a)[\s-]+thousand(?:[\s-]+(?:and\s+)?(?:{hundreds}|{below}))?"
    others = _either([*_halves(language), *_OTHERS[language]])
    joined = r"|(?=(?:stünd|minüt|täg|wöch|monat|jähr)ig)" if language == "de" else ""
    words = f"{thousands}|{hundreds}|{others}|{below}"
    return rf"(?<!\w)(?:{words})(?:(?!\w){joined})".replace("ß", "(?:ß|ss)")


def _either(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def value_of(token: str, language: str) -> float | None:
    """Return the value of a number as `spelled` or digits find it, None where it is none."""
    if token[0].isdigit():
        token = _GROUPS.sub("", token)
        parsed = number(re.sub(r"(?:st|nd|rd|th)$", "", token.lower()))
        return float(parsed) if parsed.count(".") <= 1 else None
    token = token.lower()
    known = _halves(language) | _OTHERS[language]
    return known[token] if token in known else _composed(token.replace("ss", "ß"), language)


def _composed(token: str, language: str) -> float:
    """Return the value of "zweihundertfünfzig" or "two thousand and one"."""
    values = {word: float(n) for n, word in enumerate(_ONES[language])} | _POWERS
    values |= {word: 10.0 * n for n, word in enumerate(_TENS[language], start=2)}
    total = below = 0.0
    for word in re.findall(_either([*values]), token):
        if word in _POWERS:
            below = (below or 1) * _POWERS[word]
            if _POWERS[word] == 1000:
                total, below = total + below, 0.0
        else:
            below += values[word]
    return total + below
