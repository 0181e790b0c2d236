"""A question and hits → a language model's reply as it streams: markers resolved, at its end checked."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig

from rag.answer import failures, prompts, refusals
from rag.answer.checks import Checker, Encode
from rag.answer.citations import Resolver, statements
from rag.answer.evidence import CHARS_PER_TOKEN, Cited, Evidence, within
from rag.answer.judging import judged
from rag.answer.llm import LanguageModel
from rag.answer.markers import MARKER, PATTERN
from rag.answer.reply import Reply
from rag.answer.safety import without_links
from rag.answer.texts import say
from rag.schema import Citation, Hit, Statement, Usage

_SENTENCE_WORDS: Final = 4  # fewer are a heading
_DECIDED_CHARS: Final = 24  # from here on a reply is no refusal
_LABEL: Final = re.compile(
    r"^[\s#*]*(?:final answer|answer|antwort)[\s*]*(?::[\s*]*|\*\*\s+|\n\s*)", re.IGNORECASE
)
# A list of sources at the end, which the rules forbid: what it names is cited above.
_SOURCES: Final = re.compile(
    r"\n[\s#*]*(?:Quellen?|Quellenangaben?|Belege|Sources?|References|Citations)[*\s]*(?::|\n)[\s\S]*$",
    re.IGNORECASE,
)
# A line of such a list: a marker and what it stands for, or a title and its marker, but no sentence.
_LISTED: Final = re.compile(
    rf"[\s*•–-]*(?:\d+[.)]\s*)?(?:{PATTERN}.*|[^\[\]]*(?:{PATTERN}[\s,;*]*)+|[^.!?\[\]]{{0,80}})"
)
_BROKEN: Final = re.compile(r"\s*[\[【(][^\]】)\n]*$")  # what would have become a marker
_ENDED: Final = re.compile(rf"[.!?…:][\s*\"“”»«]*(?:\s*{PATTERN})*[\s.!?*]*$|{PATTERN}$")


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
    final: bool = False
    refused: bool = False  # it says that the evidence does not answer the question
    failed: bool = False  # it failed or supported nothing; `warnings` say why
    broken: bool = False  # it broke off


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
        """Yield the reply as it grows; the last one has `final` set. A small model is shown less evidence."""
        evidence = within(hits, self._model.evidence_tokens)
        while True:
            resolver = Resolver(evidence, self._closest)
            messages = _messages(question, language, evidence)
            reply = Reply(partial(self._model.chat.stream, messages, config))
            text, error = "", None
            pieces = reply.pieces()
            while True:
                try:
                    piece = next(pieces, "")
                except Exception as raised:  # every provider's client raises its own kinds
                    error = raised
                    break
                if piece == "":
                    break
                if piece is None:
                    resolver, text = Resolver(evidence, self._closest), ""
                    continue
                text += resolver.feed(piece)
                if len(text) > _DECIDED_CHARS:
                    yield self._growing(text, resolver)
            if text or error is None or failures.kind(error) != "context" or evidence.passages == 1:
                break
            evidence = within(hits, len(evidence.text) // (2 * CHARS_PER_TOKEN))
        text = (text + resolver.finish()).strip()
        shortened = _shortened(evidence, hits, language)
        yield self._finished(text, language, resolver, reply, error, shortened)

    def _growing(self, text: str, resolver: Resolver) -> Written:
        """Return the text so far; its statements are told once it is complete."""
        text, _ = without_links(text, _addresses(resolver.evidence))
        text = _LABEL.sub("", _unclaimed(text, resolver))
        citations = tuple(
            Citation(f"[{n}]", cited.source, cited.span, cited.text, 0.0)
            for n, cited in enumerate(resolver.cited, start=1)
        )
        return Written(self._model.name, text, citations)

    def _finished(
        self,
        text: str,
        language: str,
        resolver: Resolver,
        reply: Reply,
        error: Exception | None,
        warnings: tuple[str, ...],
    ) -> Written:
        """Return what came of the reply: an answer, a refusal, or a failure with its reason."""
        name = self._model.name
        usage = reply.usage(self._model.price_in, self._model.price_out)
        text, links = without_links(text, _addresses(resolver.evidence))
        text = refusals.without(_unlisted(_LABEL.sub("", _unclaimed(text, resolver))))
        problem = failures.words(error, language) if error is not None else ""
        if not problem and reply.cut_off:
            problem = say("failure_length", language)
        if error is not None and not resolver.cited:
            why = say("model_failed", language, model=name, error=problem)
            return Written(name, warnings=(*warnings, why), usage=usage, final=True, failed=True)
        if refusals.is_refusal(text, bool(resolver.cited), language):
            return Written(name, warnings=warnings, usage=usage, final=True, refused=True)
        if problem and not (text := _whole(text, language)):
            why = say("model_failed", language, model=name, error=say("failure_unfinished", language))
            return Written(name, warnings=(*warnings, why), usage=usage, final=True, failed=True)
        if problem:
            warnings = (*warnings, say("cut_off", language, error=problem))
        started = time.perf_counter()
        made = judged(text, language, resolver.cited, resolver.evidence.all, self._checker)
        spent = (time.perf_counter() - started) * 1000
        warnings = (*warnings, *_dropped(resolver, language), *_unlinked(links, language))
        if refusals.all_decline(made.text, made.statements):
            return Written(name, warnings=warnings, usage=usage, check_ms=spent, final=True, refused=True)
        if not made.citations or not made.statements:
            why = say("model_uncited" if text else "model_empty", language, model=name)
            return Written(
                name, warnings=(why, *warnings), usage=usage, check_ms=spent, final=True, failed=True
            )
        return Written(
            name, made.text, made.citations, made.statements, warnings, usage, spent, final=True,
            broken=bool(problem),
        )  # fmt: skip

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


def _addresses(evidence: Evidence) -> frozenset[str]:
    return frozenset(one.source.url for one in evidence.all if one.source.url)


def _unclaimed(text: str, resolver: Resolver) -> str:
    """Write as (7) what reads like the marker of a citation that is none, once a link around it is gone."""
    count = len(resolver.cited)
    return re.sub(r"\[(\d{1,2})\]", lambda m: m[0] if 1 <= int(m[1]) <= count else f"({m[1]})", text)


def _unlisted(text: str) -> str:
    """Return a text without a list of sources at its end that names none but those cited above."""
    found = _SOURCES.search(text)
    if found is None:
        return text
    above = text[: found.start()]
    _, *lines = re.split(r"\n|:(?=\s)", found.group().strip(), maxsplit=1)
    named = [line for line in "".join(lines).splitlines() if line.strip()]
    listed = set(MARKER.findall(found.group()))
    is_list = listed <= set(MARKER.findall(above)) and all(map(_LISTED.fullmatch, named))
    return above.rstrip() if is_list and above.strip() else text


def _whole(text: str, language: str) -> str:
    """Return a text that was cut off without the sentence it was cut off in, unless that is cited."""
    text = _BROKEN.sub("", text)
    made = statements(text, language)
    if not made or made[-1].markers or _ENDED.search(text):
        return text
    return text[: made[-2].span.end].rstrip() if len(made) > 1 else ""


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
