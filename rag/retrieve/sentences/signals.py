"""What speaks for a sentence as the answer to a question, and how much each of it counts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag import resources
from rag.retrieve.lexical.analysis import WORD, analyse
from rag.retrieve.lexical.terms import Alternatives
from rag.retrieve.sentences.expects import Kind

_DATE: Final = re.compile(r"month\d+|(?:19|20)\d\d")  # a term that is a month or a year


@dataclass(frozen=True, slots=True)
class Signals:
    """What is seen of a sentence; what is seen of tokens is 0 where the embedding model gives none."""

    cosine: float  # of question and sentence
    match: float  # mean cosine of the question's tokens with those nearest to them in the sentence
    context: float  # of its informative tokens, with those of the title and the sentence before too
    coverage: float  # share of the question's informative terms that stand in the sentence
    nearby: float  # the same, of it and the sentence before
    about: float  # the same, of these and the title
    asks: float  # 1 where it is a question itself
    voice: float  # words asked for: 1 where whom the question names speaks, ½ where someone else may
    act: float  # share of the acts asked about, such as a demand, that it tells of
    withholds: float  # 1 where it says that something is not known or not said
    corrects: float  # 1 where it says what an article had wrong, unasked
    passage_cosine: float
    passage_score: float  # below that of the best passage
    length: float  # logarithm of the number of characters
    kind: Kind | None = None  # what the question asks for, where the sentence has something of the kind

    def values(self) -> dict[str, float]:
        """Return the signals by name; the kind that was found is one of its own, "has_person"."""
        named: dict[str, float] = {name: getattr(self, name) for name in NAMES}
        return named | ({f"has_{self.kind}": 1.0} if self.kind else {})


NAMES: Final = tuple(one.name for one in fields(Signals) if one.name != "kind")


@dataclass(frozen=True, slots=True)
class Weights:
    """A conditional logit: one more in a sentence's score makes it e times as likely to be the answer.

    One mapping by signal for embedding models that give token vectors, one for those that do not.
    """

    with_tokens: Mapping[str, float]
    without_tokens: Mapping[str, float]

    def score(self, signals: Signals, with_tokens: bool) -> float:
        """Return the weighted sum of the signals."""
        weights = self.with_tokens if with_tokens else self.without_tokens
        return sum(weights.get(name, 0.0) * value for name, value in signals.values().items())


@lru_cache(maxsize=1)
def bundled() -> Weights:
    """Load the weights fitted for the bundled model: data/model/sentences.json (`rag.evaluate.rank`)."""
    path = resources.folder("data") / "model" / "sentences.json"
    read = json.loads(path.read_text(encoding="utf-8"))
    return Weights(read["with_tokens"]["weights"], read["without_tokens"]["weights"])


def dates(terms: Sequence[Alternatives]) -> list[bool]:
    """Tell of each question term whether it is a month or a year."""
    return [any(_DATE.fullmatch(term) for term in options[""]) for options in terms]


def importance(
    text: str,
    language: str,
    terms: Sequence[Alternatives],
    weights: Sequence[float],
    spans: Sequence[tuple[int, int]],
) -> NDArray[np.float64]:
    """Return the share (m,) of each of a question's m tokens: by the weight of the term it is part of.

    Function words count nothing; where no word counts, all tokens count the same.
    """
    known: dict[str, float] = {}
    for options, weight in zip(terms, weights, strict=True):
        for term in options.get(language, options[""]):
            known[term] = max(known.get(term, 0.0), weight)
    shares = np.zeros(len(spans))
    for word in WORD.finditer(text):
        weight = max((known.get(term, 0.0) for term in analyse(word.group(), language)), default=0.0)
        for row, (start, end) in enumerate(spans):
            if start < word.end() and end > word.start():
                shares[row] = max(shares[row], weight)
    total = float(shares.sum())
    return shares / total if total > 0 else np.full(len(spans), 1 / max(len(spans), 1))
