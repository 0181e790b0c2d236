"""Citations and hits of an answer → the cards of the sources panel, one per article, with their quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rag.schema import Abstention, Answer, Citation, Hit, Source
from rag.ui.markup import element, escape, web_address
from rag.ui.messages import marker_link
from rag.ui.texts import Texts

_MARKS: Final = "„“”»«\"'"  # a quote that brings its own gets no further ones
_EXCERPT_CHARS: Final = 320
_BLANK_LINES: Final = re.compile(r"\n\s*\n")


def empty_panel(texts: Texts, turn: int = 0) -> str:
    """Say what will stand here, or say nothing while the sources of an answer are being found."""
    words = "" if turn else element("p", escape(texts.sources_empty), class_="qc-empty")
    return _panel(turn, words, texts)


def panel(answer: Answer | Abstention, turn: int, texts: Texts) -> str:
    """Show the cited articles with their quotes, and below, folded, what was read but not cited."""
    cards = "".join(
        _card(citations, answer.hits, turn, texts) for citations in _by_article(answer.citations).values()
    )
    rest = uncited(answer.hits, answer.citations)
    if isinstance(answer, Abstention):
        return _panel(turn, _folded(rest, turn, texts.nearest, texts), texts)
    if answer.final and not cards:
        cards = element("p", escape(texts.sources_none), class_="qc-empty")
    return _panel(turn, cards + (_folded(rest, turn, texts.not_cited, texts) if answer.final else ""), texts)


def uncited(hits: Iterable[Hit], citations: Sequence[Citation]) -> list[Hit]:
    """Return the hits in whose passages no citation lies."""
    return [hit for hit in hits if not any(_holds(hit, citation) for citation in citations)]


def source_line(source: Source, texts: Texts) -> str:
    """Name an article's publisher, date and language in one line."""
    day = source.published
    when = element("time", escape(texts.date(day)), datetime=day.isoformat() if day else None)
    parts = [
        element("span", escape(source.publisher or texts.publisher_unknown), class_="qc-publisher"),
        when,
        element("span", escape(texts.language_name(source.language))),
    ]
    return element("p", "".join(parts), class_="qc-meta")


def original_link(source: Source, texts: Texts) -> str:
    """Link to the original where there is a web address, else nothing."""
    address = web_address(source.url)
    if address is None:
        return ""
    return element(
        "a",
        escape(texts.original) + '<span aria-hidden="true"> ↗</span>',
        href=address,
        target="_blank",
        rel="noopener noreferrer",
        class_="qc-original",
    )


def _panel(turn: int, content: str, texts: Texts) -> str:
    heading = element("h2", escape(texts.sources), class_="qc-panel-title", tabindex=-1)
    return element(
        "div",
        element("div", heading + _tools(texts), class_="qc-head") + content,
        class_="qc-sources",
        role="region",
        aria_label=texts.sources,
        data_turn=turn,
        data_offline=texts.offline,
        lang=texts.language,
    )


def _tools(texts: Texts) -> str:
    """Offer the ways between list, article and conversation; the stylesheet hides those of no use."""
    tools = [
        _tool("qc-back", "←", texts.all_sources, shown=True),
        element("span", "", class_="qc-position", role="status"),
        _tool("qc-previous qc-step-to", "‹", texts.previous),
        _tool("qc-next qc-step-to", "›", texts.next),
        _tool("qc-close", "×", texts.close),
    ]
    return "".join(tools)


def _tool(name: str, sign: str, label: str, *, shown: bool = False) -> str:
    """Write a button with a sign, its words beside it or for those only who hear or point."""
    words = element("span", escape(label)) if shown else ""
    heard = {} if shown else {"aria_label": label, "title": label}
    return element(
        "button",
        f'<span aria-hidden="true">{sign}</span>{words}',
        class_=f"qc-tool {name}",
        type="button",
        **heard,
    )


def _by_article(citations: Iterable[Citation]) -> dict[str, list[Citation]]:
    articles: dict[str, list[Citation]] = {}
    for citation in citations:
        articles.setdefault(citation.source.id, []).append(citation)
    return articles


def _card(citations: Sequence[Citation], hits: Sequence[Hit], turn: int, texts: Texts) -> str:
    source = citations[0].source
    quotes = "".join(_quote(citation, hits, turn, texts) for citation in citations)
    return element(
        "section",
        source_line(source, texts)
        + _headline(source, f"#q{turn}-{citations[0].marker.strip('[]')}")
        + element("ul", quotes, class_="qc-quotes")
        + element("footer", original_link(source, texts)),
        class_="qc-card",
    )


def _headline(source: Source, href: str) -> str:
    return element("h3", element("a", escape(source.title), href=href), lang=source.language)


def _quote(citation: Citation, hits: Sequence[Hit], turn: int, texts: Texts) -> str:
    """Write a quote as one wide target that opens the article at its sentence."""
    around = next((hit.passage for hit in hits if _holds(hit, citation)), None)
    number = citation.marker.strip("[]")
    marked = "qc-marked" if citation.quote[0] in _MARKS else None
    text = element("q", escape(citation.quote), lang=citation.source.language, class_=marked)
    return element(
        "li",
        marker_link(citation.marker, citation.source.title, turn, texts) + text,
        class_="qc-quote",
        data_cite=f"{turn}-{number}",
        data_article=citation.source.id,
        data_start=citation.span.start,
        data_end=citation.span.end,
        data_from=around.start if around else None,
        data_to=around.end if around else None,
    )


def _holds(hit: Hit, citation: Citation) -> bool:
    passage, span = hit.passage, citation.span
    same = passage.article == citation.source.id
    return same and passage.start <= span.start and span.end <= passage.end


def _folded(hits: Sequence[Hit], turn: int, title: str, texts: Texts) -> str:
    if not hits:
        return ""
    summary = element("summary", f"{escape(title)} <span>{len(hits)}</span>")
    entries = "".join(_entry(hit, number, turn, texts) for number, hit in enumerate(hits, 1))
    return element("details", summary + entries, class_="qc-folded", id=f"q{turn}-folded")


def _entry(hit: Hit, number: int, turn: int, texts: Texts) -> str:
    """Write a passage that was read: its article, its beginning, and the link that opens it."""
    source, passage = hit.source, hit.passage
    text = _BLANK_LINES.sub("\n", passage.text)
    if len(text) > _EXCERPT_CHARS:
        text = text[:_EXCERPT_CHARS].rsplit(maxsplit=1)[0] + " …"
    return element(
        "section",
        source_line(source, texts)
        + _headline(source, f"#q{turn}-p{number}")
        + element("p", escape(text), lang=source.language, class_="qc-excerpt")
        + element("footer", original_link(source, texts)),
        class_="qc-card qc-read",
        data_cite=f"{turn}-p{number}",
        data_article=source.id,
        data_from=passage.start,
        data_to=passage.end,
    )
