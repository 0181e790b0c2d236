"""A PDF → the text of its article: columns in reading order, divided words whole, running heads gone."""

from __future__ import annotations

import ctypes
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.dates import without_dates
from rag.ingest.draft import Draft
from rag.ingest.ink import IMAGE, Ink
from rag.ingest.layout import joined

_PAGES: Final = 1_000
_SPACE: Final = 0.7  # between words, of the height of type; columns stand further apart
_STRETCHED: Final = 2.0  # between words that are written one after the other
_JUSTIFIED: Final = 0.4  # share of the rows
_HYPHENATED: Final = re.compile(r"[-\u2010,;]$")
_INITIAL: Final = 1.5  # times the height of the other type
_LARGE: Final = 1.3  # times the height of the text: type with more space between its rows
_LEVEL: Final = 0.15
_GAP: Final = 0.065  # between letters of a word
_EDGE: Final = 3  # lines at the top and the bottom of a page among which running heads are looked for
_NUMBER: Final = re.compile(
    r"^\W*(?:(?:seite|page|s\.|p\.)\s*)?\d{1,4}(?:\s*(?:/|von|of)\s*\d{1,4})?\W*$", re.I
)
_END: Final = re.compile(r"""[.!?…]['"“”»«)\]]*$""")


@dataclass(frozen=True, slots=True)
class _Run:
    """Text in one row of a page: its box in points, from the lower left corner, and the height of its type.

    The box is as high as the type, whichever letters it has: "rung" stands in the row of "Die".
    """

    left: float
    bottom: float
    right: float
    top: float
    text: str
    size: float
    inked: tuple[float, float, float, float]  # the box of its letters alone

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
            raise InputError("this PDF is locked with a password", hint="save it without one") from error
        raise InputError("this PDF is damaged: it cannot be opened", hint="export it again") from error
    try:
        return _draft(document, max_chars)
    except pypdfium2.PdfiumError as error:
        raise InputError("this PDF is damaged: a page cannot be read", hint="export it again") from error
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
            images = images or (not rows and any(one.type == IMAGE for one in page.get_objects(max_depth=2)))
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
            if not piece.text.isspace() and ink.shows(first, *piece.inked):
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
            one = _letter(textpage, number)
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


def _letter(textpage: Any, number: int) -> _Run:
    """Return a character as a run; parts of a ligature do not say how high their type is: 0."""
    inked = textpage.get_charbox(number)
    box = textpage.get_charbox(number, loose=True)
    known = box != inked and box[3] > box[1] and box[2] >= box[0]
    left, bottom, right, top = box if known else inked
    return _Run(left, bottom, right, top, _sign(textpage, number), top - bottom if known else 0.0, inked)


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
    """Tell whether text that is written next stands in the row of a run, behind it.

    In justified type, words on one base line may stand as far apart as columns do.
    """
    if "\n" in after.text:
        return False
    overlap = min(run.top, after.top) - max(run.bottom, after.bottom)
    height = max(run.height, after.height)
    level = abs(run.bottom - after.bottom) <= _LEVEL * height
    most = (_STRETCHED if level else _SPACE) * height
    return overlap > -0.5 * height and -height <= after.left - run.right <= most


def _together(run: _Run, after: _Run, gap: str = "") -> _Run:
    """Return two runs as one; its type is that of the longer one, and its row where they differ much."""
    one, two = run.inked, after.inked
    inked = min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])
    main = run if (len(run.text) > len(after.text) and run.size) or not after.size else after
    alike = max(run.size, after.size) < _INITIAL * min(run.size, after.size)
    bottom, top = (
        (min(run.bottom, after.bottom), max(run.top, after.top)) if alike else (main.bottom, main.top)
    )
    left, right = min(run.left, after.left), max(run.right, after.right)
    return _Run(left, bottom, right, top, run.text + gap + after.text, main.size, inked)


def _tidy(run: _Run) -> _Run:
    whole = run.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return replace(run, text=" ".join(whole.split()), size=run.size or run.height)


def _rows(runs: list[_Run]) -> list[_Run]:
    """Join runs that stand side by side with no more than a word's space between them."""
    rows: list[_Run] = []
    for run in sorted(runs, key=lambda one: one.left):  # what a run goes on from stands left of it
        for place, row in enumerate(rows):
            overlap = min(row.top, run.top) - max(row.bottom, run.bottom)
            near = -1 <= run.left - row.right <= _SPACE * min(row.size, run.size)
            if overlap > 0.5 * min(row.height, run.height) and near:
                initial = len(row.text) == 1 and row.size > _INITIAL * run.size
                gap = "" if run.left - row.right < _GAP * row.size or initial else " "
                rows[place] = _together(row, run, gap)
                break
        else:
            rows.append(run)
    return sorted(rows, key=lambda row: (-round(row.bottom), row.left))


def _reading_order(rows: Sequence[_Run]) -> list[_Run]:
    """Order the rows of a page by recursive XY cuts (Nagy and Seth 1984): columns first, then bands."""
    ordered: list[_Run] = []
    waiting = [list(rows)]
    while waiting:
        parts = _parts(waiting.pop())
        if len(parts) > 1:
            waiting += reversed(parts)
        else:
            ordered += sorted(parts[0], key=lambda row: (-round(row.bottom), row.left))
    return ordered


def _parts(rows: list[_Run]) -> list[list[_Run]]:
    """Return the two parts of an area that are read one after the other, the area where it is one."""
    if len(rows) < 2:
        return [rows]
    gutter = _cut(sorted((row.inked[0], row.inked[2]) for row in rows), least=6.0)
    if gutter is not None:
        sides = [
            [row for row in rows if row.inked[2] <= gutter],
            [row for row in rows if row.inked[0] >= gutter],
        ]
        if min(map(len, sides)) >= 3:
            return sides
    band = _cut(sorted((row.inked[1], row.inked[3]) for row in rows), least=0.5)
    if band is None:
        return [rows]
    return [
        [row for row in rows if row.inked[1] >= band],
        [row for row in rows if row.inked[1] < band],
    ]


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


def _paragraphs(pages: Sequence[Sequence[_Run]]) -> Iterator[str]:
    """Yield paragraphs: rows are joined until one ends early, a gap follows or the size of type changes."""
    rows = [row for page in pages for row in page]
    if not rows:
        return
    usual = _Usual.of(rows)
    paragraph = rows[:1]
    for row in rows[1:]:
        if _begins(row, paragraph, usual):
            yield joined([one.text for one in paragraph])
            paragraph = []
        paragraph.append(row)
    yield joined([one.text for one in paragraph])


@dataclass(frozen=True, slots=True)
class _Usual:
    """What most rows of a text have: the height of their type, their width, and the step to the next."""

    size: float
    width: float
    step: float
    justified: bool  # most rows are equally wide: a short one ends a paragraph

    @classmethod
    def of(cls, rows: Sequence[_Run]) -> _Usual:
        size = statistics.median(row.size for row in rows for _ in row.text)
        width = statistics.median(row.right - row.left for row in rows for _ in row.text)
        steps = sorted(above.bottom - below.bottom for above, below in pairwise(rows))
        steps = [step for step in steps if 0.5 * size < step < 60] or [1.2 * size]
        step = steps[(len(steps) - 1) // 4]  # of a short text, half the rows may end a paragraph
        full = sum(abs(row.right - row.left - width) < 0.02 * width for row in rows)
        return cls(size, width, step, full > _JUSTIFIED * len(rows))


def _begins(row: _Run, paragraph: Sequence[_Run], usual: _Usual) -> bool:
    """Tell whether a row begins a paragraph, after the rows of another."""
    last = paragraph[-1]
    step = last.bottom - row.bottom
    if abs(step) < 0.3 * usual.size and row.left >= last.right:
        return False  # words of one row that stand far apart
    moved = step <= 0  # to another column or page, where a paragraph may go on
    sized = abs(last.size - row.size) > 0.2 * max(last.size, row.size)
    width = max(usual.width, *(one.right - one.left for one in paragraph))
    start = min(one.left for one in paragraph if abs(one.bottom - last.bottom) < 0.3 * usual.size)
    ended, short = bool(_END.search(last.text)), last.right - start < 0.85 * width
    cut = short and usual.justified and not _HYPHENATED.search(last.text) and not row.text[:1].islower()
    inset = not moved and 0.4 < (row.left - last.left) / row.size < 4
    scale = row.size / usual.size
    apart = ended if moved else step > 1.35 * usual.step * (scale if scale > _LARGE else 1.0)
    return sized or apart or cut or (ended and short) or (inset and (ended or short))
