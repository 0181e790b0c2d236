"""Text → the terms it is found by; question → its terms with what stands for each in either language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from operator import mul
from typing import Final

from rag.language import SPOKEN
from rag.retrieve.lexical.analysis import SHORT_MONTH_TERMS, analyse, name_key, stem, tokens
from rag.retrieve.lexical.lexicon import Lexicon

_PART: Final = 0.5  # weight of a compound's part beside the whole

# One question term: for each language the terms of it that stand for it, with weights.
Alternatives = dict[str, dict[str, float]]


def terms_of(text: str, language: str, lexicon: Lexicon) -> list[str]:
    """Return the terms a text is found by: its own in order, a compound's parts behind it."""
    found = []
    for word, term in tokens(text, language):
        found.append(term)
        found.extend(lexicon.parts(word, language))
    return found


@lru_cache(maxsize=5_000)
def term_set(text: str, language: str, lexicon: Lexicon) -> frozenset[str]:
    """Return the terms a text is found by, each once; those of texts read lately are remembered."""
    return frozenset(terms_of(text, language, lexicon))


class Held:
    """How far texts in one language hold each of a question's n terms."""

    def __init__(self, terms: Sequence[Alternatives], language: str) -> None:
        """Take what stands for each term; a translation counts by its weight relative to the likeliest."""
        self._count = len(terms)
        self._places: dict[str, list[tuple[int, float]]] = {}
        for place, alternatives in enumerate(terms):
            options = alternatives.get(language, alternatives[""])
            best = max(options.values())
            for term, weight in options.items():
                self._places.setdefault(term, []).append((place, weight / best))

    def by(self, present: Collection[str]) -> list[float]:
        """Return a share for each term (n,), 0 where none of `present` stands for it, 1 for the likeliest."""
        found = [0.0] * self._count
        for term in self._places.keys() & present:
            for place, share in self._places[term]:
                found[place] = max(found[place], share)
        return found


def weighted(held: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted mean of shares, 0 where no term counts."""
    total = sum(weights)
    return sum(map(mul, held, weights)) / total if total > 0 else 0.0


def coverage(
    terms: Sequence[Alternatives], weights: Sequence[float], present: Collection[str], language: str
) -> float:
    """Return the share of a question's informative terms that are among `present`, 0 to 1."""
    return weighted(Held(terms, language).by(present), weights)


def expand(question: str, language: str, lexicon: Lexicon) -> list[Alternatives]:
    """Return the question's terms, each with what stands for it in German, English and elsewhere.

    A term that occurs twice in the question counts once; the parts of a compound count half.
    """
    expanded: dict[str, Alternatives] = {}
    for word, term in tokens(question, language):
        expanded.setdefault(term, _alternatives(word, term, language, lexicon))
        for part in lexicon.parts(word, language):
            halved = _alternatives(part, part, language, lexicon)
            expanded.setdefault(
                part, {name: {t: _PART * w for t, w in options.items()} for name, options in halved.items()}
            )
    return list(expanded.values())


def _alternatives(word: str, term: str, language: str, lexicon: Lexicon) -> Alternatives:
    stemmed = stem(word, language)
    name = name_key(stemmed.capitalize(), language)
    # A term depends on the capital ("lawrow", "Lawrow") and, where a word ends as Slavic names do, on its
    # ending ("Impfstoff", "Impfstoffe"): a question's word stands for either, "Dez." for December.
    spelled = list(dict.fromkeys((term, stemmed, name or term, SHORT_MONTH_TERMS.get(word, term))))
    kin = {other: weight for one in spelled for other, weight in lexicon.kin(one, language).items()}
    alternatives: Alternatives = {
        language: kin | dict.fromkeys(spelled, 1.0),
        "": {(analyse(word, "") or [word])[0]: 1.0},
    }
    for other in SPOKEN:
        if other != language:
            same = name or SHORT_MONTH_TERMS.get(word) or (analyse(word, other) or [word])[0]
            alternatives[other] = _translated(spelled, same, language, lexicon)
    return alternatives


def _translated(spelled: list[str], same: str, language: str, lexicon: Lexicon) -> dict[str, float]:
    """Return the translations of all spellings that have some, the best weight of each."""
    known = [one for one in spelled if (language, one) in lexicon.translations] or spelled[:1]
    translated: dict[str, float] = {}
    for one in known:
        for other, weight in lexicon.translate(one, same, language).items():
            translated[other] = max(translated.get(other, 0.0), weight)
    return translated
