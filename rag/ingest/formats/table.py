"""A file's name → its format; the bytes of a format → drafts of the articles in it.

A further format is a reader in a module of its own, and a line in the table below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from rag.ingest.draft import Draft
from rag.ingest.formats.zipped import MAX_BYTES

Reader = Callable[[bytes, int], Iterable[Draft]]  # bytes, most characters of an article; raises InputError
_UTF8_BYTES: Final = 4  # of a character, at most


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one kind are known, and who reads them."""

    suffixes: tuple[str, ...]  # the first one is its name
    read: Reader
    media_types: tuple[str, ...] = ()  # by which servers name it
    is_text: bool = False  # its bytes are characters of some encoding
    is_plain: bool = False  # its files weigh what their text weighs: no pictures are in them


def suffix(name: str) -> str:
    """Return the suffix by which the format of a file is known, "" where it is none that can be read."""
    return _NAMES.get(PurePath(name).suffix.lower(), "")


def of_media_type(media_type: str) -> str:
    """Return the suffix of the format that a server names so, "" where that says nothing."""
    return next((one.suffixes[0] for one in _TABLE if media_type in one.media_types), "")


def is_article(suffix: str) -> bool:
    """Tell whether files of a format are read at once; most hold one article."""
    return suffix in _READ_AT_ONCE


def drafts(suffix: str, content: bytes, max_chars: int) -> Iterator[Draft]:
    """Yield what a file holds that is read at once.

    Raises:
        InputError: the bytes are none of the format, or hold no article.
    """
    yield from _READ_AT_ONCE[suffix].read(content, max_chars)


def most_bytes(suffix: str, max_chars: int) -> int:
    """Return what a file may weigh that is held in memory, so that an article of `max_chars` fits in it."""
    text = _UTF8_BYTES * max_chars
    return text if suffix in PLAIN else max(text, MAX_BYTES)


# What a reader needs is loaded with the first file of its format.


def _text(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.text.characters import decode
    from rag.ingest.text.layout import unwrapped

    text, warnings = decode(content)
    yield Draft(unwrapped(text), {}, tuple(warnings))


def _markdown(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.markdown import read_markdown

    yield read_markdown(content)


def _html(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.html.page import read_html

    yield read_html(content)


def _mail(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.mail import read_mail

    yield read_mail(content)


def _mhtml(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.mail import read_mhtml

    yield read_mhtml(content)


def _pdf(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.pdf.reader import read_pdf

    yield read_pdf(content, max_chars)


def _docx(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.office import read_docx

    yield read_docx(content)


def _odt(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.office import read_odt

    yield read_odt(content)


def _epub(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.formats.office import read_epub

    return read_epub(content)


_TABLE: Final = (
    Format((".txt", ".text"), _text, ("text/plain",), is_text=True, is_plain=True),
    Format((".md", ".markdown"), _markdown, ("text/markdown",), is_text=True, is_plain=True),
    Format((".html", ".htm"), _html, ("text/html", "application/xhtml+xml"), is_text=True),
    Format((".eml",), _mail, ("message/rfc822",)),
    Format((".mhtml", ".mht"), _mhtml, ("multipart/related",)),
    Format((".pdf",), _pdf, ("application/pdf",)),
    Format((".docx",), _docx, ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)),
    Format((".odt",), _odt, ("application/vnd.oasis.opendocument.text",)),
    Format((".epub",), _epub, ("application/epub+zip",)),
)
_READ_AT_ONCE: Final = {one.suffixes[0]: one for one in _TABLE}
DUMPS: Final = (".jsonl", ".csv")  # of many articles, read line by line
ZIP: Final = ".zip"  # of files of any format
TEXTS: Final = tuple(one.suffixes[0] for one in _TABLE if one.is_text)
PLAIN: Final = tuple(one.suffixes[0] for one in _TABLE if one.is_plain)
FORMATS: Final = (*_READ_AT_ONCE, *DUMPS, ZIP)
KNOWN: Final = " ".join(FORMATS)
_NAMES: Final = {
    **{other: one.suffixes[0] for one in _TABLE for other in one.suffixes},
    **{one: one for one in (*DUMPS, ZIP)},
    ".ndjson": ".jsonl",
    ".tsv": ".csv",
}
SUFFIXES: Final = frozenset(_NAMES)
