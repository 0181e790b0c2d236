"""Hits → their sentences, each with what speaks for it as the answer, best first."""

from __future__ import annotations

import math
import re
import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.retrieve.interaction import Floats, TokenMemory, best, unit
from rag.retrieve.lexical.analysis import analyse
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.terms import Held, coverage, term_set, weighted
from rag.retrieve.retriever import Encoder, Query
from rag.retrieve.sentences import acts
from rag.retrieve.sentences.expects import expected, offers
from rag.retrieve.sentences.notices import corrects
from rag.retrieve.sentences.signals import Signals, bundled, dates, importance
from rag.retrieve.sentences.voices import asks_for_words, speaker, speaking, tells, withholds
from rag.retrieve.times.periods import nearness
from rag.schema import Hit, Sentence, Span

_CACHED: Final = 20_000  # vectors; 384 floats each are about 30 MB
_REMEMBERED: Final = 2_000  # passages whose tokens' places are; 1 kB each
_CLOSING: Final = r"""(?:["'“”‘’»«)\]]|\s?\[\w{1,3}\])*$"""  # quotation marks, brackets, "[2]" for a note
_ENDED: Final = re.compile(rf"[.!?…]{_CLOSING}")
_ASKS: Final = re.compile(rf"\?{_CLOSING}")
_WORDS: Final = re.compile(r"\w+")
_PRONOUN: Final = re.compile(r"(?:er|sie|he|she)\b", re.IGNORECASE)
_NAMED: Final = 0.5  # of the words by which a question names someone

Place = tuple[int, Hit, Span]  # a sentence's hit, that hit's rank first


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How much alike a sentence and the question are: see `Signals`."""

    cosine: float
    match: float = 0.0
    context: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sought:
    """How informative each of a query's terms (n,) is, and as shares each of its tokens (m,)."""

    weights: list[float]
    tokens: NDArray[np.float64]


class SentenceScorer:
    """Scores sentences; keeps the vectors of those it has seen, least recently used out first."""

    def __init__(self, encoder: Encoder, tokens: TokenMemory, lexicon: Lexicon) -> None:
        """Take the parts of a retriever; the signals' weights are the bundled ones."""
        self._encoder = encoder
        self._tokens = tokens
        self._lexicon = lexicon
        self._weights = bundled()
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()
        self._starts = lru_cache(_REMEMBERED)(self._token_starts)

    def score(self, query: Query, weights: Sequence[float], hits: Sequence[Hit]) -> list[Sentence]:
        """Return the sentences of `hits`, best first; `weights` says how informative each query term is."""
        places = self.places(hits)
        with_tokens = self._has_tokens(query, hits)
        scored = [
            Sentence(
                hit.source, span, hit.passage.quote(span), rank, self._weights.score(seen, with_tokens),
                seen.cosine, seen.coverage, seen.nearby, seen.match,
            )
            for (rank, hit, span), seen in zip(places, self.signals(query, weights, places), strict=True)
        ]  # fmt: skip
        return sorted(scored, key=lambda s: (-s.score, s.source.id, s.span.start))

    @staticmethod
    def places(hits: Sequence[Hit]) -> list[Place]:
        """Return what reads as a sentence in the hits, best hit first, with its hit and that hit's rank."""
        return [(rank, hit, span) for rank, hit in enumerate(hits) for span in _readable(hit)]

    def signals(self, query: Query, weights: Sequence[float], places: Sequence[Place]) -> list[Signals]:
        """Return what speaks for each sentence, given with its passage and that passage's rank."""
        if not places:
            return []
        hits = list({rank: hit for rank, hit, _ in places}.values())
        by_rank = self._sought(query, weights, {rank: hit for rank, hit, _ in places})
        if self._has_tokens(query, hits):
            likeness = self._by_tokens(query, places, by_rank)
        else:
            likeness = self._by_vectors(query, places)
        kind = expected(query.text)
        top = max(hit.score for hit in hits)
        who = speaker(query.text, [hit.passage.text for hit in hits])
        held = cache(lambda language: Held(query.terms, language))

        def shares(text: str, language: str) -> list[float]:
            return held(language).by(term_set(text, language, self._lexicon))

        seen = []
        for (rank, hit, span), alike in zip(places, likeness, strict=True):
            text, language, informative = hit.passage.quote(span), hit.source.language, by_rank[rank].weights
            own, before = shares(text, language), _before(hit, span)
            nearby = list(map(max, own, shares(before, language)))
            about = list(map(max, nearby, shares(f"{hit.source.title} {hit.passage.heading}", language)))
            seen.append(
                Signals(
                    cosine=alike.cosine,
                    match=alike.match,
                    context=alike.context,
                    coverage=weighted(own, informative),
                    nearby=weighted(nearby, informative),
                    about=weighted(about, informative),
                    asks=float(bool(_ASKS.search(text))),
                    voice=voice(query, who, text, before, language),
                    act=acts.told(query.text, text),
                    withholds=float(withholds(text)),
                    corrects=float(corrects(query.text, text, before)),
                    passage_cosine=hit.cosine,
                    passage_score=hit.score - top,
                    length=math.log(len(text)),
                    kind=kind if offers(text, kind, query.text) else None,
                )
            )
        return seen

    def _sought(self, query: Query, weights: Sequence[float], hits: Mapping[int, Hit]) -> dict[int, _Sought]:
        """Return what is looked for in each hit: in one of the time asked for, dates need not stand."""

        @cache
        def sought(without_dates: bool) -> _Sought:
            dated = dates(query.terms) if without_dates else [False] * len(weights)
            informative = [0.0 if it else one for one, it in zip(weights, dated, strict=True)]
            return _Sought(informative, self.shares(query, informative))

        def of_time(hit: Hit) -> bool:
            return bool(query.periods) and nearness(hit.source.published, query.periods) > 0

        return {rank: sought(of_time(hit)) for rank, hit in hits.items()}

    def shares(self, query: Query, weights: Sequence[float]) -> NDArray[np.float64]:
        """Return the share (m,) that each of a query's m tokens has in what is looked for: `importance`."""
        spans = self._encoder.token_spans(query.text)[: len(query.tokens)]
        found = importance(query.text, query.language, query.terms, weights, spans)
        return np.pad(found, (0, len(query.tokens) - len(found)))

    def _has_tokens(self, query: Query, hits: Sequence[Hit]) -> bool:
        """Tell whether token vectors are known of the query and of all hits."""
        if not hits or not len(query.tokens):
            return False
        keys = {hit.key for hit in hits}
        return len(self._tokens.of(keys)) == len(keys)

    def _by_vectors(self, query: Query, places: Sequence[Place]) -> list[_Likeness]:
        """Compare the vector of each sentence by itself."""
        cosines = self.encode([hit.passage.quote(span) for _, hit, span in places]) @ query.vector
        return [_Likeness(cosine) for cosine in cosines.tolist()]

    def _by_tokens(
        self, query: Query, places: Sequence[Place], sought: Mapping[int, _Sought]
    ) -> list[_Likeness]:
        """Compare the tokens of each sentence as they stand in their passage.

        A sentence's vector is the mean of its tokens' (Günther et al. 2024, "Late Chunking"): what the
        sentence before says is in it. One that stands behind what the model reads of a passage is read by
        itself.
        """
        hits = {rank: hit for rank, hit, _ in places}
        known = self._tokens.of({hit.key for hit in hits.values()})
        mean = unit(query.tokens.mean(axis=0))
        starts = {rank: self._starts(hit.passage.text) for rank, hit in hits.items()}
        lead = {
            rank: best(query.tokens, known[hit.key].vectors[: known[hit.key].lead])
            for rank, hit in hits.items()
        }

        @cache
        def read(rank: int, index: int) -> tuple[Floats, Floats]:
            passage = hits[rank].passage
            span = passage.sentences[index]
            start, end = span.start - passage.start, span.end - passage.start
            first, last = (bisect_left(starts[rank], at) for at in (start, end))
            own = known[hits[rank].key].of(first, last)
            if len(own) < last - first:
                own = self._encoder.encode_tokens([passage.quote(span)])[1][0]
            return own, best(query.tokens, own)

        found = []
        for rank, hit, span in places:
            index = hit.passage.sentences.index(span)
            own, matches = read(rank, index)
            around = np.maximum(matches, lead[rank])
            if index:
                around = np.maximum(around, read(rank, index - 1)[1])
            cosine = float(unit(own.mean(axis=0)) @ mean) if len(own) else 0.0
            found.append(_Likeness(cosine, float(matches.mean()), float(around @ sought[rank].tokens)))
        return found

    def _token_starts(self, text: str) -> array[int]:
        """Return where the tokens of a text begin, ascending."""
        return array("i", (start for start, _ in self._encoder.token_spans(text)))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the (n, d) vectors of n texts, from memory where it has them."""
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = sorted(set(texts) - found.keys(), key=lambda text: (len(text), text))
        if missing:  # meanwhile other questions may put out what was found
            found |= dict(zip(missing, self._encoder.encode(missing), strict=True))
        with self._lock:
            for text in texts:
                self._vectors[text] = found[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > _CACHED:
                self._vectors.popitem(last=False)
        return np.stack([found[text] for text in texts])


def voice(query: Query, who: str, text: str, before: str, language: str) -> float:
    """Return how far a sentence tells the words of `who` that a query asks for, 0 where it asks for nobody's.

    1 where the one asked of speaks, by name or as "he" behind a sentence that begins with the name, ½ where
    someone else may, 0 where the one asked of is named and another speaks: "Biden forderte Putin auf" tells
    nothing of what Putin demanded.
    """
    if not asks_for_words(query.text) or not tells(text):
        return 0.0
    sought = set(analyse(who, query.language))
    asked = [one for one in query.terms if sought & set(one.get(query.language, one[""]))]

    def named(words: str) -> bool:
        """Tell whether words name who is asked of: by the last name, or half of the names and titles."""
        present = analyse(words, language)
        last, whole = (coverage(some, [1.0] * len(some), present, language) for some in (asked[-1:], asked))
        return max(last, whole) >= _NAMED

    by = speaking(text)
    if named(by) or (_PRONOUN.match(by) and named(speaking(before))):
        return 1.0
    return 0.0 if named(text) else 0.5


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
