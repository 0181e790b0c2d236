"""A question and hits → a language model's reply as it streams: markers resolved, at its end checked."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

import numpy as np
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig

from rag.answer.checks.judging import judged
from rag.answer.checks.support import Checker, Encode
from rag.answer.evidence import CHARS_PER_TOKEN, Cited, Evidence, within
from rag.answer.llm import failures, prompts
from rag.answer.llm.model import LanguageModel
from rag.answer.reply import refusals
from rag.answer.reply.citations import Resolver
from rag.answer.reply.links import without_links
from rag.answer.reply.stream import Reply
from rag.answer.reply.tidying import unlabelled, unlisted, whole
from rag.answer.texts import say
from rag.schema import Citation, Hit, Statement, Usage

_SENTENCE_WORDS: Final = 4  # fewer are a heading
_DECIDED_CHARS: Final = 24  # from here on a reply is no refusal


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model has written so far, or at its end what came of it."""

    model: str
    text: str = ""
    citations: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] = ()
    warnings: tuple[str, ...] = ()
    usage: Usage | None = None
    check_ms: float = 0.0
    # "refused": it says that the evidence does not answer the question; "failed": it did not answer or
    # supported nothing, `warnings` say why; "broken": an answer that broke off.
    outcome: Literal["growing", "whole", "broken", "refused", "failed"] = "growing"


@dataclass(slots=True)
class _Draft:
    """A reply as it comes in, written from `evidence`."""

    evidence: Evidence
    resolver: Resolver
    reply: Reply
    text: str = ""
    error: Exception | None = None

    def pieces(self) -> Iterator[str | None]:
        """Yield the reply's pieces; a provider's error ends it and is kept."""
        try:
            yield from self.reply.pieces()
        except Exception as error:  # every provider's client raises its own kinds
            self.error = error

    @property
    def addresses(self) -> frozenset[str]:
        """The links that a reply may have: its sources'."""
        return frozenset(one.source.url for one in self.evidence.all if one.source.url)

    @property
    def too_much(self) -> bool:
        """Whether the model refused to read so much evidence, and can be shown less."""
        overflows = self.error is not None and failures.kind(self.error) == "context"
        return overflows and not self.text and self.evidence.passages > 1


class Writer:
    """Has a language model answer from evidence."""

    def __init__(self, model: LanguageModel, checker: Checker, encode: Encode) -> None:
        """Take the model, what checks its statements, and a function from texts to unit vectors (n, d)."""
        self._model = model
        self._checker = checker
        self._encode = encode

    def write(
        self, question: str, language: str, hits: Sequence[Hit], config: RunnableConfig | None = None
    ) -> Iterator[Written]:
        """Yield the reply as it grows, then what came of it. A small model is shown less evidence."""
        evidence = within(hits, self._model.evidence_tokens)
        while True:
            messages = _messages(question, language, evidence)
            reply = Reply(partial(self._model.chat.stream, messages, config))
            draft = _Draft(evidence, Resolver(evidence, self._closest), reply)
            yield from self._growing(draft)
            if not draft.too_much:
                break
            evidence = within(hits, len(evidence.text) // (2 * CHARS_PER_TOKEN))
        draft.text = (draft.text + draft.resolver.finish()).strip()
        written = self._finished(draft, language)
        shortened = _shortened(evidence, hits, language)
        yield replace(written, warnings=(*shortened, *written.warnings), usage=self._usage(draft))

    def _growing(self, draft: _Draft) -> Iterator[Written]:
        """Yield the text so far with each piece."""
        for piece in draft.pieces():
            if piece is None:
                draft.resolver, draft.text = Resolver(draft.evidence, self._closest), ""
                continue
            draft.text += draft.resolver.feed(piece)
            if len(draft.text) > _DECIDED_CHARS:
                yield self._so_far(draft)

    def _so_far(self, draft: _Draft) -> Written:
        """Return the text so far; its statements are told once it is complete."""
        text, _ = without_links(draft.text, draft.addresses)
        citations = tuple(
            Citation(f"[{n}]", cited.source, cited.span, cited.text, 0.0)
            for n, cited in enumerate(draft.resolver.cited, start=1)
        )
        return Written(self._model.name, unlabelled(_unclaimed(text, draft.resolver)), citations)

    def _finished(self, draft: _Draft, language: str) -> Written:
        """Return what came of the reply: an answer, a refusal, or a failure with its reason."""
        text, links = without_links(draft.text, draft.addresses)
        text = refusals.without(unlisted(unlabelled(_unclaimed(text, draft.resolver))))
        cited = draft.resolver.cited
        problem = _problem(draft, language)
        if draft.error is not None and not cited:
            return self._failed("model_failed", language, error=problem)
        if refusals.is_refusal(text, bool(cited), language):
            return Written(self._model.name, outcome="refused")
        if problem and not (text := whole(text, language)):
            return self._failed("model_failed", language, error=say("failure_unfinished", language))
        cut_off = (say("cut_off", language, error=problem),) if problem else ()
        warnings = (*cut_off, *_dropped(draft.resolver, language), *_unlinked(links, language))
        written = self._judged(text, language, draft, warnings)
        return replace(written, outcome="broken") if problem and written.outcome == "whole" else written

    def _judged(self, text: str, language: str, draft: _Draft, warnings: tuple[str, ...]) -> Written:
        """Return a reply with its statements checked."""
        started = time.perf_counter()
        made = judged(text, language, draft.resolver.cited, draft.evidence.all, self._checker)
        spent = (time.perf_counter() - started) * 1000
        name = self._model.name
        if refusals.all_decline(made.text, made.statements):
            return Written(name, warnings=warnings, check_ms=spent, outcome="refused")
        if not made.citations or not made.statements:
            failed = self._failed("model_uncited" if text else "model_empty", language)
            return replace(failed, warnings=(*failed.warnings, *warnings), check_ms=spent)
        return Written(
            name, made.text, made.citations, made.statements, warnings, check_ms=spent, outcome="whole"
        )

    def _failed(self, why: str, language: str, **more: str) -> Written:
        warning = say(why, language, model=self._model.name, **more)
        return Written(self._model.name, warnings=(warning,), outcome="failed")

    def _usage(self, draft: _Draft) -> Usage | None:
        return draft.reply.usage(self._model.price_in, self._model.price_out)

    def _closest(self, statement: str, cited: Sequence[Cited]) -> Cited:
        """Return the sentence nearest in meaning to the end of a statement."""
        last = re.split(r"(?<=[.!?])\s", statement.strip())[-1] or statement
        cited = [one for one in cited if len(one.text.split()) >= _SENTENCE_WORDS] or cited
        vectors = self._encode([last, *(one.text for one in cited)])
        return cited[int(np.argmax(vectors[1:] @ vectors[0]))]


def _messages(question: str, language: str, evidence: Evidence) -> list[BaseMessage]:
    """Return the rules with the evidence, fenced by a word that no article can know, and the question."""
    fence = hashlib.sha256(f"{question}\x1f{evidence.text}".encode()).hexdigest()[:10]
    return [
        SystemMessage(prompts.fill("answer", language, evidence=evidence.text, fence=fence)),
        HumanMessage(prompts.fill("question", language, question=question)),
    ]


def _problem(draft: _Draft, language: str) -> str:
    """Return why a reply is not whole, in words, "" where it is."""
    if draft.error is not None:
        return failures.words(draft.error, language)
    return say("failure_length", language) if draft.reply.cut_off else ""


def _unclaimed(text: str, resolver: Resolver) -> str:
    """Write as (7) what reads like the marker of a citation that is none, once a link around it is gone."""
    count = len(resolver.cited)
    return re.sub(r"\[(\d{1,2})\]", lambda m: m[0] if 1 <= int(m[1]) <= count else f"({m[1]})", text)


def _dropped(resolver: Resolver, language: str) -> tuple[str, ...]:
    if not resolver.dropped:
        return ()
    ids = ", ".join(dict.fromkeys(resolver.dropped))
    return (say("dropped", language, n=len(resolver.dropped), ids=ids),)


def _unlinked(links: int, language: str) -> tuple[str, ...]:
    return (say("links_removed", language, n=links),) if links else ()


def _shortened(evidence: Evidence, hits: Sequence[Hit], language: str) -> tuple[str, ...]:
    if evidence.passages == len(hits):
        return ()
    return (say("shortened", language, shown=evidence.passages, all=len(hits)),)
