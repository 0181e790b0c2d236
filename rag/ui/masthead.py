"""A library → what the head of the page says of it, and what greets a person before the first question."""

from __future__ import annotations

from rag.access.people import ANYONE, Person
from rag.ui.drawers import Described, leaving
from rag.ui.markup import element, escape
from rag.ui.texts.languages import Texts, next_language


def masthead(library: Described, count: int, texts: Texts, person: Person = ANYONE) -> str:
    """Name the page, the size of its collection, who answers, what leaves the machine, and who is logged in.

    For a reader the page hides what only editors may do.
    """
    views = "".join(
        element("button", label, type="button", data_view=view, class_="qc-view")
        for view, label in (
            ("conversation", escape(texts.conversation)),
            ("collection", escape(texts.collection) + " " + _count(count, texts)),
        )
    )
    nav = element("nav", views, aria_label=texts.views, class_="qc-views")
    status = leaving(library, texts)
    other = next_language(texts)
    tools = element(
        "button",
        element("span", escape(other.own_name)) + element("abbr", other.language.upper(), aria_hidden="true"),
        type="button",
        class_="qc-language",
        data_language=other.language,
        lang=other.language,
    ) + element("button", escape(texts.history), type="button", data_dialog="qc-history")
    tools += element("button", escape(texts.settings), type="button", data_dialog="qc-settings")
    content = element("h1", "Quellenchat") + nav + status + element("p", tools, class_="qc-head-tools")
    content += _leaving(person, texts) if person.name else ""
    kind = None if person.edits else "qc-reads-only"
    # Gradio has no words for the buttons of the question box, and English ones for a lost connection and for
    # the ear; page.js puts these in their place.
    words = {"data_ask": texts.ask, "data_stop": texts.stop}
    words |= {"data_failed": texts.failed, "data_offline": texts.offline, "data_log": texts.conversation}
    return element("header", content, lang=texts.language, class_=kind, **words)


def _leaving(person: Person, texts: Texts) -> str:
    """Write the button that logs out, with the name for who hovers or hears."""
    who = texts.logged_in_as.format(name=person.name)
    out = element("button", escape(texts.log_out), type="submit", title=who)
    name = element("span", escape(person.name), class_="qc-person", title=who)
    return element("form", name + out, method="post", action="logout", class_="qc-leave")


def _count(count: int, texts: Texts) -> str:
    """Write the number of articles for the eye, with its noun for the ear."""
    return element("span", escape(texts.articles(count)), class_="qc-count")


def greeting(has_articles: bool, texts: Texts) -> str:
    """Invite to ask, or say how articles get in."""
    if has_articles:
        lines = element("h2", escape(texts.greeting)) + element("p", escape(texts.greeting_more))
    else:
        add = element("button", escape(texts.add_articles), type="button", class_="qc-button qc-add")
        terminal = escape(texts.empty_terminal) + " " + element("code", escape(texts.index_command))
        lines = element("h2", escape(texts.empty)) + element("p", escape(texts.empty_more)) + add
        lines += element("p", terminal, class_="qc-hint")
    return element("div", lines, class_="qc-greeting", lang=texts.language)
