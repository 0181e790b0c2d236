"""Text → the terms it is found by; question → its terms with what stands for each in either language."""

from __future__ import annotations

from typing import Final

from rag.retrieve.analysis import analyse, tokens
from rag.retrieve.lexicon import Lexicon

LANGUAGES: Final = ("de", "en")
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
    alternatives: Alternatives = {
        language: {**lexicon.kin(term, language), term: 1.0},
        "": {(analyse(word, "") or [word])[0]: 1.0},
    }
    for other in LANGUAGES:
        if other != language:
            same = analyse(word, other) or [word]
            alternatives[other] = lexicon.translate(term, same[0], language)
    return alternatives
