"""Citations and hits of an answer → the cards of the sources panel, one per article, with their quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rag.answer.checks.corrections import Correction, corrections
from rag.answer.checks.differences import Difference, unexplained
from rag.answer.texts import marks_around
from rag.schema import EXTRACTIVE, Abstention, Answer, Citation, Hit, Source
from rag.ui.article.imprint import original_link, source_line
from rag.ui.article.place import checksum
from rag.ui.conversation.prose import marker_link
from rag.ui.conversation.record import CHANGED, REMOVED
from rag.ui.markup import element, escape
from rag.ui.texts.languages import Texts

_MARKS: Final = {"usual": None, "other": "qc-around", "none": "qc-marked"}  # around a quote
_SUPPORTS: Final = (0.5, 0.75)  # least support called fair, and good
_EXCERPT_CHARS: Final = 320
_BLANK_LINES: Final = re.compile(r"\n\s*\n")


def empty_panel(texts: Texts, turn: int = 0, *, again: bool = False) -> str:
    """Say what will stand here, or say nothing while the sources of an answer are being found."""
    words = "" if turn else element("p", escape(texts.sources_empty), class_="qc-empty")
    return _panel(turn, words, texts, again)


def panel(answer: Answer | Abstention, turn: int, texts: Texts, lost: Mapping[str, str] | None = None) -> str:
    """Show the cited articles with their quotes, and below, folded, what was read but not cited.

    `lost` says of an answer given earlier which markers' quotes are gone, and why.
    """
    cards = "".join(
        _card(citations, answer, turn, texts, lost or {})
        for citations in _by_article(answer.citations).values()
    )
    cards = _differing(answer, turn, texts) + cards
    rest = uncited(answer.hits, answer.citations)
    if isinstance(answer, Abstention):
        return _panel(turn, _folded(rest, turn, texts.nearest, texts), texts, lost is not None)
    if answer.final and not cards:
        cards = element("p", escape(texts.sources_none), class_="qc-empty")
    folded = _folded(rest, turn, texts.not_cited, texts) if answer.final else ""
    return _panel(turn, cards + folded, texts, lost is not None)


def _differing(answer: Answer | Abstention, turn: int, texts: Texts) -> str:
    """Say above the cards where cited articles correct each other or give different figures, with dates."""
    if not answer.final:
        return ""
    notes = [_correcting(one, turn, texts) for one in corrections(answer.citations)]
    notes += [_figures(one, turn, texts) for one in unexplained(answer.citations)]
    return "".join(notes)


def _figures(one: Difference, turn: int, texts: Texts) -> str:
    """Name each figure with the days and the markers of the articles that give it."""
    told = []
    for given in one.figures:
        days = ", ".join(
            f"{escape(texts.date(cited.source.published))} "
            + marker_link(cited.marker, cited.source.title, turn, texts)
            for cited in given.citations
        )
        figure = escape(given.text.replace(" ", "\N{NO-BREAK SPACE}"))
        told.append(texts.differing_figure.format(figure=figure, days=days))
    words = texts.differing.format(figures=", ".join(told[:-1]), last=told[-1])
    return element("p", words, class_="qc-differing")


def _correcting(one: Correction, turn: int, texts: Texts) -> str:
    """Say which article corrects which, or that it corrects one that is not cited."""
    by, wrong = one.by, one.corrected
    day = texts.date(by.source.published)
    words = texts.correction.format(day=day)
    if wrong is not None:
        corrected = texts.date(wrong.source.published)
        words = texts.correcting.format(day=day, title=wrong.source.title, corrected=corrected)
    links = "".join(
        marker_link(cited.marker, cited.source.title, turn, texts) for cited in (by, wrong) if cited
    )
    return element("p", escape(words) + " " + links, class_="qc-differing")


def uncited(hits: Iterable[Hit], citations: Sequence[Citation]) -> list[Hit]:
    """Return the hits in whose passages no citation lies."""
    return [hit for hit in hits if not any(_holds(hit, citation) for citation in citations)]


def _panel(turn: int, content: str, texts: Texts, again: bool) -> str:
    """Frame the sources of a turn; `again` where a conversation is opened that was kept."""
    heading = element("h2", escape(texts.sources), class_="qc-panel-title", tabindex=-1)
    choose = element("p", escape(texts.choose_article), class_="qc-choose")
    return element(
        "div",
        element("div", heading + _tools(texts), class_="qc-head") + choose + content,
        class_="qc-sources",
        role="region",
        aria_label=texts.sources,
        data_turn=turn,
        data_again="" if again else None,
        data_offline=texts.offline,
        lang=texts.language,
    )


def _tools(texts: Texts) -> str:
    """Offer the ways between list, article and conversation; the stylesheet hides those of no use."""
    back = element("span", escape(texts.all_sources), class_="qc-when-cited")
    back += element("span", escape(texts.close_article), class_="qc-when-alone")
    tools = [
        element("button", _sign("←") + back, class_="qc-tool qc-back", type="button"),
        element("span", "", class_="qc-position", role="status"),
        _tool("qc-previous qc-step-to", "‹", texts.previous, "←"),
        _tool("qc-next qc-step-to", "›", texts.next, "→"),
        _tool("qc-close", "×", texts.close, "Esc"),
    ]
    return "".join(tools)


def _tool(name: str, sign: str, label: str, key: str) -> str:
    """Write a button with a sign, its words for those who hear, and with its key for those who point."""
    title = f"{label} ({key})"
    return element(
        "button", _sign(sign), class_=f"qc-tool {name}", type="button", aria_label=label, title=title
    )


def _sign(sign: str) -> str:
    return element("span", sign, aria_hidden="true")


def _by_article(citations: Iterable[Citation]) -> dict[str, list[Citation]]:
    articles: dict[str, list[Citation]] = {}
    for citation in citations:
        articles.setdefault(citation.source.id, []).append(citation)
    return articles


def _card(
    citations: Sequence[Citation],
    answer: Answer | Abstention,
    turn: int,
    texts: Texts,
    lost: Mapping[str, str],
) -> str:
    source = citations[0].source
    quotes = "".join(_quote(one, answer, turn, texts, lost.get(one.marker)) for one in citations)
    return element(
        "section",
        source_line(source, texts)
        + _headline(source, f"#q{turn}-{citations[0].marker.strip('[]')}")
        + element("ul", quotes, class_="qc-quotes")
        + _also(citations, texts)
        + element("footer", original_link(source, texts)),
        class_="qc-card",
    )


def _also(citations: Sequence[Citation], texts: Texts) -> str:
    """Name the other articles that tell the same, each to be opened."""
    # Collections that do not look for near-duplicates have none to name.
    others = {other.id: other for one in citations for other in getattr(one, "also_in", ())}
    links = ", ".join(
        element(
            "a",
            escape(f"{other.publisher or other.title}, {texts.date(other.published)}"),
            href="#article",
            data_open=other.id,
            title=other.title,
        )
        for other in others.values()
    )
    return element("p", f"{escape(texts.also_in)} {links}", class_="qc-also") if links else ""


def _headline(source: Source, href: str) -> str:
    return element("h3", element("a", escape(source.title), href=href), lang=source.language)


def _quote(citation: Citation, answer: Answer | Abstention, turn: int, texts: Texts, lost: str | None) -> str:
    """Write a quote as one wide target that opens the article at its sentence, with its support below."""
    around = next((hit.passage for hit in answer.hits if _holds(hit, citation)), None)
    number = citation.marker.strip("[]")
    marked = _MARKS[marks_around(citation.quote)]
    text = element("q", escape(citation.quote), lang=citation.source.language or None, class_=marked)
    gone = {REMOVED: texts.quote_removed, CHANGED: texts.quote_changed}.get(lost or "")
    below = element("p", escape(gone), class_="qc-gone") if gone else _carries(citation, answer, texts)
    return element(
        "li",
        marker_link(citation.marker, citation.source.title, turn, texts)
        + element("div", text + below, class_="qc-quoted"),
        class_="qc-quote",
        data_cite=f"{turn}-{number}",
        data_article=citation.source.id,
        data_start=None if lost else citation.span.start,
        data_end=None if lost else citation.span.end,
        data_check=None if lost else checksum(citation.quote),
        data_from=around.start if around and not lost else None,
        data_to=around.end if around and not lost else None,
    )


def _carries(citation: Citation, answer: Answer | Abstention, texts: Texts) -> str:
    """Say how well a quote carries its statement once that is known, and ask whether it does.

    The line is there from the beginning, so that nothing moves when the answer is complete.
    """
    known = answer.final or answer.model == EXTRACTIVE
    parts = _support(citation, answer.model, texts) if known else ""
    buttons = element("button", escape(texts.supports), type="button", class_="qc-right")
    buttons += element("button", escape(texts.supports_not), type="button", class_="qc-wrong")
    parts += element("span", buttons, class_="qc-verdict", role="group", aria_label=texts.judge_quote)
    if {citation.source.language, answer.language} == {"de", "en"}:
        labels = {"data_language": answer.language, "data_busy": texts.translating}
        show = escape(texts.translate)
        parts += element(
            "button", show, type="button", class_="qc-translate", aria_expanded="false", **labels
        )
    return element("div", parts, class_="qc-carries")


def _support(citation: Citation, model: str, texts: Texts) -> str:
    if model == EXTRACTIVE:
        return element("span", escape(texts.support_verbatim), class_="qc-support", data_level=2)
    level = sum(citation.support >= least for least in _SUPPORTS)
    words = (texts.support_weak, texts.support_fair, texts.support_good)[level]
    found = element("span", escape(texts.found_by_program)) if getattr(citation, "found", False) else ""
    return element("span", escape(words), class_="qc-support", data_level=level) + found


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
        data_check=checksum(passage.text),
    )
