"""German compounds → their parts: "Sicherheitsgarantien" → sicherheit, garanti.

Two known words with a linking element between them (Koehn & Knight, "Empirical Methods for Compound
Splitting", EACL 2003); what is known are the terms of the bilingual lexicon.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rag.retrieve.lexical.analysis import stem

_LINKS: Final = ("", "s", "es", "n", "en", "er", "e")
_PART: Final = 4  # letters of a part at least
_WORD: Final = 8  # letters of a compound at least
_SUFFIXES: Final = frozenset(
    "ung ungen heit heiten keit keiten schaft schaften lich liche lichen licher isch ische ischen ismus tion"
    " tionen ieren ierung tät barkeit".split()
)


def parts(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the stems of a lower-case German word's parts, () where it is no compound of known words.

    Of several ways to cut, the one with the longest last part wins: it is the head of the compound.
    """
    if len(word) < _WORD:
        return ()
    for cut in range(_PART, len(word) - _PART + 1):
        head = stem(word[cut:], "de")
        if word[cut:] in _SUFFIXES or len(head) < _PART - 1 or not known(head):
            continue
        for link in _LINKS:
            modifier = word[: cut - len(link)] if word[:cut].endswith(link) else ""
            if len(modifier) < _PART:
                continue
            first = stem(modifier, "de")
            if known(first):
                return (first, head)
            deeper = parts(modifier, known)
            if deeper:
                return (*deeper, head)
    return ()
