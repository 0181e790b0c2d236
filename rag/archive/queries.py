"""The database → what is read of it: articles, sources, passages, and what is noted of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection, Engine

from rag.archive import catalogue
from rag.archive.catalogue import Catalogue
from rag.archive.filters import conditions, values
from rag.archive.rows import SOURCE_COLUMNS, decoded, passage_of, passage_query, read_edits, source_of
from rag.archive.tables import ARTICLES, JOINED, PASSAGES, TOKENS, batches, read_state, rows_with
from rag.errors import NotFoundError
from rag.likeness import VERSION
from rag.schema import Article, Card, Filter, Listed, Passage, Source

_MEMBERS: Final = 50  # of a cluster that are named
# Each made once; `tables.rows_with` completes them. Columns behind the text would make SQLite turn over all
# pages of it.
_PASSAGES: Final = passage_query()
_SOURCES: Final = sa.select(ARTICLES.c.key, *SOURCE_COLUMNS)
_TOKENS: Final = sa.select(TOKENS)
_CARDS: Final = sa.select(
    PASSAGES.c.key,
    PASSAGES.c.start,
    *(ARTICLES.c[name] for name in "id published cluster publisher author url indexed".split()),
).select_from(JOINED)
_REMEMBERED: Final = 16  # filters whose passages are kept; 100,000 keys are 0.8 MB


class Queries:
    """The reads of an `Archive`: of indexed articles only, where nothing else is said."""

    def __init__(self, engine: Engine) -> None:
        """Read from an open database."""
        self._engine = engine
        self._admitted: OrderedDict[tuple[int, Filter], NDArray[np.int64]] = OrderedDict()
        self._admitted_lock = threading.Lock()
        self._catalogue: tuple[int, Catalogue] | None = None
        self._catalogue_lock = threading.Lock()

    def generation(self) -> int:
        """Return a number that every confirmed write raises."""
        with self._engine.connect() as db:
            return read_state(db, "generation")

    def unfinished(self) -> bool:
        """Tell whether a write was staged and never confirmed."""
        with self._engine.connect() as db:
            return read_state(db, "unfinished") > 0

    def count(self) -> int:
        """Return the number of indexed articles."""
        with self._engine.connect() as db:
            return _count(db, ARTICLES.c.indexed)

    def sources(self, filter: Filter | None = None) -> list[Source]:
        """Return the sources of the indexed articles, newest first, undated last, then by id.

        Raises:
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        with self._engine.connect() as db:
            query = (
                sa.select(*SOURCE_COLUMNS)
                .where(ARTICLES.c.indexed, *conditions(db, filter or Filter()))
                .order_by(*catalogue.ORDER)
            )
            return [source_of(row) for row in db.execute(query)]

    def listed(self, filter: Filter, words: str, limit: int) -> Listed:
        """Return the first `limit` sources, in the order of `sources`, that a filter and a search leave.

        Every word has to stand in title, publisher, author or id, whatever its case; a publisher or a
        language that no article has admits none.
        """
        with self._engine.connect() as db:
            try:
                admits = [ARTICLES.c.indexed, *conditions(db, filter)]
            except NotFoundError:
                return Listed((), 0, 0)
            admitted = found = _count(db, *admits)
            keys = sa.select(ARTICLES.c.key).where(*admits)
            if words.strip():
                having = self._known(db).having(words)
                if filter:
                    having = having[np.isin(having, np.array(db.scalars(keys).all(), dtype=np.int64))]
                first, found = having[:limit].tolist(), len(having)
            else:
                first = list(db.scalars(keys.order_by(*catalogue.ORDER).limit(limit)))
            return Listed(tuple(self._sources(db, first)), found, admitted)

    def _sources(self, db: Connection, keys: Sequence[int]) -> Iterator[Source]:
        """Yield the sources of articles by key, in the order of the keys."""
        rows = rows_with(db, _SOURCES, ARTICLES.c.key, keys)
        read = {row.key: source_of(row) for row in rows}
        yield from (read[key] for key in keys if key in read)

    def _known(self, db: Connection) -> Catalogue:
        """Return the catalogue of the present generation."""
        with self._catalogue_lock:
            generation = read_state(db, "generation")
            if self._catalogue is None or self._catalogue[0] != generation:
                self._catalogue = (generation, catalogue.read(db))
            return self._catalogue[1]

    def admitted(self, filter: Filter) -> NDArray[np.int64]:
        """Return the keys of the passages a filter lets through, ascending; read once per generation.

        Raises:
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        with self._engine.connect() as db:
            known = (read_state(db, "generation"), filter)
            with self._admitted_lock:
                if known in self._admitted:
                    self._admitted.move_to_end(known)
                    return self._admitted[known]
            articles = sa.select(ARTICLES.c.key).where(ARTICLES.c.indexed, *conditions(db, filter))
            # As a join SQLite would look at the article of every passage; one text of all keys takes a tenth
            # of the time of a row for each.
            listed = sa.func.aggregate_strings(sa.cast(PASSAGES.c.key, sa.Text), ",")
            keys = db.scalar(sa.select(listed).where(PASSAGES.c.article.in_(articles)))
        found = np.sort(np.fromstring(keys or "", dtype=np.int64, sep=","))
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
            others = conditions(db, replace(filter, since=None, until=None))
            return _count(db, ARTICLES.c.indexed, ARTICLES.c.published.is_(None), *others)

    def clusters(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the cluster of those of `ids` that tell the same as other articles."""
        found: dict[str, int] = {}
        with self._engine.connect() as db:
            for part in batches(list(ids)):
                # By id alone: with further conditions SQLite walks an index of all articles instead.
                query = sa.select(ARTICLES.c.id, ARTICLES.c.cluster, ARTICLES.c.indexed)
                rows = db.execute(query.where(ARTICLES.c.id.in_(part)))
                found.update({row.id: row.cluster for row in rows if row.indexed and row.cluster is not None})
        return found

    def members(self, cluster: int) -> list[Source]:
        """Return the articles of a cluster, 50 at most, earliest first, undated last, then by id."""
        query = (
            sa.select(*SOURCE_COLUMNS)
            .where(ARTICLES.c.cluster == cluster, ARTICLES.c.indexed)
            .order_by(ARTICLES.c.published.is_(None), ARTICLES.c.published, ARTICLES.c.id)
            .limit(_MEMBERS)
        )
        with self._engine.connect() as db:
            return [source_of(row) for row in db.execute(query)]

    def unrelated(self, limit: int) -> list[tuple[int, str]]:
        """Return keys and texts of up to `limit` articles that were not compared with the others yet."""
        query = sa.select(ARTICLES.c.key, ARTICLES.c.text).where(
            sa.or_(ARTICLES.c.likeness.is_(None), ARTICLES.c.likeness != VERSION)
        )
        with self._engine.connect() as db:
            return [(row.key, row.text) for row in db.execute(query.order_by(ARTICLES.c.key).limit(limit))]

    def publishers(self) -> list[str]:
        """Return the publishers of the indexed articles, in order."""
        with self._engine.connect() as db:
            return values(db, ARTICLES.c.publisher)

    def languages(self) -> list[str]:
        """Return the languages of the indexed articles, in order."""
        with self._engine.connect() as db:
            return values(db, ARTICLES.c.language)

    def article(self, article_id: str) -> Article:
        """Return an indexed article with its text.

        Raises:
            NotFoundError: there is no such article.
        """
        query = sa.select(*SOURCE_COLUMNS, ARTICLES.c.text).where(
            ARTICLES.c.id == article_id, ARTICLES.c.indexed
        )
        with self._engine.connect() as db:
            row = db.execute(query).first()
        if row is None:
            raise unknown(article_id)
        return Article(source_of(row), row.text)

    def ids(self) -> list[str]:
        """Return the ids of all articles, of unfinished ones too, in the order in which they came."""
        with self._engine.connect() as db:
            return list(db.scalars(sa.select(ARTICLES.c.id).order_by(ARTICLES.c.key)))

    def digests(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return digest and origin of those of `ids` that are indexed."""
        found: dict[str, tuple[str, str]] = {}
        with self._engine.connect() as db:
            for part in batches(list(ids)):
                query = sa.select(ARTICLES.c.id, ARTICLES.c.digest, ARTICLES.c.origin).where(
                    ARTICLES.c.id.in_(part), ARTICLES.c.indexed
                )
                found.update({row.id: (row.digest, row.origin) for row in db.execute(query)})
        return found

    def origins(self, start: str) -> list[tuple[str, str]]:
        """Return id and origin of the indexed articles whose origin begins with `start`, by id."""
        query = (
            sa.select(ARTICLES.c.id, ARTICLES.c.origin)
            .where(ARTICLES.c.indexed, ARTICLES.c.origin.startswith(start, autoescape=True))
            .order_by(ARTICLES.c.id)
        )
        with self._engine.connect() as db:
            found = [(row.id, row.origin) for row in db.execute(query)]
        return [one for one in found if one[1].startswith(start)]  # SQLite's LIKE folds ASCII letters

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, Source]]:
        """Return the passages of indexed articles that have these keys; unknown keys are left out."""
        with self._engine.connect() as db:
            # As a condition, `indexed` makes SQLite walk all articles by their filter index: 65 ms instead
            # of 1 at 10,000 passages.
            rows = rows_with(db, _PASSAGES, PASSAGES.c.key, keys)
            return {row.key: (passage_of(row), source_of(row)) for row in rows if row.indexed}

    def cards(self, keys: Iterable[int]) -> dict[int, Card]:
        """Return what ordering needs to know of the passages of indexed articles that have these keys."""
        found: dict[int, Card] = {}
        with self._engine.connect() as db:
            for key, start, article, published, cluster, *names, indexed in rows_with(
                db, _CARDS, PASSAGES.c.key, keys
            ):
                if indexed:
                    known = sum(one is not None for one in (published, *names))
                    found[key] = Card(article, start, published, cluster, known)
        return found

    def token_vectors(self, keys: Iterable[int]) -> dict[int, bytes]:
        """Return the packed token vectors of the passages that have some."""
        with self._engine.connect() as db:
            rows = rows_with(db, _TOKENS, TOKENS.c.passage, keys)
            return {row.passage: row.packed for row in rows}

    def passage_count(self) -> int:
        """Return the number of passages, of unfinished articles too."""
        with self._engine.connect() as db:
            return int(db.scalar(sa.select(sa.func.count()).select_from(PASSAGES)) or 0)

    def passage_keys(self, after: int = 0) -> list[int]:
        """Return the keys of all passages above one, of unfinished articles too, in order."""
        query = sa.select(PASSAGES.c.key).where(PASSAGES.c.key > after)
        with self._engine.connect() as db:
            return list(db.scalars(query.order_by(PASSAGES.c.key)))

    def staged_passages(self, keys: Iterable[int]) -> Iterator[tuple[int, Passage, Source]]:
        """Yield passages by key, of unfinished articles too."""
        with self._engine.connect() as db:
            for part in batches(list(keys)):
                for row in db.execute(
                    passage_query().where(PASSAGES.c.key.in_(part)).order_by(PASSAGES.c.key)
                ):
                    yield row.key, passage_of(row), source_of(row)

    def edits(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what a person set of those of `ids` that were edited, by field."""
        with self._engine.connect() as db:
            return {one: decoded(text) for one, text in read_edits(db, list(ids)).items()}

    def keys_of(self, article_id: str) -> list[int]:
        """Return the keys of an article's passages, in order."""
        query = sa.select(PASSAGES.c.key).select_from(JOINED).where(ARTICLES.c.id == article_id)
        with self._engine.connect() as db:
            return list(db.scalars(query.order_by(PASSAGES.c.key)))


def unknown(article_id: str) -> NotFoundError:
    """Return the error of an id that no article has."""
    return NotFoundError(
        f"no article has the id {article_id!r}", hint="`rag articles` lists the ids of the collection"
    )


def _count(db: Connection, *conditions: Any) -> int:
    """Return the number of articles that fulfil all conditions."""
    return int(db.scalar(sa.select(sa.func.count()).select_from(ARTICLES).where(*conditions)) or 0)
