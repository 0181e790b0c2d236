"""The connection to the database: opened and brought up to date, its errors told as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from rag.archive import postgres
from rag.archive.tables import ARTICLES, SCHEMA
from rag.errors import StoreError

_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DAMAGED_HINT: Final = "`rag doctor` says more; `rag restore` brings a backup back"


def connect(url: str | sa.URL) -> Engine:
    """Open the database at a SQLAlchemy `url`, making its tables where they are missing.

    Raises:
        StoreError: the database cannot be opened.
    """
    engine = _engine(url)
    try:
        _bring_up_to_date(engine)
    except SQLAlchemyError as error:
        raise StoreError(
            f"the article database cannot be opened: {_cause(error)}",
            hint="check that the store's folder is readable and writable and articles.sqlite undamaged",
        ) from error
    return engine


def connect_server(url: str) -> Engine:
    """Open a PostgreSQL database, making its tables where they are missing.

    Raises:
        SettingsError: the address is none, or the driver is not installed.
        StoreError: the server does not answer.
    """
    engine = postgres.engine(url)
    try:
        with postgres.making(engine):
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(engine: Engine) -> None:
    SCHEMA.create_all(engine)
    _add_columns(engine)
    for index in ARTICLES.indexes:  # a table made by an earlier version lacks them
        index.create(engine, checkfirst=True)


class Transaction:
    """A write transaction whose database errors become StoreErrors."""

    def __init__(self, database: Engine | Connection, what: str) -> None:
        """Begin it, on a connection of its own or on the one that holds the write lock."""
        if isinstance(database, Connection):
            self._context: AbstractContextManager[Connection] = _begun(database)
        else:
            self._context = database.begin()
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


@contextmanager
def _begun(connection: Connection) -> Iterator[Connection]:
    with connection.begin():
        yield connection


def _engine(url: str | sa.URL) -> Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
                connection.execute(f"PRAGMA {pragma}")

        @sa.event.listens_for(engine, "handle_error")
        def tell(context: sa.engine.ExceptionContext) -> None:
            error = context.original_exception
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                raise StoreError(f"the article database is damaged: {error}", hint=_DAMAGED_HINT) from error

    return engine


def _add_columns(engine: Engine) -> None:
    """Give the tables of an older store the columns that came since; all of them may be NULL."""
    for table in SCHEMA.sorted_tables:
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
