"""An article and the place to show → the HTML of the article view: the quote marked, its passage shaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from rag.schema import Article, Span
from rag.ui.article.imprint import guesses, original_link, source_line
from rag.ui.article.place import Place, as_now
from rag.ui.markup import element, escape
from rag.ui.texts.languages import Texts

RADIUS: Final = 60_000  # characters shown before and after the place; an article may have millions
_LINE_SEARCH: Final = 2_000
_HEADING_CHARS: Final = 90
_LINE: Final = re.compile(r"[^\n]+")
_TERMINAL: Final = re.compile(r"""[.!?…:;,]["'“”»«’)\]]*$""")


def window(text: str, middle: int, radius: int = RADIUS) -> tuple[int, int]:
    """Return the part [start, end) of a text to show around `middle`, on line ends where one is near."""
    middle = min(max(middle, 0), len(text))
    start, end = max(0, middle - radius), min(len(text), middle + radius)
    if start > 0:
        line = text.find("\n", start, min(start + _LINE_SEARCH, middle))
        start = line + 1 if line >= 0 else start
    if end < len(text):
        line = text.rfind("\n", max(end - _LINE_SEARCH, middle), end)
        end = line if line >= 0 else end
    return start, end


def article_markup(article: Article, where: Place, texts: Texts) -> str:
    """Show an article, or as much of a very long one as a browser should hold."""
    source = article.source
    where, stands = as_now(where, article.text)
    start, end = window(article.text, where.middle)
    author = (
        element("p", escape(texts.author.format(author=source.author)), class_="qc-author")
        if source.author
        else ""
    )
    lines = "".join(_lines(article.text, start, end, where))
    body = element("div", lines, class_="qc-body", lang=source.language)
    before, after = _more(article.text, start, end, texts)
    top = _top(article, texts) + _tools(article, texts) + author + guesses(source, texts)
    top += "" if stands else element("p", escape(texts.place_gone), class_="qc-note", role="status")
    return element("article", top + before + body + after, aria_label=source.title, lang=texts.language)


def _top(article: Article, texts: Texts) -> str:
    """Head an article that is opened by its address, without the card that names it in the panel."""
    source = article.source
    title = element("h2", escape(source.title), lang=source.language)
    return element(
        "header", source_line(source, texts) + original_link(source, texts) + title, class_="qc-top"
    )


def _tools(article: Article, texts: Texts) -> str:
    """Offer the address of the place that is shown, and to correct what is known of the article."""
    title = article.source.title
    heard = texts.of_article.format(action=texts.edit_article, title=title)
    todo, done = element("span", escape(texts.copy_link)), element("span", escape(texts.link_copied))
    link = element("button", todo + done, type="button", class_="qc-copy qc-copy-link")
    button = element("button", escape(texts.edit_article), type="button", class_="qc-edit", aria_label=heard)
    return element("p", link + button, class_="qc-tools", data_article=article.id, data_title=title)


def _more(text: str, start: int, end: int, texts: Texts) -> tuple[str, str]:
    """Return what stands above and below the part shown: a notice, and ways to the rest."""
    if end - start == len(text):
        return "", ""
    shown = {"start": texts.number(start + 1), "end": texts.number(end), "total": texts.number(len(text))}
    notice = element("p", escape(texts.excerpt.format(**shown)), class_="qc-note")
    before = _step(texts.earlier, start) if start > 0 else ""
    after = _step(texts.later, end) if end < len(text) else ""
    return notice + before, after


def _step(label: str, middle: int) -> str:
    return element("button", escape(label), class_="qc-step", type="button", data_middle=middle)


def _lines(text: str, start: int, end: int, where: Place) -> Iterator[str]:
    """Yield the lines as paragraphs; a short one that stands alone before running text is a heading."""
    lines = [Span(*found.span()) for found in _LINE.finditer(text, start, end) if found[0].strip()]
    if where.passage is None and where.quote is not None:
        where = replace(where, passage=_paragraphs(lines, where.quote))
    goes_on = (max(line.start, where.middle) for line in lines if line.end > where.middle)
    here = next(goes_on, None) if where.step else None
    short = [_is_short(text[line.start : line.end]) for line in lines]
    for number, line in enumerate(lines):
        alone = 0 < number < len(lines) - 1 and not (short[number - 1] or short[number + 1])
        yield _line(text, line, where, here, heading=short[number] and alone)


def _paragraphs(lines: Sequence[Span], quote: Span) -> Span | None:
    """Return the lines that a quote touches as one span, None where it touches none."""
    touched = [line for line in lines if line.start < quote.end and quote.start < line.end]
    return Span(touched[0].start, touched[-1].end) if touched else None


def _is_short(line: str) -> bool:
    return len(line.strip()) <= _HEADING_CHARS and not _TERMINAL.search(line.strip())


def _line(text: str, line: Span, where: Place, here: int | None, *, heading: bool) -> str:
    whole = _inside(where.passage, line.start, line.end)
    classes = ["qc-heading"] * heading + ["qc-shaded"] * whole
    content = "".join(_pieces(text, line, where, here, shade=not whole))
    return element("p", content, class_=" ".join(classes) or None)


def _pieces(text: str, line: Span, where: Place, here: int | None, *, shade: bool) -> Iterator[str]:
    """Yield a line cut where the quote and, if it is to be shaded here, the passage begin and end.

    `here` is where the person goes on reading, which is marked for the browser.
    """
    spans = [span for span in (where.quote, where.passage) if span is not None]
    cuts = [cut for span in spans for cut in (span.start, span.end)]
    cuts += [] if here is None else [here]
    edges = sorted({line.start, line.end, *(cut for cut in cuts if line.start < cut < line.end)})
    for left, right in pairwise(edges):
        if left == here:
            yield element("span", "", class_="qc-here")
        piece = escape(text[left:right])
        if _inside(where.quote, left, right):
            yield element("mark", piece, class_="qc-mark")
        elif shade and _inside(where.passage, left, right):
            yield element("span", piece, class_="qc-shaded")
        else:
            yield piece


def _inside(span: Span | None, start: int, end: int) -> bool:
    return span is not None and span.start <= start and end <= span.end
