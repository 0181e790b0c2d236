"""PostgreSQL as the articles' database: its address, what it must be like, its lock, its errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from rag.errors import SettingsError, StoreBusyError, StoreError
from rag.process import this_process

_SCHEMES: Final = ("postgresql", "postgres")
_WRITERS, _MAKERS = 0x51434854, 0x51434855  # keys of the advisory locks
_SOON_S: Final = 0.05  # a wait that nobody needs to be told of
_PAUSE_S: Final = 0.1  # between two looks at the lock
# A host that vanishes without a word is noticed, by its own side and by the server, within a minute.
_ALIVE: Final = {
    "client_encoding": "utf8", "connect_timeout": 10,
    "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
    "options": "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
}  # fmt: skip


def engine(url: str) -> Engine:
    """Return the engine of a PostgreSQL database; a connection that broke is replaced at the next use.

    Raises:
        SettingsError: the address is none of PostgreSQL, or its driver is not installed.
        StoreError: the server does not answer, or the database cannot hold any text.
    """
    address = _address(url)
    made = _made(address)
    shown = address.render_as_string(hide_password=True)

    @sa.event.listens_for(made, "handle_error", retval=True)
    def tell(context: sa.engine.ExceptionContext) -> BaseException | None:
        return None if context.is_pre_ping else _told(context, shown)  # the connection is replaced

    with made.connect() as db:
        encoding = db.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":  # else substr() would count bytes, and every quote would be cut elsewhere
        made.dispose()
        raise StoreError(
            f"the article database {shown} has the encoding {encoding}, not UTF8",
            hint="make it with: createdb --encoding=UTF8 --template=template0 NAME",
        )
    return made


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (SQLAlchemyError, ValueError):
        address = None
    if address is None or address.drivername not in _SCHEMES or not address.database:
        raise SettingsError(
            "RAG_DATABASE_URL is no address of a PostgreSQL database",
            hint="write it like postgresql://user:password@host/database",
        )
    return address


def _made(address: sa.URL) -> Engine:
    """Return an engine whose connections are named after this process: others see who holds the lock."""
    arguments = {**_ALIVE, "application_name": this_process()[:63]}
    try:
        return sa.create_engine(
            address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=arguments
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            "PostgreSQL's driver is not installed", hint="pip install 'quellenchat[postgres]'"
        ) from error


def _told(context: sa.engine.ExceptionContext, shown: str) -> StoreError:
    """Return what an error of the database at the address `shown` means to whoever uses it."""
    cause = str(context.original_exception).strip() or type(context.original_exception).__name__
    first = cause.splitlines()[0]
    if context.is_disconnect or context.connection is None:
        return StoreError(
            f"the article database {shown} does not answer: {first}",
            hint="start the database server, or check RAG_DATABASE_URL; then ask again",
        )
    return StoreError(
        f"the article database {shown} refuses: {first}", hint="check its log, its rights and its disk"
    )


@contextmanager
def making(engine: Engine) -> Iterator[None]:
    """Let one process at a time make the tables."""
    with engine.connect() as db, db.begin():
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKERS)))
        yield


@contextmanager
def writing(
    engine: Engine, timeout_s: float, on_wait: Callable[[str], None] | None = None
) -> Iterator[Connection]:
    """Hold the database's write lock and yield the connection that holds it.

    The lock goes with the connection, however its process or host ends. Whoever writes through this very
    connection can therefore never write after losing the lock.

    Raises:
        StoreBusyError: another process did not finish within `timeout_s` seconds.
    """
    with engine.connect() as db:
        started, told = time.monotonic(), False
        while not _locked(db):
            waited = time.monotonic() - started
            if waited >= timeout_s:
                raise StoreBusyError(
                    f"the store is being written by {_holder(db)}, for more than {timeout_s:g} s",
                    hint="wait until it is done, then try again",
                )
            if waited >= _SOON_S and not told:
                told = True
                if on_wait is not None:
                    on_wait(_holder(db))
            time.sleep(min(_PAUSE_S, max(timeout_s - waited, 0.001)))
        try:
            yield db
        finally:
            if not db.invalidated:  # else the lock went with the connection
                db.rollback()
                db.execute(sa.select(sa.func.pg_advisory_unlock(_WRITERS)))
                db.commit()


def _locked(db: Connection) -> bool:
    """Take the lock if it is free; it outlasts the transaction."""
    got = bool(db.scalar(sa.select(sa.func.pg_try_advisory_lock(_WRITERS))))
    db.commit()
    return got


def _holder(db: Connection) -> str:
    query = sa.text(
        "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory'"
        f" AND granted AND objid = {_WRITERS} AND pg_locks.database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    holder = str(db.scalar(query) or "another process")
    db.rollback()
    return holder
