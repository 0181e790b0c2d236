"""The dialogs that every view of the page has: the conversations of this browser, and the settings."""

from __future__ import annotations

from typing import Final

from rag.ui.markup import element, escape
from rag.ui.texts import Texts

_CROSS: Final = '<span aria-hidden="true">×</span>'


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
    entry = element(
        "li",
        element("button", "", type="button", class_="qc-open")
        + element("time", "")
        + element("p", tools, class_="qc-tools"),
    )
    content = (
        element("p", escape(texts.history_note), class_="qc-hint")
        + element("ul", "", class_="qc-conversations")
        + element("p", escape(texts.no_conversations), class_="qc-no-conversations")
        + element("template", entry, id="qc-conversation-entry")
    )
    return dialog("qc-history", texts.history, element("div", content), texts)


def _button(label: str, name: str, **attributes: str) -> str:
    return element("button", escape(label), type="button", class_=name, **attributes)
