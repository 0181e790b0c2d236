"""A complete answer → the record a browser keeps of it, and back, its sources looked up anew.

What is kept are article, offsets and quote. When a conversation is opened again each quote is looked for
in the article as it is now: where it stood, or where it stands since; what is gone is said to be gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final, Protocol

from rag.answer import export
from rag.errors import NotFoundError
from rag.schema import Abstention, Answer, Article, Citation, Hit, Passage, Source, Span, Statement
from rag.ui.article.place import Place, as_now, checksum

Record = dict[str, Any]
CHANGED: Final = "changed"
REMOVED: Final = "removed"


class Articles(Protocol):
    """The articles of a library: all that opening a record needs of it."""

    def article(self, article_id: str) -> Article:
        """Return an article with its text."""


@dataclass(slots=True)
class Restored:
    """An answer as it was, and for the markers whose quotes are gone, why."""

    answer: Answer | Abstention
    lost: dict[str, str] = field(default_factory=dict)


def record(answer: Answer | Abstention) -> Record:
    """Return what a browser keeps of a complete answer; passages without their texts."""
    kept = export.outcome(answer)
    kept["passages"] = [
        {name: one[name] for name in ("article", "start", "end")} | {"check": checksum(one["text"])}
        for one in kept.get("passages", ())
    ]
    for one in kept["citations"]:
        one["check"] = checksum(one["quote"])
    kept["statements"] = [asdict(one) for one in answer.statements]
    return kept


def restore(kept: Mapping[str, Any], library: Articles) -> Restored:
    """Return the answer that `record` was given, with its sources as they are now.

    Raises:
        ValueError, KeyError, TypeError: the record is none of ours.
    """
    shelf = _Shelf(library)
    common: dict[str, Any] = {
        "question": str(kept["question"]),
        "language": str(kept["language"]),
        "query": str(kept["query"]),
        "text": str(kept["text"]),
        "model": str(kept["model"]),
        "hits": tuple(hit for one in kept.get("passages", ()) if (hit := _hit(one, shelf)) is not None),
        "confidence": float(kept.get("confidence", 1.0)),
        "warnings": tuple(map(str, kept.get("warnings", ()))),
    }
    if not kept["answered"]:
        return Restored(Abstention(reason=str(kept.get("reason", "")), **common))
    lost: dict[str, str] = {}
    citations = tuple(_citation(one, shelf, lost) for one in kept["citations"])
    statements = tuple(_statement(one) for one in kept.get("statements", ()))
    return Restored(Answer(citations=citations, statements=statements, **common), lost)


class _Shelf:
    """The articles of a record, each read once."""

    def __init__(self, library: Articles) -> None:
        self._library = library
        self._read: dict[str, Article | None] = {}

    def article(self, article_id: str) -> Article | None:
        if article_id not in self._read:
            self._read[article_id] = None
            with suppress(NotFoundError):
                self._read[article_id] = self._library.article(article_id)
        return self._read[article_id]

    def sources(self, kept: Iterable[Mapping[str, Any]]) -> Iterator[Source]:
        """Yield what is known of those of the articles that are still there."""
        for one in kept:
            if (article := self.article(str(one["article"]))) is not None:
                yield article.source


def _citation(one: Mapping[str, Any], shelf: _Shelf, lost: dict[str, str]) -> Citation:
    marker, quote, span = str(one["marker"]), str(one["quote"]), Span(int(one["start"]), int(one["end"]))
    plain = _plain(Citation, one, ("marker", "source", "span", "quote"))
    plain["support"] = float(one.get("support", 0.0))
    plain["also_in"] = tuple(shelf.sources(one.get("also_in", ())))
    article = shelf.article(str(one["article"]))
    if article is None:
        lost[marker] = REMOVED
        return Citation(marker, _source(one), span, quote, **plain)
    if article.text[span.start : span.end] != quote:
        start = article.text.find(quote)
        if start < 0 or not quote:
            lost[marker] = CHANGED
        else:
            span = Span(start, start + len(quote))
    return Citation(marker, article.source, span, quote, **plain)


def _source(one: Mapping[str, Any]) -> Source:
    """Return what the record itself says of an article that is gone."""

    def text(name: str) -> str | None:
        return str(one[name]) if one.get(name) else None

    published = date.fromisoformat(str(one["published"])) if one.get("published") else None
    return Source(
        str(one["article"]), str(one["title"]), str(one.get("language") or ""),
        publisher=text("publisher"), published=published, url=text("url"),
    )  # fmt: skip


def _hit(one: Mapping[str, Any], shelf: _Shelf) -> Hit | None:
    """Return a passage that was read, where it stands now, None where it is gone."""
    article = shelf.article(str(one["article"]))
    start, end = int(one["start"]), int(one["end"])
    if article is None or not 0 <= start < end:
        return None
    asked = Place(article.id, passage=Span(start, end), check=str(one.get("check", "")))
    span = as_now(asked, article.text)[0].passage
    if span is None:
        return None
    passage = Passage(article.id, span.start, span.end, article.text[span.start : span.end], ())
    return Hit(passage, article.source, score=0.0, cosine=0.0, bm25=0.0)


def _statement(one: Mapping[str, Any]) -> Statement:
    span = Span(int(one["span"]["start"]), int(one["span"]["end"]))
    return Statement(span, tuple(map(str, one["markers"])), **_plain(Statement, one, ("span", "markers")))


def _plain(kind: type[Any], one: Mapping[str, Any], without: Sequence[str]) -> dict[str, Any]:
    """Return the plain values that a record holds of a noun's further fields."""
    names = {known.name for known in fields(kind)} - set(without)
    return {name: one[name] for name in names if isinstance(one.get(name), str | float | bool)}
