"""The page's own files: stylesheets, scripts, fonts; read from the package, served by the page itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rag.ui.texts.languages import LANGUAGES

ASSETS: Final = Path(__file__).with_name("assets")
_STYLES: Final = ("page", "conversation", "panel", "collection", "touch")
_SERIFS: Final = tuple(f"page/fonts/source-serif-4-latin-{weight}-normal.woff2" for weight in (400, 600))


def asset(name: str) -> str:
    """Return the text of one of the page's files."""
    return (ASSETS / name).read_text(encoding="utf-8")


def head(fonts: Sequence[str] = ()) -> str:
    """Load stylesheets and script before Gradio's own, so that nothing is ever shown unstyled.

    As files and not by Gradio's `css=`, which rewrites selectors. Their addresses change with their
    content, so that a new page never meets an old file in the browser's cache. The fonts, `fonts` among
    them, are asked for at once, so that no line is broken anew when they come.
    """
    asked = [
        f'<link rel="preload" href="{name}" as="font" type="font/woff2" crossorigin>'
        for name in (*_SERIFS, *fonts)
    ]
    styles = [f'<link rel="stylesheet" href="{address(f"{name}.css")}">' for name in _STYLES]
    languages = " ".join(LANGUAGES)
    script = f'<script defer src="{address("page.js")}" data-languages="{languages}"></script>'
    return "\n".join([*asked, *styles, script])


def address(name: str) -> str:
    """Return where one of the page's files is served, relative to the page."""
    return f"page/{name}?{hashlib.sha256(asset(name).encode()).hexdigest()[:8]}"
