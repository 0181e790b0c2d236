"""What a person sets of an article → values of the right kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.dates import stated
from rag.ingest.metadata import is_possible, iso_date
from rag.ingest.text import canonical

EDITABLE: Final = ("title", "publisher", "author", "agency", "published", "updated", "url", "language")


def edited_fields(changes: Mapping[str, object]) -> dict[str, Any]:
    """Return what a person wants to set as values of the right kind; None clears a field.

    Raises:
        InputError: a field that cannot be set, or a value that makes no sense.
    """
    fields: dict[str, Any] = {}
    for name, value in changes.items():
        text = " ".join(canonical(str(value)).split()) if isinstance(value, str) else value
        if name not in EDITABLE:
            raise InputError(f"no field {name!r} can be set", hint=f"fields are {', '.join(EDITABLE)}")
        if name in ("published", "updated"):
            try:
                fields[name] = day = stated(text) or iso_date(text)
            except ValueError as error:
                raise InputError(f"{value!r} is no date", hint="write it like 2021-12-07") from error
            if day and not is_possible(day):
                raise InputError(f"{value!r} is no date", hint="write it like 2021-12-07")
            continue
        if not isinstance(text, str | None):
            raise InputError(f"{value!r} is no text", hint="give a text")
        fields[name] = text or None
        if name in ("title", "language") and not text:
            raise InputError(f"an article cannot be without a {name}", hint="give one")
        if name == "language" and not re.fullmatch(r"[a-z]{2,3}", str(text)):
            raise InputError(f"{value!r} is no language code", hint="write two letters, such as de or en")
    if not fields:
        raise InputError("nothing to set", hint=f"give one of {', '.join(EDITABLE)}")
    return fields
