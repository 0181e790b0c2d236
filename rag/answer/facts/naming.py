"""Whether a text, German or English, names what another one does.

Places come from `places`, spellings of Slavic names from `analysis.name_key` and `spellings`, everything else
from the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import Final

from rag.answer.facts.names import WORD, Name, names, spelled
from rag.answer.facts.places import places_in
from rag.answer.facts.spellings import alike, bare, is_misspelt, may_be_first, resembles
from rag.retrieve.lexical.analysis import STOPWORDS, analyse, name_key, tokens
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.terms import term_set

# What may stand between the words that an abbreviation is made of: Bund für Umwelt und Naturschutz.
_WITHIN: Final = re.compile(r"[ \u00a0-](?:(?:of|for|and|the|der|des|für|und) ){0,2}")


class Naming:
    """What a text names, for looking names up in it; nothing is analysed before it is asked for."""

    def __init__(self, text: str, language: str, lexicon: Lexicon) -> None:
        """Take a text in German or English."""
        self._text = spelled(text)
        self._language = language
        self._lexicon = lexicon

    @cached_property
    def _capitalised(self) -> list[str]:
        return [word for word in WORD.findall(self._text) if word[0].isupper()]

    @cached_property
    def _initials(self) -> frozenset[str]:
        return frozenset(_abbreviations(self._text, self._language))

    @cached_property
    def _names(self) -> tuple[Name, ...]:
        return names(self._text, self._language, self._lexicon)

    @cached_property
    def _capitals(self) -> set[str]:
        return {bare(word) for word in self._capitalised}

    @cached_property
    def _words(self) -> set[str]:
        return {bare(word) for word in WORD.findall(self._text)}

    @cached_property
    def _terms(self) -> frozenset[str]:
        return term_set(self._text, self._language, self._lexicon)

    @cached_property
    def _places(self) -> frozenset[str]:
        return places_in(self._text)

    def holds(self, name: Name, language: str) -> bool:
        """Tell whether the text names the same, by the last word, the place or the initials.

        A person of the same surname whom the text gives another first name is not the same.
        """
        places = places_in(name.text)
        if places and places & self._places:
            return True
        if len(name.words) > 1:
            if self._is_another(name, language):
                return False
            initials = "".join(word[0] for word in name.words)
            if _abbreviates(name.words) and self._holds_word(initials, language):
                return True
        return self._holds_word(name.words[-1], language)

    def _is_another(self, name: Name, language: str) -> bool:
        """Tell whether the text has the surname, and before it first names that are not this one."""
        first, last = map(bare, name.words[-2:])
        if not any(_is_spelled(last, word) for word in self._capitals):
            return False  # most texts; their names need not be read for this
        before = [bare(one.words[-2]) for one in self._names if _is_surname(one, last)]
        if not before or any(may_be_first(first, other) for other in before):
            return False
        if language != self._language and any(resembles(first, word) for word in self._words):
            return False  # a profession: "Ozeanograf Masters", "oceanographer Jeff Masters"
        return not self._holds_word(name.words[-2], language)

    def _holds_word(self, word: str, language: str) -> bool:
        folded = bare(word)
        if folded in self._words:
            return True
        if word.isupper() and len(word) > 1 and word in self._initials:
            return True
        for lowered, term in tokens(word, language):
            wanted = {term}
            if language != self._language:
                same = next(iter(analyse(word, self._language)), lowered)
                wanted = self._lexicon.likely(term, same, language)
                key = name_key(word, language)
                wanted |= {key} if key else set()
            if wanted & self._terms:
                return True
        within = language == self._language
        return len(folded) > 4 and any(
            alike(folded, other) and not (within and is_misspelt(folded, other)) for other in self._capitals
        )


def _abbreviations(text: str, language: str) -> Iterator[str]:
    """Yield what capitalised words in a row are abbreviated to: "Federal Bureau of Investigation" to FBI.

    A row begins and ends where it does, or at an "of" within: "Director of the Federal Bureau".
    """
    rows: list[list[list[str]]] = []  # of the words between one "of" and the next
    end = 0
    for word in WORD.finditer(text):
        if not word.group()[0].isupper() or word.group().lower() in STOPWORDS.get(language, frozenset()):
            continue
        between = _WITHIN.fullmatch(text, end, word.start()) if rows else None
        if between is None:
            rows.append([[]])
        elif len(between.group()) > 1:
            rows[-1].append([])
        rows[-1][-1].append(word.group())
        end = word.end()
    for parts in rows:
        for first, last in combinations(range(len(parts) + 1), 2):
            words = [word for part in parts[first:last] for word in part]
            if _abbreviates(words):
                yield "".join(word[0] for word in words)


def _abbreviates(words: Sequence[str]) -> bool:
    """Tell whether words may have an abbreviation: "Eastern Ukraine" has none."""
    return len(words) > 2 or not any(map(places_in, words))


def _is_surname(name: Name, surname: str) -> bool:
    """Tell whether a name is one of several words and ends in a folded surname."""
    return len(name.words) > 1 and _is_spelled(surname, bare(name.words[-1]))


def _is_spelled(surname: str, word: str) -> bool:
    return word == surname or (len(word) > 4 and alike(word, surname))
