"""Hostile text → HTML in which it can only be read; every string of the page goes through here."""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import urlsplit

# Markdown, LaTeX, Handlebars and JavaScript templates all begin with one of these; as character
# references they are text to each of them, whichever of them the page's framework runs.
_PUNCTUATION: Final = re.compile(r"[\n\r!-+/:<-@\[-`{-~]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def escape(text: str) -> str:
    """Write text as HTML that no parser can take for markup, in content and in quoted attributes."""
    visible = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", visible)


def unescape(markup: str) -> str:
    """Return the text that `escape` was given, control characters aside."""
    return html.unescape(markup)


def web_address(url: str | None) -> str | None:
    """Return `url` where it is an http(s) address with a host, else None: nothing else may become a link."""
    if not url or _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def element(tag: str, content: str = "", **attributes: str | int | None) -> str:
    """Write an element around ready markup; attribute values are escaped, None leaves one out.

    Underscores in names become hyphens, a trailing one is dropped: `class_`, `data_start`.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{content}</{tag}>"
