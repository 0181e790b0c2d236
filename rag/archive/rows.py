"""Articles, sources and passages as rows, and rows as what they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from rag.archive.tables import ARTICLES, JOINED, PASSAGES, batches
from rag.schema import Article, Passage, Source, Span

SOURCE_COLUMNS = [
    ARTICLES.c[name]
    for name in "id title language publisher author agency published updated url origin guessed".split()
]


def digest(article: Article) -> str:
    """Return a hash of all that indexing an article depends on: its text and its source."""
    source = article.source
    parts = [
        article.text, source.title, source.language, source.publisher, source.author,
        str(source.published), source.url,
    ]  # fmt: skip
    if source.agency or source.updated or source.guessed:
        parts += [source.agency, str(source.updated), " ".join(sorted(source.guessed))]
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def article_row(article: Article, digests: Mapping[str, str], edits: Mapping[str, str]) -> dict[str, Any]:
    return {
        **described(article.source), "digest": digests.get(article.id) or digest(article), "indexed": False,
        "text": article.text, "edited": edits.get(article.id),
    }  # fmt: skip


def described(source: Source) -> dict[str, Any]:
    return {
        "id": source.id, "title": source.title, "language": source.language, "publisher": source.publisher,
        "author": source.author, "agency": source.agency, "published": source.published,
        "updated": source.updated, "url": source.url, "origin": source.origin,
        "guessed": " ".join(sorted(source.guessed)) or None,
    }  # fmt: skip


def read_edits(db: Connection, ids: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in batches(ids):
        query = sa.select(ARTICLES.c.id, ARTICLES.c.edited)
        query = query.where(ARTICLES.c.id.in_(part), ARTICLES.c.edited.is_not(None))
        found.update({row.id: row.edited for row in db.execute(query)})
    return found


def noted(before: str, changes: Mapping[str, Any]) -> str:
    """Return the JSON of earlier edits with those of now."""
    after = {**decoded(before), **changes}
    return json.dumps(after, default=date.isoformat, ensure_ascii=False, sort_keys=True)


def decoded(edits: str) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in ("published", "updated") and value else value
        for name, value in json.loads(edits).items()
    }


def passage_row(article_key: int, passage: Passage) -> dict[str, Any]:
    return {
        "article": article_key,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "sentences": json.dumps([[span.start, span.end] for span in passage.sentences]),
    }


def passage_query() -> sa.Select[Any]:
    """Select passages with their source; the text is cut out of the article inside the database."""
    cut = sa.func.substr(ARTICLES.c.text, PASSAGES.c.start + 1, PASSAGES.c.end - PASSAGES.c.start)
    query = sa.select(PASSAGES, cut.label("cut"), ARTICLES.c.indexed, *SOURCE_COLUMNS)
    return query.select_from(JOINED)


def source_of(row: Any) -> Source:
    published: date | None = row.published
    return Source(
        id=row.id, title=row.title, language=row.language, publisher=row.publisher, author=row.author,
        published=published, updated=row.updated, url=row.url, origin=row.origin, agency=row.agency,
        guessed=frozenset((row.guessed or "").split()),
    )  # fmt: skip


def passage_of(row: Any) -> Passage:
    sentences = tuple(Span(start, end) for start, end in json.loads(row.sentences))
    return Passage(row.id, row.start, row.end, row.cut, sentences, row.heading)
