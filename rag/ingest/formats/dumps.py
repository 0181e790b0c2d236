"""A dump of articles (JSONL or CSV) → its records one by one, in bounded memory."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.formats.fields import has_text, named
from rag.ingest.formats.html.extraction import page_text
from rag.ingest.text.characters import decode, is_binary

_MARKUP: Final = re.compile(r"</p>|<br\b", re.IGNORECASE)  # of a text that is a piece of a page
_SAMPLE_BYTES: Final = 65_536
_JSON_BYTES: Final = 8  # of one character at most: "\\u00e4" needs six, and the other fields some more


def jsonl(
    file: BinaryIO, columns: Mapping[str, str], max_chars: int
) -> Iterator[tuple[int, Draft | InputError]]:
    """Yield line number and draft of every line that is not blank; of a bad line the error.

    Raises:
        InputError: the file is no text.
    """
    if is_binary(file.read(_SAMPLE_BYTES)):
        raise InputError("this is a binary file, not JSONL", hint="write it as UTF-8 text")
    file.seek(0)
    for number, line in enumerate(_bounded_lines(file, _JSON_BYTES * max_chars), start=1):
        if line.strip():
            try:
                yield number, _json_draft(line, columns, max_chars)
            except InputError as error:
                yield number, error


def table(
    file: BinaryIO, columns: Mapping[str, str], max_chars: int
) -> Iterator[tuple[int, Draft | InputError]]:
    """Yield line number and draft of every row of a CSV file with a head; of a bad row the error.

    Raises:
        InputError: the file is no text, or has no column with the text.
    """
    sample = file.read(_SAMPLE_BYTES)
    if not sample.strip():
        return
    encoding = _encoding(sample)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    csv.field_size_limit(_JSON_BYTES * max_chars)
    rows = csv.DictReader(lines, delimiter=_delimiter(sample))
    rows.fieldnames = [" ".join(name.split()) for name in rows.fieldnames or ()]
    names = [name for name in rows.fieldnames if name]
    if not has_text(names, columns):
        raise InputError(
            f"no column holds the text; there are: {', '.join(names)[:200]}",
            hint="name it: --map text=COLUMN",
        )
    for row in _rows(rows):
        if isinstance(row, InputError):
            yield rows.line_num, row
            continue
        record = {str(name): value for name, value in row.items() if name}
        if "text" in named(record, columns):
            yield rows.line_num, _draft(record, columns, _replaced(record, encoding))
        else:
            yield rows.line_num, InputError("the row has no text", hint="fill its column, or take it out")
    lines.detach()


def _delimiter(sample: bytes) -> str:
    """Return what stands between the columns of a CSV file's head, a comma where that is not clear."""
    head, _ = decode(sample)
    try:
        return csv.Sniffer().sniff(head.split("\n")[0] + "\n", delimiters=",;\t|").delimiter
    except csv.Error:
        return ","


def _rows(rows: csv.DictReader[str]) -> Iterator[dict[str | Any, Any] | InputError]:
    """Yield the rows that can be read, and for each other one the error."""
    while True:
        try:
            yield next(rows)
        except csv.Error as error:
            yield InputError(f"not valid CSV: {error}", hint="put quotation marks around the text")
        except StopIteration:
            return


def _replaced(record: Mapping[str, Any], encoding: str) -> tuple[str, ...]:
    damaged = any("\ufffd" in value for value in record.values() if isinstance(value, str))
    warning = f"bytes that are not {encoding} were replaced by \ufffd"
    return (warning,) if damaged else ()


def _encoding(sample: bytes) -> str:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # its end may lie within a character
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _bounded_lines(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Yield the lines of a file; of one that is longer than `max_bytes` its beginning stands in."""
    while line := file.readline(max_bytes):
        yield line
        while line and not line.endswith(b"\n"):
            line = file.readline(max_bytes)


def _json_draft(line: bytes, columns: Mapping[str, str], max_chars: int) -> Draft:
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
    if not isinstance(record, dict):
        raise InputError(
            "no JSON object with a string `text`", hint='write lines like {"id": "1", "text": "…"}'
        )
    return _draft(record, columns, tuple(warnings))


def _draft(record: Mapping[str, Any], columns: Mapping[str, str], warnings: tuple[str, ...]) -> Draft:
    fields = named(record, columns)
    text = fields.pop("text", None)
    if not isinstance(text, str):
        raise InputError(
            "no JSON object with a string `text`",
            hint='write lines like {"id": "1", "text": "…"}, or name the column: --map text=COLUMN',
        )
    return Draft(page_text(text) if _MARKUP.search(text) else text, fields, warnings)


def mark(text: str) -> str:
    """Return what stands for the id of a record that has none: a hash of its text."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
