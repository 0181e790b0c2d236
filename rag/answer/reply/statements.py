"""An answer's text → its statements, each with the markers that belong to it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from rag.answer.markers import MARKER, PATTERN
from rag.calendar import ITEM
from rag.ingest.text.sentences import sentences
from rag.schema import Span, Statement

# Markers, bold type, and the number or bullet of a list are no part of a sentence.
_MARKUP: Final = re.compile(rf"{PATTERN}|\*+|^[ \t]*(?:{ITEM}|[-•–])[ \t]+|^[ \t]*\#+[ \t]", re.MULTILINE)
_LIST: Final = re.compile(rf"\n[ \t]*(?:{ITEM}|[-•–]|#+)[ \t]+\**$")
_LEADING: Final = re.compile(rf"[ \t]*(?:(?:{ITEM}|[-•–])[ \t]+)?{PATTERN}")
_TRAILING: Final = re.compile(rf"{PATTERN}[\s.!?…*]*$")


def statements(text: str, language: str) -> list[Statement]:
    """Cut an answer's text into its statements, each with the markers in it or right behind it.

    In a line that begins with a marker and ends with none, markers stand before what they belong to.
    """
    masked = _MARKUP.sub(lambda match: " " * len(match.group()), text)
    spans = [span for span in sentences(masked, language) if _says(masked[span.start : span.end])]
    starts = [_start(text, span.start) for span in spans]
    found = []
    for span, (start, until) in zip(spans, pairwise([*starts, len(text)]), strict=True):
        behind = _LIST.sub("", text[span.end : until]).rstrip()
        whole = Span(min(start, span.start), span.end + len(behind))
        markers = MARKER.findall(text[whole.start : whole.end])
        found.append(Statement(whole, tuple(dict.fromkeys(markers))))
    return found


def _says(sentence: str) -> bool:
    return any(character.isalnum() for character in sentence)


def _start(text: str, start: int) -> int:
    """Return where a sentence starts with the markers before it, where its line has them there."""
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    line = text[begin : end if end >= 0 else len(text)]
    if not _LEADING.match(line) or _TRAILING.search(line):
        return start
    lead = re.search(rf"(?:{PATTERN}[\s*:–-]*)+$", text[begin:start])
    return begin + lead.start() if lead else start
