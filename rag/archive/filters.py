"""Filters as SQL."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from rag.archive.tables import ARTICLES
from rag.errors import NotFoundError
from rag.schema import Filter

_NAMED: Final = 12  # values that a hint lists


def folded(name: str) -> str:
    """Return a name as names are compared: whatever its case, and however its accents are made."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def conditions(db: Connection, filter: Filter) -> list[sa.ColumnElement[bool]]:
    """Return a filter as SQL; publishers and languages as they are spelt in the database.

    SQL's own lower() knows ASCII only in SQLite, so spellings are compared here.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    for column, noun, wanted in (
        (ARTICLES.c.publisher, "publisher", filter.publishers),
        (ARTICLES.c.language, "language", filter.languages),
    ):
        if wanted:
            conditions.append(column.in_(_spellings(values(db, column), wanted, noun)))
    if filter.since is not None:
        conditions.append(ARTICLES.c.published >= filter.since)
    if filter.until is not None:
        conditions.append(ARTICLES.c.published <= filter.until)
    return conditions


def values(db: Connection, column: sa.Column[Any]) -> list[str]:
    query = sa.select(column).distinct().where(ARTICLES.c.indexed, column.is_not(None))
    return sorted(db.scalars(query), key=lambda value: (value.casefold(), value))


def _spellings(known: list[str], wanted: Iterable[str], noun: str) -> list[str]:
    """Return those of the known values that are wanted, in whatever case.

    Raises:
        NotFoundError: one of the wanted values is unknown; the hint names the nearest, or all.
    """
    found: list[str] = []
    for one in wanted:
        same = [value for value in known if folded(value) == folded(one)]
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
