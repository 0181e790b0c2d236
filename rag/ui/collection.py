"""The collection → the view that lists it: search, filters, ways to add, and each article with its tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from rag.indexing import IndexReport
from rag.schema import Filter, Listed, Source
from rag.ui.adding import Run
from rag.ui.drawers import dialog
from rag.ui.markup import element, escape
from rag.ui.problems import sentences
from rag.ui.sources import guesses, original_link, source_line
from rag.ui.texts import Texts

PAGE: Final = 50  # articles shown at once; further ones on request
_ADDRESS_BOX: Final = (
    '<input type="url" name="url" required placeholder="https://…" aria-describedby="qc-address-note">'
)
_NAMED: Final = 20  # failures told one by one


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


def listing(listed: Listed, texts: Texts) -> str:
    """List the first of the articles found, each with its tools; nothing where there are none."""
    items = "".join(_item(source, texts) for source in listed.sources)
    written = element("ul", items, class_="qc-articles") if items else ""
    if left := listed.found - len(listed.sources):
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


def dialogs(texts: Texts) -> str:
    """Write the dialogs of the view: adding, editing and removing."""
    editing = dialog("qc-editing", texts.edit_article, element("form", "", class_="qc-edit-form"), texts)
    return _adding(texts) + editing + _removing(texts)


def _adding(texts: Texts) -> str:
    drop = element(
        "label",
        '<input type="file" multiple>'
        + element("strong", escape(texts.drop_here))
        + element("span", escape(texts.drop_formats), class_="qc-hint"),
        class_="qc-drop",
    )
    fetched = element("p", escape(texts.address_note), class_="qc-hint", id="qc-address-note")
    address = element(
        "form",
        _labelled(
            texts.address,
            _ADDRESS_BOX,
        )
        + element("button", escape(texts.fetch), class_="qc-button")
        + fetched,
        class_="qc-from-address",
    )
    paste = element(
        "form",
        _labelled(texts.paste_text, '<textarea name="text" rows="5" required></textarea>')
        + _metadata(texts)
        + element("button", escape(texts.add), class_="qc-button"),
        class_="qc-from-text",
    )
    pasted = element("details", element("summary", escape(texts.paste)) + paste)
    progress = element("div", "", class_="qc-progress", role="status")
    return dialog("qc-adding", texts.add_articles, drop + address + pasted + progress, texts)


def _removing(texts: Texts) -> str:
    content = (
        element("p", escape(texts.remove_question))
        + element("p", "", class_="qc-which")
        + element("p", escape(texts.remove_note), class_="qc-hint")
        + element("p", "", class_="qc-outcome", role="alert")
        + element(
            "p",
            element("button", escape(texts.keep), type="button", class_="qc-button qc-dismiss")
            + element("button", escape(texts.remove), type="button", class_="qc-button qc-danger"),
            class_="qc-choices",
        )
    )
    return dialog("qc-removing", texts.remove_article, content, texts)


def edit_fields(source: Source, texts: Texts) -> str:
    """Write what is known of an article as the fields of a form; a guess can be called right as it stands."""
    fields = "".join(
        _labelled(label, _box(kind, name, getattr(source, name), required=name == "title"))
        + _confirming(name, label, source, texts)
        for label, name, kind in _fields(texts)
    )
    language = element("select", _languages(source.language, texts), name="language")
    fields += _labelled(texts.language_label, language)
    fields += _confirming("language", texts.language_label, source, texts)
    note = element("p", escape(texts.edit_note), class_="qc-hint")
    choices = (
        element("button", escape(texts.cancel), type="button", class_="qc-button qc-dismiss")
        + element("button", escape(texts.save), class_="qc-button qc-primary")
    )  # fmt: skip
    outcome = element("p", "", class_="qc-outcome", role="alert")
    return fields + note + outcome + element("p", choices, class_="qc-choices")


def _languages(code: str, texts: Texts) -> str:
    known = [one for one, _ in texts.languages]
    return "".join(
        element(
            "option",
            escape(texts.language_name(one)),
            value=one,
            selected="selected" if one == code else None,
        )
        for one in [*known, *([] if code in known else [code])]
    )


def _confirming(name: str, label: str, source: Source, texts: Texts) -> str:
    """Offer to call a guess right; nothing where the field was not guessed."""
    if name not in source.guessed:
        return ""
    heard = escape(f"{label}: {texts.guess_right}")
    box = f'<input type="checkbox" name="right" value="{name}" aria-label="{heard}">'
    return element("label", box + element("span", escape(texts.guess_right)), class_="qc-choice qc-guess")


def _metadata(texts: Texts) -> str:
    return "".join(_labelled(label, _box(kind, name)) for label, name, kind in _fields(texts))


def _fields(texts: Texts) -> tuple[tuple[str, str, str], ...]:
    return (
        (texts.title, "title", "text"),
        (texts.publisher, "publisher", "text"),
        (texts.author_label, "author", "text"),
        (texts.published, "published", "date"),
        (texts.web_address, "url", "url"),
    )


def _box(kind: str, name: str, value: object = None, *, required: bool = False) -> str:
    given = "" if value is None else f' value="{escape(str(value))}"'
    return f'<input type="{kind}" name="{name}" autocomplete="off"{given}{" required" * required}>'


def _labelled(label: str, box: str) -> str:
    return element("label", element("span", escape(label)) + box, class_="qc-field")


def progress_markup(run: Run, texts: Texts) -> str:
    """Say how far a run of adding is, or what came of it, file by file where something went wrong."""
    if run.error is not None:
        return _problem(run.error, texts)
    if run.report is None:
        words = texts.adding.format(
            done=texts.number(run.done),
            total=texts.number(max(run.total, 1)),
            articles=texts.articles(run.articles),
        )
        bar = f'<progress max="1" value="{run.share:.3f}"></progress>'
        return element("p", escape(words)) + bar + element("p", escape(run.current), class_="qc-hint")
    return _outcome(run.report, texts)


def _outcome(report: IndexReport, texts: Texts) -> str:
    counts = [
        (texts.added_count, len(report.added)),
        (texts.updated_count, len(report.updated)),
        (texts.unchanged_count, len(report.unchanged)),
        (texts.failed_count, len(report.failed)),
    ]
    words = ", ".join(label.format(count=texts.number(count)) for label, count in counts if count)
    summary = element("p", element("strong", escape(words or texts.nothing_added)))
    failed = "".join(
        _failed(failure.where, failure.message, failure.hint, texts) for failure in report.failed[:_NAMED]
    )
    rest = len(report.failed) - _NAMED
    if rest > 0:
        failed += element("li", escape(texts.more_failed.format(count=texts.number(rest))))
    warned = "".join(_failed(where, warning, "", texts) for where, warning in report.warnings[:_NAMED])
    rest = len(report.warnings) - _NAMED
    if rest > 0:
        warned += element("li", escape(texts.more_failed.format(count=texts.number(rest))))
    return (
        summary
        + (element("ul", failed, class_="qc-failed") if failed else "")
        + (element("ul", warned, class_="qc-warned") if warned else "")
    )


def _failed(where: str, message: str, hint: str, texts: Texts) -> str:
    name = where.replace("\\", "/").rsplit("/", 1)[-1] if "://" not in where else where
    line = escape(sentences(message, hint, texts))
    return element("li", element("strong", escape(name)) + " – " + line)


def _problem(error: Exception, texts: Texts) -> str:
    message = sentences(str(error), "", texts) or texts.unexpected
    hint = sentences(getattr(error, "hint", ""), "", texts)
    return element("p", element("strong", escape(message)) + " " + escape(hint), class_="qc-error")


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
