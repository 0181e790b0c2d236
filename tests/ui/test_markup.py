"""What hostile text looks like once it has been escaped."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.ui.markup import element, escape, unescape, web_address

HOSTILE = (
    '<img src="https://evil.example/x" onerror="window.hacked = 1">',
    "![](https://evil.example/x.png) [hier](javascript:alert(1)) `code` **fett** $$x^2$$",
    "${window.hacked = 1} {{constructor}} {{{value}}} <%= 1 %>",
    "</div></section><script>window.hacked = 1</script>",
    "Zeile eins\n\n# Überschrift\n\n<b>nach Leerzeile</b>",
)


class _Seen(HTMLParser):
    """Collects what a browser would make of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text() | st.sampled_from(HOSTILE))
def test_escaped_text_holds_no_markup_of_any_kind(text: str) -> None:
    written = escape(text)
    assert not set(written) & set("<>\"'`${}[]()*_~!\\|\n")
    assert _Seen(written).tags == []


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])) | st.sampled_from(HOSTILE))
def test_unescape_returns_the_text(text: str) -> None:
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_finds_nothing_to_render(text: str) -> None:
    block = element("div", escape(text))
    tags = [token.type for token in MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(block)]
    assert tags == ["html_block"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_attributes_keep_their_value_and_nothing_else(value: str) -> None:
    seen = _Seen(element("a", "x", title=value, data_no=None))
    assert [name for name, _ in seen.attributes] == ["title"]
    assert seen.tags == ["a"] and seen.text == "x"


def test_control_characters_become_visible() -> None:
    assert escape("a\x00b\x1bc") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://blatt.example/a?b=1", True),
        ("HTTP://blatt.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("file:///etc/passwd", False),
        ("//blatt.example/a", False),
        ("https://", False),
        ("https://[::1", False),
        ("java\nscript:alert(1)", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, kept: bool) -> None:
    assert web_address(url) == (url if kept else None)
