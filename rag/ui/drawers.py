"""The dialogs that every view of the page has: the conversations of this browser, and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from rag.schema import EXTRACTIVE
from rag.settings import Settings
from rag.ui.conversation.views import QUOTES
from rag.ui.markup import element, escape
from rag.ui.texts.languages import Texts

_CROSS: Final = '<span aria-hidden="true">×</span>'


class Offering(Protocol):
    """What the page asks of the models that can be chosen."""

    def offered(self) -> Sequence[str]:
        """Return the names of those beside the configured one."""


class Described(Protocol):
    """What the page tells of a library."""

    model: str
    settings: Settings

    @property
    def models(self) -> Offering:
        """The language models that can be chosen."""

    @property
    def remote(self) -> bool:
        """Whether questions and passages leave this machine."""


def dialog(name: str, title: str, content: str, texts: Texts) -> str:
    """Write a dialog with its title and the button that closes it."""
    close = element("button", _CROSS, type="button", class_="qc-dismiss", aria_label=texts.close)
    head = element("header", element("h2", escape(title), id=f"{name}-title") + close)
    return element("dialog", head + content, id=name, aria_labelledby=f"{name}-title", lang=texts.language)


def conversations(texts: Texts) -> str:
    """Write the list of conversations, which the browser fills."""
    tools = (
        _button(texts.rename, "qc-rename")
        + _button(texts.export_markdown, "qc-export", data_kind="md")
        + _button(texts.export_json, "qc-export", data_kind="json")
        + _button(texts.delete, "qc-forget", data_sure=texts.delete_sure)
    )
    counts = {"data_one": texts.asked_one, "data_many": texts.asked_many}
    when = element("time", "") + element("span", "", **counts)
    entry = element(
        "li",
        element("button", "", type="button", class_="qc-open")
        + element("p", when, class_="qc-when")
        + element("p", tools, class_="qc-tools"),
    )
    content = (
        element("p", escape(texts.history_note), class_="qc-hint qc-when-kept")
        + element("p", escape(texts.history_lost), class_="qc-hint qc-when-lost")
        + element("ul", "", class_="qc-conversations")
        + element("p", escape(texts.no_conversations), class_="qc-no-conversations")
        + element("template", entry, id="qc-conversation-entry")
    )
    return dialog("qc-history", texts.history, element("div", content), texts)


def settings(library: Described, texts: Texts) -> str:
    """Write the form of what a person may want otherwise than the program was started with."""
    chosen = library.settings
    rows = ""
    known = answerers(library, texts)
    if len(known) > 1:
        rows += _radios(texts.answerer, "answerer", [(value, label) for value, label, _ in known])
    languages = (
        ("", texts.as_question),
        ("de", texts.language_name("de")),
        ("en", texts.language_name("en")),
    )
    rows += _radios(texts.answer_language, "language", languages)
    rows += _slider(texts.passages_label, "passages", 1, 20, min(chosen.passages, 20))
    percent = round(chosen.abstain_below * 100)
    rows += _slider(texts.strictness, "strictness", 0, 95, percent, texts.strictness_note)
    usual = element("button", escape(texts.usual), type="button", class_="qc-button qc-usual")
    privacy = element("h3", escape(texts.leaves_machine)) + leaving(library, texts)
    privacy += element("p", escape(texts.runs_locally), class_="qc-hint")
    note = element("p", escape(texts.settings_note), class_="qc-hint")
    content = element("form", note + rows + usual) + element("div", privacy)
    return dialog("qc-settings", texts.settings, content, texts)


def rephrasing(texts: Texts) -> str:
    """Write the form that takes a question's place while it is put in other words, and the way back."""
    box = element("textarea", "", aria_label=texts.question_label, rows=2)
    choices = _button(texts.cancel, "qc-button qc-dismiss")
    choices += element("button", escape(texts.ask), class_="qc-button qc-primary")
    form = element("form", box + element("p", choices, class_="qc-choices"), class_="qc-rephrasing")
    back = _button(texts.followed_open, "qc-return")
    earlier = element(
        "p", escape(texts.followed) + " " + back, class_="qc-note qc-earlier", lang=texts.language
    )
    return element("template", form, id="qc-rephrasing", lang=texts.language) + element(
        "template", earlier, id="qc-earlier"
    )


def copying(texts: Texts) -> str:
    """Write the dialog that holds, selected, what the browser does not let the page copy."""
    note = element("p", escape(texts.copy_by_hand), class_="qc-hint")
    box = element("textarea", "", aria_label=texts.copy, rows=6, readonly="")
    return dialog("qc-by-hand", texts.copy, element("div", note + box, class_="qc-field"), texts)


def answerers(library: Described, texts: Texts) -> list[tuple[str, str, str]]:
    """Return who can answer: what the browser sends for each, its label, and what leaves the machine for it.

    The first is what the program was started with; Ollama's models run on this machine.
    """
    quotes = (texts.answerer_quotes, _told(library, texts, EXTRACTIVE))
    known = [("", *quotes)]
    if library.model != EXTRACTIVE:
        told = _told(library, texts, library.model, remote=library.remote)
        known = [("", library.model, told), (QUOTES, *quotes)]
    return known + [(name, name, _told(library, texts, name)) for name in library.models.offered()]


def leaving(library: Described, texts: Texts) -> str:
    """Say who answers and what leaves the machine for it, for each that can be chosen; the first is shown."""
    lines = ""
    for value, label, told in answerers(library, texts):
        writes = "" if label == texts.answerer_quotes else "writes"
        hidden = "hidden" if value else None
        lines += element(
            "p", escape(told), class_="qc-privacy", data_answerer=value, data_writes=writes, hidden=hidden
        )
    return lines


def _told(library: Described, texts: Texts, model: str, *, remote: bool = False) -> str:
    """Say in a sentence or two who answers and what leaves the machine."""
    who = texts.local_extractive
    if model != EXTRACTIVE:
        who = (texts.remote_model if remote else texts.local_model).format(model=model)
    gone = [texts.remote_embedding] if library.settings.remote_embedding else []
    gone += [texts.remote_store] if library.settings.remote_store else []
    if not gone and not remote:
        gone = [texts.nothing_leaves]
    return " ".join([who, *gone])


def _radios(title: str, name: str, values: Sequence[tuple[str, str]]) -> str:
    choices = ""
    for value, label in values:
        box = f'<input type="radio" name="{name}" value="{value}" data-usual="">'
        choices += element("label", box + element("span", escape(label)), class_="qc-choice")
    return element("fieldset", element("legend", escape(title)) + choices)


def _slider(title: str, name: str, least: int, most: int, usual: int, note: str = "") -> str:
    reach = f'min="{least}" max="{most}" data-usual="{usual}"'
    box = f'<input type="range" id="qc-set-{name}" name="{name}" {reach}>'
    output = element("output", "", for_=f"qc-set-{name}")
    hint = element("span", escape(note), class_="qc-hint") if note else ""
    return element("label", element("span", escape(title)) + box + output + hint, class_="qc-slider")


def _button(label: str, name: str, **attributes: str) -> str:
    return element("button", escape(label), type="button", class_=name, **attributes)
