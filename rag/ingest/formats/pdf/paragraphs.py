"""Rows of text → paragraphs, by where rows end, by gaps and by the size of type."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rag.ingest.formats.pdf.rows import Run
from rag.ingest.text.layout import joined

_JUSTIFIED: Final = 0.4  # share of the rows
_HYPHENATED: Final = re.compile(r"[-\u2010,;]$")
_LARGE: Final = 1.3  # times the height of the text: type with more space between its rows
_END: Final = re.compile(r"""[.!?…]['"“”»«)\]]*$""")


def paragraphs(pages: Sequence[Sequence[Run]]) -> Iterator[str]:
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
    def of(cls, rows: Sequence[Run]) -> _Usual:
        size = statistics.median(row.size for row in rows for _ in row.text)
        width = statistics.median(row.right - row.left for row in rows for _ in row.text)
        steps = sorted(above.bottom - below.bottom for above, below in pairwise(rows))
        steps = [step for step in steps if 0.5 * size < step < 60] or [1.2 * size]
        step = steps[(len(steps) - 1) // 4]  # of a short text, half the rows may end a paragraph
        full = sum(abs(row.right - row.left - width) < 0.02 * width for row in rows)
        return cls(size, width, step, full > _JUSTIFIED * len(rows))


def _begins(row: Run, paragraph: Sequence[Run], usual: _Usual) -> bool:
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
