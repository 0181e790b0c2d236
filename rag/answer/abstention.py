"""How probable it is that the articles answer a question: a logistic model of a few readable features."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag import resources
from rag.answer.logistic import probability
from rag.answer.sought import BEST, Sought, told
from rag.retrieve.interaction import TokenVectors
from rag.retrieve.lexical.terms import coverage, term_set
from rag.retrieve.retriever import Query
from rag.schema import Sentence

# An IDF that every term of a question counts at least: in articles about one thing its words are frequent.
_LEAST_WEIGHT: Final = 1.5


@dataclass(frozen=True, slots=True)
class Features:
    """What is known before answering; that of tokens is 0 where the embedding model gives none.

    None depends much on how large the collection is or what else is in it.
    """

    passage_cosine: float  # of the best passage
    passage_coverage: float  # share of the question's terms in one of the three best passages or its titles
    sentence_coverage: float  # of its informative terms in one of the three best sentences and the one before
    informative_match: float  # cosine of its informative tokens with those nearest to them in a best passage
    named: float  # 1 where one passage has all names and years of the question; half where one is missing
    asked_of: float  # 0 where none of the passages names whose words or deeds are asked for, else 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic model: weights by feature name, and an intercept."""

    weights: Mapping[str, float]
    intercept: float

    def probability(self, features: Features) -> float:
        """Return the probability, 0 to 1, that the articles answer the question."""
        return probability(self.weights, self.intercept, features)


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
    shares: NDArray[np.float64],
    sought: Sought,
    sentences: Sequence[Sentence],
    tokens: Mapping[int, TokenVectors],
) -> Features:
    """Measure how well hits and sentences fit the query; `weights` as in `SentenceScorer.score`.

    `shares` (m,) says how much each of the query's m tokens counts, as `signals.importance` returns it;
    `tokens` are those of the best hits by passage key.
    """
    hits, lexicon = sought.hits, sought.lexicon
    least = [max(one, _LEAST_WEIGHT) for one in weights]
    read = [(term_set(told(hit), hit.source.language, lexicon), hit.source.language) for hit in hits[:BEST]]
    return Features(
        passage_cosine=max((hit.cosine for hit in hits), default=0.0),
        passage_coverage=max(
            (coverage(query.terms, least, one, language) for one, language in read), default=0.0
        ),
        sentence_coverage=max((s.nearby for s in sentences[:BEST]), default=0.0),
        informative_match=max(
            (float(one.match(query.tokens) @ shares) for one in tokens.values()), default=0.0
        ),
        named=1 / (1 + min(map(len, sought.lacking), default=0)),
        asked_of=float(sought.spoken),
    )


@lru_cache(maxsize=1)
def bundled() -> Calibrations:
    """Load the calibrations fitted for the bundled model: data/model/abstention.json."""
    path = resources.folder("data") / "model" / "abstention.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    both = (fields["with_tokens"], fields["without_tokens"])
    return Calibrations(*(Calibration(one["weights"], one["intercept"]) for one in both))
