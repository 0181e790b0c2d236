"""A file's name → its format; the bytes of a format → drafts of the articles in it.

A further format is a reader in a module of its own, and a line in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Final

from rag.ingest.draft import Draft

MAX_BYTES: Final = 64_000_000  # of a file that holds pictures and type beside its text
Reader = Callable[[bytes, int], Iterable[Draft]]  # bytes, most characters of an article; raises InputError


def suffix(name: str) -> str:
    """Return the suffix by which the format of a file is known, "" where it is none that can be read."""
    own = PurePath(name).suffix.lower()
    own = _ALIASES.get(own, own)
    return own if own in FORMATS else ""


def drafts(suffix: str, content: bytes, max_chars: int) -> Iterator[Draft]:
    """Yield what a file holds that is read at once; most formats hold one article.

    Raises:
        InputError: the bytes are none of the format, or hold no article.
    """
    yield from READERS[suffix](content, max_chars)


# What a reader needs is loaded with the first file of its format.


def _text(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.layout import unwrapped
    from rag.ingest.text import decode

    text, warnings = decode(content)
    yield Draft(unwrapped(text), {}, tuple(warnings))


def _markdown(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.markdown import read_markdown

    yield read_markdown(content)


def _html(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.page import read_html

    yield read_html(content)


def _mail(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.mail import read_mail

    yield read_mail(content)


def _mhtml(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.mail import read_mhtml

    yield read_mhtml(content)


def _pdf(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.pdf import read_pdf

    yield read_pdf(content, max_chars)


def _docx(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.office import read_docx

    yield read_docx(content)


def _odt(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.office import read_odt

    yield read_odt(content)


def _epub(content: bytes, max_chars: int) -> Iterator[Draft]:
    from rag.ingest.office import read_epub

    return read_epub(content)


READERS: Final[dict[str, Reader]] = {
    ".txt": _text,
    ".md": _markdown,
    ".html": _html,
    ".eml": _mail,
    ".mhtml": _mhtml,
    ".pdf": _pdf,
    ".docx": _docx,
    ".odt": _odt,
    ".epub": _epub,
}
PLAIN: Final = (".txt", ".md", ".html")  # those that weigh what their text weighs
DUMPS: Final = (".jsonl", ".csv")  # of many articles, read line by line
ZIP: Final = ".zip"  # of files of any format
FORMATS: Final = (*READERS, *DUMPS, ZIP)
KNOWN: Final = " ".join(FORMATS)
_ALIASES: Final = {
    ".text": ".txt",
    ".markdown": ".md",
    ".htm": ".html",
    ".mht": ".mhtml",
    ".ndjson": ".jsonl",
    ".tsv": ".csv",
}
SUFFIXES: Final = frozenset((*FORMATS, *_ALIASES))
