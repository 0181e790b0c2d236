"""Question → retrieval → enough evidence? → an answer that streams: one LangChain runnable.

The same chain answers with a language model and without: `extractive` quotes the best sentences, and
steps in where the model fails or cites nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from rag.answer import extractive, prompts
from rag.answer.abstention import Calibration, Features, features
from rag.answer.citations import Resolver, statements
from rag.answer.conversation import standalone
from rag.answer.evidence import Cited, Evidence, number
from rag.answer.texts import say
from rag.errors import QuellenchatError
from rag.language import detect
from rag.retrieve.retriever import Query, Retriever
from rag.retrieve.sentences import SentenceScorer
from rag.schema import Abstention, Answer, Citation, Filter, Hit, Sentence, Timings

EXTRACTIVE: Final = "extractive"
_HITS: Final = 10
_READ: Final = 5  # hits whose sentences are scored
_PER_ARTICLE: Final = 20  # passages of an article that may stand above the others
_REFUSAL: Final = re.compile(r"\W*(?:NO ANSWER|KEINE ANTWORT)\b", re.IGNORECASE)
_THOUGHT: Final = ("<think>", "</think>")
_SENTENCE_WORDS: Final = 4  # fewer are a heading
_DECIDED_CHARS: Final = 24  # from here on a reply is no refusal


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval found for a question, and the probability that it holds the answer."""

    question: str
    query: Query
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...]
    features: Features
    confidence: float
    retrieve_ms: float
    filter: Filter | None = None


class AnswerChain(Runnable[str, Answer | Abstention]):
    """A question in, growing snapshots of its answer out; `invoke` returns the last one."""

    def __init__(
        self,
        retriever: Retriever,
        model: BaseChatModel | None,
        model_name: str,
        calibration: Calibration,
        passages: int,
        abstain_below: float,
    ) -> None:
        self._retriever = retriever
        self._scorer = SentenceScorer(retriever.encoder, retriever.lexicon)
        self._model_name = model_name
        self._calibration = calibration
        self._passages = passages
        self._abstain_below = abstain_below
        self._reply: Runnable[Found, str] | None = None
        if model is not None:
            self._reply = RunnableLambda(self._messages) | model | StrOutputParser()

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer | Abstention:
        """Return the final answer to a question."""
        return list(self.stream(input, config, **kwargs))[-1]

    def stream(
        self, input: str, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Answer | Abstention]:
        """Yield the answer as it grows; the last snapshot has `final` set.

        `previous`, a keyword, holds the questions asked before this one, oldest first; `filter` the
        `Filter` that says which articles to look at.
        """
        found = self.find(input, previous=kwargs.get("previous", ()), filter=kwargs.get("filter"))
        started = time.perf_counter()
        for outcome in self._respond(found, config):
            spent = (time.perf_counter() - started) * 1000
            yield replace(outcome, timings=Timings(found.retrieve_ms, spent))

    def find(
        self,
        question: str,
        without: frozenset[str] = frozenset(),
        previous: Sequence[str] = (),
        filter: Filter | None = None,
    ) -> Found:
        """Retrieve for a question and judge whether what was found answers it.

        A question that goes on from those in `previous` is searched for together with them. The articles
        in `without` are passed over, as if they were not in the collection.
        """
        started = time.perf_counter()
        language = detect(question)
        lexicon = self._retriever.lexicon
        query = self._retriever.query(standalone(question, previous, language, lexicon), language)
        wanted = max(_HITS, self._passages)
        hits = self._retriever.hits(query, wanted + _PER_ARTICLE * len(without), filter)
        hits = [hit for hit in hits if hit.source.id not in without][:wanted]
        weights = self._retriever.lexical.weights(query.terms)
        sentences = self._scorer.score(query, weights, hits[:_READ])
        seen = features(query, weights, hits, sentences, lexicon)
        confidence = self._calibration.probability(seen) if hits else 0.0
        spent = (time.perf_counter() - started) * 1000
        return Found(question, query, tuple(hits), tuple(sentences), seen, confidence, spent, filter)

    # -- the three outcomes -------------------------------------------------------------------------------

    def _respond(self, found: Found, config: RunnableConfig | None) -> Iterator[Answer | Abstention]:
        language = found.query.language
        if found.filter and not found.hits:
            yield _abstain(found, say("nothing_admitted", language))
        elif not found.sentences:
            yield _abstain(found, say("nothing_found", language))
        elif found.confidence < self._abstain_below:
            percent = round(found.confidence * 100)
            yield _abstain(found, say("too_unlikely", language, p=percent))
        elif self._reply is None:
            yield _quote(found)
        else:
            yield from self._converse(found, self._reply, config)

    def _converse(
        self, found: Found, reply: Runnable[Found, str], config: RunnableConfig | None
    ) -> Iterator[Answer | Abstention]:
        """Stream the language model's reply with its markers resolved; quote where it fails."""
        language = found.query.language
        resolver = Resolver(self._evidence(found), self._closest)
        text, problem = "", ""
        deltas = _without_thoughts(reply.stream(found, config))
        while True:
            try:
                delta = next(deltas, None)
            except Exception as error:  # every provider's client raises its own kinds
                problem = _reason(error)
                break
            if delta is None:
                break
            text += resolver.feed(delta)
            if len(text) > _DECIDED_CHARS:
                yield self._answer(found, text, resolver, (), final=False)
        text = (text + resolver.finish()).strip()
        if problem and not resolver.cited:
            yield _quote(found, say("model_failed", language, model=self._model_name, error=problem))
        elif _REFUSAL.match(text) and not resolver.cited:
            yield replace(_abstain(found, say("model_abstains", language)), model=self._model_name)
        elif not resolver.cited or not statements(text, language):
            yield _quote(
                found, say("model_uncited", language, model=self._model_name), *_dropped(resolver, language)
            )
        else:
            warnings = [say("cut_off", language, error=problem)] if problem else []
            yield self._answer(found, text, resolver, (*warnings, *_dropped(resolver, language)), final=True)

    def _answer(
        self, found: Found, text: str, resolver: Resolver, warnings: tuple[str, ...], *, final: bool
    ) -> Answer:
        language = found.query.language
        made = tuple(statements(text, language))
        support = self._support(text, made, resolver.cited) if final else {}
        citations = tuple(
            Citation(f"[{n}]", cited.source, cited.span, cited.text, support.get(f"[{n}]", 0.0))
            for n, cited in enumerate(resolver.cited, start=1)
        )
        return Answer(
            question=found.question, language=language, query=found.query.text, text=text,
            model=self._model_name, citations=citations, statements=made, hits=found.hits,
            confidence=found.confidence, warnings=warnings, final=final,
        )  # fmt: skip

    # -- language model -----------------------------------------------------------------------------------

    def _evidence(self, found: Found) -> Evidence:
        return number(found.hits[: self._passages])

    def _messages(self, found: Found) -> list[BaseMessage]:
        language = found.query.language
        evidence = self._evidence(found).text
        return [
            SystemMessage(prompts.fill("answer", language, evidence=evidence)),
            HumanMessage(prompts.fill("question", language, question=found.query.text)),
        ]

    def _closest(self, statement: str, cited: Sequence[Cited]) -> Cited:
        """Return the sentence nearest in meaning to the end of a statement."""
        last = re.split(r"(?<=[.!?])\s", statement.strip())[-1] or statement
        cited = [one for one in cited if len(one.text.split()) >= _SENTENCE_WORDS] or cited
        vectors = self._retriever.encoder.encode([last, *(one.text for one in cited)])
        return cited[int(np.argmax(vectors[1:] @ vectors[0]))]

    def _support(self, text: str, made: Sequence[Any], cited: Sequence[Cited]) -> dict[str, float]:
        """Return for each marker the cosine of its quote and the statement it carries best."""
        said = [re.sub(r"\s*\[\d+\]", "", text[s.span.start : s.span.end]) for s in made]
        if not said or not cited:
            return {}
        vectors = self._retriever.encoder.encode([*said, *(one.text for one in cited)])
        cosines = vectors[: len(said)] @ vectors[len(said) :].T
        return {
            f"[{n + 1}]": max(
                (max(0.0, float(cosines[i, n])) for i, s in enumerate(made) if f"[{n + 1}]" in s.markers),
                default=0.0,
            )
            for n in range(len(cited))
        }


def _quote(found: Found, *warnings: str) -> Answer:
    """Answer with quotations."""
    language = found.query.language
    text, citations, made = extractive.compose(extractive.choose(found.sentences), language)
    return Answer(
        question=found.question, language=language, query=found.query.text, text=text, model=EXTRACTIVE,
        citations=citations, statements=made, hits=found.hits, confidence=found.confidence, warnings=warnings,
    )  # fmt: skip


def _abstain(found: Found, reason: str) -> Abstention:
    language = found.query.language
    return Abstention(
        question=found.question, language=language, query=found.query.text, text=say("abstain", language),
        reason=reason, hits=found.hits, confidence=found.confidence,
    )  # fmt: skip


def _dropped(resolver: Resolver, language: str) -> tuple[str, ...]:
    if not resolver.dropped:
        return ()
    ids = ", ".join(dict.fromkeys(resolver.dropped))
    return (say("dropped", language, n=len(resolver.dropped), ids=ids),)


def _reason(error: Exception) -> str:
    """Return one line that says why a language model failed."""
    if isinstance(error, QuellenchatError):
        return str(error)
    line = str(error).strip().splitlines()
    return f"{type(error).__name__}: {line[0][:160]}" if line else type(error).__name__


def _without_thoughts(deltas: Iterator[str]) -> Iterator[str]:
    """Drop a reasoning model's `<think>…</think>` in front of its reply."""
    head = ""
    for delta in deltas:
        head += delta
        begin = head.lstrip()
        if _THOUGHT[0].startswith(begin[: len(_THOUGHT[0])]) and _THOUGHT[1] not in begin:
            continue  # nothing yet, or still thinking
        yield begin.partition(_THOUGHT[1])[2].lstrip() if begin.startswith(_THOUGHT[0]) else head
        yield from deltas
