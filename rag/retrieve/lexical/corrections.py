"""A question's mistyped words → the words meant: one slip away, and known where the typed ones are not.

Of all words at one edit (Damerau, "A technique for computer detection and correction of spelling errors",
1964) the one that most passages have, themselves or translated, as in Norvig's "How to Write a Spelling
Corrector" (2007). Short words and names are one slip from too many others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import Final

from rag.language import SPOKEN
from rag.retrieve.lexical.analysis import analyse
from rag.retrieve.lexical.lexicon import Lexicon

Count = Callable[[Collection[str], str], Mapping[str, int]]  # terms, their language → passages that hold each

_WORD: Final = re.compile(r"(?<![\w’'-])[^\W\d_]+(?![\w’'-])")
_LEAST: Final = 6  # letters
_LEAST_NAME: Final = 7  # of a word with a capital
_LETTERS: Final = {"de": "abcdefghijklmnopqrstuvwxyzäöüß", "en": "abcdefghijklmnopqrstuvwxyz"}


def corrected(text: str, language: str, lexicon: Lexicon, count: Count) -> str:
    """Return a German or English question with its mistyped words put right, any other as it is."""
    if language not in SPOKEN:
        return text
    return _WORD.sub(lambda match: _meant(match.group(), language, lexicon, count), text)


def _meant(word: str, language: str, lexicon: Lexicon, count: Count) -> str:
    lowered = word.lower()
    if len(word) < (_LEAST if word == lowered else _LEAST_NAME) or word.isupper():
        return word
    if _is_known(word, language, lexicon, count):
        return word
    written: dict[str, str] = {}  # the likeliest edit that gives a term
    for other in _edits(lowered, _LETTERS[language]):
        for term in analyse(other, language):
            written.setdefault(term, other)
    held = _held(written, language, lexicon, count)
    if not held:
        return word
    meant = written[max(written, key=lambda term: held.get(term, 0))]
    return meant.capitalize() if word[0].isupper() else meant


def _held(terms: Collection[str], language: str, lexicon: Lexicon, count: Count) -> dict[str, int]:
    """Return how many passages have each term, in its own language or in the other one."""
    other = next(one for one in SPOKEN if one != language)
    translated = {term: lexicon.likely(term, "", language) - {""} for term in terms}
    there = count({one for some in translated.values() for one in some}, other)
    here = count(terms, language)
    held = {
        term: here.get(term, 0) + max((there.get(one, 0) for one in some), default=0)
        for term, some in translated.items()
    }
    return {term: passages for term, passages in held.items() if passages}


def _is_known(word: str, language: str, lexicon: Lexicon, count: Count) -> bool:
    """Tell whether a word means nothing by itself, or either language, a compound or a passage has it."""
    for other in SPOKEN:
        terms = {*analyse(word, other), *analyse(word.lower(), other)}
        if not terms or any((other, term) in lexicon.translations for term in terms) or count(terms, other):
            return True
    return bool(lexicon.parts(word.lower(), language))


def _edits(word: str, letters: str) -> Iterator[str]:
    """Yield all texts at one edit, likelier slips first: one doubled, swapped, too many, too few, another.

    The last letter is only swapped: other words end otherwise, and are not mistyped.
    """
    halves = [(word[:at], word[at:]) for at in range(len(word))]
    single = (a + b[1:] for a, b in halves if a.endswith(b[0]))
    swapped = (a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1)
    shorter = (a + b[1:] for a, b in halves[:-1])
    longer = (a + letter + b for a, b in halves for letter in letters)
    replaced = (a + letter + b[1:] for a, b in halves[:-1] for letter in letters)
    return (one for one in chain(single, swapped, shorter, longer, replaced) if one != word)
