"""Hits → their sentences, each scored against the query: meaning, terms and the rank of its passage."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.retrieve.expects import expected, offers
from rag.retrieve.lexical import Alternatives, terms_of
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.retriever import Encoder, Query
from rag.schema import Hit, Sentence, Span

# Weights of the parts of a sentence's score beside its own cosine: a conditional logit fitted on questions
# with known answer sentences, rounded.
COVERAGE: Final = 0.25
NEARBY: Final = 0.4
KIND: Final = 0.3
PASSAGE_COSINE: Final = 0.4
PASSAGE_SCORE: Final = 0.2
_CACHED: Final = 20_000  # vectors; 384 floats each are about 30 MB
_ENDED: Final = re.compile(r"""[.!?…]["'“”‘’»«)\]]*$""")
_WORDS: Final = re.compile(r"\w+")


class SentenceScorer:
    """Scores sentences; keeps the vectors of those it has seen, least recently used out first."""

    def __init__(self, encoder: Encoder, lexicon: Lexicon) -> None:
        self._encoder = encoder
        self._lexicon = lexicon
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def score(self, query: Query, weights: Sequence[float], hits: Sequence[Hit]) -> list[Sentence]:
        """Return the sentences of `hits`, best first; `weights` says how informative each query term is."""
        places = [(rank, hit, span) for rank, hit in enumerate(hits) for span in _readable(hit)]
        if not places:
            return []
        texts = [hit.passage.quote(span) for _, hit, span in places]
        cosines = self.encode(texts) @ query.vector
        top = hits[0].score
        kind = expected(query.text)
        scored = []
        for (rank, hit, span), text, cosine in zip(places, texts, cosines.tolist(), strict=True):
            language = hit.source.language
            own = terms_of(text, language, self._lexicon)
            before = terms_of(_before(hit, span), language, self._lexicon)
            covered = coverage(query.terms, weights, own, language)
            nearby = coverage(query.terms, weights, [*before, *own], language)
            score = (
                cosine
                + COVERAGE * covered
                + NEARBY * nearby
                + KIND * offers(text, kind)
                + PASSAGE_COSINE * hit.cosine
                + PASSAGE_SCORE * (hit.score - top)
            )
            scored.append(Sentence(hit.source, span, text, rank, score, cosine, covered, nearby))
        return sorted(scored, key=lambda s: (-s.score, s.source.id, s.span.start))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the (n, d) vectors of n texts, from memory where it has them."""
        with self._lock:
            missing = sorted({text for text in texts if text not in self._vectors}, key=len)
        if missing:
            fresh = dict(zip(missing, self._encoder.encode(missing), strict=True))
            with self._lock:
                self._vectors.update(fresh)
        with self._lock:
            rows = [self._vectors[text] for text in texts]
            for text in texts:
                self._vectors.move_to_end(text)
            while len(self._vectors) > _CACHED:
                self._vectors.popitem(last=False)
        return np.stack(rows)


def coverage(
    terms: Sequence[Alternatives], weights: Sequence[float], present: Collection[str], language: str
) -> float:
    """Return the share of the query's informative terms that are among `present`, 0 to 1.

    A translation counts by its weight relative to the term's likeliest translation.
    """
    total = sum(weights)
    if total <= 0:
        return 0.0
    held = set(present)
    found = 0.0
    for alternatives, weight in zip(terms, weights, strict=True):
        options = alternatives.get(language, alternatives[""])
        best = max(options.values())
        found += weight * max((share / best for term, share in options.items() if term in held), default=0.0)
    return found / total


def _readable(hit: Hit) -> list[Span]:
    """Return the spans that read as sentences: four words and a full stop, or four words where none has one.

    Headings, captions and photo credits have no full stop.
    """
    worded = [
        span
        for span in hit.passage.sentences
        if len(_WORDS.findall(quote := hit.passage.quote(span))) >= 4 and quote != hit.passage.heading
    ]
    return [span for span in worded if _ENDED.search(hit.passage.quote(span))] or worded


def _before(hit: Hit, span: Span) -> str:
    """Return the sentence before, or the heading: what says who "he" is."""
    index = hit.passage.sentences.index(span)
    return hit.passage.quote(hit.passage.sentences[index - 1]) if index else hit.passage.heading
