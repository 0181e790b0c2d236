"""The tables, and what every statement on them needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

# Ordered by code points everywhere, as SQLite does it: the order must not depend on a server's locale.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SCHEMA = sa.MetaData()
STATE = sa.Table(
    "state",
    SCHEMA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
MANIFEST = sa.Table(  # what built a store whose folder is not where it is kept
    "manifest",
    SCHEMA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
ARTICLES = sa.Table(
    "articles",
    SCHEMA,
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("id", _TEXT, nullable=False, unique=True),
    sa.Column("title", _TEXT, nullable=False),
    sa.Column("language", _TEXT, nullable=False),
    sa.Column("publisher", _TEXT),
    sa.Column("author", _TEXT),
    sa.Column("published", sa.Date),
    sa.Column("updated", sa.Date),
    sa.Column("url", _TEXT),
    sa.Column("origin", _TEXT, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("indexed", sa.Boolean, nullable=False),
    sa.Column("likeness", sa.Integer),  # version of its likeness; NULL: not compared with the others yet
    sa.Column("cluster", _KEY),  # smallest key of the articles that tell the same; NULL: it is alone
    sa.Column("text", _TEXT, nullable=False),
    sa.Column("agency", _TEXT),
    sa.Column("guessed", _TEXT),  # names of fields, with blanks between them
    sa.Column("edited", _TEXT),  # JSON: what a person set, by field; it wins over what the file says
    # What filters read, without turning over the pages that the texts fill.
    sa.Index("articles_filter", "indexed", "language", "published", "publisher"),
    sa.Index("articles_likeness", "likeness"),
    sa.Index("articles_cluster", "cluster"),
)
PASSAGES = sa.Table(
    "passages",
    SCHEMA,
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("article", sa.ForeignKey("articles.key", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("heading", _TEXT, nullable=False),
    sa.Column("sentences", _TEXT, nullable=False),  # JSON: [[start, end], ...]
    sqlite_autoincrement=True,  # a key is never used twice, so a stale vector can never meet a new passage
)
JOINED = PASSAGES.join(ARTICLES, PASSAGES.c.article == ARTICLES.c.key)  # passages with their articles
SIGNATURES = sa.Table(
    "signatures",
    SCHEMA,
    sa.Column("article", sa.ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
BANDS = sa.Table(
    "bands",
    SCHEMA,
    sa.Column("band", sa.BigInteger, primary_key=True),
    sa.Column("article", sa.ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
TOKENS = sa.Table(
    "token_vectors",
    SCHEMA,
    sa.Column("passage", sa.ForeignKey("passages.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)
_BATCH = 500  # ids of one statement, below SQLite's limit on variables


def batches(items: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(items), _BATCH):
        yield items[first : first + _BATCH]


def rows_with(
    db: Connection, query: sa.Select[Any], column: sa.Column[int], keys: Iterable[int]
) -> Sequence[Any]:
    """Return the rows of a query whose `column` has one of these numbers, any count of them.

    They go as one value, into a statement that is made once: `in_` writes one anew for each count, and to
    make a statement takes longer than to read a few rows.
    """
    sqlite, wanted = db.dialect.name == "sqlite", list(keys)
    return db.execute(_among(query, column, sqlite), {"keys": json.dumps(wanted) if sqlite else wanted}).all()


@lru_cache
def _among(query: sa.Select[Any], column: sa.Column[int], sqlite: bool) -> sa.Select[Any]:
    if sqlite:
        each = sa.func.json_each(sa.bindparam("keys", type_=sa.String)).table_valued("value")
        return query.where(column.in_(sa.select(each.c.value)))
    return query.where(column == sa.any_(sa.bindparam("keys", type_=sa.ARRAY(sa.BigInteger))))


def read_state(db: Connection, name: str) -> int:
    return int(db.scalar(sa.select(STATE.c.value).where(STATE.c.name == name)) or 0)


def write_state(db: Connection, name: str, value: int) -> None:
    if not db.execute(STATE.update().where(STATE.c.name == name).values(value=value)).rowcount:
        db.execute(STATE.insert().values(name=name, value=value))
