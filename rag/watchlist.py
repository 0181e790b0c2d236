"""What `rag sync` goes back to: the folders and addresses that were added, and what is known of each page.

Two tables beside the articles, in their database: losing them costs no article, only its refreshing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from rag.archive.connection import Transaction
from rag.errors import NotFoundError, StoreError
from rag.ingest.text.characters import encodable
from rag.ingest.web import visits
from rag.ingest.web.addresses import is_web, plain
from rag.ingest.web.visits import Known, Validators

Kind = visits.Kind | Literal["folder"]

_SCHEMA = sa.MetaData()
_WATCHED = sa.Table(
    "watched",
    _SCHEMA,
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("max_articles", sa.Integer, nullable=False),
    sa.Column("columns", sa.Text),  # JSON, as given with --map
    sa.Column("added", sa.DateTime, nullable=False),
    sa.Column("checked", sa.DateTime, nullable=False),
    sa.Column("problem", sa.Text),
)
_PAGES = sa.Table(
    "pages",
    _SCHEMA,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("article", sa.Text, nullable=False),  # its id, "" of a feed or sitemap
    sa.Column("etag", sa.Text),
    sa.Column("modified", sa.Text),
    sa.Column("stamp", sa.Text, nullable=False),
)


def as_watched(target: str) -> str:
    """Return a path or an address as the watch list has it."""
    return plain(target) if is_web(target) else encodable(str(Path(target).expanduser().resolve()))


@dataclass(frozen=True, slots=True)
class Watched:
    """Something that was added and can be refreshed."""

    target: str  # a folder's path, or an address
    kind: Kind
    max_articles: int  # taken from it, where it is a feed or a sitemap
    added: datetime  # UTC
    checked: datetime  # UTC
    columns: Mapping[str, str] | None = None  # of dumps in it, by the field they hold
    problem: str | None = None  # why the last look at it failed


class Watchlist:
    """The watched things of a store, in the articles' database; what it cannot write raises StoreError."""

    def __init__(self, engine: Engine) -> None:
        """Make the tables where they are missing.

        Raises:
            StoreError: they cannot be made.
        """
        self._engine = engine
        try:
            _SCHEMA.create_all(engine)
        except SQLAlchemyError as error:
            raise StoreError(
                f"the list of sources cannot be opened: {error}",
                hint="check that the store's folder is writable",
            ) from error

    def all(self) -> list[Watched]:
        """Return everything that is watched, by target."""
        with self._engine.connect() as db:
            rows = db.execute(sa.select(_WATCHED).order_by(_WATCHED.c.target)).all()
        return [
            Watched(
                row.target, row.kind, row.max_articles, _utc(row.added), _utc(row.checked),
                json.loads(row.columns) if row.columns else None, row.problem,
            )
            for row in rows
        ]  # fmt: skip

    def watch(
        self, target: str, kind: Kind, max_articles: int, columns: Mapping[str, str] | None = None
    ) -> None:
        """Remember something that was read just now."""
        now = _now()
        mapped = json.dumps(dict(columns)) if columns else None
        values = {
            "kind": kind, "max_articles": max_articles, "columns": mapped, "checked": now, "problem": None
        }  # fmt: skip
        self._put(_WATCHED, {"target": target}, values, {"added": now})

    def note_problem(self, target: str, problem: str) -> None:
        """Remember why something could not be refreshed just now."""
        with Transaction(self._engine, "remember the sources") as db:
            db.execute(
                _WATCHED.update().where(_WATCHED.c.target == target).values(checked=_now(), problem=problem)
            )

    def watched(self, targets: Sequence[str]) -> list[Watched]:
        """Return what is watched of these paths and addresses, in their order.

        Raises:
            NotFoundError: one of them is not watched.
        """
        known = {one.target: one for one in self.all()}
        wanted = [as_watched(target) for target in targets]
        missing = [target for target in wanted if target not in known]
        if missing:
            raise NotFoundError(
                f"{missing[0]} is not among the sources", hint="`rag sources` lists what is refreshed"
            )
        return [known[target] for target in wanted]

    def forget(self, targets: Sequence[str]) -> None:
        """Watch these no longer. Raises as `watched` does; none is forgotten then."""
        names = [one.target for one in self.watched(targets)]
        with Transaction(self._engine, "remember the sources") as db:
            for name in names:
                db.execute(_WATCHED.delete().where(_WATCHED.c.target == name))
                db.execute(_PAGES.delete().where(_PAGES.c.url == name, _PAGES.c.article == ""))

    def known(self, url: str) -> Known | None:
        """Return what was noted of an address."""
        with self._engine.connect() as db:
            row = db.execute(sa.select(_PAGES).where(_PAGES.c.url == url)).first()
        return Known(row.article, Validators(row.etag, row.modified), row.stamp) if row else None

    def note(self, url: str, known: Known) -> None:
        """Note what came of an address, once its article is indexed."""
        values = {
            "article": known.article,
            "etag": known.validators.etag,
            "modified": known.validators.modified,
            "stamp": known.stamp,
        }
        self._put(_PAGES, {"url": url}, values, {})

    def names(self, article_id: str) -> bool:
        """Tell whether any address is noted as leading to an article."""
        query = sa.select(_PAGES.c.url).where(_PAGES.c.article == article_id).limit(1)
        with self._engine.connect() as db:
            return db.execute(query).first() is not None

    def _put(
        self, table: sa.Table, key: dict[str, Any], values: dict[str, Any], once: dict[str, Any]
    ) -> None:
        (name,) = key
        with Transaction(self._engine, "remember the sources") as db:
            changed = db.execute(table.update().where(table.c[name] == key[name]).values(**values))
            if not changed.rowcount:
                db.execute(table.insert().values(**key, **values, **once))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
