"""What is wrong with the database, if anything: read only, for those who look after a store."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from rag.archive.tables import ARTICLES, PASSAGES, TOKENS

_MOST: Final = 20  # problems that SQLite is asked for


def damage(engine: Engine) -> list[str]:
    """Return what SQLite finds wrong with its file, in its words; other databases look after theirs.

    Raises:
        StoreError: it is so damaged that SQLite cannot read it.
    """
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as db:
        found = [str(row[0]) for row in db.execute(sa.text(f"PRAGMA integrity_check({_MOST})"))]
        orphans = db.execute(sa.text("PRAGMA foreign_key_check")).fetchall()
    problems = [] if found == ["ok"] else found
    return problems + [f"a row of {row[0]} belongs to none of {row[2]}" for row in orphans[:_MOST]]


def rebuild_indexes(engine: Engine) -> None:
    """Write SQLite's indexes anew from its tables.

    Raises:
        StoreError: the tables are damaged, too.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as db:
            db.execute(sa.text("REINDEX"))


def half_written(engine: Engine) -> list[str]:
    """Return the ids of articles that were staged and never confirmed, in order."""
    query = sa.select(ARTICLES.c.id).where(sa.not_(ARTICLES.c.indexed)).order_by(ARTICLES.c.id)
    with engine.connect() as db:
        return list(db.scalars(query))


def badly_cut(engine: Engine) -> list[str]:
    """Return the ids of articles without passages, or with one that lies outside its text, in order."""
    outside = sa.or_(
        PASSAGES.c.start < 0,
        PASSAGES.c.end <= PASSAGES.c.start,
        PASSAGES.c.end > sa.func.length(ARTICLES.c.text),
    )
    query = (
        sa.select(ARTICLES.c.id)
        .select_from(ARTICLES.outerjoin(PASSAGES, PASSAGES.c.article == ARTICLES.c.key))
        .where(sa.or_(PASSAGES.c.key.is_(None), outside))
        .distinct()
        .order_by(ARTICLES.c.id)
    )
    with engine.connect() as db:
        return list(db.scalars(query))


def without_token_vectors(engine: Engine, dimension: int) -> list[int]:
    """Return the keys of passages whose token vectors are missing or are none of this dimension, in order."""
    packed = sa.func.length(TOKENS.c.packed)
    wrong = sa.or_(packed < 2, sa.func.mod(packed - 2, dimension // 2) != 0)
    query = (
        sa.select(PASSAGES.c.key)
        .select_from(PASSAGES.outerjoin(TOKENS, TOKENS.c.passage == PASSAGES.c.key))
        .where(sa.or_(TOKENS.c.passage.is_(None), wrong))
        .order_by(PASSAGES.c.key)
    )
    with engine.connect() as db:
        return list(db.scalars(query))
