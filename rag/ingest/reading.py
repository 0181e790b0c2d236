"""A file of any known format → articles, each with its warnings; what cannot be read is named."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from rag.errors import InputError
from rag.ingest.cleaning.repetition import lines_beside
from rag.ingest.draft import Draft
from rag.ingest.finishing import TEXT_HINT, finished, one_line
from rag.ingest.formats import dumps, table
from rag.ingest.formats.table import DUMPS, KNOWN, ZIP, drafts, most_bytes
from rag.ingest.formats.zipped import members, opened, read_member
from rag.ingest.inputs import left_out
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.text.characters import encodable

_LOG: Final = logging.getLogger(__name__)
_ZIP_BYTES: Final = 500_000_000
_NESTED: Final = 1  # zips in a zip that are opened: its own
_Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One article of a dump before it is made of its draft, which is most of the work of reading it."""

    where: str  # the dump and the line
    origin: str
    draft: Draft | InputError
    share: float


def read(
    path: Path, article_id: str, max_chars: int, columns: _Columns | None = None
) -> Iterator[Reading | Failure]:
    """Yield the articles of one file; a dump yields one per line, and names its bad lines.

    `columns` says which column of a dump holds a field that is called otherwise there. Every other problem
    is yielded as the one Failure of the file: reading never raises for bad input.
    """
    suffix = table.suffix(path.name)
    if suffix in DUMPS:
        yield from distinct(made(record, max_chars) for record in records(path, max_chars, columns))
        return
    place = _Place(_shown(path), encodable(str(path)), article_id)
    with _failing(place.shown) as failures:
        if not suffix:
            name = path.suffix or "no suffix"
            raise InputError(f"{name}: not a format it can read", hint=f"it reads {KNOWN}")
        _check_size(path, suffix, max_chars)
        content = path.read_bytes()
        if suffix == ".txt":
            (draft,) = drafts(suffix, content, max_chars)
            draft = replace(draft, repeated=lines_beside(path))
            yield finished(place.shown, draft, article_id, place.origin, max_chars)
        else:
            yield from _contents(content, suffix, place, max_chars, columns or {})
    yield from failures


def records(path: Path, max_chars: int, columns: _Columns | None = None) -> Iterator[Record | Failure]:
    """Yield what stands in a dump line by line, in bounded memory; never raises, as `read`."""
    suffix, shown = table.suffix(path.name), _shown(path)
    with _failing(shown) as failures:
        _check_size(path, suffix, max_chars)
        with path.open("rb") as file:
            yield from _records(file, suffix, shown, encodable(str(path)), max_chars, columns or {})
    yield from failures


def made(record: Record | Failure, max_chars: int) -> Reading | Failure:
    """Make the article of a dump's record."""
    if isinstance(record, Failure):
        return record
    try:
        if isinstance(record.draft, InputError):
            raise record.draft
        fields = record.draft.fields
        name = f"{Path(record.origin).name}#{dumps.mark(record.draft.text)}"
        article_id = one_line(fields.get("id")) or one_line(fields.get("url")) or name
        reading = finished(record.where, record.draft, article_id, record.origin, max_chars)
    except InputError as error:
        return Failure(record.where, str(error), error.hint)
    except Exception as error:
        return unforeseen(record.where, error)
    return replace(reading, share=record.share)


def distinct(readings: Iterable[Reading | Failure]) -> Iterator[Reading | Failure]:
    """Yield the articles of a dump; one whose id stood in an earlier line fails."""
    seen: dict[str, str] = {}
    for one in readings:
        if isinstance(one, Reading) and seen.setdefault(one.article.id, one.where) != one.where:
            line = seen[one.article.id].rpartition(":")[2]
            yield Failure(
                one.where,
                f"the id {one.article.id!r} stands in line {line} already",
                "give every article of a dump an id of its own",
            )
        else:
            yield one


def read_page(
    content: bytes,
    suffix: str,
    certain: Mapping[str, Any],
    likely: Mapping[str, Any],
    origin: str,
    max_chars: int,
) -> Reading:
    """Read an article from the bytes of a known format.

    What is `certain` of it wins over what the bytes say themselves, what is `likely` fills the gaps.

    Raises:
        InputError: no article can be made of it.
    """
    draft, *others = drafts(suffix, content, max_chars)
    if others:
        warning = f"only the first of its {1 + len(others):,} articles was taken"
        draft = replace(draft, warnings=(*draft.warnings, warning))
    fields: dict[str, Any] = {}
    for said in (likely, draft.fields, certain):
        fields |= {name: value for name, value in said.items() if value}
    return finished(origin, replace(draft, fields=fields), str(fields["id"]), origin, max_chars)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where bytes come from: how it is shown, the file on disk, and the id its article will have."""

    shown: str
    origin: str
    article_id: str

    def part(self, name: str) -> _Place:
        """Return the place of something inside it."""
        shown = " ".join(name.split())
        return _Place(f"{self.shown}/{shown}", self.origin, encodable(f"{self.article_id}/{name}"))


def _contents(
    content: bytes, suffix: str, place: _Place, max_chars: int, columns: _Columns, depth: int = 0
) -> Iterator[Reading | Failure]:
    """Yield the articles of a file's bytes.

    Raises:
        InputError: they hold none.
    """
    if suffix == ZIP:
        yield from _zipped(content, place, max_chars, columns, depth)
    elif suffix in DUMPS:
        yield from _dump(io.BytesIO(content), suffix, place.shown, place.origin, max_chars, columns)
    else:
        for draft in drafts(suffix, content, max_chars):
            inner = place.part(draft.part) if draft.part else place
            yield finished(inner.shown, draft, inner.article_id, inner.origin, max_chars)


def _zipped(
    content: bytes, place: _Place, max_chars: int, columns: _Columns, depth: int
) -> Iterator[Reading | Failure]:
    """Yield the articles of the files in a zip, name those that hold none, pass over other files."""
    found = False
    with opened(content) as archive:
        for name in members(archive):
            suffix = table.suffix(name)
            if not suffix or left_out(PurePosixPath(name).name):
                continue
            found = True
            inner = place.part(name)
            try:
                if suffix == ZIP and depth >= _NESTED:
                    raise InputError("a zip in a zip in a zip is not opened", hint="unpack it yourself")
                inside = read_member(archive, name, most_bytes(suffix, max_chars))
                yield from _contents(inside, suffix, inner, max_chars, columns, depth + 1)
            except InputError as error:
                yield Failure(inner.shown, str(error), error.hint)
            except Exception as error:
                yield unforeseen(inner.shown, error)
    if not found:
        raise InputError("the zip holds no article", hint=f"it reads {KNOWN}")


def _dump(
    file: BinaryIO, suffix: str, shown: str, origin: str, max_chars: int, columns: _Columns
) -> Iterator[Reading | Failure]:
    return distinct(
        made(record, max_chars) for record in _records(file, suffix, shown, origin, max_chars, columns)
    )


def _records(
    file: BinaryIO, suffix: str, shown: str, origin: str, max_chars: int, columns: _Columns
) -> Iterator[Record | Failure]:
    empty = True
    size = max(file.seek(0, io.SEEK_END), 1)
    file.seek(0)
    lines = dumps.jsonl if suffix == ".jsonl" else dumps.table
    for number, draft in lines(file, columns, max_chars):
        empty = False
        yield Record(f"{shown}:{number}", origin, draft, file.tell() / size)
    if empty:
        yield Failure(shown, "the file is empty", "put one JSON object with `id` and `text` on each line")


@contextmanager
def _failing(where: str) -> Iterator[list[Failure]]:
    """Turn an error of reading a file into the one Failure of the list, to be yielded after it."""
    failures: list[Failure] = []
    try:
        yield failures
    except InputError as error:
        failures.append(Failure(where, str(error), error.hint))
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        failures.append(Failure(where, message, "check the path and its permissions"))
    except Exception as error:
        failures.append(unforeseen(where, error))


def unforeseen(where: str, error: Exception) -> Failure:
    """Return the failure of an input at which a reader breaks in a way that nobody foresaw."""
    _LOG.exception("%s cannot be read", where)
    said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return Failure(where, f"it cannot be read ({encodable(said)})", "give its text as .txt")


def _shown(path: Path) -> str:
    return encodable(" ".join(str(path).split("\n")))


def _check_size(path: Path, suffix: str, max_chars: int) -> None:
    """Check what a file weighs before it is read.

    Raises:
        InputError: it is no file, empty, or too large for an article of its format.
    """
    path.stat()  # raises where there is nothing
    if not path.is_file() and not path.is_dir():
        raise InputError("it is no regular file", hint=TEXT_HINT)
    size = path.stat().st_size
    if size == 0:
        raise InputError("the file is empty", hint=TEXT_HINT)
    limit = _ZIP_BYTES if suffix == ZIP else most_bytes(suffix, max_chars)
    if suffix not in DUMPS and size > limit:
        raise InputError(
            f"the file has {size / 1e6:.1f} MB, too much for one article",
            hint="split it into articles (or a .jsonl dump), or raise RAG_ARTICLE_MB",
        )
