"""The bytes of a file and its suffix → drafts of the articles in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.extraction import seen, trafilatura
from rag.ingest.layout import unwrapped
from rag.ingest.metadata import iso_date
from rag.ingest.text import decode

MAX_BYTES: Final = 64_000_000  # of a file that holds pictures and type beside its text


def drafts(suffix: str, content: bytes, max_chars: int) -> Iterator[Draft]:
    """Yield what a file of a known suffix holds; most formats hold one article.

    Raises:
        InputError: the bytes are none of the format, or hold no article.
    """
    if suffix in _TEXT:
        yield _TEXT[suffix](content)
    elif suffix == ".pdf":
        from rag.ingest.pdf import read_pdf

        yield read_pdf(content, max_chars)
    elif suffix in (".eml", ".mhtml", ".mht"):
        from rag.ingest.mail import read_mail, read_mhtml

        yield (read_mail if suffix == ".eml" else read_mhtml)(content, _read_html)
    else:
        from rag.ingest.office import read_docx, read_epub, read_odt

        if suffix == ".epub":
            yield from read_epub(content, _read_html)
        else:
            yield (read_docx if suffix == ".docx" else read_odt)(content)


def _read_text(content: bytes) -> Draft:
    text, warnings = decode(content)
    return Draft(unwrapped(text), {}, tuple(warnings))


def _read_markdown(content: bytes) -> Draft:
    from rag.ingest.markdown import front_matter, plain

    text, warnings = decode(content)
    fields, body = front_matter(text)
    return Draft(plain(body), fields, tuple(warnings), scraped="title" not in fields)


def _read_html(content: bytes) -> Draft:
    """Take the article out of a saved page with trafilatura, comments and navigation left behind."""
    if b"\x00" in content[:1024] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("this is a binary file, not HTML", hint="save the page as HTML")
    tree = seen(content)
    page = None
    if tree is not None:
        page = trafilatura().bare_extraction(
            tree, with_metadata=True, include_comments=False, include_tables=True
        )
    if page is None or not page.text:
        raise InputError(
            "no article was found on the page", hint="save the article's own page, or its text as .txt"
        )
    fields = {"title": page.title, "author": page.author, "url": page.url, "publisher": page.sitename}
    try:
        published = iso_date(page.date)
    except ValueError:
        published = None
    return Draft(page.text.replace("\n", "\n\n"), fields | {"published": published})


_TEXT: Final[dict[str, Callable[[bytes], Draft]]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
}
TEXTS: Final = frozenset({".txt", ".text"})
PLAIN: Final = frozenset(_TEXT)
PACKED: Final = frozenset({".pdf", ".docx", ".odt", ".epub", ".eml", ".mhtml", ".mht"})
DUMPS: Final = frozenset({".jsonl", ".ndjson", ".csv", ".tsv"})
SUFFIXES: Final = PLAIN | PACKED | DUMPS | {".zip"}
