"""A library → what the head of the page says of it, and what greets a person before the first question."""

from __future__ import annotations

from typing import Protocol

from rag.ui.markup import element, escape
from rag.ui.texts import Texts


class Described(Protocol):
    """What the masthead tells of a library."""

    model: str

    @property
    def remote(self) -> bool:
        """Whether questions and passages leave this machine."""


def masthead(library: Described, count: int, texts: Texts) -> str:
    """Name the page, the size of its collection, who answers, and what leaves the machine."""
    if library.model == "extractive":
        privacy = texts.local_extractive
    else:
        privacy = (texts.remote_model if library.remote else texts.local_model).format(model=library.model)
    status = [
        element("span", escape(texts.articles(count)), class_="qc-count"),
        element("span", escape(privacy), class_="qc-privacy"),
    ]
    title = element("h1", "Quellenchat")
    return element("header", title + element("p", "".join(status), class_="qc-status"), lang=texts.language)


def greeting(has_articles: bool, texts: Texts) -> str:
    """Invite to ask, or say how articles get in."""
    if has_articles:
        lines = element("h2", escape(texts.greeting)) + element("p", escape(texts.greeting_more))
    else:
        command = element("pre", element("code", escape(texts.index_command)))
        lines = element("h2", escape(texts.empty)) + element("p", escape(texts.empty_more)) + command
    return element("div", lines, class_="qc-greeting", lang=texts.language)
