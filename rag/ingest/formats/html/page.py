"""A saved web page → the article in it, comments and navigation left behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.formats.html.extraction import page_text, seen, trafilatura
from rag.ingest.metadata.bylines import author
from rag.ingest.metadata.dates import iso_date
from rag.ingest.text.characters import decode, decoded_as
from rag.ingest.text.layout import row

_HEAD_BYTES: Final = 4_096
_INLINED: Final = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]{100,}")  # pictures and fonts, written as text
_MOST_CHARS: Final = 8_000_000  # of markup and text; the text of an article has a limit of its own
_FULLER_CHARS: Final = 1_000_000  # of markup: a page of that size takes seconds to look at twice
_SITE: Final = re.compile(r"\s+[-–—|·]\s+([^-–—|·]{2,40}\S)")
_CELL_CHARS: Final = 300  # more are no cell of a table of facts
_TABLE: Final = ("tbody", "thead", "tfoot", "tr", "td")
_BYLINE_CHARS: Final = 150
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_MODIFIED: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
)
_DATE_MODIFIED: Final = re.compile(r'"dateModified"\s*:\s*"([^"]{4,40})"')
_RULE: Final = re.compile(r"\|[\s|:-]*-[\s|:-]*")  # between the head of a table and its rows


def read_html(content: bytes) -> Draft:
    """Return the article that trafilatura finds in a page, and what the page says of it.

    Raises:
        InputError: it is no page, too large a one, or none of an article.
    """
    if b"\x00" in content[:1024] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("this is a binary file, not HTML", hint="save the page as HTML")
    text, warnings = _decoded(content)
    text = _INLINED.sub("", text)
    if len(text) > _MOST_CHARS:
        raise InputError(
            f"the page has {len(text) / 1e6:.1f} MB without its pictures, too much for one article",
            hint="save the article's own page, or its text as .txt",
        )
    tree = _tree(text)
    page, changed, whole = None, None, ""
    if tree is not None:
        whole = " ".join((tree.findtext(".//title") or "").split())
        changed = _changed(tree)
        page = trafilatura().bare_extraction(
            tree, with_metadata=True, include_comments=False, include_tables=True
        )
    if page is None or not page.text:
        raise InputError(
            "no article was found on the page", hint="save the article's own page, or its text as .txt"
        )
    lines = page.text.split("\n")
    if len(text) <= _FULLER_CHARS:
        lines = _fuller(lines, text)
    writer = page.author or (_byline(text, lines, page.title) if len(text) <= _FULLER_CHARS else None)
    site = _named_after(whole, page.title) if page.title else None
    fields = {"title": page.title, "author": writer, "url": page.url, "publisher": page.sitename or site}
    published = _day(page.date)
    updated = changed if changed and published and changed > published else None
    days = {"published": published, "updated": updated}
    return Draft("\n\n".join(_rows(lines)), fields | days, tuple(warnings))


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """Return a page as text: UTF-8 or what its bytes or its head say, else an older encoding."""
    declared = _CHARSET.search(content[:_HEAD_BYTES])
    if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        for charset in ("utf-8-sig", declared[1].decode("ascii", errors="replace")):
            if (text := decoded_as(content, charset)) is not None:
                return text, []
    return decode(content)


def _tree(text: str) -> Any:
    """Return a page's tree without what is not seen, tables that only lay it out made its blocks."""
    tree = seen(text.encode(errors="replace"))
    for table in [] if tree is None else list(tree.iter("table")):
        cells = [cell for cell in table.iter("td") if len(cell.text_content()) > _CELL_CHARS]
        if cells and table.find(".//th") is None:
            _lay_open(table)
    return tree


def _lay_open(table: Any) -> None:
    """Make blocks of the cells of a table, and paragraphs of what is set apart in them by breaks."""
    own = [one for one in table.iter(*_TABLE) if next(one.iterancestors("table")) is table]
    for element in [table, *own]:
        element.tag = "div"
    for line_break in list(table.iter("br")):
        after = line_break.getnext()
        doubled = after is not None and after.tag == "br" and not (line_break.tail or "").strip()
        if doubled:
            line_break.tag = "p"


def _named_after(whole: str, headline: str) -> str | None:
    """Return what the title of a page adds to its headline: "Headline - The Outlet"."""
    match = _SITE.fullmatch(whole.removeprefix(headline)) if whole.startswith(headline) else None
    return match[1] if match else None


def _byline(text: str, lines: Sequence[str], headline: str | None) -> str | None:
    """Return who a page names between its headline and the first line of its article."""
    rows = page_text(text).split("\n\n")
    first = next((line for line in lines if line != headline), None)
    if headline not in rows or first not in rows:
        return None
    above = rows[rows.index(headline) + 1 : rows.index(first)]
    return author([row for row in above if len(row) < _BYLINE_CHARS], [first], [])


def _changed(tree: Any) -> date | None:
    """Return the day on which a page says that its article was changed last."""
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _MODIFIED and (day := _day(meta.get("content"))):
            return day
    for script in tree.iter("script"):
        stated = _DATE_MODIFIED.search(script.text or "") if "json" in (script.get("type") or "") else None
        if stated and (day := _day(stated[1])):
            return day
    return None


def _day(value: str | None) -> date | None:
    try:
        return iso_date(value)
    except ValueError:
        return None


def _fuller(lines: list[str], text: str) -> list[str]:
    """Return the lines of an article with those that trafilatura leaves out above and between them.

    Where a page does not mark its article, it takes paragraphs alone: lists, figures and the byline would be
    lost. Asked for more, it gives the page's own lines, too; those below the article are left behind.
    """
    more = trafilatura().bare_extraction(
        _tree(text), include_comments=False, include_tables=True, favor_recall=True
    )
    found = more.text.split("\n") if more is not None and more.text else []
    if not lines or not set(lines) <= set(found):
        return lines
    return found[: len(found) - found[::-1].index(lines[-1])]


def _rows(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of an extracted text, rows of its tables as "Land: 12 Millionen Euro"."""
    for line in lines:
        if _RULE.fullmatch(line):
            continue
        if line.startswith("|"):
            line = row(cell.strip() for cell in line.strip("| ").split(" |"))
        yield line
