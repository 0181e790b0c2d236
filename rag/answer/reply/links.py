"""A reply's text → the same without links that no article gave, as an injected article could ask for."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from rag.ingest.text.characters import visible

_LABEL: Final = r"\[(?P<label>(?:[^\[\]\n]|\[[^\[\]\n]{0,100}\]){0,200})\]"
_LINK: Final = re.compile(rf"!?{_LABEL}\(\s*(?:<(?P<angle>[^<>\n]*)>?|(?P<target>[^)\s]*))[^)]{{0,200}}\)?")
_TAG: Final = re.compile(r"</?[a-zA-Z!][^<>]*>")
_ADDRESS: Final = re.compile(r":|//|\\|www\.")  # what makes of a target more than a word in brackets
_LOOSE: Final = r"data|javascript|vbscript|mailto|tel|file|blob|about|intent|view-source"
_BARE: Final = re.compile(
    r"<?(?:[a-z][a-z0-9+.-]{0,20}:/{1,2}(?=\S|$)|(?<![:/\w])//(?=\w)|\\\\(?=\w)|www\.(?=\S|$)"
    rf"|(?<![a-z])(?:{_LOOSE}):(?=[^\s\d\"'“”„»«]|\+))[^\s<>\"'\])]*>?",
    re.IGNORECASE,
)
_TAIL: Final = ".,;:!?"


def without_links(text: str, known: Collection[str]) -> tuple[str, int]:
    """Return a text without links, tags and addresses but those in `known`, and how many were taken out.

    A link's label stays, an image goes with its description: only its address could carry data away. An
    address that has only begun, as in a reply that is being written, goes too.
    """
    removed = 0

    def link(match: re.Match[str]) -> str:
        nonlocal removed
        target = match["angle"] or match["target"] or ""
        if target in known or not _ADDRESS.search(target):
            return match.group()
        removed += 1
        return match["label"]

    def tag(match: re.Match[str]) -> str:
        nonlocal removed
        if match.group().strip("<>") in known or not _ADDRESS.search(match.group()):
            return match.group()
        removed += 1
        return ""

    def bare(match: re.Match[str]) -> str:
        nonlocal removed
        address = match.group().strip("<>")
        kept = address.rstrip(_TAIL)
        if kept in known:
            return match.group()
        removed += 1
        return address[len(kept) :]

    text = visible(text)
    for _ in range(2):  # a link's label can be an image
        text = _LINK.sub(link, text)
    return _BARE.sub(bare, _TAG.sub(tag, text)), removed
