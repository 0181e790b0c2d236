"""Markdown with YAML front matter → fields and plain text, so that quotes carry no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.formats.fields import is_address, named
from rag.ingest.formats.html.extraction import piece_text
from rag.ingest.metadata.sites import linked_site, without_site
from rag.ingest.text.characters import canonical, decode
from rag.ingest.text.layout import row

_FENCE: Final = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^|\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML: Final = re.compile(
    r"\A\ufeff?\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
_FOOTNOTE: Final = re.compile(r"\[\^[\w-]{1,40}\]:?")  # its sign, not its text


def read_markdown(content: bytes) -> Draft:
    """Return the text of a Markdown file and its front matter; with a title there, a person wrote it.

    Not so where `source` is an address: that is how browser extensions note where they clipped a page.

    Raises:
        InputError: it is binary, or its front matter is damaged.
    """
    whole, warnings = decode(content)
    head, body = front_matter(whole)
    fields = named(head, {})
    fields.pop("text", None)
    tokens = _tokens(body)
    text, links = _text(tokens), _links(tokens)
    title, site = without_site(_title(tokens), links)
    site = site or linked_site(text.split("\n"), links)
    told = {"title": title, **({"publisher": site} if site else {}), **fields}
    clipped = is_address(head.get("source"))  # by a browser's extension, from a page
    scraped = clipped or "title" not in fields
    return Draft(text, told, tuple(warnings), scraped, links=_linked(tokens))


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split a Markdown file into the fields of its front matter (YAML, or TOML between "+++") and its body.

    Raises:
        InputError: front matter that is neither, not closed or not a mapping.
    """
    if match := _TOML.match(text):
        return _toml(match[1]), text[match.end() :]
    if not re.match(r"\A\ufeff?---[ \t]*\r?\n", text):
        return {}, text
    match = _FENCE.match(text)
    if match is None:
        if re.match(r"\A\ufeff?---[ \t]*\r?\n\s*\w+:", text):
            raise InputError("its front matter is not closed", hint="end it with a line `---`")
        return {}, text  # a thematic break, not front matter
    import yaml

    try:
        fields = yaml.safe_load(match.group(1))
    except ValueError as error:  # YAML makes dates itself
        raise InputError(
            f"its front matter holds an impossible date: {error}", hint="write it like 2021-12-07"
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(
            f"its front matter is not YAML: {_first_line(error)}",
            hint='put values that contain ":" in quotation marks',
        ) from error
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        raise InputError(
            "its front matter is no list of `name: value` lines", hint="see data/articles for the form"
        )
    return {str(key).lower(): value for key, value in fields.items()}, text[match.end() :]


def _toml(head: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(head)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"its front matter is not TOML: {error}", hint="see the documentation of TOML"
        ) from error


def plain(markdown: str) -> str:
    """Return the text of a Markdown document: one block a line, blank lines between, no markup.

    Items of lists begin with a dash, rows of tables are lines such as "2021: 1200", as those of a page.
    """
    return _text(_tokens(markdown))


def _tokens(markdown: str) -> list[Any]:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").parse(_FOOTNOTE.sub("", markdown))


def _text(tokens: Iterable[Any]) -> str:
    return "\n\n".join(block for block in _blocks(tokens) if block.strip())


def _title(tokens: Sequence[Any]) -> str:
    """Return the first heading of the first level, "" where there is none."""
    heads = (after for one, after in pairwise(tokens) if one.type == "heading_open" and one.tag == "h1")
    return next((_inline(head.children or []) for head in heads), "")


def _links(tokens: Iterable[Any]) -> list[str]:
    """Return the addresses that a document links to."""
    inside = (child for token in tokens for child in token.children or [])
    return [str(child.attrs["href"]) for child in inside if child.type == "link_open"]


def _linked(tokens: Sequence[Any]) -> frozenset[str]:
    """Return the paragraphs and items that are links and nothing else, in canonical form."""
    lines = (
        _inline(token.children)
        for before, token in pairwise(tokens)
        if token.type == "inline" and before.type == "paragraph_open" and _only_links(token.children or [])
    )
    return frozenset(canonical(line) for line in lines)


def _only_links(tokens: Iterable[Any]) -> bool:
    """Tell whether all that says something is in links: "[Politik](/p) | [Sport](/s)"."""
    depth, inside = 0, False
    for token in tokens:
        depth += (token.type == "link_open") - (token.type == "link_close")
        said = token.type in ("text", "code_inline") and any(map(str.isalnum, token.content))
        if said and not depth:
            return False
        inside = inside or said
    return inside


def _blocks(tokens: Iterable[Any]) -> Iterator[str]:
    """Yield the text of the blocks, an empty one here and there."""
    mark = ""
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "list_item_open":
            mark = "- "
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield row(cells or [""])
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(_inline(token.children or []))
        elif token.type == "inline":
            yield mark + _inline(token.children or [])
            mark = ""
        elif token.type in ("fence", "code_block"):
            yield token.content.strip()
        elif token.type == "html_block":
            yield piece_text(token.content)


def _inline(tokens: list[Any]) -> str:
    text = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            text.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or token.content.lower().startswith("<br"):
            text.append(" ")
    return "".join(text)


def _first_line(error: Exception) -> str:
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    return f"{problem} (line {mark.line + 2})" if mark is not None else str(problem)
