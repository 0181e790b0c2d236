"""Text → the countries, unions and cities that it names, by their codes in Unicode's CLDR (Babel)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rag.retrieve.lexical.analysis import fold

_AROUND: Final = ".,;:!?()„“\"'»«"


def places_in(text: str) -> frozenset[str]:
    """Return the codes of the countries, unions and cities that a text names."""
    return frozenset(_find_places(fold(text.replace("-", " ").lower())))


def _find_places(folded: str) -> Iterator[str]:
    words = folded.split()
    table, beginnings = _places()
    for start, word in enumerate(words):
        if word.strip(_AROUND) not in beginnings:
            continue
        for length in (3, 2, 1):
            phrase = " ".join(words[start : start + length]).strip(_AROUND)
            found = next((table[form] for form in _without_genitive(phrase) if form in table), None)
            if found:
                yield found


def _without_genitive(phrase: str) -> tuple[str, str, str]:
    return phrase, phrase.removesuffix("'s").removesuffix("’s"), phrase.removesuffix("s")


@lru_cache(maxsize=1)
def _places() -> tuple[dict[str, str], frozenset[str]]:
    """Return the code of each country and city by its folded names, and the words that may begin these."""
    from babel import Locale

    table = {"usa": "US", "united states of america": "US", "grossbritannien": "GB", "britain": "GB",
             "great britain": "GB", "england": "GB", "bozen": "Bozen", "bolzano": "Bozen", "meran": "Meran",
             "merano": "Meran", "brixen": "Brixen", "bressanone": "Brixen"}  # fmt: skip
    for language in ("de", "en"):
        locale = Locale(language)
        for code, name in locale.territories.items():
            if code.isalpha():
                table.setdefault(fold(str(name).replace("-", " ").lower()), code)
        for zone, known in locale.time_zones.items():
            city = known.get("city") or zone.rpartition("/")[2].replace("_", " ")
            for form in (city, zone.rpartition("/")[2].replace("_", " ")):
                table.setdefault(fold(form.replace("-", " ").lower()), zone)
    known = {name: code for name, code in table.items() if len(name) > 3 or name == "usa"}
    first = {name.partition(" ")[0].strip(_AROUND) for name in known}
    return known, frozenset(word + ending for word in first for ending in ("", "s", "'s", "’s"))
