"""What dumps and front matter call a field → our name for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

# What others call a field, where a record has none of our name; in lower case, words apart by "_".
_ALIASES: Final[Mapping[str, str]] = {
    "text": """body content article fulltext full_text maintext article_text articlebody volltext artikeltext
        inhalt""",
    "title": "headline heading titel überschrift schlagzeile",
    "publisher": """source outlet publication site sitename site_name newspaper source_domain medium quelle
        zeitung""",
    "author": "authors byline autor autorin autoren autor/in creator",
    "published": """date pubdate pub_date publish_date published_at published_date publishedat date_publish
        date_published datepublished publication_date datum erscheinungsdatum veröffentlicht""",
    "updated": """lastmod modified updated_at last_modified date_modified datemodified updatedat aktualisiert
        geändert""",
    "url": "link uri canonical_url canonical adresse",
    "language": "lang sprache",
}
_LINKED: Final = re.compile(r"^\[\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]$")
NAMES: Final = (*_ALIASES, "id", "agency")


def named(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a record by our names; `columns` says what one is called otherwise.

    Fields that are empty are left out.
    """
    addresses: list[Any] = []
    given = {_plain(name): value for name, value in record.items() if value not in (None, "")}
    found = {}
    for field in NAMES:
        names = [columns[field]] if field in columns else [field, *_ALIASES.get(field, "").split()]
        values = [given[_plain(name)] for name in names if _plain(name) in given]
        if field == "publisher":
            addresses = [value for value in values if is_address(value)]
            values = [value for value in values if not is_address(value)]
        if values:
            found[field] = _unlinked(values[0])
    if addresses:  # a clipper's `source`
        found.setdefault("url", addresses[0])
    return found


def is_address(value: Any) -> bool:
    """Tell whether a value is an address on the web."""
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _unlinked(value: Any) -> Any:
    """Return a value, or a list of some, without the brackets of note programs: "[[Anna Muster]]"."""
    if isinstance(value, list):  # no lists in it: YAML can make few bytes a great many of them
        return [_LINKED.sub(r"\1", one) if isinstance(one, str) else one for one in value]
    return _LINKED.sub(r"\1", value) if isinstance(value, str) else value


def has_text(names: list[str], columns: Mapping[str, str]) -> bool:
    """Tell whether one of the columns of a table holds the text."""
    return "text" in named(dict.fromkeys(names, True), columns)


def _plain(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").split())
