"""A PDF → the text of its article: columns in reading order, divided words whole, running heads gone."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.ink import Ink
from rag.ingest.layout import joined

_PAGES: Final = 1_000
_EDGE: Final = 3  # lines at the top and the bottom of a page among which running heads are looked for
_NUMBER: Final = re.compile(
    r"^\W*(?:(?:seite|page|s\.|p\.)\s*)?\d{1,4}(?:\s*(?:/|von|of)\s*\d{1,4})?\W*$", re.I
)
_END: Final = re.compile(r"""[.!?…]['"“”»«)\]]*$""")


@dataclass(frozen=True, slots=True)
class _Run:
    """Text in one row of a page: its box in points, from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        return self.top - self.bottom


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
            raise InputError("the PDF is locked with a password", hint="save it without one") from error
        raise InputError(
            "this is no PDF that can be read, or a damaged one", hint="export it again"
        ) from error
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
    pages: list[list[_Run]] = []
    size, images = 0, False
    for number in range(count):
        page = document[number]
        try:
            rows = _rows(list(_runs(page)))
            images = images or (not rows and any(one.type == _IMAGE for one in page.get_objects(max_depth=2)))
        finally:
            page.close()
        size += sum(len(row.text) for row in rows)
        if size > 2 * max_chars:
            break  # the article's own limit names it
        pages.append(_reading_order(rows))
    if not size:
        if images:
            raise InputError(
                "the PDF is scanned: its pages are pictures without text",
                hint="run text recognition over it first, for example ocrmypdf",
            )
        raise InputError(f"the PDF holds no text on its {count:,} pages", hint="give a PDF with text")
    kept = _without_running_heads(pages)
    title = str(document.get_metadata_value("Title") or "").strip()
    author = str(document.get_metadata_value("Author") or "").strip()
    fields = {"author": author or None}
    if title and " " in title and any(title in row.text for page in pages for row in page[:5]):
        fields["title"] = title  # else it is rather the name of a file
    return Draft("\n\n".join(_paragraphs(kept)), fields)


_DIVIDED: Final = ("\x02", "\ufffe")  # pdfium's signs for a hyphen at a line's end
_IMAGE: Final = 3  # FPDF_PAGEOBJ_IMAGE


def _runs(page: Any) -> Iterator[_Run]:
    """Yield the text of a page in the order it is written in, as far as it is seen.

    What stands right behind each other in a row is one run, however many times the type changes in it.
    """
    textpage = page.get_textpage()
    ink = Ink(page, textpage)
    run: _Run | None = None
    try:
        for first, piece in _pieces(textpage):
            if piece.text.isspace() and "\n" not in piece.text:
                run = run and replace(run, text=run.text + " ")
                continue
            if run is not None and not _goes_on(run, piece):
                yield _tidy(run)
                run = None
            if not piece.text.isspace() and ink.shows(
                first, piece.left, piece.bottom, piece.right, piece.top
            ):
                run = piece if run is None else _together(run, piece)
        if run is not None:
            yield _tidy(run)
    finally:
        textpage.close()


def _pieces(textpage: Any) -> Iterator[tuple[int, _Run]]:
    """Yield what one order of the page writes in one row, behind the number of its first character.

    White space that pdfium finds between such pieces is a piece, too.
    """
    count = textpage.count_chars()
    for _, numbers in groupby(range(count), key=lambda number: _order(textpage, number)):
        first, piece = 0, None
        for number in numbers:
            left, bottom, right, top = textpage.get_charbox(number)
            one = _Run(left, bottom, right, top, _sign(textpage, number))
            if piece is None:
                first, piece = number, one
            elif one.text.isspace():
                piece = replace(piece, text=piece.text + one.text)
            elif _goes_on(piece, one):
                piece = _together(piece, one)
            else:
                yield first, piece
                first, piece = number, one
        if piece is not None:
            yield first, piece


def _order(textpage: Any, number: int) -> int:
    """Return what tells the order that writes a character from the others of a page; 0 where none does."""
    import pypdfium2.raw as pdfium

    drawn = pdfium.FPDFText_GetTextObject(textpage, number)
    return ctypes.addressof(drawn.contents) if drawn else 0


def _sign(textpage: Any, number: int) -> str:
    import pypdfium2.raw as pdfium

    sign = chr(pdfium.FPDFText_GetUnicode(textpage, number))
    if sign in _DIVIDED:
        return "-"
    return "\n" if sign == "\r" else " " if sign == "\0" else sign


def _goes_on(run: _Run, after: _Run) -> bool:
    """Tell whether text stands in the row of a run, right behind it."""
    if "\n" in after.text:
        return False
    overlap = min(run.top, after.top) - max(run.bottom, after.bottom)
    height = max(run.height, after.height)
    return overlap > -0.5 * height and -height <= after.left - run.right <= 0.9 * height


def _together(run: _Run, after: _Run) -> _Run:
    return _Run(
        min(run.left, after.left), min(run.bottom, after.bottom), max(run.right, after.right),
        max(run.top, after.top), run.text + after.text,
    )  # fmt: skip


def _tidy(run: _Run) -> _Run:
    whole = run.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return replace(run, text=" ".join(whole.split()))


def _rows(runs: list[_Run]) -> list[_Run]:
    """Join runs that stand side by side with no more than a word's space between them."""
    rows: list[_Run] = []
    for run in sorted(runs, key=lambda one: (-round(one.bottom), one.left)):
        for place, row in enumerate(rows):
            overlap = min(row.top, run.top) - max(row.bottom, run.bottom)
            near = -1 <= run.left - row.right <= 0.9 * max(row.height, run.height)
            if overlap > 0.5 * min(row.height, run.height) and near:
                gap = "" if run.left - row.right < 0.08 * row.height else " "
                rows[place] = _Run(
                    row.left,
                    min(row.bottom, run.bottom),
                    run.right,
                    max(row.top, run.top),
                    row.text + gap + run.text,
                )
                break
        else:
            rows.append(run)
    return rows


def _reading_order(rows: Sequence[_Run]) -> list[_Run]:
    """Order the rows of a page by recursive XY cuts (Nagy and Seth 1984): columns first, then bands."""
    if len(rows) < 2:
        return list(rows)
    gutter = _cut(sorted((row.left, row.right) for row in rows), least=6.0)
    if gutter is not None:
        sides = [row for row in rows if row.right <= gutter], [row for row in rows if row.left >= gutter]
        if min(map(len, sides)) >= 3:
            return _reading_order(sides[0]) + _reading_order(sides[1])
    band = _cut(sorted((row.bottom, row.top) for row in rows), least=0.5)
    if band is None:
        return sorted(rows, key=lambda row: (-row.top, row.left))
    upper = [row for row in rows if row.bottom >= band]
    return _reading_order(upper) + _reading_order([row for row in rows if row.bottom < band])


def _cut(intervals: Sequence[tuple[float, float]], least: float) -> float | None:
    """Return the middle of the widest gap between intervals, None where none is wide enough."""
    best, middle, reach = least, None, intervals[0][1]
    for start, end in intervals[1:]:
        if start - reach > best:
            best, middle = start - reach, (start + reach) / 2
        reach = max(reach, end)
    return middle


def _without_running_heads(pages: Sequence[Sequence[_Run]]) -> list[list[_Run]]:
    """Take out page numbers, and rows at the edge of a page that other pages repeat."""

    def edge(page: Sequence[_Run]) -> list[_Run]:
        upright = sorted(page, key=lambda row: -row.top)
        return upright[:_EDGE] + upright[-_EDGE:]

    def key(row: _Run) -> str:
        return re.sub(r"\d+", "#", row.text.lower())

    repeats = Counter(one for page in pages for one in {key(row) for row in edge(page)})
    often = max(2, len(pages) // 3)
    kept = []
    for page in pages:
        edges = edge(page)
        kept.append(
            [
                row
                for row in page
                if row not in edges or not (_NUMBER.match(row.text) or repeats[key(row)] >= often)
            ]
        )
    return kept


def _paragraphs(pages: Sequence[Sequence[_Run]]) -> Iterator[str]:
    """Yield paragraphs: rows are joined until one ends early, a gap follows or the size of type changes."""
    rows = [row for page in pages for row in page]
    spacing = sorted(above.bottom - below.bottom for above, below in pairwise(rows))
    spaced = [gap for gap in spacing if 0 < gap < 60] or [12.0]
    usual = spaced[(len(spaced) - 1) // 4]  # of a short text, half the rows may end a paragraph
    paragraph: list[_Run] = []
    for row in rows:
        if paragraph:
            last = paragraph[-1]
            gap = last.bottom - row.bottom
            moved = gap <= 0  # to another column or page, where a paragraph may go on
            sized = abs(last.height - row.height) > 0.45 * max(last.height, row.height)
            width = max(one.right - one.left for one in paragraph)
            early = _END.search(last.text) and last.right - last.left < 0.85 * width
            if sized or early or (_END.search(last.text) if moved else gap > 1.35 * usual):
                yield joined([one.text for one in paragraph])
                paragraph = []
        paragraph.append(row)
    if paragraph:
        yield joined([one.text for one in paragraph])
