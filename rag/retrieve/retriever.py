"""Query → hits: dense and lexical candidates, both sides scored for the union, fused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.language import detect
from rag.retrieve.fusion import fuse
from rag.retrieve.interaction import TokenMemory
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.terms import Alternatives, expand
from rag.retrieve.lexical.typos import corrected
from rag.retrieve.ranking import Candidate, rank, without_copies
from rag.retrieve.rerank import Reranker
from rag.retrieve.scores import Scores, member
from rag.retrieve.times.periods import nearness, periods, reach
from rag.retrieve.vectors.passages import Vectors
from rag.schema import Card, Filter, Hit, Passage, Period, Source

CANDIDATES: Final = 100  # of each side
DENSE_WEIGHT: Final = 0.6
# Of cosines and of BM25; one in twenty of the sample questions has less than 0.05 and 0.4.
LEAST_SPREAD: Final = (0.05, 0.4)
IN_PERIOD: Final = 1.5  # standard deviations that an article of the period asked for gains
_WIDER: Final = 4
_SHOUTED: Final = 4  # words in capitals that are typed so; fewer may be "NATO USA"
_DIGITS: Final = 2  # of a score that tell hits apart; int8 vectors differ by less between machines
MATCHED: Final = 20  # best candidates whose tokens are compared with the query's
MATCH_WEIGHT: Final = 7.0  # of the mean cosine of tokens, beside the fused score's standard deviations


class Encoder(Protocol):
    """What turns texts into unit vectors, and their tokens too where `token_dimension` is not 0."""

    @property
    def token_dimension(self) -> int: ...

    def encode(
        self, texts: Sequence[str], kind: Literal["query", "passage"] = "passage"
    ) -> NDArray[np.float32]:
        """Return the (n, d) vectors of n texts."""
        ...

    def encode_tokens(
        self, texts: Sequence[str], kind: Literal["query", "passage"] = "passage"
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Return the same and, of each text, the (t, token_dimension) vectors of its tokens."""
        ...

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the tokens of a text stand."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """A standalone search text, analysed once.

    Its language, vector (d,), the vectors of its tokens (m, t), its terms, and the periods it names.
    """

    text: str
    language: str
    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    terms: tuple[Alternatives, ...]
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Retriever:
    """The hybrid first stage over one store."""

    encoder: Encoder
    vectors: Vectors
    lexical: LexicalIndex
    lexicon: Lexicon
    cards: Callable[[list[int]], Mapping[int, Card]]
    passages: Callable[[list[int]], Mapping[int, tuple[Passage, Source]]]
    admitted: Callable[[Filter], NDArray[np.int64]]  # passage keys, ascending
    tokens: TokenMemory
    members: Callable[[int], Sequence[Source]]  # of a cluster, earliest first
    reranker: Reranker | None = None
    today: Callable[[], date] = field(default=date.today)  # what "yesterday" is counted from

    def query(self, text: str, language: str | None = None) -> Query:
        """Analyse a search text; its language is detected where it is not given.

        One in capitals throughout is read as if it were written small: all its words would pass for names.
        Mistyped words are put right: `Query.text` tells what is searched for.
        """
        if text.isupper() and len(text.split()) >= _SHOUTED:
            text = text.lower()
        code = language or detect(text)
        text = corrected(text, code, self.lexicon, self.lexical.counts)
        vectors, tokens = self.encoder.encode_tokens([text], kind="query")
        terms = tuple(expand(text, code, self.lexicon))
        return Query(text, code, vectors[0], tokens[0], terms, periods(text, code, self.today()))

    def hits(self, query: Query, k: int, filter: Filter | None = None) -> list[Hit]:
        """Return the k best passages that a filter admits, best first; fewer only where fewer exist.

        Articles of a period that the question names gain a bonus. Among equal scores the newer article
        comes first, then they are ordered by article and place. Of articles that tell the same only one
        is kept, and names the others.
        """
        among = self.admitted(filter) if filter else None
        bm25 = self.lexical.scores(query.terms, among)
        wanted = k if self.reranker is None else max(k, self.reranker.top)
        count = max(CANDIDATES, wanted)
        while True:
            ranked = without_copies(self._ranked(query, bm25, count, among))[:wanted]
            if len(ranked) == wanted or count >= (self.vectors.count() if among is None else len(among)):
                break
            count *= _WIDER  # copies took the place of others
        hits = self._read(ranked)
        return hits if self.reranker is None else self.reranker.rerank(query.text, hits)[:k]

    def _read(self, ranked: Sequence[Candidate]) -> list[Hit]:
        """Return candidates with their texts; one may be gone from the archive already."""
        found = self.passages([one.key for one in ranked])
        clusters = {one.card.cluster for one in ranked if one.key in found}
        told = {cluster: self.members(cluster) for cluster in clusters if cluster is not None}
        hits = []
        for one in ranked:
            if one.key in found:
                passage, source = found[one.key]
                same = told[one.card.cluster] if one.card.cluster is not None else ()
                others = tuple(other for other in same if other.id != source.id)
                hits.append(Hit(passage, source, one.score, one.cosine, one.bm25, one.match, one.key, others))
        return hits

    def _ranked(
        self, query: Query, bm25: Scores, count: int, among: NDArray[np.int64] | None
    ) -> list[Candidate]:
        """Return all candidates, `count` of each side and more from the periods named, best first."""
        cosines = self._candidates(query, bm25, count, among)
        for period in query.periods:
            cosines |= self._of_period(query, bm25, reach(period), among)
        cards = self.cards(sorted(cosines))  # a passage may be gone from the archive already
        keys = sorted(cards)
        dense = np.array([cosines[key] for key in keys])
        lexical = bm25.of(keys)
        bonus = np.array([nearness(cards[key].published, query.periods) for key in keys])
        scores = fuse(dense, lexical, DENSE_WEIGHT, LEAST_SPREAD) + IN_PERIOD * bonus
        matches = self._matches(query, keys, scores)
        scores += MATCH_WEIGHT * matches
        candidates = [
            Candidate(key, cards[key], round(score, _DIGITS), cosines[key], terms, match)
            for key, score, terms, match in zip(
                keys, scores.tolist(), lexical.tolist(), matches.tolist(), strict=True
            )
        ]
        return sorted(candidates, key=rank)

    def _matches(self, query: Query, keys: Sequence[int], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how well the tokens of each candidate match the query's, a mean cosine.

        Only the best candidates are compared; the others get the lowest value among those, so that they
        stay behind. All are 0 where there are no tokens.
        """
        chosen = np.argsort(-scores, kind="stable")[:MATCHED]
        tokens = self.tokens.of([keys[place] for place in chosen]) if len(query.tokens) else {}
        found = {
            int(place): float(tokens[key].match(query.tokens).mean())
            for place in chosen
            if (key := keys[place]) in tokens
        }
        matches = np.full(len(keys), min(found.values(), default=0.0))
        matches[list(found)] = list(found.values())
        return matches

    def _candidates(
        self, query: Query, bm25: Scores, count: int, among: NDArray[np.int64] | None
    ) -> dict[int, float]:
        """Return the best of both sides with their cosines."""
        cosines = self.vectors.nearest(query.vector, count, among)
        best = bm25.best(count)
        return cosines | self.vectors.cosines(query.vector, [key for key in best if key not in cosines])

    def _of_period(
        self, query: Query, bm25: Scores, wide: Period, among: NDArray[np.int64] | None
    ) -> dict[int, float]:
        """Return the best candidates from the days around a period: elsewhere others may outnumber them."""
        keys = self.admitted(Filter(since=wide.since, until=wide.until))
        if among is not None:
            keys = keys[member(keys, among)]
        return self._candidates(query, bm25.among(keys), CANDIDATES // 2, keys)
