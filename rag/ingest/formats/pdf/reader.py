"""A PDF → the text of its article: columns in reading order, divided words whole, running heads gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.formats.pdf.ink import IMAGE
from rag.ingest.formats.pdf.paragraphs import paragraphs
from rag.ingest.formats.pdf.rows import Run, reading_order, rows_of
from rag.ingest.metadata.dates import without_dates

_PAGES: Final = 1_000
_EDGE: Final = 3  # lines at the top and the bottom of a page among which running heads are looked for
_NUMBER: Final = re.compile(
    r"^\W*(?:(?:seite|page|s\.|p\.)\s*)?\d{1,4}(?:\s*(?:/|von|of)\s*\d{1,4})?\W*$", re.I
)


def read_pdf(content: bytes, max_chars: int) -> Draft:
    """Return the text of a PDF and what it says of itself.

    Raises:
        InputError: it is damaged, locked, scanned, or too long for an article.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError("this PDF is locked with a password", hint="save it without one") from error
        raise InputError("this PDF is damaged: it cannot be opened", hint="export it again") from error
    try:
        return _draft(document, max_chars)
    finally:
        document.close()


def _draft(document: Any, max_chars: int) -> Draft:
    count = len(document)
    if count > _PAGES:
        raise InputError(
            f"the PDF has {count:,} pages, the limit for one article is {_PAGES:,}",
            hint="split it into articles",
        )
    found = _pages(document, max_chars)
    if not any(found.rows):
        raise _textless(found, count)
    kept = _without_running_heads(found.rows)
    title = str(document.get_metadata_value("Title") or "").strip()
    author = str(document.get_metadata_value("Author") or "").strip()
    fields = {"author": author or None}
    if title and " " in title and any(title in row.text for page in found.rows for row in page[:5]):
        fields["title"] = title  # else it is rather the name of a file
    return Draft("\n\n".join(paragraphs(kept)), fields, found.warnings)


@dataclass(slots=True)
class _Pages:
    """What the pages of a PDF hold: rows in reading order, and the numbers of those that cannot be read."""

    rows: list[list[Run]] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    pictures: bool = False  # without text beside them

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be told of them."""
        if not self.damaged:
            return ()
        warning = f"damaged pages were left out: {', '.join(map(str, self.damaged))}"
        return (warning,)


def _pages(document: Any, max_chars: int) -> _Pages:
    import pypdfium2

    found, size = _Pages(), 0
    for number in range(len(document)):
        try:
            rows, pictures = _page(document, number)
        except pypdfium2.PdfiumError:
            found.damaged.append(number + 1)
            continue
        found.pictures |= pictures
        found.rows.append(reading_order(rows))
        size += sum(len(row.text) for row in rows)
        if size > 2 * max_chars:
            break  # the article's own limit names it
    return found


def _page(document: Any, number: int) -> tuple[list[Run], bool]:
    """Return the rows of a page, and whether it has pictures where it has no text."""
    page = document[number]
    try:
        rows = rows_of(page)
        return rows, not rows and any(one.type == IMAGE for one in page.get_objects(max_depth=2))
    finally:
        page.close()


def _textless(found: _Pages, count: int) -> InputError:
    if found.pictures:
        return InputError(
            "the PDF is scanned: its pages are pictures without text",
            hint="run text recognition over it first, for example ocrmypdf",
        )
    if found.damaged:
        return InputError("this PDF is damaged: no page can be read", hint="export it again")
    return InputError(f"the PDF holds no text on its {count:,} pages", hint="give a PDF with text")


def _without_running_heads(pages: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """Take out page numbers, and rows at the edge of a page that other pages repeat."""

    def edge(page: Sequence[Run]) -> list[Run]:
        upright = sorted(page, key=lambda row: -row.top)
        return upright[:_EDGE] + upright[-_EDGE:]

    def key(row: Run) -> str:
        return re.sub(r"\d+", "#", row.text.lower())

    repeats = Counter(one for page in pages for one in {key(row) for row in edge(page)})
    often = max(2, len(pages) // 3)
    kept = []
    for number, page in enumerate(pages):
        edges = edge(page)
        if not number:  # a running head with the day of the paper is left for the guess of it
            edges = [row for row in edges if without_dates(row.text) == row.text]
        kept.append(
            [
                row
                for row in page
                if row not in edges or not (_NUMBER.match(row.text) or repeats[key(row)] >= often)
            ]
        )
    return kept
