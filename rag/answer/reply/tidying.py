"""A language model's reply → its text without what the rules forbid around it, and without a broken end."""

from __future__ import annotations

import re
from typing import Final

from rag.answer.markers import MARKER, PATTERN
from rag.answer.reply.statements import statements

_LABEL: Final = re.compile(
    r"^[\s#*]*(?:final answer|answer|antwort)[\s*]*(?::[\s*]*|\*\*\s+|\n\s*)", re.IGNORECASE
)
# A list of sources at the end, which the rules forbid: what it names is cited above.
_SOURCES: Final = re.compile(
    r"\n[\s#*]*(?:Quellen?|Quellenangaben?|Belege|Sources?|References|Citations)[*\s]*(?::|\n)[\s\S]*$",
    re.IGNORECASE,
)
# A line of such a list: a marker and what it stands for, or a title and its marker, but no sentence.
_LISTED: Final = re.compile(
    rf"[\s*•–-]*(?:\d+[.)]\s*)?(?:{PATTERN}.*|[^\[\]]*(?:{PATTERN}[\s,;*]*)+|[^.!?\[\]]{{0,80}})"
)
_BROKEN: Final = re.compile(r"\s*[\[【(][^\]】)\n]*$")  # what would have become a marker
_ENDED: Final = re.compile(rf"[.!?…:][\s*\"“”»«]*(?:\s*{PATTERN})*[\s.!?*]*$|{PATTERN}$")


def unlabelled(text: str) -> str:
    """Return a text without "Answer:" before it."""
    return _LABEL.sub("", text)


def unlisted(text: str) -> str:
    """Return a text without a list of sources at its end that names none but those cited above."""
    found = _SOURCES.search(text)
    if found is None:
        return text
    above = text[: found.start()]
    _, *lines = re.split(r"\n|:(?=\s)", found.group().strip(), maxsplit=1)
    named = [line for line in "".join(lines).splitlines() if line.strip()]
    listed = set(MARKER.findall(found.group()))
    is_list = listed <= set(MARKER.findall(above)) and all(map(_LISTED.fullmatch, named))
    return above.rstrip() if is_list and above.strip() else text


def whole(text: str, language: str) -> str:
    """Return a text that was cut off without the sentence it was cut off in, unless that is cited."""
    text = _BROKEN.sub("", text)
    made = statements(text, language)
    if not made or made[-1].markers or _ENDED.search(text):
        return text
    return text[: made[-2].span.end].rstrip() if len(made) > 1 else ""
