"""A saved web page → the article in it, comments and navigation left behind."""

from __future__ import annotations

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.extraction import seen, trafilatura
from rag.ingest.metadata import iso_date


def read_html(content: bytes) -> Draft:
    """Return the article that trafilatura finds in a page, and what the page says of it.

    Raises:
        InputError: it is no page, or none of an article.
    """
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
