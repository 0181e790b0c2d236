"""The dialogs of the collection: adding articles, editing what is known of one, removing it."""

from __future__ import annotations

from typing import Final

from rag.schema import Source
from rag.ui.drawers import dialog
from rag.ui.markup import element, escape, web_address
from rag.ui.texts.languages import Texts

_ADDRESS_BOX: Final = (
    '<input type="url" name="url" required placeholder="https://…" aria-describedby="qc-address-note">'
)


def dialogs(texts: Texts, upload_mb: float) -> str:
    """Write the dialogs of the view: adding files of up to so many megabytes, editing and removing."""
    editing = dialog("qc-editing", texts.edit_article, element("form", "", class_="qc-edit-form"), texts)
    return _adding(texts, upload_mb) + editing + _removing(texts)


def _adding(texts: Texts, upload_mb: float) -> str:
    drop = element(
        "label",
        '<input type="file" multiple>'
        + element("strong", escape(texts.drop_here))
        + element("span", escape(texts.drop_formats), class_="qc-hint"),
        class_="qc-drop",
        data_large=texts.upload_too_large.format(megabytes=f"{upload_mb:g}"),
        data_lost=texts.upload_lost,
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
    if kind == "url" and value and web_address(str(value)) is None:
        kind = "text"  # a browser would let nothing be saved before it is an address
    return f'<input type="{kind}" name="{name}" autocomplete="off"{given}{" required" * required}>'


def _labelled(label: str, box: str) -> str:
    return element("label", element("span", escape(label)) + box, class_="qc-field")
