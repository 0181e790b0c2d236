"""How probable it is that the articles answer a question: a logistic model of a few readable features."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag import resources
from rag.answer.names import Name, Naming, names
from rag.retrieve.expects import speaker
from rag.retrieve.interaction import TokenVectors
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.retriever import Query
from rag.retrieve.sentences import coverage
from rag.retrieve.terms import terms_of
from rag.schema import Hit, Sentence

_TOP: Final = 3  # passages and sentences looked at
_LANGUAGES: Final = ("de", "en")  # whose names are known
# What every term of a question counts at least, an IDF: where all is about one thing, its words are frequent.
_LEAST_WEIGHT: Final = 1.5
_YEAR: Final = re.compile(r"(?<![\d.,])(?:1\d|20)\d\d(?![\d%€]|[.,]\d)")


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
    read = [(terms_of(_told(hit), hit.source.language, lexicon), hit.source.language) for hit in hits[:_TOP]]
    return Features(
        passage_cosine=max((hit.cosine for hit in hits), default=0.0),
        passage_coverage=max(
            (coverage(query.terms, least, one, language) for one, language in read), default=0.0
        ),
        sentence_coverage=max((s.nearby for s in sentences[:_TOP]), default=0.0),
        informative_match=max(
            (float(one.match(query.tokens) @ shares) for one in tokens.values()), default=0.0
        ),
        named=1 / (1 + min(map(len, sought.lacking), default=0)),
        asked_of=float(sought.spoken),
        lead=sentences[0].score - sentences[: _TOP + 1][-1].score if sentences else 0.0,
    )


class Sought:
    """What a query asks for by name, looked for in hits; each hit is looked through once at most."""

    def __init__(self, query: Query, hits: Sequence[Hit], lexicon: Lexicon) -> None:
        """Find the names and years of a query; nothing is looked for before it is asked for."""
        self.hits = hits
        self.lexicon = lexicon
        self._language = query.language
        self._namings: dict[int, Naming] = {}
        self._names = names(query.text, query.language, lexicon) if query.language in _LANGUAGES else ()
        self._years = tuple(dict.fromkeys(_YEAR.findall(query.text)))
        self._subject = speaker(query.text).split()

    @cached_property
    def lacking(self) -> list[list[str]]:
        """The names and years that each of the best passages lacks, in the query's order."""
        return [self._lacking(place) for place in range(len(self.hits[:_TOP]))]

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The names and years that none of the best passages has."""
        first, *others = self.lacking or [[]]
        return tuple(one for one in first if all(one in other for other in others))

    @property
    def spoken(self) -> bool:
        """Whether one of the hits names all whose words or deeds are asked for."""
        asked_of = [one for one in self._names if one.words[-1] in self._subject]
        return any(all(self._holds(place, one) for one in asked_of) for place in range(len(self.hits)))

    def _lacking(self, place: int) -> list[str]:
        """Return the names and years that a hit lacks, with its titles and its article's date."""
        missing = [one.text for one in self._names if not self._holds(place, one)]
        hit = self.hits[place]
        known = set(_YEAR.findall(_told(hit))) if self._years else set()
        known |= {str(hit.source.published.year)} if hit.source.published else set()
        return missing + [one for one in self._years if one not in known]

    def _holds(self, place: int, name: Name) -> bool:
        """Tell whether a hit names someone, spelled or translated as either language does it."""
        if place not in self._namings:
            hit = self.hits[place]
            self._namings[place] = Naming(_told(hit), hit.source.language, self.lexicon)
        return self._namings[place].holds(name, self._language)


def _told(hit: Hit) -> str:
    """Return a passage under its article's title and its own heading."""
    return "\n".join((hit.source.title, hit.passage.heading, hit.passage.text))


@lru_cache(maxsize=1)
def bundled() -> Calibrations:
    """Load the calibrations fitted for the bundled model: data/model/abstention.json."""
    path = resources.folder("data") / "model" / "abstention.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    return Calibrations(*(Calibration(fields[name]["weights"], fields[name]["intercept"]) for name in _NAMES))


_NAMES: Final = ("with_tokens", "without_tokens")
