"""How probable it is that the articles answer a question: a logistic model of four readable features."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag import resources
from rag.retrieve.lexical import terms_of
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.retriever import Query
from rag.retrieve.sentences import coverage
from rag.schema import Hit, Sentence

_TOP: Final = 3  # passages and sentences looked at


@dataclass(frozen=True, slots=True)
class Features:
    """What is known before answering, each between 0 and 1 in practice."""

    passage_cosine: float  # of the best passage
    sentence_cosine: float  # of the best of the three best sentences
    passage_coverage: float  # share of the question's informative terms in one of the three best passages
    sentence_coverage: float  # the same for the three best sentences, each with the one before it


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic model: weights by feature name, and an intercept."""

    weights: Mapping[str, float]
    intercept: float

    def probability(self, features: Features) -> float:
        """Return the probability, 0 to 1, that the articles answer the question."""
        logit = self.intercept + sum(w * getattr(features, name) for name, w in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))


def features(
    query: Query,
    weights: Sequence[float],
    hits: Sequence[Hit],
    sentences: Sequence[Sentence],
    lexicon: Lexicon,
) -> Features:
    """Measure how well hits and sentences fit the query; `weights` as in `SentenceScorer.score`."""
    best = sentences[:_TOP]
    read = [
        (terms_of(hit.passage.text, hit.source.language, lexicon), hit.source.language) for hit in hits[:_TOP]
    ]
    return Features(
        passage_cosine=max((hit.cosine for hit in hits), default=0.0),
        sentence_cosine=max((s.cosine for s in best), default=0.0),
        passage_coverage=max(
            (coverage(query.terms, weights, one, language) for one, language in read), default=0.0
        ),
        sentence_coverage=max((s.nearby for s in best), default=0.0),
    )


@lru_cache(maxsize=1)
def bundled() -> Calibration:
    """Load the calibration fitted for the bundled model: data/model/abstention.json."""
    path = resources.folder("data") / "model" / "abstention.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(fields["weights"], fields["intercept"])
