"""An answer's text → HTML: paragraphs and lists, markers as links, what no sentence supports marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rag.answer.texts import retold
from rag.calendar import ITEM
from rag.language import SPOKEN
from rag.schema import Abstention, Answer, Statement
from rag.ui.markup import element, escape
from rag.ui.texts.languages import DE, EN, Texts

# What escape() makes of [1] and of **.
_MARKER: Final = re.compile(r"(?P<blank> ?)&#91;(?P<number>\d+)&#93;")
_BOLD: Final = re.compile(r"&#42;&#42;(\S.*?)&#42;&#42;")
_DAY: Final = re.compile(rf"\b(\d{{1,2}}\.?) (?={'|'.join((*DE.months, *EN.months))})")
_ITEM: Final = re.compile(rf"\s*(?:[-+*•]|(?P<number>{ITEM}))\s+")
_HEADING: Final = re.compile(r"#{1,6}\s+")


def prose(answer: Answer, turn: int, texts: Texts) -> str:
    """Write an answer as far as it has come, its lines as paragraphs, runs of list items as lists."""
    return "".join(_blocks(answer, turn, texts))


def marker_link(marker: str, title: str, turn: int, texts: Texts) -> str:
    """Write a marker as the link that opens its sentence."""
    number = marker.strip("[]")
    label = texts.citation.format(number=number, title=title)
    shown = f"<span>&#91;</span>{number}<span>&#93;</span>"
    return element("a", shown, href=f"#q{turn}-{number}", class_="qc-cite", title=label)


def unsupported(answer: Answer) -> Iterator[Statement]:
    """Yield the statements of a complete answer that nothing carries."""
    if answer.final:
        yield from (statement for statement in answer.statements if not statement.supported)


def retold_in(texts: Texts, answer: Answer | Abstention) -> str:
    """Return the language that reasons are told in: the page's, else the answer's."""
    return texts.language if texts.language in SPOKEN else answer.language


def _blocks(answer: Answer, turn: int, texts: Texts) -> Iterator[str]:
    tag, items = "", ""
    for match in re.finditer(r"[^\n]+", answer.text):
        start, end = match.span()
        item = _ITEM.match(answer.text, start, end)
        kind = "" if item is None else "ol" if item["number"] else "ul"
        if items and kind != tag:
            yield element(tag, items)
            items = ""
        tag = kind
        if item is None:
            yield _paragraph(answer, start, end, turn, texts)
            continue
        number = int(item["number"][:-1]) if item["number"] else None
        items += element("li", _line(answer, item.end(), end, turn, texts), value=number)
    if items:
        yield element(tag, items)


def _paragraph(answer: Answer, start: int, end: int, turn: int, texts: Texts) -> str:
    heading = _HEADING.match(answer.text, start, end)
    line = _line(answer, heading.end() if heading else start, end, turn, texts)
    return element("p", element("strong", line) if heading else line)


def _line(answer: Answer, start: int, end: int, turn: int, texts: Texts) -> str:
    """Write one line, each unsupported statement in it marked with the reason."""
    written, at = "", start
    for statement in unsupported(answer):
        left, right = max(statement.span.start, at), min(statement.span.end, end)
        if left >= right or not answer.text[left:right].strip():
            continue
        reason = _reason(statement, retold_in(texts, answer), texts)
        body = element("span", _inline(answer, left, right, turn, texts), class_="qc-unsupported")
        written += _inline(answer, at, left, turn, texts) + body + reason
        at = right
    return written + _inline(answer, at, end, turn, texts)


def _reason(statement: Statement, language: str, texts: Texts) -> str:
    """Say behind a statement that it is unsupported, and why where the answer's checks tell."""
    why = retold(statement.reason, language).rstrip(".")
    words = f" ({texts.unsupported}: {why})" if why else f" ({texts.unsupported})"
    return element("span", escape(words), class_="qc-reason", lang=language)


def _inline(answer: Answer, start: int, end: int, turn: int, texts: Texts) -> str:
    """Write a stretch of the text, resolved markers as links and everything else as text."""
    titles = {citation.marker: citation.source.title for citation in answer.citations}

    def link(found: re.Match[str]) -> str:
        marker = f"[{found['number']}]"
        if marker not in titles:
            return found[0]
        # A marker never begins a line: it stays with the word before it.
        before = "\N{NO-BREAK SPACE}" * bool(found["blank"])
        return before + marker_link(marker, titles[marker], turn, texts)

    text = _DAY.sub("\\1\N{NO-BREAK SPACE}", answer.text[start:end])  # "8. Dezember" stays on one line
    return _MARKER.sub(link, _BOLD.sub(r"<strong>\1</strong>", escape(text)))
