"""What a person sets of an article → values of the right kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.metadata.dates import is_possible, iso_date, stated
from rag.ingest.text.characters import canonical

EDITABLE: Final = ("title", "publisher", "author", "agency", "published", "updated", "url", "language")
_DAYS: Final = ("published", "updated")
_NEEDED: Final = ("title", "language")
_CODE: Final = re.compile(r"[a-z]{2,3}")
_ADDRESS: Final = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def edited_fields(changes: Mapping[str, object]) -> dict[str, Any]:
    """Return what a person wants to set as values of the right kind; None clears a field.

    Raises:
        InputError: a field that cannot be set, or a value that makes no sense.
    """
    if unknown := [name for name in changes if name not in EDITABLE]:
        raise InputError(f"no field {unknown[0]!r} can be set", hint=f"fields are {', '.join(EDITABLE)}")
    if not changes:
        raise InputError("nothing to set", hint=f"give one of {', '.join(EDITABLE)}")
    return {name: _day(value) if name in _DAYS else _text(name, value) for name, value in changes.items()}


def _day(value: object) -> date | None:
    said = _line(value)
    try:
        day = stated(said) or iso_date(said)
    except ValueError:
        day = None
    if said not in (None, "") and not (day and is_possible(day)):
        raise InputError(f"{value!r} is no date", hint="write it like 2021-12-07")
    return day


def _text(name: str, value: object) -> str | None:
    text = _line(value)
    if not isinstance(text, str | None):
        raise InputError(f"{value!r} is no text", hint="give a text")
    if name in _NEEDED and not text:
        raise InputError(f"an article cannot be without a {name}", hint="give one")
    if name == "language" and not _CODE.fullmatch(str(text)):
        raise InputError(f"{value!r} is no language code", hint="write two letters, such as de or en")
    if name == "url" and text and not _ADDRESS.fullmatch(text):
        raise InputError(f"{value!r} is no web address", hint="write it like https://example.org/news")
    return text or None


def _line(value: object) -> object:
    return " ".join(canonical(value).split()) if isinstance(value, str) else value
