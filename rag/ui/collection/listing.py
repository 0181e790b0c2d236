"""The collection → the view that lists it: search, filters, and each article with its tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from rag.schema import Filter, Listed, Source
from rag.ui.article.imprint import guesses, original_link, source_line
from rag.ui.markup import element, escape
from rag.ui.texts.languages import Texts

PAGE: Final = 50  # articles shown at once; further ones on request
SHOWN_AT_MOST: Final = 5_000


def chosen_filter(asked: object) -> Filter:
    """Read the filter that the browser sent; what makes no sense limits nothing.

    A period whose ends are the wrong way round is read the other way.
    """
    given = asked if isinstance(asked, Mapping) else {}
    since, until = _day(given.get("since")), _day(given.get("until"))
    if since and until and since > until:
        since, until = until, since
    return Filter(since, until, _names(given.get("publisher")), _names(given.get("language")))


def frame(texts: Texts) -> str:
    """Write the view without the list, which the browser asks for."""
    add = element("button", escape(texts.add_articles), type="button", class_="qc-button qc-add")
    head = element("div", element("h2", escape(texts.collection)) + add, class_="qc-collection-head")
    listed = element("div", "", class_="qc-list", aria_live="off")
    status = element("p", "", class_="qc-list-status", role="status")
    status += element("button", escape(texts.lift_filters), type="button", class_="qc-lift", hidden="")
    content = head + _filters(texts) + element("div", status, class_="qc-list-head") + listed
    return element(
        "section", content, class_="qc-collection", lang=texts.language, aria_label=texts.collection
    )


def _filters(texts: Texts) -> str:
    """Write the search box and the filters, which limit the answers too."""
    fields = (
        _field("search", texts.search_articles, "search")
        + _field("date", texts.since, "since")
        + _field("date", texts.until, "until")
        + _choice(texts.publisher, "publisher")
        + _choice(texts.language_label, "language")
    )
    note = element("p", escape(texts.filter_note), class_="qc-hint")
    return element("form", fields + note, class_="qc-filters", role="search")


def _field(kind: str, label: str, name: str) -> str:
    box = f'<input type="{kind}" name="{name}" autocomplete="off">'
    return element("label", element("span", escape(label)) + box, class_=f"qc-field qc-field-{name}")


def _choice(label: str, name: str) -> str:
    select = element("select", "", name=name)
    return element("label", element("span", escape(label)) + select, class_=f"qc-field qc-field-{name}")


def options(values: Sequence[str], chosen: Sequence[str], texts: Texts, *, languages: bool = False) -> str:
    """Write the choices of a filter; what is chosen stays there even where no article has it any more."""
    every = '<option value="">' + escape(texts.every) + "</option>"
    known = [*values, *(value for value in chosen if value not in values)]
    return every + "".join(
        element(
            "option",
            escape(texts.language_name(value) if languages else value),
            value=value,
            selected="selected" if value in chosen else None,
        )
        for value in known
    )


def entries(listed: Listed, texts: Texts) -> str:
    """List the first of the articles found, each with its tools; nothing where there are none."""
    items = "".join(_item(source, texts) for source in listed.sources)
    written = element("ul", items, class_="qc-articles") if items else ""
    if len(listed.sources) >= SHOWN_AT_MOST < listed.found:
        written += element(
            "p", escape(texts.search_further.format(count=texts.number(SHOWN_AT_MOST))), class_="qc-empty"
        )
    elif left := listed.found - len(listed.sources):
        more = escape(texts.more_articles.format(count=texts.number(left)))
        written += element("button", more, type="button", class_="qc-button qc-more-articles")
    return written


def nothing(texts: Texts, *, empty: bool) -> str:
    """Say why the list is empty, and what to do."""
    if not empty:
        return element("p", escape(texts.no_match), class_="qc-empty")
    lines = element("h3", escape(texts.empty)) + element("p", escape(texts.empty_more))
    command = element("p", escape(texts.empty_terminal) + " " + element("code", escape(texts.index_command)))
    return element("div", lines + command, class_="qc-empty")


def _item(source: Source, texts: Texts) -> str:
    title = element("h3", element("a", escape(source.title), href="#article"), lang=source.language)
    tools = (
        original_link(source, texts)
        + _tool("qc-edit", texts.edit, source, texts)
        + _tool("qc-remove", texts.remove, source, texts)
    )
    # In a list that the language was guessed would stand below nearly every article.
    guessed = "" if source.guessed == {"language"} else guesses(source, texts)
    return element(
        "li",
        source_line(source, texts) + title + guessed + element("p", tools, class_="qc-tools"),
        data_article=source.id,
        data_title=source.title,
    )


def _tool(name: str, label: str, source: Source, texts: Texts) -> str:
    heard = texts.of_article.format(action=label, title=source.title)
    return element("button", escape(label), type="button", class_=name, aria_label=heard)


def chip(chosen: Filter, count: int, undated: int, texts: Texts) -> str:
    """Say above the question box which part of the collection answers are taken from."""
    if not chosen:
        return ""
    parts = list(chosen.publishers) + [texts.language_name(code) for code in chosen.languages]
    if chosen.since and chosen.until:
        parts.append(f"{texts.date(chosen.since)} – {texts.date(chosen.until)}")
    elif chosen.since:
        parts.append(texts.from_day.format(day=texts.date(chosen.since)))
    elif chosen.until:
        parts.append(texts.to_day.format(day=texts.date(chosen.until)))
    words = texts.only_from.format(parts=" · ".join(parts), articles=texts.articles(count))
    if undated:
        words += ". " + texts.undated_left_out.format(count=texts.number(undated))
    lift = element("button", escape(texts.lift_filter), type="button", class_="qc-lift")
    return element("p", element("span", escape(words)) + lift, class_="qc-chip", lang=texts.language)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def _names(value: object) -> tuple[str, ...]:
    values: Sequence[Any] = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, str) and one)
