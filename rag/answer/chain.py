"""Question → retrieval → enough evidence? → an answer that streams: one LangChain runnable.

The same chain answers with a language model and without: `extractive` quotes the best sentences, and
steps in where the model fails or cites nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from langchain_core.runnables import Runnable, RunnableConfig

from rag.answer.abstention import Calibrations, Features, features
from rag.answer.checks.support import Checker
from rag.answer.conversation.standalone import rewritten, standalone
from rag.answer.extractive.layouts import layout, subject
from rag.answer.extractive.presentation import present
from rag.answer.found import AS_SET, Found
from rag.answer.llm.choice import Models
from rag.answer.llm.model import LanguageModel
from rag.answer.sought import Sought
from rag.answer.texts import say
from rag.answer.turnstile import Turnstile
from rag.answer.writer import Writer, Written
from rag.language import detect
from rag.retrieve.retriever import Query, Retriever
from rag.retrieve.sentences.scorer import SentenceScorer
from rag.retrieve.sentences.signals import Signals
from rag.schema import (
    EXTRACTIVE,
    Abstention,
    Answer,
    Citation,
    Filter,
    Hit,
    Sentence,
    Span,
    Timings,
    Turn,
    Wishes,
)

_HITS: Final = 10
_READ: Final = 8  # hits whose sentences are scored; ten find as much, five less
_JUDGED: Final = 5  # hits that speak for or against an answer
_OVERVIEW: Final = 10  # hits read for a question that compares, asks who said what or for the order of events
# Questions looked up at the same time. Further ones wait: all of them at once would only hold each other up,
# as most of the work is Python's, and each would have its answer when the last one has.
_AT_ONCE: Final = 2
_PER_ARTICLE: Final = 20  # passages of an article that may stand above the others


class AnswerChain(Runnable[str, Answer | Abstention]):
    """A question in, growing snapshots of its answer out; `invoke` returns the last one."""

    def __init__(
        self,
        retriever: Retriever,
        scorer: SentenceScorer,
        checker: Checker,
        models: Models,
        calibrations: Calibrations,
        passages: int,
        abstain_below: float,
    ) -> None:
        self._retriever = retriever
        self._scorer = scorer
        self._checker = checker
        self._models = models
        self._calibrations = calibrations
        self._passages = passages
        self._abstain_below = abstain_below
        self._turnstile = Turnstile(_AT_ONCE)

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer | Abstention:
        """Return the final answer to a question."""
        return list(self.stream(input, config, **kwargs))[-1]

    def stream(
        self, input: str, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Answer | Abstention]:
        """Yield the answer as it grows; the last snapshot has `final` set.

        `previous`, a keyword, holds the questions asked before this one or their turns, oldest first;
        `filter` the `Filter` that says which articles to look at; `wishes` the person's `Wishes`.
        """
        found = self.find(
            input,
            previous=kwargs.get("previous", ()),
            filter=kwargs.get("filter"),
            wishes=kwargs.get("wishes") or Wishes(),
        )
        started = time.perf_counter()
        first = 0.0
        for outcome in self._respond(found, config):
            spent = _since(started)
            first = first or spent
            check = outcome.timings.check
            timings = Timings(found.retrieve_ms, spent, found.rewrite_ms, first, check)
            cited = tuple(_naming(one, found.hits) for one in outcome.citations)
            named = replace(outcome, timings=timings, periods=found.query.periods)
            yield replace(named, citations=cited) if isinstance(named, Answer) else named

    def find(
        self,
        question: str,
        without: frozenset[str] = frozenset(),
        previous: Sequence[str | Turn] = (),
        filter: Filter | None = None,
        wishes: Wishes = AS_SET,
        with_tokens: bool = True,
    ) -> Found:
        """Retrieve for a question and judge whether what was found answers it.

        A question that goes on from those in `previous` is searched for as a question that stands alone. The
        articles in `without` are passed over, as if they were not in the collection; without `with_tokens`
        it is as if the embedding model gave no vectors of tokens.
        """
        turns = [one if isinstance(one, Turn) else Turn(one) for one in previous]
        language = detect(question, detect(turns[-1].question) if turns else None)
        started, model = time.perf_counter(), self.model(wishes)
        text = rewritten(question, turns, language, model) if model and turns else None
        rewrite_ms = _since(started) if model and turns else 0.0
        started = time.perf_counter()
        text = text or standalone(
            question, [turn.question for turn in turns], language, self._retriever.lexicon
        )
        wanted = max(_HITS, wishes.passages or self._passages)
        with self._turnstile:
            query, hits, read = self._looked_up(text, language, wanted, without, filter, with_tokens)
            sentences, seen, unnamed = self._weighed(query, hits, read)
        return Found(
            question=question,
            asked=text,
            query=query,
            hits=hits,
            sentences=tuple(sentences),
            features=seen,
            confidence=self._calibrations.probability(query, seen) if hits else 0.0,
            unnamed=unnamed,
            retrieve_ms=_since(started),
            filter=filter,
            rewrite_ms=rewrite_ms,
            wishes=wishes,
        )

    def _weighed(
        self, query: Query, hits: Sequence[Hit], read: Sequence[Hit]
    ) -> tuple[list[Sentence], Features, tuple[str, ...]]:
        """Return the sentences of `read`, what speaks for an answer, and what none of the hits names."""
        weights = self._retriever.lexical.weights(query.terms)
        sentences = self._scorer.score(query, weights, read)
        tokens = self._retriever.tokens.of([hit.key for hit in hits[:_JUDGED]])
        judged = [one for one in sentences if one.hit < _JUDGED]
        sought = Sought(query, hits, self._retriever.lexicon)
        shares = self._scorer.shares(query, weights)
        return sentences, features(query, weights, shares, sought, judged, tokens), sought.unnamed

    def _looked_up(
        self,
        text: str,
        language: str,
        wanted: int,
        without: frozenset[str] = frozenset(),
        filter: Filter | None = None,
        with_tokens: bool = True,
    ) -> tuple[Query, tuple[Hit, ...], tuple[Hit, ...]]:
        """Return what is searched for, the best hits that are in none of `without`, and those to be read."""
        query = self._retriever.query(subject(text, language), language)
        if not with_tokens:
            query = replace(query, tokens=query.tokens[:0])
        hits = self._retriever.hits(query, wanted + _PER_ARTICLE * len(without), filter)
        hits = [hit for hit in hits if hit.source.id not in without][:wanted]
        return query, tuple(hits), tuple(hits[: _READ if layout(text) == "answer" else _OVERVIEW])

    def signals(self, question: str, with_tokens: bool = True) -> list[tuple[Hit, Span, Signals]]:
        """Return what speaks for each sentence that `find` ranks, also as if no token vectors were known."""
        wanted = max(_HITS, self._passages)
        query, _, read = self._looked_up(question, detect(question), wanted, with_tokens=with_tokens)
        weights = self._retriever.lexical.weights(query.terms)
        places = self._scorer.places(read)
        seen = self._scorer.signals(query, weights, places)
        return [(hit, span, one) for (_, hit, span), one in zip(places, seen, strict=True)]

    def model(self, wishes: Wishes) -> LanguageModel | None:
        """Return the language model that a person's wishes mean, None for quotations.

        Raises:
            ModelError: the model wished for cannot be chosen.
        """
        return None if wishes.quotes else self._models.get(wishes.model)

    # -- the three outcomes -------------------------------------------------------------------------------

    def _respond(self, found: Found, config: RunnableConfig | None) -> Iterator[Answer | Abstention]:
        language, wishes = found.language, found.wishes
        least = self._abstain_below if wishes.abstain_below is None else wishes.abstain_below
        if found.filter and not found.hits:
            yield _abstain(found, say("nothing_admitted", language))
        elif not found.sentences:
            yield _abstain(found, say("nothing_found", language))
        elif found.confidence < least:
            yield _abstain(found, self._why(found))
        elif (model := self.model(wishes)) is None:
            yield _quote(found)
        else:
            writer = Writer(model, self._checker, self._scorer.encode)
            hits = found.hits[: wishes.passages or self._passages]
            for written in writer.write(found.asked, language, hits, config):
                yield _outcome(found, written)

    @staticmethod
    def _why(found: Found) -> str:
        """Return why what was found does not do: how improbable it is, and what is asked for by name."""
        language = found.language
        reason = say("too_unlikely", language, p=round(found.confidence * 100))
        absent = ", ".join(found.unnamed)
        return f"{reason} {say('unnamed', language, names=absent)}" if absent else reason


def _outcome(found: Found, written: Written) -> Answer | Abstention:
    """Return what a language model wrote as an answer, quotations or an abstention in its place."""
    usage, timings = written.usage, Timings(check=written.check_ms)
    if written.outcome == "failed":
        return replace(_quote(found, *written.warnings), usage=usage, timings=timings)
    if written.outcome == "refused":
        reason = say("model_abstains", found.language)
        declined = replace(_abstain(found, reason), model=written.model, warnings=written.warnings)
        return replace(declined, usage=usage, timings=timings)
    return Answer(
        question=found.question, language=found.language, query=found.query.text, text=written.text,
        model=written.model, citations=written.citations, statements=written.statements, hits=found.hits,
        confidence=found.confidence, warnings=written.warnings, final=written.outcome != "growing",
        usage=usage, timings=timings, whole=written.outcome != "broken",
    )  # fmt: skip


def _since(started: float) -> float:
    """Return the milliseconds since a moment of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000


def _naming(citation: Citation, hits: Sequence[Hit]) -> Citation:
    """Name the other articles that tell what a citation's article tells."""
    hit = next((hit for hit in hits if hit.source.id == citation.source.id and hit.also_in), None)
    return replace(citation, also_in=hit.also_in) if hit else citation


def _quote(found: Found, *warnings: str) -> Answer:
    """Answer with quotations."""
    language = found.language
    text, citations, made = present(found.asked, found.sentences, language)
    return Answer(
        question=found.question, language=language, query=found.query.text, text=text, model=EXTRACTIVE,
        citations=citations, statements=made, hits=found.hits, confidence=found.confidence, warnings=warnings,
    )  # fmt: skip


def _abstain(found: Found, reason: str) -> Abstention:
    language = found.language
    return Abstention(
        question=found.question, language=language, query=found.query.text, text=say("abstain", language),
        reason=reason, hits=found.hits, confidence=found.confidence,
    )  # fmt: skip
