"""A reply's text → the same without links that no article gave, as an injected article could ask for."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_LINK: Final = re.compile(
    r"!?\[(?P<label>[^\]\n]{0,200})\]\(\s*<?(?P<target>[a-zA-Z][\w+.-]*:[^)\s>]*)>?[^)\n]*\)?"
)
_BARE: Final = re.compile(
    r"<?(?:(?:https?|ftp|wss?)://|\bwww\.|\b(?:data|javascript):)[^\s<>\"'\])]+>?", re.IGNORECASE
)
_TAIL: Final = ".,;:!?"


def without_links(text: str, known: Collection[str]) -> tuple[str, int]:
    """Return a text without links and addresses but those in `known`, and how many were taken out.

    A link's label stays, an image goes with its description: only its address could carry data away.
    """
    removed = 0

    def link(match: re.Match[str]) -> str:
        nonlocal removed
        if match["target"] in known:
            return match.group()
        removed += 1
        return match["label"]

    def bare(match: re.Match[str]) -> str:
        nonlocal removed
        address = match.group().strip("<>")
        kept = address.rstrip(_TAIL)
        if kept in known:
            return match.group()
        removed += 1
        return address[len(kept) :]

    return _BARE.sub(bare, _LINK.sub(link, text)), removed
