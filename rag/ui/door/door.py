"""A page's web application → the same behind its door, and the keys that open it."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI

from rag.access import people
from rag.access.people import People
from rag.access.sessions import Sessions
from rag.errors import SettingsError
from rag.settings import Settings
from rag.ui.door.headers import Headers
from rag.ui.door.login import Keys, Login
from rag.ui.door.origin import OwnOrders
from rag.ui.door.proxy import Proxied
from rag.ui.door.routes import Known, Routes

_FORM_BYTES: Final = 100_000  # what a form wraps around a file


def keys(settings: Settings) -> Keys | None:
    """Return what a login is checked against, None where nobody has to log in.

    Raises:
        SettingsError: the file of people is named but names nobody, or it cannot be read.
    """
    file = people.file_of(settings)
    known = People(file)
    if not known.known():
        if settings.users is not None:
            raise SettingsError(
                f"{file} names nobody who may log in", hint="`rag user add` lets the first person in"
            )
        return None
    return Keys(known, Sessions(known, settings.store / people.FOLDER, settings.session_hours))


def put_before(
    app: FastAPI,
    settings: Settings,
    opened_by: Keys | None,
    hosts: frozenset[str] | None,
    known: Known | None = None,
) -> None:
    """Put the door before an application; `hosts` as in `OwnOrders`, `known` as in `Routes`."""
    upload_bytes = int(settings.upload_mb * 1_000_000) + _FORM_BYTES
    app.add_middleware(Routes, upload_bytes=upload_bytes, known=known)
    app.add_middleware(Login, keys=opened_by)
    app.add_middleware(OwnOrders, hosts=hosts)
    app.add_middleware(Headers)
    app.add_middleware(Proxied, trusted=settings.trusted_proxies, root_path=settings.root_path or "")
