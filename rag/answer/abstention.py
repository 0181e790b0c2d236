"""How probable it is that the articles answer a question: a logistic model of a few readable features."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from rag import resources
from rag.retrieve.interaction import TokenVectors
from rag.retrieve.lexical import terms_of
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.retriever import Query
from rag.retrieve.sentences import coverage
from rag.schema import Hit, Sentence

_TOP: Final = 3  # passages and sentences looked at
_WEAKEST: Final = 4  # one in so many of the question's tokens


@dataclass(frozen=True, slots=True)
class Features:
    """What is known before answering; those of tokens are 0 where the embedding model gives none."""

    passage_cosine: float  # of the best passage
    passage_coverage: float  # share of the question's informative terms in one of the three best passages
    sentence_coverage: float  # the same for the three best sentences, each with the one before it
    passage_match: float  # mean cosine of the question's tokens with those nearest in the best passage
    weakest_match: float  # the same in the three best passages, of the quarter of the tokens that fit worst
    lead: float  # how far the best sentence's score is above the fourth's


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic model: weights by feature name, and an intercept."""

    weights: Mapping[str, float]
    intercept: float

    def probability(self, features: Features) -> float:
        """Return the probability, 0 to 1, that the articles answer the question."""
        logit = self.intercept + sum(w * getattr(features, name) for name, w in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))


@dataclass(frozen=True, slots=True)
class Calibrations:
    """One for embedding models that give token vectors, one for those that do not."""

    with_tokens: Calibration
    without_tokens: Calibration

    def probability(self, query: Query, features: Features) -> float:
        """Return the probability, 0 to 1, that the articles answer the query."""
        chosen = self.with_tokens if len(query.tokens) else self.without_tokens
        return chosen.probability(features)


def features(
    query: Query,
    weights: Sequence[float],
    hits: Sequence[Hit],
    sentences: Sequence[Sentence],
    tokens: Mapping[int, TokenVectors],
    lexicon: Lexicon,
) -> Features:
    """Measure how well hits and sentences fit the query; `weights` as in `SentenceScorer.score`.

    `tokens` are those of the best hits by passage key.
    """
    read = [
        (terms_of(hit.passage.text, hit.source.language, lexicon), hit.source.language) for hit in hits[:_TOP]
    ]
    return Features(
        passage_cosine=max((hit.cosine for hit in hits), default=0.0),
        passage_coverage=max(
            (coverage(query.terms, weights, one, language) for one, language in read), default=0.0
        ),
        sentence_coverage=max((s.nearby for s in sentences[:_TOP]), default=0.0),
        passage_match=max((hit.match for hit in hits), default=0.0),
        weakest_match=_weakest(query, [tokens[hit.key] for hit in hits[:_TOP] if hit.key in tokens]),
        lead=sentences[0].score - sentences[: _TOP + 1][-1].score if sentences else 0.0,
    )


def _weakest(query: Query, read: Sequence[TokenVectors]) -> float:
    if not read or not len(query.tokens):
        return 0.0
    matches = np.sort(np.max([one.match(query.tokens) for one in read], axis=0))
    return float(matches[: max(1, len(matches) // _WEAKEST)].mean())


@lru_cache(maxsize=1)
def bundled() -> Calibrations:
    """Load the calibrations fitted for the bundled model: data/model/abstention.json."""
    path = resources.folder("data") / "model" / "abstention.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    return Calibrations(*(Calibration(fields[name]["weights"], fields[name]["intercept"]) for name in _NAMES))


_NAMES: Final = ("with_tokens", "without_tokens")
