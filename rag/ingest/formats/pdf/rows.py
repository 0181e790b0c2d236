"""A page of a PDF → its rows of text, and these in reading order."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from rag.ingest.formats.pdf.ink import Ink

_SPACE: Final = 0.7  # between words, of the height of type; columns stand further apart
_STRETCHED: Final = 2.0  # between words that are written one after the other
_INITIAL: Final = 1.5  # times the height of the other type
_LEVEL: Final = 0.15
_GAP: Final = 0.065  # between letters of a word


@dataclass(frozen=True, slots=True)
class Run:
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


_DIVIDED: Final = ("\x02", "\ufffe")  # pdfium's signs for a hyphen at a line's end


def rows_of(page: Any) -> list[Run]:
    """Return the rows of a page, as far as they are seen, from top to bottom."""
    return _rows(list(_runs(page)))


def _runs(page: Any) -> Iterator[Run]:
    """Yield the text of a page in the order it is written in, as far as it is seen.

    What stands right behind each other in a row is one run, however many times the type changes in it.
    """
    textpage = page.get_textpage()
    ink = Ink(page, textpage)
    run: Run | None = None
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


def _pieces(textpage: Any) -> Iterator[tuple[int, Run]]:
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


def _letter(textpage: Any, number: int) -> Run:
    """Return a character as a run; parts of a ligature do not say how high their type is: 0."""
    inked = textpage.get_charbox(number)
    box = textpage.get_charbox(number, loose=True)
    known = box != inked and box[3] > box[1] and box[2] >= box[0]
    left, bottom, right, top = box if known else inked
    return Run(left, bottom, right, top, _sign(textpage, number), top - bottom if known else 0.0, inked)


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


def _goes_on(run: Run, after: Run) -> bool:
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


def _together(run: Run, after: Run, gap: str = "") -> Run:
    """Return two runs as one; its type is that of the longer one, and its row where they differ much."""
    one, two = run.inked, after.inked
    inked = min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])
    main = run if (len(run.text) > len(after.text) and run.size) or not after.size else after
    alike = max(run.size, after.size) < _INITIAL * min(run.size, after.size)
    bottom, top = (
        (min(run.bottom, after.bottom), max(run.top, after.top)) if alike else (main.bottom, main.top)
    )
    left, right = min(run.left, after.left), max(run.right, after.right)
    return Run(left, bottom, right, top, run.text + gap + after.text, main.size, inked)


def _tidy(run: Run) -> Run:
    whole = run.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return replace(run, text=" ".join(whole.split()), size=run.size or run.height)


def _rows(runs: list[Run]) -> list[Run]:
    """Join runs that stand side by side with no more than a word's space between them."""
    rows: list[Run] = []
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


def reading_order(rows: Sequence[Run]) -> list[Run]:
    """Order the rows of a page by recursive XY cuts (Nagy and Seth 1984): columns first, then bands."""
    ordered: list[Run] = []
    waiting = [list(rows)]
    while waiting:
        parts = _parts(waiting.pop())
        if len(parts) > 1:
            waiting += reversed(parts)
        else:
            ordered += sorted(parts[0], key=lambda row: (-round(row.bottom), row.left))
    return ordered


def _parts(rows: list[Run]) -> list[list[Run]]:
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
