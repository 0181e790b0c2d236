"""Articles that tell the same, such as copies of one agency report: they share a cluster."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from rag.archive.tables import ARTICLES, BANDS, SIGNATURES, batches
from rag.likeness import VERSION, Likeness, alike, components

_COMPARED: Final = (
    500  # articles at most that one is compared with; more share a band in floods of copies only
)


def relate(db: Connection, key: int, one: Likeness) -> None:
    """Write an article's likeness and join the clusters of all it is like into one."""
    for table in (SIGNATURES, BANDS):
        db.execute(table.delete().where(table.c.article == key))
    own = ARTICLES.c.key == key
    db.execute(ARTICLES.update().where(own).values(likeness=VERSION, cluster=None))
    if not one.bands:
        return
    near = _near(db, one)
    db.execute(SIGNATURES.insert().values(article=key, signature=one.signature))
    db.execute(BANDS.insert(), [{"band": band, "article": key} for band in sorted(set(one.bands))])
    if near:
        joined = sorted({row.cluster for row in near if row.cluster is not None})
        alone = [row.key for row in near if row.cluster is None]
        cluster = min([key, *joined, *alone])
        for column, values in ((ARTICLES.c.cluster, joined), (ARTICLES.c.key, [key, *alone])):
            for part in batches(values):
                db.execute(ARTICLES.update().where(column.in_(part)).values(cluster=cluster))


def _near(db: Connection, one: Likeness) -> list[Any]:
    """Return key and cluster of the articles that are like one."""
    sharing = sa.select(BANDS.c.article).where(BANDS.c.band.in_(one.bands)).distinct()
    query = (
        sa.select(ARTICLES.c.key, ARTICLES.c.cluster, SIGNATURES.c.signature)
        .join(SIGNATURES, SIGNATURES.c.article == ARTICLES.c.key)
        .where(ARTICLES.c.key.in_(sharing))
        .order_by(ARTICLES.c.key)
        .limit(_COMPARED)
    )
    rows = db.execute(query).all()
    return [
        row for row, same in zip(rows, alike(one.signature, [r.signature for r in rows]), strict=True) if same
    ]


def regroup(db: Connection, cluster: int) -> None:
    """Cluster anew what is left of a cluster: an article that held others together may be gone."""
    query = (
        sa.select(ARTICLES.c.key, SIGNATURES.c.signature)
        .join(SIGNATURES, SIGNATURES.c.article == ARTICLES.c.key)
        .where(ARTICLES.c.cluster == cluster)
        .order_by(ARTICLES.c.key)
    )
    rows = db.execute(query).all()
    db.execute(ARTICLES.update().where(ARTICLES.c.cluster == cluster).values(cluster=None))
    for component in components([row.signature for row in rows]):
        keys = [rows[place].key for place in component]
        for part in batches(keys if len(keys) > 1 else []):
            db.execute(ARTICLES.update().where(ARTICLES.c.key.in_(part)).values(cluster=keys[0]))
