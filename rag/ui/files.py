"""The page's own files: stylesheets, scripts, fonts; read from the package, served by the page itself."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from rag.ui.texts import LANGUAGES

ASSETS: Final = Path(__file__).with_name("assets")
_STYLES: Final = ("page", "conversation", "panel", "collection")
_FONTS: Final = ("source-serif-4-latin-400-normal", "source-serif-4-latin-600-normal")


def asset(name: str) -> str:
    """Return the text of one of the page's files."""
    return (ASSETS / name).read_text(encoding="utf-8")


def head() -> str:
    """Load stylesheets and script before Gradio's own, so that nothing is ever shown unstyled.

    As files and not by Gradio's `css=`, which rewrites selectors. Their addresses change with their
    content, so that a new page never meets an old file in the browser's cache. The fonts that every page
    uses are asked for at once, so that no line is broken anew when they come.
    """
    fonts = [
        f'<link rel="preload" href="page/fonts/{name}.woff2" as="font" type="font/woff2" crossorigin>'
        for name in _FONTS
    ]
    styles = [f'<link rel="stylesheet" href="{address(f"{name}.css")}">' for name in _STYLES]
    languages = " ".join(LANGUAGES)
    script = f'<script defer src="{address("page.js")}" data-languages="{languages}"></script>'
    return "\n".join([*fonts, *styles, script])


def address(name: str) -> str:
    """Return where one of the page's files is served, relative to the page."""
    return f"page/{name}?{hashlib.sha256(asset(name).encode()).hexdigest()[:8]}"
