"""Answers and hits → the JSON that scripts rely on; its fields are stable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rag.answer.checks.differences import Difference, unexplained
from rag.schema import Abstention, Answer, Citation, Hit, Period, Source, Statement


def outcome(answer: Answer | Abstention) -> dict[str, Any]:
    """Return an answer or abstention as `rag ask --json` prints it."""
    fields: dict[str, Any] = {
        "question": answer.question,
        "language": answer.language,
        "query": answer.query,
        "answered": answer.answered,
        "text": answer.text,
        "model": answer.model,
        "citations": [citation(one) for one in answer.citations],
        "passages": passages(answer.hits),
        "confidence": round(answer.confidence, 4),
        "periods": periods(answer.periods),
        "differences": [difference(one) for one in unexplained(answer.citations)],
        "warnings": list(answer.warnings),
        "timings_ms": {
            "retrieve": round(answer.timings.retrieve, 1),
            "answer": round(answer.timings.answer, 1),
            "total": round(answer.timings.total, 1),
            "rewrite": round(answer.timings.rewrite, 1),
            "first": round(answer.timings.first, 1),
            "check": round(answer.timings.check, 1),
        },
        "usage": asdict(answer.usage) if answer.usage else None,
    }
    if isinstance(answer, Abstention):
        fields["reason"] = answer.reason
    else:
        fields["statements"] = [statement(one, answer.text) for one in answer.statements]
        fields["unsupported"] = [
            answer.text[s.span.start : s.span.end] for s in answer.statements if not s.supported
        ]
    return fields


def citation(one: Citation) -> dict[str, Any]:
    """Return a citation; `quote` is `text[start:end]` of its article."""
    return {
        "marker": one.marker,
        "article": one.source.id,
        **_about(one.source),
        "start": one.span.start,
        "end": one.span.end,
        "quote": one.quote,
        "support": round(one.support, 4),
        "found": one.found,
        "also_in": also_in(one.also_in),
    }


def difference(one: Difference) -> list[dict[str, Any]]:
    """Return the figures that cited articles give for one thing, each with the markers that give it."""
    return [{"figure": it.text, "markers": [cited.marker for cited in it.citations]} for it in one.figures]


def statement(one: Statement, text: str) -> dict[str, Any]:
    """Return a statement of an answer's `text`, with how well its citations carry it."""
    return {
        "text": text[one.span.start : one.span.end],
        "start": one.span.start,
        "end": one.span.end,
        "markers": list(one.markers),
        "support": round(one.support, 4),
        "supported": one.supported,
        "reason": one.reason,
    }


def passages(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Return hits, best first; `text` is `text[start:end]` of its article."""
    return [
        {
            "article": hit.source.id,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "text": hit.passage.text,
            "score": round(hit.score, 4),
            **_about(hit.source),
            "also_in": also_in(hit.also_in),
        }
        for hit in hits
    ]


def also_in(others: Sequence[Source]) -> list[dict[str, Any]]:
    """Return other articles that tell the same."""
    return [{"article": one.id, **_about(one)} for one in others]


def periods(named: Sequence[Period]) -> list[dict[str, str]]:
    """Return the periods a question names, as ISO days; all before a day begins on 0001-01-01."""
    return [{"since": one.since.isoformat(), "until": one.until.isoformat()} for one in named]


def source(one: Source) -> dict[str, Any]:
    """Return what is known of an article, as `rag articles --json` prints it."""
    return {
        "id": one.id,
        **_about(one),
        "author": one.author,
        "agency": one.agency,
        "language": one.language,
        "origin": one.origin,
        "guessed": sorted(one.guessed),
    }


def _about(one: Source) -> dict[str, Any]:
    return {
        "title": one.title,
        "publisher": one.publisher,
        "published": one.published.isoformat() if one.published else None,
        "updated": one.updated.isoformat() if one.updated else None,
        "url": one.url,
    }
