"""A question's mistyped words → the words meant: one slip away, and known where the typed ones are not.

Of all words at one edit (Damerau, "A technique for computer detection and correction of spelling errors",
1964) the one that most passages have, themselves or translated, as in Norvig's "How to Write a Spelling
Corrector" (2007). Short words and names are one slip from too many others.

Words that the bundled model reads in one piece are common ones. They come first, for a stem is known of
forms that nobody writes ("escale"). What it reads in three pieces or more is rare: the lexicon may know no
more of it than the stem of another word, "gover" for "goverment", and its parts be a compound by chance.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import Final

from rag import resources
from rag.language import SPOKEN
from rag.retrieve.lexical.analysis import analyse
from rag.retrieve.lexical.lexicon import Lexicon

Count = Callable[[Collection[str], str], Mapping[str, int]]  # terms, their language → passages that hold each

_WORD: Final = re.compile(r"(?<![\w’'])[^\W\d_]+(?![\w’'])")  # or a part between hyphens
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
    if lowered in _pieces() or _is_there(word, count):
        return word
    edits = list(_edits(lowered, _LETTERS[language]))
    likeliest = partial(_likeliest, language=language, lexicon=lexicon, count=count)
    common, rare = [one for one in edits if one in _pieces()], _is_rare(lowered)
    if _is_known(word, lexicon):
        doubtful = rare and not _held(_terms(word, language), language, lexicon, count)
        meant = likeliest([one for one in common if doubtful and len(one) > len(word)])  # a letter is missing
    elif lexicon.parts(lowered, language):
        meant = likeliest(common if rare else [])
    else:
        meant = likeliest(common)
        if word == lowered and common:
            meant = meant or common[0]  # "bezügglich": no passage needs it
        meant = meant or likeliest(edits if rare else [])
    if meant is None:
        return word
    return meant.capitalize() if word[0].isupper() else meant


def _likeliest(words: Collection[str], language: str, lexicon: Lexicon, count: Count) -> str | None:
    """Return the word that most passages have, the first of several with one term; None where none does."""
    written: dict[str, str] = {}
    for one in words:
        for term in analyse(one, language):
            written.setdefault(term, one)
    held = _held(written, language, lexicon, count)
    return written[max(written, key=lambda term: held.get(term, 0))] if held else None


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


def _is_there(word: str, count: Count) -> bool:
    """Tell whether a word means nothing by itself in either language, or a passage has it."""
    for language in SPOKEN:
        terms = _terms(word, language)
        if not terms or count(terms, language):
            return True
    return False


def _is_known(word: str, lexicon: Lexicon) -> bool:
    """Tell whether the lexicon has a word, as a word of either language."""
    return any((one, term) in lexicon.translations for one in SPOKEN for term in _terms(word, one))


def _terms(word: str, language: str) -> set[str]:
    return {*analyse(word, language), *analyse(word.lower(), language)}


def _is_rare(word: str) -> bool:
    """Tell whether the bundled model reads a lower-case word in three pieces or more."""
    cuts = range(1, len(word))
    return not any(word[:at] in _pieces() and f"##{word[at:]}" in _pieces() for at in cuts)


@lru_cache(maxsize=1)
def _pieces() -> frozenset[str]:
    """Return what the bundled model reads: common words in lower case, and pieces; none without a model."""
    path = resources.folder("data") / "model" / "tokenizer.json"
    if not path.is_file():
        return frozenset()
    return frozenset(json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"])


def _edits(word: str, letters: str) -> Iterator[str]:
    """Yield all texts at one edit, likelier slips first: one doubled, swapped, too many, too few, another.

    The first letter is rarely mistyped, and the last one is only swapped: other words end otherwise, and are
    not mistyped.
    """
    halves = [(word[:at], word[at:]) for at in range(1, len(word))]
    single = (a + b[1:] for a, b in halves if a.endswith(b[0]))
    swapped = (a[:-1] + b[0] + a[-1] + b[1:] for a, b in halves)
    shorter = (a + b[1:] for a, b in halves[:-1])
    longer = (a + letter + b for a, b in halves for letter in letters)
    replaced = (a + letter + b[1:] for a, b in halves[:-1] for letter in letters)
    return (one for one in chain(single, swapped, shorter, longer, replaced) if one != word)
