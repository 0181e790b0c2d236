"""The articles' database: canonical texts, sources and passage offsets; what everything else is derived from.

An article counts as indexed when its row says so. Writes come in two steps, `stage` and `confirm`, and
what was staged but never confirmed (a killed process) is found again by `unfinished`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from rag.errors import NotFoundError, StoreError
from rag.likeness import VERSION, Likeness, alike, components
from rag.schema import Article, Filter, Passage, Source, Span

_SCHEMA = sa.MetaData()
_STATE = sa.Table(
    "state",
    _SCHEMA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
_ARTICLES = sa.Table(
    "articles",
    _SCHEMA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("publisher", sa.Text),
    sa.Column("author", sa.Text),
    sa.Column("published", sa.Date),
    sa.Column("updated", sa.Date),
    sa.Column("url", sa.Text),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("indexed", sa.Boolean, nullable=False),
    sa.Column("likeness", sa.Integer),  # version of its likeness; NULL: not compared with the others yet
    sa.Column("cluster", sa.Integer),  # smallest key of the articles that tell the same; NULL: it is alone
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("agency", sa.Text),
    sa.Column("guessed", sa.Text),  # names of fields, with blanks between them
    sa.Column("edited", sa.Text),  # JSON: what a person set, by field; it wins over what the file says
    # What filters read, without turning over the pages that the texts fill.
    sa.Index("articles_filter", "indexed", "language", "published", "publisher"),
    sa.Index("articles_likeness", "likeness"),
    sa.Index("articles_cluster", "cluster"),
)
_PASSAGES = sa.Table(
    "passages",
    _SCHEMA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("article", sa.ForeignKey("articles.key", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("heading", sa.Text, nullable=False),
    sa.Column("sentences", sa.Text, nullable=False),  # JSON: [[start, end], ...]
    sqlite_autoincrement=True,  # a key is never used twice, so a stale vector can never meet a new passage
)
_SIGNATURES = sa.Table(
    "signatures",
    _SCHEMA,
    sa.Column("article", sa.ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
_BANDS = sa.Table(
    "bands",
    _SCHEMA,
    sa.Column("band", sa.BigInteger, primary_key=True),
    sa.Column("article", sa.ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
_TOKENS = sa.Table(
    "token_vectors",
    _SCHEMA,
    sa.Column("passage", sa.ForeignKey("passages.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)
_SOURCE_COLUMNS = [
    _ARTICLES.c[name]
    for name in "id title language publisher author agency published updated url origin guessed".split()
]
_BATCH = 500  # ids of one statement, below SQLite's limit on variables
_COMPARED: Final = (
    500  # articles at most that one is compared with; more share a band in floods of copies only
)
_MEMBERS: Final = 50  # of a cluster that are named
_NAMED: Final = 12  # values that a hint lists
_REMEMBERED: Final = 16  # filters whose passages are kept; 100,000 keys are 0.8 MB


@dataclass(frozen=True, slots=True)
class Staged:
    """What a staged write means for the derived stores."""

    new: tuple[tuple[int, Passage], ...]  # passage key and passage, to be added
    retired: tuple[int, ...]  # passage keys to be deleted


class Archive:
    """The articles of one store, behind any database SQLAlchemy reaches (SQLite by default)."""

    def __init__(self, url: str) -> None:
        """Open the database at a SQLAlchemy `url`, making its tables where they are missing.

        Raises:
            StoreError: the database cannot be opened.
        """
        self._engine = _engine(url)
        self._admitted: OrderedDict[tuple[int, Filter], NDArray[np.int64]] = OrderedDict()
        self._admitted_lock = threading.Lock()
        try:
            _SCHEMA.create_all(self._engine)
            _add_columns(self._engine)
            for index in _ARTICLES.indexes:  # a table made by an earlier version lacks them
                index.create(self._engine, checkfirst=True)
        except SQLAlchemyError as error:
            raise StoreError(
                f"the article database cannot be opened: {_cause(error)}",
                hint="check that the store's folder is readable and writable and articles.sqlite undamaged",
            ) from error

    @classmethod
    def in_folder(cls, folder: Path) -> Archive:
        """Open the SQLite database of a store's folder."""
        return cls(f"sqlite:///{folder / 'articles.sqlite'}")

    @property
    def engine(self) -> Engine:
        """The database, for what else is kept in it."""
        return self._engine

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()

    # -- reading ------------------------------------------------------------------------------------------

    def generation(self) -> int:
        """Return a number that every confirmed write raises."""
        with self._engine.connect() as db:
            return _read_state(db, "generation")

    def unfinished(self) -> bool:
        """Tell whether a write was staged and never confirmed."""
        with self._engine.connect() as db:
            return _read_state(db, "unfinished") > 0

    def count(self) -> int:
        """Return the number of indexed articles."""
        with self._engine.connect() as db:
            return int(
                db.scalar(sa.select(sa.func.count()).select_from(_ARTICLES).where(_ARTICLES.c.indexed)) or 0
            )

    def sources(self, filter: Filter | None = None) -> list[Source]:
        """Return the sources of the indexed articles, newest first, undated last, then by id.

        Raises:
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        with self._engine.connect() as db:
            query = (
                sa.select(*_SOURCE_COLUMNS)
                .where(_ARTICLES.c.indexed, *_conditions(db, filter or Filter()))
                .order_by(_ARTICLES.c.published.is_(None), _ARTICLES.c.published.desc(), _ARTICLES.c.id)
            )
            return [_source(row) for row in db.execute(query)]

    def admitted(self, filter: Filter) -> NDArray[np.int64]:
        """Return the keys of the passages a filter lets through, ascending; read once per generation.

        Raises:
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        with self._engine.connect() as db:
            known = (_read_state(db, "generation"), filter)
            with self._admitted_lock:
                if known in self._admitted:
                    self._admitted.move_to_end(known)
                    return self._admitted[known]
            join = _PASSAGES.join(_ARTICLES, _PASSAGES.c.article == _ARTICLES.c.key)
            keys = sa.select(_PASSAGES.c.key).select_from(join)
            rows = db.execute(keys.where(_ARTICLES.c.indexed, *_conditions(db, filter))).all()
        found = np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows)))
        with self._admitted_lock:
            self._admitted[known] = found
            while len(self._admitted) > _REMEMBERED:
                self._admitted.popitem(last=False)
        return found

    def undated(self, filter: Filter) -> int:
        """Return how many articles a filter leaves out for nothing but their missing date.

        Raises:
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        if not filter.dated:
            return 0
        with self._engine.connect() as db:
            others = _conditions(db, replace(filter, since=None, until=None))
            count = sa.select(sa.func.count()).select_from(_ARTICLES)
            missing = _ARTICLES.c.published.is_(None)
            return int(db.scalar(count.where(_ARTICLES.c.indexed, missing, *others)) or 0)

    def clusters(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the cluster of those of `ids` that tell the same as other articles."""
        found: dict[str, int] = {}
        with self._engine.connect() as db:
            for part in _batches(list(ids)):
                # By id alone: with further conditions SQLite walks an index of all articles instead.
                query = sa.select(_ARTICLES.c.id, _ARTICLES.c.cluster, _ARTICLES.c.indexed)
                rows = db.execute(query.where(_ARTICLES.c.id.in_(part)))
                found.update({row.id: row.cluster for row in rows if row.indexed and row.cluster is not None})
        return found

    def members(self, cluster: int) -> list[Source]:
        """Return the articles of a cluster, 50 at most, earliest first, undated last, then by id."""
        query = (
            sa.select(*_SOURCE_COLUMNS)
            .where(_ARTICLES.c.cluster == cluster, _ARTICLES.c.indexed)
            .order_by(_ARTICLES.c.published.is_(None), _ARTICLES.c.published, _ARTICLES.c.id)
            .limit(_MEMBERS)
        )
        with self._engine.connect() as db:
            return [_source(row) for row in db.execute(query)]

    def unrelated(self, limit: int) -> list[tuple[int, str]]:
        """Return keys and texts of up to `limit` articles that were not compared with the others yet."""
        query = sa.select(_ARTICLES.c.key, _ARTICLES.c.text).where(
            sa.or_(_ARTICLES.c.likeness.is_(None), _ARTICLES.c.likeness != VERSION)
        )
        with self._engine.connect() as db:
            return [(row.key, row.text) for row in db.execute(query.order_by(_ARTICLES.c.key).limit(limit))]

    def publishers(self) -> list[str]:
        """Return the publishers of the indexed articles, in order."""
        with self._engine.connect() as db:
            return _values(db, _ARTICLES.c.publisher)

    def languages(self) -> list[str]:
        """Return the languages of the indexed articles, in order."""
        with self._engine.connect() as db:
            return _values(db, _ARTICLES.c.language)

    def article(self, article_id: str) -> Article:
        """Return an indexed article with its text.

        Raises:
            NotFoundError: there is no such article.
        """
        query = sa.select(*_SOURCE_COLUMNS, _ARTICLES.c.text).where(
            _ARTICLES.c.id == article_id, _ARTICLES.c.indexed
        )
        with self._engine.connect() as db:
            row = db.execute(query).first()
        if row is None:
            raise NotFoundError(
                f"no article has the id {article_id!r}", hint="`rag articles` lists the ids of the collection"
            )
        return Article(_source(row), row.text)

    def digests(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return digest and origin of those of `ids` that are indexed."""
        found: dict[str, tuple[str, str]] = {}
        with self._engine.connect() as db:
            for part in _batches(list(ids)):
                query = sa.select(_ARTICLES.c.id, _ARTICLES.c.digest, _ARTICLES.c.origin).where(
                    _ARTICLES.c.id.in_(part), _ARTICLES.c.indexed
                )
                found.update({row.id: (row.digest, row.origin) for row in db.execute(query)})
        return found

    def origins(self, start: str) -> list[tuple[str, str]]:
        """Return id and origin of the indexed articles whose origin begins with `start`, by id."""
        query = (
            sa.select(_ARTICLES.c.id, _ARTICLES.c.origin)
            .where(_ARTICLES.c.indexed, _ARTICLES.c.origin.startswith(start, autoescape=True))
            .order_by(_ARTICLES.c.id)
        )
        with self._engine.connect() as db:
            found = [(row.id, row.origin) for row in db.execute(query)]
        return [one for one in found if one[1].startswith(start)]  # SQLite's LIKE folds ASCII letters

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, Source]]:
        """Return the passages of indexed articles that have these keys; unknown keys are left out."""
        found: dict[int, tuple[Passage, Source]] = {}
        with self._engine.connect() as db:
            for part in _batches(list(keys)):
                # As a condition, `indexed` makes SQLite walk all articles by their filter index: 65 ms
                # instead of 1 at 10,000 passages.
                rows = db.execute(_passage_query().where(_PASSAGES.c.key.in_(part)))
                found.update({row.key: (_passage(row), _source(row)) for row in rows if row.indexed})
        return found

    def token_vectors(self, keys: Iterable[int]) -> dict[int, bytes]:
        """Return the packed token vectors of the passages that have some."""
        found: dict[int, bytes] = {}
        with self._engine.connect() as db:
            for part in _batches(list(keys)):
                rows = db.execute(sa.select(_TOKENS).where(_TOKENS.c.passage.in_(part)))
                found.update({row.passage: row.packed for row in rows})
        return found

    def passage_count(self) -> int:
        """Return the number of passages, of unfinished articles too."""
        with self._engine.connect() as db:
            return int(db.scalar(sa.select(sa.func.count()).select_from(_PASSAGES)) or 0)

    def passage_keys(self) -> list[int]:
        """Return the keys of all passages, of unfinished articles too, in order."""
        with self._engine.connect() as db:
            return list(db.scalars(sa.select(_PASSAGES.c.key).order_by(_PASSAGES.c.key)))

    def staged_passages(self, keys: Iterable[int]) -> Iterator[tuple[int, Passage, Source]]:
        """Yield passages by key, of unfinished articles too."""
        with self._engine.connect() as db:
            for part in _batches(list(keys)):
                for row in db.execute(
                    _passage_query().where(_PASSAGES.c.key.in_(part)).order_by(_PASSAGES.c.key)
                ):
                    yield row.key, _passage(row), _source(row)

    # -- writing ------------------------------------------------------------------------------------------

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
            edits = _read_edits(db, [article.id for article, _ in articles])
            edits |= {one: _noted(edits.get(one, "{}"), change) for one, change in (changes or {}).items()}
            retired = _retire(db, [article.id for article, _ in articles])
            _write_state(db, "unfinished", 1)
            for article, passages in articles:
                key = db.execute(
                    _ARTICLES.insert().values(**_row(article, given, edits))
                ).inserted_primary_key[0]  # type: ignore[index]
                for passage in passages:
                    values = _passage_row(key, passage)
                    inserted = db.execute(_PASSAGES.insert().values(**values)).inserted_primary_key
                    new.append((int(inserted[0]), passage))  # type: ignore[index]
        return Staged(tuple(new), tuple(retired))

    def edits(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what a person set of those of `ids` that were edited, by field."""
        with self._engine.connect() as db:
            return {one: _decoded(text) for one, text in _read_edits(db, list(ids)).items()}

    def revise(self, source: Source, changes: Mapping[str, Any]) -> None:
        """Write an edited source in one step; text and passages stay as they are."""
        with self._writing("edit") as db:
            edited = _noted(_read_edits(db, [source.id]).get(source.id, "{}"), changes)
            fields = {**_described(source), "edited": edited}
            db.execute(_ARTICLES.update().where(_ARTICLES.c.id == source.id).values(**fields))
            _write_state(db, "generation", _read_state(db, "generation") + 1)

    def keys_of(self, article_id: str) -> list[int]:
        """Return the keys of an article's passages, in order."""
        join = _PASSAGES.join(_ARTICLES, _PASSAGES.c.article == _ARTICLES.c.key)
        query = sa.select(_PASSAGES.c.key).select_from(join).where(_ARTICLES.c.id == article_id)
        with self._engine.connect() as db:
            return list(db.scalars(query.order_by(_PASSAGES.c.key)))

    def keep_token_vectors(self, packed: Mapping[int, bytes]) -> None:
        """Keep the packed token vectors of staged passages; they go when the passage goes."""
        if not packed:
            return
        with self._writing("keep vectors") as db:
            for part in _batches(list(packed)):
                db.execute(_TOKENS.delete().where(_TOKENS.c.passage.in_(part)))
            db.execute(_TOKENS.insert(), [{"passage": key, "packed": packed[key]} for key in packed])

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
            _write_state(db, "unfinished", 1)
        return Staged((), tuple(retired))

    def relate(self, likenesses: Mapping[int, Likeness]) -> None:
        """Put articles, by key, into the clusters of those they are like; the order does not matter."""
        with self._writing("compare articles") as db:
            for key, one in sorted(likenesses.items()):
                _relate(db, key, one)

    def confirm(self) -> int:
        """Mark everything staged as indexed and return the new generation."""
        with self._writing("confirm") as db:
            db.execute(_ARTICLES.update().where(sa.not_(_ARTICLES.c.indexed)).values(indexed=True))
            _write_state(db, "unfinished", 0)
            generation = _read_state(db, "generation") + 1
            _write_state(db, "generation", generation)
        return generation

    def _writing(self, what: str) -> _Transaction:
        return _Transaction(self._engine, what)


class _Transaction:
    """A write transaction whose database errors become StoreErrors."""

    def __init__(self, engine: Engine, what: str) -> None:
        self._context = engine.begin()
        self._what = what

    def __enter__(self) -> Connection:
        return self._context.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            self._context.__exit__(kind, error, trace)
        except SQLAlchemyError as failure:
            error = failure
        if isinstance(error, SQLAlchemyError):
            raise StoreError(
                f"the article database refused to {self._what}: {_cause(error)}",
                hint="check free disk space and that the store's folder is writable",
            ) from error


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


def _engine(url: str) -> Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


def _add_columns(engine: Engine) -> None:
    """Give the tables of an older store the columns that came since; all of them may be NULL."""
    for table in _SCHEMA.sorted_tables:
        found = {column["name"] for column in sa.inspect(engine).get_columns(table.name)}
        for column in table.columns:
            if column.name in found:
                continue
            added = f"ALTER TABLE {table.name} ADD COLUMN {sa.schema.CreateColumn(column).compile(engine)}"
            try:
                with engine.begin() as db:
                    db.execute(sa.text(added))
            except SQLAlchemyError:  # another process opened the store at the same moment, or it is read-only
                if column.name not in {one["name"] for one in sa.inspect(engine).get_columns(table.name)}:
                    raise


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _batches(items: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(items), _BATCH):
        yield items[first : first + _BATCH]


def _conditions(db: Connection, filter: Filter) -> list[sa.ColumnElement[bool]]:
    """Return a filter as SQL; publishers and languages as they are spelt in the database.

    SQL's own lower() knows ASCII only in SQLite, so spellings are compared here.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    for column, noun, wanted in (
        (_ARTICLES.c.publisher, "publisher", filter.publishers),
        (_ARTICLES.c.language, "language", filter.languages),
    ):
        if wanted:
            conditions.append(column.in_(_spellings(_values(db, column), wanted, noun)))
    if filter.since is not None:
        conditions.append(_ARTICLES.c.published >= filter.since)
    if filter.until is not None:
        conditions.append(_ARTICLES.c.published <= filter.until)
    return conditions


def _values(db: Connection, column: sa.Column[Any]) -> list[str]:
    query = sa.select(column).distinct().where(_ARTICLES.c.indexed, column.is_not(None))
    return sorted(db.scalars(query), key=lambda value: (value.casefold(), value))


def _spellings(known: list[str], wanted: Iterable[str], noun: str) -> list[str]:
    """Return those of the known values that are wanted, in whatever case.

    Raises:
        NotFoundError: one of the wanted values is unknown; the hint names the nearest, or all.
    """
    found: list[str] = []
    for one in wanted:
        same = [value for value in known if value.casefold() == one.strip().casefold()]
        if not same:
            raise NotFoundError(f"no article has the {noun} {one!r}", hint=_known(known, one, noun))
        found += same
    return found


def _known(known: list[str], wanted: str, noun: str) -> str:
    """Return a hint that lists the known values, those most like the wanted one first."""
    if not known:
        return f"no article of the collection states its {noun}"
    near = difflib.get_close_matches(wanted.casefold(), {v.casefold() for v in known}, n=3, cutoff=0.5)
    ordered = sorted(known, key=lambda value: value.casefold() not in near)  # stable
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return "the collection has: " + ", ".join(ordered[:_NAMED]) + more


def _retire(db: Connection, ids: Sequence[str]) -> list[int]:
    """Delete the articles with these ids and return the keys their passages had."""
    retired: list[int] = []
    left: set[int] = set()
    for part in _batches(list(ids)):
        clusters = sa.select(_ARTICLES.c.cluster).where(_ARTICLES.c.id.in_(part))
        left.update(cluster for cluster in db.scalars(clusters) if cluster is not None)
        join = _PASSAGES.join(_ARTICLES, _PASSAGES.c.article == _ARTICLES.c.key)
        chosen = sa.select(_PASSAGES.c.key).select_from(join).where(_ARTICLES.c.id.in_(part))
        retired.extend(db.scalars(chosen))
        db.execute(_ARTICLES.delete().where(_ARTICLES.c.id.in_(part)))
    for cluster in sorted(left):
        _regroup(db, cluster)
    return retired


def _relate(db: Connection, key: int, one: Likeness) -> None:
    """Write an article's likeness and join the clusters of all it is like into one."""
    for table in (_SIGNATURES, _BANDS):
        db.execute(table.delete().where(table.c.article == key))
    own = _ARTICLES.c.key == key
    db.execute(_ARTICLES.update().where(own).values(likeness=VERSION, cluster=None))
    if not one.bands:
        return
    near = _near(db, one)
    db.execute(_SIGNATURES.insert().values(article=key, signature=one.signature))
    db.execute(_BANDS.insert(), [{"band": band, "article": key} for band in sorted(set(one.bands))])
    if near:
        joined = sorted({row.cluster for row in near if row.cluster is not None})
        alone = [row.key for row in near if row.cluster is None]
        cluster = min([key, *joined, *alone])
        for column, values in ((_ARTICLES.c.cluster, joined), (_ARTICLES.c.key, [key, *alone])):
            for part in _batches(values):
                db.execute(_ARTICLES.update().where(column.in_(part)).values(cluster=cluster))


def _near(db: Connection, one: Likeness) -> list[Any]:
    """Return key and cluster of the articles that are like one."""
    sharing = sa.select(_BANDS.c.article).where(_BANDS.c.band.in_(one.bands)).distinct()
    query = (
        sa.select(_ARTICLES.c.key, _ARTICLES.c.cluster, _SIGNATURES.c.signature)
        .join(_SIGNATURES, _SIGNATURES.c.article == _ARTICLES.c.key)
        .where(_ARTICLES.c.key.in_(sharing))
        .order_by(_ARTICLES.c.key)
        .limit(_COMPARED)
    )
    rows = db.execute(query).all()
    return [
        row for row, same in zip(rows, alike(one.signature, [r.signature for r in rows]), strict=True) if same
    ]


def _regroup(db: Connection, cluster: int) -> None:
    """Cluster anew what is left of a cluster: an article that held others together may be gone."""
    query = (
        sa.select(_ARTICLES.c.key, _SIGNATURES.c.signature)
        .join(_SIGNATURES, _SIGNATURES.c.article == _ARTICLES.c.key)
        .where(_ARTICLES.c.cluster == cluster)
        .order_by(_ARTICLES.c.key)
    )
    rows = db.execute(query).all()
    db.execute(_ARTICLES.update().where(_ARTICLES.c.cluster == cluster).values(cluster=None))
    for component in components([row.signature for row in rows]):
        keys = [rows[place].key for place in component]
        for part in _batches(keys if len(keys) > 1 else []):
            db.execute(_ARTICLES.update().where(_ARTICLES.c.key.in_(part)).values(cluster=keys[0]))


def _read_state(db: Connection, name: str) -> int:
    return int(db.scalar(sa.select(_STATE.c.value).where(_STATE.c.name == name)) or 0)


def _write_state(db: Connection, name: str, value: int) -> None:
    if not db.execute(_STATE.update().where(_STATE.c.name == name).values(value=value)).rowcount:
        db.execute(_STATE.insert().values(name=name, value=value))


def _row(article: Article, digests: Mapping[str, str], edits: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_described(article.source), "digest": digests.get(article.id) or digest(article), "indexed": False,
        "text": article.text, "edited": edits.get(article.id),
    }  # fmt: skip


def _described(source: Source) -> dict[str, Any]:
    return {
        "id": source.id, "title": source.title, "language": source.language, "publisher": source.publisher,
        "author": source.author, "agency": source.agency, "published": source.published,
        "updated": source.updated, "url": source.url, "origin": source.origin,
        "guessed": " ".join(sorted(source.guessed)) or None,
    }  # fmt: skip


def _read_edits(db: Connection, ids: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _batches(ids):
        query = sa.select(_ARTICLES.c.id, _ARTICLES.c.edited)
        query = query.where(_ARTICLES.c.id.in_(part), _ARTICLES.c.edited.is_not(None))
        found.update({row.id: row.edited for row in db.execute(query)})
    return found


def _noted(before: str, changes: Mapping[str, Any]) -> str:
    """Return the JSON of earlier edits with those of now."""
    after = {**_decoded(before), **changes}
    return json.dumps(after, default=date.isoformat, ensure_ascii=False, sort_keys=True)


def _decoded(edits: str) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in ("published", "updated") and value else value
        for name, value in json.loads(edits).items()
    }


def _passage_row(article_key: int, passage: Passage) -> dict[str, Any]:
    return {
        "article": article_key,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "sentences": json.dumps([[span.start, span.end] for span in passage.sentences]),
    }


def _passage_query() -> sa.Select[Any]:
    """Select passages with their source; the text is cut out of the article inside the database."""
    cut = sa.func.substr(_ARTICLES.c.text, _PASSAGES.c.start + 1, _PASSAGES.c.end - _PASSAGES.c.start)
    join = _PASSAGES.join(_ARTICLES, _PASSAGES.c.article == _ARTICLES.c.key)
    return sa.select(_PASSAGES, cut.label("cut"), _ARTICLES.c.indexed, *_SOURCE_COLUMNS).select_from(join)


def _source(row: Any) -> Source:
    published: date | None = row.published
    return Source(
        id=row.id, title=row.title, language=row.language, publisher=row.publisher, author=row.author,
        published=published, updated=row.updated, url=row.url, origin=row.origin, agency=row.agency,
        guessed=frozenset((row.guessed or "").split()),
    )  # fmt: skip


def _passage(row: Any) -> Passage:
    sentences = tuple(Span(start, end) for start, end in json.loads(row.sentences))
    return Passage(row.id, row.start, row.end, row.cut, sentences, row.heading)
