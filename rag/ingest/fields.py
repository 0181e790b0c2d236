"""What dumps and front matter call a field → our name for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# What others call a field, where a record has none of our name; in lower case, words apart by "_".
_ALIASES: Final[Mapping[str, str]] = {
    "text": """body content article fulltext full_text maintext article_text articlebody volltext artikeltext
        inhalt""",
    "title": "headline heading titel überschrift schlagzeile",
    "publisher": "source outlet publication sitename site_name newspaper source_domain medium quelle zeitung",
    "author": "authors byline autor autorin autoren autor/in creator",
    "published": """date pubdate pub_date publish_date published_at published_date publishedat date_publish
        date_published datepublished publication_date datum erscheinungsdatum veröffentlicht""",
    "updated": """lastmod modified updated_at last_modified date_modified datemodified updatedat aktualisiert
        geändert""",
    "url": "link uri canonical_url canonical adresse",
    "language": "lang sprache",
}
NAMES: Final = (*_ALIASES, "id", "agency")


def named(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a record by our names; `columns` says what one is called otherwise.

    Fields that are empty are left out.
    """
    given = {_plain(name): value for name, value in record.items() if value not in (None, "")}
    found = {}
    for field in NAMES:
        names = [columns[field]] if field in columns else [field, *_ALIASES.get(field, "").split()]
        value = next((given[_plain(name)] for name in names if _plain(name) in given), None)
        if value is not None:
            found[field] = value
    publisher = found.get("publisher")
    if isinstance(publisher, str) and publisher.startswith(("http://", "https://")):  # a clipper's `source`
        found.setdefault("url", found.pop("publisher"))
    return found


def has_text(names: list[str], columns: Mapping[str, str]) -> bool:
    """Tell whether one of the columns of a table holds the text."""
    return "text" in named(dict.fromkeys(names, True), columns)


def _plain(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").split())
