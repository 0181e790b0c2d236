"""Hits → their sentences, each scored against the query: meaning, terms and the rank of its passage."""

from __future__ import annotations

import math
import re
import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.retrieve.expects import expected, offers
from rag.retrieve.interaction import TokenMemory, best, unit
from rag.retrieve.lexical import Alternatives, terms_of
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.retriever import Encoder, Query
from rag.schema import Hit, Sentence, Span


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a sentence's score counts: a conditional logit fitted on questions with known
    answer sentences. A score is in its units: one more makes a sentence e times as likely to be the answer.
    """

    cosine: float
    match: float
    coverage: float
    nearby: float
    kind: float
    passage_cosine: float
    passage_score: float
    length: float  # of the logarithm of the number of characters


WITH_TOKENS: Final = Weights(2.4, 13.0, 1.6, 2.9, 2.5, 0.0, 0.85, -0.65)
WITHOUT_TOKENS: Final = Weights(6.0, 0.0, 1.9, 3.3, 3.0, 4.7, 1.0, 0.0)

_CACHED: Final = 20_000  # vectors; 384 floats each are about 30 MB
_ENDED: Final = re.compile(r"""[.!?…]["'“”‘’»«)\]]*$""")
_WORDS: Final = re.compile(r"\w+")

_Place = tuple[int, Hit, Span]  # a sentence's hit, that hit's rank first
_Likeness = tuple[float, float]  # cosine and match of a sentence


class SentenceScorer:
    """Scores sentences; keeps the vectors of those it has seen, least recently used out first."""

    def __init__(self, encoder: Encoder, tokens: TokenMemory, lexicon: Lexicon) -> None:
        self._encoder = encoder
        self._tokens = tokens
        self._lexicon = lexicon
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def score(self, query: Query, weights: Sequence[float], hits: Sequence[Hit]) -> list[Sentence]:
        """Return the sentences of `hits`, best first; `weights` says how informative each query term is."""
        places = [(rank, hit, span) for rank, hit in enumerate(hits) for span in _readable(hit)]
        if not places:
            return []
        by_tokens = self._by_tokens(query, places)
        part = WITH_TOKENS if by_tokens else WITHOUT_TOKENS
        likeness = by_tokens or self._by_vectors(query, places)
        kind = expected(query.text)
        top = hits[0].score
        scored = []
        for (rank, hit, span), (cosine, match) in zip(places, likeness, strict=True):
            text, language = hit.passage.quote(span), hit.source.language
            own = terms_of(text, language, self._lexicon)
            before = terms_of(_before(hit, span), language, self._lexicon)
            covered = coverage(query.terms, weights, own, language)
            nearby = coverage(query.terms, weights, [*before, *own], language)
            score = (
                part.cosine * cosine
                + part.match * match
                + part.coverage * covered
                + part.nearby * nearby
                + part.kind * offers(text, kind, query.text)
                + part.passage_cosine * hit.cosine
                + part.passage_score * (hit.score - top)
                + part.length * math.log(len(text))
            )
            scored.append(Sentence(hit.source, span, text, rank, score, cosine, covered, nearby, match))
        return sorted(scored, key=lambda s: (-s.score, s.source.id, s.span.start))

    def _by_vectors(self, query: Query, places: Sequence[_Place]) -> list[_Likeness]:
        """Compare the vector of each sentence by itself."""
        cosines = self.encode([hit.passage.quote(span) for _, hit, span in places]) @ query.vector
        return [(cosine, 0.0) for cosine in cosines.tolist()]

    def _by_tokens(self, query: Query, places: Sequence[_Place]) -> list[_Likeness]:
        """Compare the tokens of each sentence as they stand in their passage; [] where one has none.

        A sentence's vector is the mean of its tokens' (Günther et al. 2024, "Late Chunking"): what the
        sentence before says is in it. One that stands behind what the model reads of a passage is read by
        itself.
        """
        tokens = self._tokens.of({hit.key for _, hit, _ in places}) if len(query.tokens) else {}
        if any(hit.key not in tokens for _, hit, _ in places):
            return []
        mean = unit(query.tokens.mean(axis=0))
        spans = {rank: self._encoder.token_spans(hit.passage.text) for rank, hit, _ in places}
        found = []
        for rank, hit, span in places:
            start, end = span.start - hit.passage.start, span.end - hit.passage.start
            first = bisect_left(spans[rank], (start, start))
            last = bisect_left(spans[rank], (end, end))
            own = tokens[hit.key].of(first, last)
            if len(own) < last - first:
                own = self._encoder.encode_tokens([hit.passage.quote(span)])[1][0]
            cosine = float(unit(own.mean(axis=0)) @ mean) if len(own) else 0.0
            found.append((cosine, float(best(query.tokens, own).mean())))
        return found

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
