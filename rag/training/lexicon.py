"""The bilingual lexicon: parallel text in, weighted translations of terms in both directions out.

Probabilities are IBM Model 1's (see `alignment`) over the terms of `rag.retrieve.lexical.analysis`, so
that they can be looked up as they stand. They serve probabilistic structured queries (Darwish & Oard
2003).
"""

import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.errors import InputError
from rag.retrieve.lexical.analysis import analyse
from rag.training.alignment import Ids, Translations, model1, strongest, symmetric
from rag.training.corpus import Pair
from rag.training.files import written

LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class LexiconPlan:
    """How many translations a term gets, and what is too rare or too unlikely to be kept."""

    translations: int = 5
    min_count: int = 3
    min_weight: float = 0.03
    iterations: int = 5
    direction_power: float = 0.5


@dataclass(frozen=True)
class Entry:
    """One translation of a term; the weights of a term's translations add up to one."""

    language: str
    term: str
    translation: str
    weight: float


@dataclass(frozen=True)
class _Terms:
    """The terms of one side: `names[id]`, how often each occurs, and the ids of each row."""

    names: list[str]
    rows: list[Ids]

    def frequent(self, min_count: int) -> "_Terms":
        """Drop terms that occur in fewer than `min_count` rows."""
        counts = np.bincount(np.concatenate([np.unique(row) for row in self.rows]), minlength=len(self.names))
        return _Terms(self.names, [row[counts[row] >= min_count] for row in self.rows])


def build_lexicon(pairs: Sequence[Pair], plan: LexiconPlan) -> list[Entry]:
    """Return the entries of both directions, sorted by language, term, and falling weight.

    Raises:
        InputError: no term stands in enough rows.
    """
    german = _terms([pair.german for pair in pairs], "de").frequent(plan.min_count)
    english = _terms([pair.english for pair in pairs], "en").frequent(plan.min_count)
    english_by_german = model1(german.rows, english.rows, iterations=plan.iterations)
    german_by_english = model1(english.rows, german.rows, iterations=plan.iterations)
    entries = [
        *_entries(
            "de", german, english, symmetric(english_by_german, german_by_english, plan.direction_power), plan
        ),
        *_entries(
            "en", english, german, symmetric(german_by_english, english_by_german, plan.direction_power), plan
        ),
    ]
    if not entries:
        raise InputError(
            f"there is no term to translate in {len(pairs)} rows",
            hint=f"give more text: a term must stand in {plan.min_count} rows",
        )
    return sorted(entries, key=lambda entry: (entry.language, entry.term, -entry.weight, entry.translation))


def write_lexicon(entries: Sequence[Entry], path: Path) -> None:
    """Write lines of language, term, translation and weight, separated by tabs, compressed with xz."""
    preset = 9 | lzma.PRESET_EXTREME
    lines = (f"{e.language}\t{e.term}\t{e.translation}\t{e.weight:.3g}\n" for e in entries)
    with written(path) as file, lzma.open(file, "wb", preset=preset) as packed:
        packed.writelines(line.encode() for line in lines)


def _terms(texts: Sequence[str], language: str) -> _Terms:
    numbers: dict[str, int] = {}
    rows = [
        np.array([numbers.setdefault(term, len(numbers)) for term in analyse(text, language)], dtype=np.int32)
        for text in texts
    ]
    return _Terms(list(numbers), rows)


def _entries(
    language: str, source: _Terms, target: _Terms, translations: Translations, plan: LexiconPlan
) -> Iterator[Entry]:
    likely = strongest(translations, plan.translations, plan.min_weight)
    for term, translation, weight in zip(likely.source, likely.target, likely.weight, strict=True):
        yield Entry(language, source.names[term], target.names[translation], float(weight))
