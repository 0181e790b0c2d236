"""A file of any known format → articles, each with its warnings; what cannot be read raises or is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final

from rag import language
from rag.errors import InputError
from rag.ingest.cleaning import Cleaned, Removed, clean
from rag.ingest.metadata import guessed, headline, iso_date
from rag.ingest.text import canonical, decode, encodable, is_binary
from rag.schema import Article, Source

_TEXT_HINT: Final = "give a file with the text of an article"
_SAMPLE_BYTES: Final = 65_536
_JSON_BYTES: Final = 8  # of one character at most: "\\u00e4" needs six, and the other fields some more


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read from `where` (a file, or a line of it)."""

    where: str
    article: Article
    warnings: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()  # the lines of the page that are none of the article


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that did not become an article."""

    where: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    """Text and whatever its file says about it, before canonical form and guesses."""

    text: str
    fields: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    scraped: bool = True  # it may hold lines of a page; False where a person wrote the file as an article


def read(path: Path, article_id: str, max_chars: int) -> Iterator[Reading | Failure]:
    """Yield the articles of one file; a dump yields one per line, and names its bad lines.

    Every other problem is yielded as the one Failure of the file: reading never raises for bad input.
    """
    where = encodable(str(path))
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _read_dump(path, where, max_chars)
            return
        draft = _FORMATS[path.suffix.lower()](_content(path, max_chars))
        yield _reading(where, draft, article_id, where, max_chars)
    except InputError as error:
        yield Failure(where, str(error), error.hint)
    except OSError as error:
        yield Failure(
            where, f"cannot be read: {error.strerror or error}", "check the path and its permissions"
        )


def read_page(content: bytes, suffix: str, given: Mapping[str, Any], origin: str, max_chars: int) -> Reading:
    """Read an article from the bytes of a known format; what is `given` wins over what they say themselves.

    Raises:
        InputError: no article can be made of it.
    """
    draft = _FORMATS[suffix](content)
    fields = {**draft.fields, **{name: value for name, value in given.items() if value}}
    return _reading(origin, replace(draft, fields=fields), str(fields["id"]), origin, max_chars)


def _reading(where: str, draft: _Draft, article_id: str, origin: str, max_chars: int) -> Reading:
    """Make an article of a draft: canonical text, the page's lines taken out, fields told and guessed."""
    text = canonical(draft.text)
    _check(text, max_chars)
    told = {name: value for name, value in draft.fields.items() if _line(value) is not None}
    title = _line(told.get("title"))
    cleaned = clean(text, title) if draft.scraped else Cleaned(text)
    guesses = _guesses(text, cleaned) if draft.scraped else {}
    made = article({**guesses, **told, "id": article_id}, cleaned.text, origin, max_chars)
    unsaid = {*guesses, "title", "language"} - told.keys()
    source = replace(made.source, guessed=frozenset(unsaid))
    return Reading(where, replace(made, source=source), draft.warnings, cleaned.removed)


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
            title=_line(fields.get("title")) or headline(text, fallback=article_id),
            language=code,
            publisher=_line(fields.get("publisher")),
            author=_line(fields.get("author")),
            published=_date(fields, "published"),
            url=_line(fields.get("url")),
            origin=origin,
            agency=_line(fields.get("agency")),
            updated=_date(fields, "updated"),
        ),
        text,
    )


def _check(text: str, max_chars: int) -> None:
    if not any(character.isalpha() for character in text):
        raise InputError("it holds no text", hint=_TEXT_HINT)
    if len(text) > max_chars:
        raise InputError(
            f"its text has {len(text):,} characters, the limit for one article is {max_chars:,}",
            hint="split it into articles, or raise RAG_ARTICLE_MB",
        )


def _date(fields: Mapping[str, Any], name: str) -> date | None:
    try:
        return iso_date(fields.get(name))
    except ValueError as error:
        raise InputError(
            f"`{name}` is no date: {fields.get(name)!r}", hint="write it like 2021-12-07"
        ) from error


def _content(path: Path, max_chars: int) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise InputError("the file is empty", hint=_TEXT_HINT)
    if size > 4 * max_chars:  # UTF-8 needs four bytes for a character at most
        raise InputError(
            f"the file has {size / 1e6:.1f} MB, too much for one article",
            hint="split it into articles (or a .jsonl dump), or raise RAG_ARTICLE_MB",
        )
    return path.read_bytes()


# -- formats ----------------------------------------------------------------------------------------------


def _read_text(content: bytes) -> _Draft:
    text, warnings = decode(content)
    return _Draft(text, {}, tuple(warnings))


def _read_markdown(content: bytes) -> _Draft:
    from rag.ingest.markdown import front_matter, plain

    text, warnings = decode(content)
    fields, body = front_matter(text)
    return _Draft(plain(body), fields, tuple(warnings), scraped="title" not in fields)


def _read_html(content: bytes) -> _Draft:
    """Take the article out of a saved page with trafilatura, comments and navigation left behind."""
    from trafilatura import bare_extraction

    if b"\x00" in content[:1024] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("this is a binary file, not HTML", hint="save the page as HTML")
    page = bare_extraction(content, with_metadata=True, include_comments=False, include_tables=True)
    if page is None or not page.text:
        raise InputError(
            "no article was found on the page", hint="save the article's own page, or its text as .txt"
        )
    fields = {"title": page.title, "author": page.author, "url": page.url, "publisher": page.sitename}
    try:
        published = iso_date(page.date)
    except ValueError:
        published = None
    return _Draft(page.text.replace("\n", "\n\n"), fields | {"published": published})


_FORMATS: Final[dict[str, Callable[[bytes], _Draft]]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
}
SUFFIXES: Final = frozenset({*_FORMATS, ".jsonl"})


def _read_dump(path: Path, origin: str, max_chars: int) -> Iterator[Reading | Failure]:
    """Yield the articles of a JSONL dump, line by line, in bounded memory."""
    seen: dict[str, int] = {}
    number = 0
    with path.open("rb") as file:
        if is_binary(file.read(_SAMPLE_BYTES)):
            raise InputError("this is a binary file, not JSONL", hint="write it as UTF-8 text")
        file.seek(0)
        for number, line in enumerate(_bounded_lines(file, _JSON_BYTES * max_chars), start=1):
            if not line.strip():
                continue
            where = f"{origin}:{number}"
            try:
                reading = _dump_line(line, origin, where, max_chars)
            except InputError as error:
                yield Failure(where, str(error), error.hint)
                continue
            first = seen.setdefault(reading.article.id, number)
            if first != number:
                yield Failure(
                    where,
                    f"the id {reading.article.id!r} stands in line {first} already",
                    "give every article of a dump an id of its own",
                )
                continue
            yield reading
    if not seen and number == 0:
        yield Failure(origin, "the file is empty", "put one JSON object with `id` and `text` on each line")


def _bounded_lines(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Yield the lines of a file; of one that is longer than `max_bytes` its beginning stands in."""
    while line := file.readline(max_bytes):
        yield line
        while line and not line.endswith(b"\n"):
            line = file.readline(max_bytes)


def _dump_line(line: bytes, origin: str, where: str, max_chars: int) -> Reading:
    if len(line) >= _JSON_BYTES * max_chars:
        raise InputError(
            f"the line is longer than {len(line) / 1e6:.1f} MB", hint="put one article on each line"
        )
    text, warnings = decode(line)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"not valid JSON: {error}", hint="one JSON object a line, without line breaks in it"
        ) from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InputError(
            "no JSON object with a string `text`", hint='write lines like {"id": "1", "text": "…"}'
        )
    record["id"] = _line(record.get("id")) or _line(record.get("url"))
    if record["id"] is None:
        mark = hashlib.sha256(record["text"].encode(errors="replace")).hexdigest()[:12]
        record["id"] = f"{Path(origin).name}#{mark}"
    return _reading(where, _Draft(record["text"], record, tuple(warnings)), record["id"], origin, max_chars)


def _line(value: object) -> str | None:
    """Return a metadata value as one clean line, None where there is none."""
    if value is None:
        return None
    text = " ".join(canonical(", ".join(map(str, value)) if isinstance(value, list) else str(value)).split())
    return text or None


def _language(value: object) -> str | None:
    """Return the two-letter code of a language field such as "de", "de-AT" or "EN"."""
    text = _line(value)
    return text.lower().replace("_", "-").split("-")[0][:8] if text else None
