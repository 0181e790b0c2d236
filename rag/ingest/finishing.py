"""A draft → the article it makes: canonical text without the page's lines, fields told and guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any, Final

from rag import language
from rag.errors import InputError
from rag.ingest.cleaning.clean import Cleaned, clean
from rag.ingest.draft import Draft
from rag.ingest.metadata.dates import is_possible, iso_date, stated
from rag.ingest.metadata.guesses import guessed
from rag.ingest.metadata.headlines import headline
from rag.ingest.outcomes import Reading
from rag.ingest.text.characters import canonical, encodable
from rag.schema import Article, Source

_MOST_VALUES: Final = 100  # of one field: authors
TEXT_HINT: Final = "give a file with the text of an article"
_LANGUAGE_NAMES: Final = {"deutsch": "de", "german": "de", "englisch": "en", "english": "en"}


def finished(where: str, draft: Draft, article_id: str, origin: str, max_chars: int) -> Reading:
    """Make an article of a draft: canonical text, the page's lines taken out, fields told and guessed."""
    text = canonical(draft.text)
    _check(text, max_chars)
    told, warnings = _told(draft.fields, text)
    title = one_line(told.get("title"))
    cleaned = clean(text, title, draft.repeated, draft.links) if draft.scraped else Cleaned(text)
    guesses = _guesses(text, cleaned) if draft.scraped else {}
    made = article({**guesses, **told, "id": article_id}, cleaned.text, origin, max_chars)
    unsaid = {*guesses, "title", "language"} - told.keys()
    source = replace(made.source, guessed=frozenset(unsaid))
    return Reading(where, replace(made, source=source), (*draft.warnings, *warnings), cleaned.removed)


def _told(fields: Mapping[str, Any], text: str) -> tuple[dict[str, Any], list[str]]:
    """Return the fields that say something, without a day of change that is none, and a warning of that."""
    told = {name: value for name, value in fields.items() if one_line(value) is not None}
    try:
        _date(told, "updated", text)
    except InputError as error:
        del told["updated"]
        return told, [str(error)]
    return told, []


def _guesses(text: str, cleaned: Cleaned) -> Mapping[str, Any]:
    removed = [(one.text, one.reason) for one in cleaned.removed]
    found = guessed(text, cleaned.text, removed, cleaned.headline, date.today())
    return found if cleaned.headline is None else {**found, "title": cleaned.headline}


def article(fields: Mapping[str, Any], text: str, origin: str, max_chars: int) -> Article:
    """Make an article of a text and the fields known of it, guessing title and language where missing.

    Raises:
        InputError: no text, too much of it, or a date that is none.
    """
    text = canonical(text)
    _check(text, max_chars)
    code = _language(fields.get("language")) or language.detect(text)
    article_id = encodable(str(fields["id"]))
    return Article(
        Source(
            id=article_id,
            title=one_line(fields.get("title")) or headline(text, fallback=article_id),
            language=code,
            publisher=one_line(fields.get("publisher")),
            author=one_line(fields.get("author")),
            published=_date(fields, "published", text),
            url=one_line(fields.get("url")),
            origin=origin,
            agency=one_line(fields.get("agency")),
            updated=_date(fields, "updated", text),
        ),
        text,
    )


def _check(text: str, max_chars: int) -> None:
    if not any(character.isalpha() for character in text):
        raise InputError("it holds no text", hint=TEXT_HINT)
    if len(text) > max_chars:
        raise InputError(
            f"its text has {len(text):,} characters, the limit for one article is {max_chars:,}",
            hint="split it into articles, or raise RAG_ARTICLE_MB",
        )


def _date(fields: Mapping[str, Any], name: str, text: str) -> date | None:
    """Return the day that a field gives, None where it gives none, or one on which nothing was published."""
    value = fields.get(name)
    if isinstance(value, list | Mapping):
        value = one_line(value)
    try:
        day = iso_date(value)
    except ValueError as error:
        day = stated(value, text)
        if day is None:
            raise InputError(f"`{name}` is no date: {value!r}", hint="write it like 2021-12-07") from error
    return day if day and is_possible(day) else None


def one_line(value: object) -> str | None:
    """Return a metadata value as one clean line, None where there is none.

    It is text, a number or a day, a mapping with such a `name` ({"id": null, "name": "BBC News"}), or a list
    of them.

    Raises:
        InputError: it is anything else, or too long a list.
    """
    several = value if isinstance(value, list) else [value]
    if len(several) > _MOST_VALUES:
        raise InputError(f"a field has {len(several):,} values", hint=f"give at most {_MOST_VALUES}")
    said = ", ".join(one for one in map(_said, several) if one)
    return " ".join(canonical(said).split()) or None


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("name")
    if value is None:
        return ""
    if not isinstance(value, str | int | float | date | time):
        raise InputError(
            f"a field holds a {type(value).__name__} in the place of text",
            hint="give text, or a list of texts",
        )
    return str(value)


def _language(value: object) -> str | None:
    """Return the code of a language field such as "de", "de-AT", "EN" or "Deutsch", else None."""
    name = (one_line(value) or "").lower().replace("_", "-").split("-")[0]
    code = _LANGUAGE_NAMES.get(name, name)
    return code if len(code) in (2, 3) and code.isascii() and code.isalpha() else None
