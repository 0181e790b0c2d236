"""The archive: what is read of the database, and how it is written."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from rag.archive import postgres
from rag.archive.clusters import regroup, relate
from rag.archive.connection import Transaction, connect, connect_server
from rag.archive.queries import Queries, unknown
from rag.archive.rows import article_row, described, noted, passage_row, read_edits
from rag.archive.tables import ARTICLES, JOINED, MANIFEST, PASSAGES, TOKENS, batches, read_state, write_state
from rag.errors import StoreError
from rag.likeness import Likeness
from rag.schema import Article, Passage, Source

_IDENTITY_BITS: Final = 62  # so that a signed 64-bit column holds it


@dataclass(frozen=True, slots=True)
class Staged:
    """What a staged write means for the derived stores."""

    new: tuple[tuple[int, Passage], ...]  # passage key and passage, to be added
    retired: tuple[int, ...]  # passage keys to be deleted


class Archive(Queries):
    """The articles of one store, behind any database SQLAlchemy reaches (SQLite by default)."""

    def __init__(self, engine: Engine) -> None:
        """Work on an opened database; use `in_folder` or `on_server`."""
        super().__init__(engine)
        self._writer: Connection | None = None  # that holds the write lock, where the database has one

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
        return cls(connect(sa.URL.create("sqlite", database=str(path))))

    @classmethod
    def on_server(cls, url: str) -> Archive:
        """Open a PostgreSQL database.

        Raises:
            SettingsError: the address is none, or the driver is not installed.
            StoreError: the server does not answer.
        """
        return cls(connect_server(url))

    @property
    def engine(self) -> Engine:
        """The database, for what else is kept in it."""
        return self._engine

    @property
    def served(self) -> bool:
        """Whether a server keeps the articles, which processes on several machines may write."""
        return self._engine.dialect.name != "sqlite"

    @contextmanager
    def writing(self, timeout_s: float, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the write lock of a server, so that one process of all machines writes at a time.

        Raises:
            StoreBusyError: another process did not finish within `timeout_s` seconds.
        """
        if not self.served or self._writer is not None:
            yield
            return
        with postgres.writing(self._engine, timeout_s, on_wait) as self._writer:
            try:
                yield
            finally:
                self._writer = None

    def manifest(self) -> dict[str, str]:
        """Return what is noted of the making of a store that a server keeps."""
        with self._engine.connect() as db:
            return {row.name: row.value for row in db.execute(sa.select(MANIFEST))}

    def note_manifest(self, fields: Mapping[str, str]) -> None:
        """Note what a store that a server keeps is made with."""
        with self._writing("note what the store is made with") as db:
            db.execute(MANIFEST.insert(), [{"name": name, "value": fields[name]} for name in fields])

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()

    def identity(self) -> int:
        """Return the number of this store, drawn when it is first asked for; no two stores have the same."""
        with self._writing("number the store") as db:
            if not (number := read_state(db, "identity")):
                number = secrets.randbits(_IDENTITY_BITS) | 1
                write_state(db, "identity", number)
        return number

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

    def move(self, origins: Mapping[str, str]) -> None:
        """Note for articles, by id, where they are read from now; all else stays."""
        with self._writing("note where articles lie") as db:
            for one, origin in origins.items():
                db.execute(ARTICLES.update().where(ARTICLES.c.id == one).values(origin=origin))
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
            raise unknown(missing[0])
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
        return Transaction(self._writer or self._engine, what)


def _retire(db: Connection, ids: Sequence[str]) -> list[int]:
    """Delete the articles with these ids and return the keys their passages had."""
    retired: list[int] = []
    left: set[int] = set()
    for part in batches(list(ids)):
        clusters = sa.select(ARTICLES.c.cluster).where(ARTICLES.c.id.in_(part))
        left.update(cluster for cluster in db.scalars(clusters) if cluster is not None)
        chosen = sa.select(PASSAGES.c.key).select_from(JOINED)
        retired.extend(db.scalars(chosen.where(ARTICLES.c.id.in_(part))))
        db.execute(ARTICLES.delete().where(ARTICLES.c.id.in_(part)))
    for cluster in sorted(left):
        regroup(db, cluster)
    return retired
