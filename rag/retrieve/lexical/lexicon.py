"""The bilingual lexicon: a German or English term → its translations with weights."""

from __future__ import annotations

import hashlib
import lzma
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from rag import resources
from rag.retrieve.lexical.compounds import parts

_IDENTITY: Final = 0.2  # weight of the untranslated term beside its translations: names, loan words
_KIN: Final = 0.4  # most that another term counts beside the one asked for
_ITSELF: Final = 0.2  # least probability that a term comes back as itself that others are compared with
_RARE: Final = 0.05  # probabilities below are noise
_LIKELY: Final = 0.25  # of the weight of the likeliest translation
_REMEMBERED: Final = 100_000  # words whose parts are
Translations = Mapping[tuple[str, str], tuple[tuple[str, float], ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Translations of terms (as `analyse` returns them), weights summing to one per term."""

    translations: Translations
    fingerprint: str = ""
    _parts: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)
    _kin: dict[tuple[str, str], Mapping[str, float]] = field(default_factory=dict, repr=False, compare=False)

    def parts(self, word: str, language: str) -> tuple[str, ...]:
        """Return the terms of a lower-case German compound's parts, () for any other word."""
        if language != "de":
            return ()
        found = self._parts.get(word)
        if found is None:
            if len(self._parts) >= _REMEMBERED:  # an archive's words have no end
                self._parts.clear()
            found = self._parts[word] = parts(word, lambda term: ("de", term) in self.translations)
        return found

    def translate(self, term: str, surface: str, language: str) -> dict[str, float]:
        """Return terms of the other language for a term of `language`, each with a weight up to 1.

        `surface` is the term that the other language's analysis makes of the same word: it stands for
        itself where there is no translation (names, numbers), and a little beside its translations.
        """
        known = self.translations.get((language, term))
        if not known:
            return {surface: 1.0}
        weights = dict(known)
        weights[surface] = max(weights.get(surface, 0.0), _IDENTITY)
        return weights

    def likely(self, term: str, surface: str, language: str) -> set[str]:
        """Return those terms of `translate` that are not much less likely than the likeliest."""
        weights = self.translate(term, surface, language)
        least = _LIKELY * max(weights.values())
        return {one for one, weight in weights.items() if weight >= least}

    def kin(self, term: str, language: str) -> Mapping[str, float]:
        """Return terms of the same language that translate alike, each with a weight up to `_KIN`.

        So "starb" and "gestorben" are found together, which no stemmer joins, and many synonyms: what a term
        becomes when it is translated there and back (Bannard & Callison-Burch, "Paraphrasing with bilingual
        parallel corpora", ACL 2005), relative to how often it comes back as itself.
        """
        known = self._kin.get((language, term))
        if known is None:
            known = self._kin[language, term] = self._there_and_back(term, language)
        return known

    def _there_and_back(self, term: str, language: str) -> Mapping[str, float]:
        other = "en" if language == "de" else "de"
        back: dict[str, float] = {}
        for foreign, there in self.translations.get((language, term), ()):
            for own, share in self.translations.get((other, foreign), ()):
                back[own] = back.get(own, 0.0) + there * share
        itself = max(back.pop(term, 0.0), _ITSELF)
        return {own: _KIN * min(1.0, p / itself) for own, p in back.items() if p >= _RARE}


@lru_cache(maxsize=1)
def bundled() -> Lexicon:
    """Load the lexicon that travels with the package; an empty one where the file is missing."""
    path = resources.folder("data") / "model" / "lexicon.tsv.xz"
    return load(path) if path.is_file() else Lexicon({})


def load(path: Path) -> Lexicon:
    """Read a lexicon: xz-compressed lines of language, term, translation, weight, tab-separated."""
    lines = lzma.decompress(path.read_bytes()).decode("utf-8").splitlines()
    return Lexicon(_Lines(lines), hashlib.sha256(path.read_bytes()).hexdigest()[:8])


class _Lines(Mapping[tuple[str, str], tuple[tuple[str, float], ...]]):
    """Translations as the lines of a lexicon, read where they are asked for: 220,000 take 0.3 s to read."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = sorted(lines)

    def __getitem__(self, key: tuple[str, str]) -> tuple[tuple[str, float], ...]:
        start = "\t".join(key) + "\t"
        first = bisect_left(self._lines, start)
        end = bisect_left(self._lines, "\t".join(key) + "\n", first)  # what follows a tab in order
        if first == end:
            raise KeyError(key)
        pairs = (line[len(start) :].split("\t") for line in self._lines[first:end])
        found = ((translation, float(weight)) for translation, weight in pairs)
        return tuple(sorted(found, key=lambda one: -one[1]))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and "\t".join(key) in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        """The terms with their language: an article's compounds ask for thousands."""
        return frozenset(line[: line.index("\t", line.index("\t") + 1)] for line in self._lines)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        keys = (tuple(line.split("\t", 2)[:2]) for line in self._lines)
        return ((language, term) for (language, term), _ in groupby(keys))

    def __len__(self) -> int:
        return sum(1 for _ in self)
