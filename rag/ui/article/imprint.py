"""What is known of an article → the lines that name it: publisher and date, guesses, the original."""

from __future__ import annotations

from rag.schema import Source
from rag.ui.markup import element, escape, web_address
from rag.ui.texts.languages import Texts


def source_line(source: Source, texts: Texts) -> str:
    """Name an article's publisher, date and language in one line."""
    day = source.published
    when = element("time", escape(texts.date(day)), datetime=day.isoformat() if day else None)
    parts = [
        element("span", escape(source.publisher or texts.publisher_unknown), class_="qc-publisher"),
        when,
        element("span", escape(texts.language_name(source.language))) if source.language else "",
        element("span", escape(texts.corrected.format(day=texts.date(source.updated))))
        if source.updated
        else "",
    ]
    return element("p", "".join(parts), class_="qc-meta")


def guesses(source: Source, texts: Texts) -> str:
    """Name the fields that were worked out from the text, or nothing where the file states them all."""
    fields = ", ".join(noun for name, noun in texts.guessable if name in source.guessed)
    return element("p", escape(texts.guessed.format(fields=fields)), class_="qc-guessed") if fields else ""


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
