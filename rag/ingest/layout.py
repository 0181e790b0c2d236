"""Lines as a printer or a mail program broke them → paragraphs."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from typing import Final

_HYPHEN: Final = re.compile(r"(\w)[-\u2010\u00ad]$")
_TOGETHER: Final = re.compile(r"^(?:und|oder|bzw|sowie|and|or)\b")  # "Ein- und Ausfuhr" keeps its hyphen
_END: Final = re.compile(r"""[.!?…:]['"“”»«)\]]*$""")
_WRAPPED: Final = range(45, 101)  # characters of a line that was broken to fit a width
_LEAST: Final = 3  # lines of a paragraph that can show it


def joined(lines: Sequence[str]) -> str:
    """Return the lines of a paragraph as one, words that were divided at a line's end whole again."""
    text = ""
    for line in (one.strip() for one in lines):
        divided = _HYPHEN.search(text)
        if divided and line[:1].islower() and not _TOGETHER.match(line):
            text = text[:-1] + line
        elif divided and not line[:1].isspace():
            text += line if not _TOGETHER.match(line) else " " + line
        else:
            text = f"{text} {line}" if text else line
    return text


def unwrapped(text: str) -> str:
    """Return a text with every paragraph on one line, where its lines were broken to fit a width.

    A paragraph is taken for broken when its lines but the last are of a like length and most of them end
    within a sentence; all others stay as they are.
    """
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n\n".join(_block(block.split("\n")) for block in blocks)


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
