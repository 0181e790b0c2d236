"""The archive: what is read of the database, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from rag.archive.clusters import regroup, relate
from rag.archive.connection import Transaction, connect
from rag.archive.reading import Reading
from rag.archive.rows import article_row, described, noted, passage_row, read_edits
from rag.archive.tables import ARTICLES, PASSAGES, TOKENS, batches, read_state, write_state
from rag.errors import NotFoundError, StoreError
from rag.likeness import Likeness
from rag.schema import Article, Passage, Source


@dataclass(frozen=True, slots=True)
class Staged:
    """What a staged write means for the derived stores."""

    new: tuple[tuple[int, Passage], ...]  # passage key and passage, to be added
    retired: tuple[int, ...]  # passage keys to be deleted


class Archive(Reading):
    """The articles of one store, behind any database SQLAlchemy reaches (SQLite by default)."""

    def __init__(self, url: str) -> None:
        """Open the database at a SQLAlchemy `url`, making its tables where they are missing.

        Raises:
            StoreError: the database cannot be opened.
        """
        super().__init__(connect(url))

    @classmethod
    def in_folder(cls, folder: Path, *, create: bool = True) -> Archive:
        """Open the SQLite database of a store's folder, making it where it is missing and `create` is set.

        Raises:
            StoreError: the database is missing, or cannot be opened.
        """
        path = folder / "articles.sqlite"
        if not create and not (path.is_file() and path.stat().st_size):
            raise StoreError(
                f"the article database {path} is missing",
                hint="bring a backup back with `rag restore`, or index your articles into a new store",
            )
        return cls(f"sqlite:///{path}")

    @property
    def engine(self) -> Engine:
        """The database, for what else is kept in it."""
        return self._engine

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()

    def stage(
        self,
        articles: Sequence[tuple[Article, Sequence[Passage]]],
        digests: Mapping[str, str] | None = None,
        changes: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Staged:
        """Write articles with their passages as unfinished, replacing those with the same id.

        `digests` are those of the articles as their files have them, by id, where a person edited them;
        `changes` is what was edited now, by id. What was edited before stays noted.
        """
        new: list[tuple[int, Passage]] = []
        given = digests or {}
        with self._writing("stage") as db:
            edits = read_edits(db, [article.id for article, _ in articles])
            edits |= {one: noted(edits.get(one, "{}"), change) for one, change in (changes or {}).items()}
            retired = _retire(db, [article.id for article, _ in articles])
            write_state(db, "unfinished", 1)
            for article, passages in articles:
                key = db.execute(
                    ARTICLES.insert().values(**article_row(article, given, edits))
                ).inserted_primary_key[0]  # type: ignore[index]
                for passage in passages:
                    values = passage_row(key, passage)
                    inserted = db.execute(PASSAGES.insert().values(**values)).inserted_primary_key
                    new.append((int(inserted[0]), passage))  # type: ignore[index]
        return Staged(tuple(new), tuple(retired))

    def revise(self, source: Source, changes: Mapping[str, Any]) -> None:
        """Write an edited source in one step; text and passages stay as they are."""
        with self._writing("edit") as db:
            edited = noted(read_edits(db, [source.id]).get(source.id, "{}"), changes)
            fields = {**described(source), "edited": edited}
            db.execute(ARTICLES.update().where(ARTICLES.c.id == source.id).values(**fields))
            write_state(db, "generation", read_state(db, "generation") + 1)

    def keep_token_vectors(self, packed: Mapping[int, bytes]) -> None:
        """Keep the packed token vectors of staged passages; they go when the passage goes."""
        if not packed:
            return
        with self._writing("keep vectors") as db:
            for part in batches(list(packed)):
                db.execute(TOKENS.delete().where(TOKENS.c.passage.in_(part)))
            db.execute(TOKENS.insert(), [{"passage": key, "packed": packed[key]} for key in packed])

    def stage_removal(self, ids: Sequence[str]) -> Staged:
        """Delete articles, leaving the derived stores to be cleaned.

        Raises:
            NotFoundError: one of the ids is unknown; nothing is removed then.
        """
        missing = sorted(set(ids) - set(self.digests(ids)))
        if missing:
            raise NotFoundError(
                f"no article has the id {missing[0]!r}", hint="`rag articles` lists the ids of the collection"
            )
        with self._writing("remove") as db:
            retired = _retire(db, ids)
            write_state(db, "unfinished", 1)
        return Staged((), tuple(retired))

    def relate(self, likenesses: Mapping[int, Likeness]) -> None:
        """Put articles, by key, into the clusters of those they are like; the order does not matter."""
        with self._writing("compare articles") as db:
            for key, one in sorted(likenesses.items()):
                relate(db, key, one)

    def confirm(self) -> int:
        """Mark everything staged as indexed and return the new generation."""
        with self._writing("confirm") as db:
            db.execute(ARTICLES.update().where(sa.not_(ARTICLES.c.indexed)).values(indexed=True))
            write_state(db, "unfinished", 0)
            generation = read_state(db, "generation") + 1
            write_state(db, "generation", generation)
        return generation

    def _writing(self, what: str) -> Transaction:
        return Transaction(self._engine, what)


def _retire(db: Connection, ids: Sequence[str]) -> list[int]:
    """Delete the articles with these ids and return the keys their passages had."""
    retired: list[int] = []
    left: set[int] = set()
    for part in batches(list(ids)):
        clusters = sa.select(ARTICLES.c.cluster).where(ARTICLES.c.id.in_(part))
        left.update(cluster for cluster in db.scalars(clusters) if cluster is not None)
        join = PASSAGES.join(ARTICLES, PASSAGES.c.article == ARTICLES.c.key)
        chosen = sa.select(PASSAGES.c.key).select_from(join).where(ARTICLES.c.id.in_(part))
        retired.extend(db.scalars(chosen))
        db.execute(ARTICLES.delete().where(ARTICLES.c.id.in_(part)))
    for cluster in sorted(left):
        regroup(db, cluster)
    return retired
