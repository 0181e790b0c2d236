"""Lines as a printer or a mail program broke them → paragraphs."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

_HYPHEN: Final = re.compile(r"(\w)[-\u2010\u00ad]$")
_TOGETHER: Final = re.compile(r"^(?:und|oder|bzw|sowie|and|or)\b")  # "Ein- und Ausfuhr" keeps its hyphen
_END: Final = re.compile(r"""[.!?…:]['"“”»«)\]]*$""")
_WRAPPED: Final = range(45, 101)  # characters of a line that was broken to fit a width
_FULL: Final = 0.86  # of a column's width: a shorter line has room for another word
_RAGGED: Final = 0.7  # where a long word did not fit
_OVER: Final = 1.15
_NEARLY_ALL: Final = 0.85
_LEAST: Final = 3  # lines of a paragraph that can show it


def joined(lines: Sequence[str]) -> str:
    """Return the lines of a paragraph as one, words that were divided at a line's end whole again."""
    parts: list[str] = []
    for line in filter(None, (one.strip() for one in lines)):
        divided = parts and _HYPHEN.search(parts[-1][-2:])
        if divided and line[:1].islower() and not _TOGETHER.match(line):
            parts[-1] = parts[-1][:-1]
        elif parts and (not divided or _TOGETHER.match(line)):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def unwrapped(text: str) -> str:
    """Return a text with every paragraph on one line, where its lines were broken to fit a width.

    A paragraph is taken for broken when its lines but the last are of a like length and most of them end
    within a sentence, or when in most of the text no line has room for the next one's first word; all others
    stay as they are.
    """
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts = [[line.rstrip() for line in block.split("\n")] for block in blocks]
    if column := _column(parts):
        return "\n\n".join("\n".join(_set(part, column)) for part in parts)
    width = _width(parts)
    return "\n\n".join(joined(part) if width and _fills(part, width) else _block(part) for part in parts)


def row(cells: Iterable[str]) -> str:
    """Return a row of a table as a reader would say it: "Bund: 40 Prozent, 2 Schiffe"."""
    first, *others = cells
    rest = ", ".join(filter(None, others))
    return f"{first}: {rest}" if first and rest else first or rest


def _column(parts: Sequence[Sequence[str]]) -> int:
    """Return how wide the column of print is that a text was copied from, 0 where it is from none.

    Words divided at the ends of lines show it; nearly all lines must be of that width or shorter.
    """
    pairs = [(line, after) for part in parts for line, after in pairwise(part)]
    divided = [len(line) for line, after in pairs if _HYPHEN.search(line[-2:]) and after[:1].islower()]
    if len(divided) < _LEAST:
        return 0
    width = max(divided)
    narrow = [len(line) <= _OVER * width for part in parts for line in part]
    return width if sum(narrow) >= _NEARLY_ALL * len(narrow) else 0


def _set(part: Sequence[str], width: float) -> list[str]:
    """Return the paragraphs of a block set in a column: a line that is too short or too long ends one."""
    made: list[list[str]] = [[part[0]]]
    for line, after in pairwise(part):
        full = _FULL if _END.search(line) else _RAGGED
        flows = any(_HYPHEN.search(one[-2:]) for one in (line, after)) or _END.search(after)
        heads = len(after) < _RAGGED * width and not flows
        ended = (len(line) < full * width or heads) and not after[:1].islower()
        if ended or max(len(line), len(after)) > _OVER * width:
            made.append([])
        made[-1].append(after)
    return [joined(lines) for lines in made]


def _width(parts: Sequence[Sequence[str]]) -> int:
    """Return the width that the lines of a text were broken to fit, 0 where most were not."""
    several = [part for part in parts if len(part) > 1]
    width = max((len(line) for part in several for line in part), default=0)
    if width + 1 not in _WRAPPED:
        return 0
    filled = [part for part in several if _fills(part, width)]
    pairs = sum(len(part) - 1 for part in filled)
    return width if len(filled) > 1 and pairs >= _LEAST and 2 * len(filled) > len(several) else 0


def _fills(part: Sequence[str], width: int) -> bool:
    """Tell whether every line of a paragraph but the last has no room for the next one's first word."""
    return len(part) > 1 and all(
        line and after and len(f"{line} {after.split()[0]}") > width for line, after in pairwise(part)
    )


def _block(lines: list[str]) -> str:
    full = [line.rstrip() for line in lines[:-1]]
    if len(lines) < _LEAST or not all(len(line) in _WRAPPED for line in full):
        return "\n".join(lines)
    open_ended = sum(not _END.search(line) for line in full) / len(full)
    even = statistics.pstdev(map(len, full)) < 0.15 * statistics.mean(map(len, full))
    lowered = sum(line.lstrip()[:1].islower() for line in lines[1:]) / len(full)
    if even and open_ended >= 0.5 and (lowered >= 0.2 or len(full) > 4):
        return joined(lines)
    return "\n".join(lines)
