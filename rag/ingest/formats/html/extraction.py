"""trafilatura, loaded without the warning of a proxy library that it does without, and fed what is seen."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from rag.ingest.formats.html.hidden import without_hidden

_GAP: Final = re.compile(r"\n[ \t\r]*\n\s*")
_UNSEEN: Final = ("head", "script", "style", "title")
_BLOCKS: Final = tuple(
    """address article blockquote br center div footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section
    table td th tr ul""".split()
)


@lru_cache(maxsize=1)
def trafilatura() -> ModuleType:
    """Load the library when the first page is read; it takes a while."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3 says that PySocks is missing
        import trafilatura
    return trafilatura  # type: ignore[no-any-return]


def seen(page: bytes | str) -> Any:
    """Return a page's tree without what its reader cannot see, None where it is no page."""
    tree = trafilatura().load_html(page)
    return tree if tree is None else without_hidden(tree)


def page_text(page: str) -> str:
    """Return all the text of a page or a piece of one, block by block; "" where it shows none."""
    tree = seen(page)
    if tree is None:
        return ""
    for element in list(tree.iter(*_UNSEEN)):
        element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.text = f"\n\n{element.text or ''}"
        element.tail = f"\n\n{element.tail or ''}"
    blocks = (" ".join(block.split()) for block in _GAP.split(str(tree.text_content())))
    return "\n\n".join(block for block in blocks if block)


def piece_text(piece: str) -> str:
    """Return the text of a piece of a page amid other text: nothing hidden in it is taken for most of it."""
    return page_text(f"<p>{'x' * len(piece)}</p>{piece}").partition("\n\n")[2]
