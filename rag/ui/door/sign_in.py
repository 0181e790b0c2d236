"""The login page: one form in the page's look, in any of its languages, without any script."""

from __future__ import annotations

from urllib.parse import quote

from rag.ui.files import address
from rag.ui.markup import element, escape
from rag.ui.texts.languages import Texts, next_language


def sign_in_page(texts: Texts, root: str, following: str, *, name: str, wait_s: int, wrong: bool) -> str:
    """Write the page; `following` is where the login leads, `wrong` says that the last one failed."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        + element("title", f"{escape(texts.log_in)} – Quellenchat")
        + f'<link rel="stylesheet" href="{escape(root)}/{address("sign-in.css")}">'
        + f'<link rel="icon" href="{escape(root)}/favicon.ico">'
    )
    body = element("header", element("h1", "Quellenchat") + _language(texts, root, following))
    body += element("main", _form(texts, root, following, name, wait_s, wrong))
    page = element("head", head) + element("body", body)
    return "<!doctype html>\n" + element("html", page, lang=texts.language)


def _form(texts: Texts, root: str, following: str, name: str, wait_s: int, wrong: bool) -> str:
    told = ""
    if wrong:
        said = texts.login_wait.format(seconds=wait_s) if wait_s else texts.login_wrong
        told = element("p", escape(said), role="alert", id="told")
    user = _field("username", texts.user_name, "text", "username", name, focus=not name, told=wrong)
    password = _field("password", texts.password, "password", "current-password", "", bool(name), wrong)
    button = element("button", escape(texts.log_in), type="submit")
    content = element("h2", escape(texts.log_in)) + told + user + password + button
    return element("form", content, method="post", action=f"{root}/login?next={quote(following, safe='')}")


def _field(name: str, label: str, kind: str, fills: str, value: str, focus: bool, told: bool) -> str:
    more = " autofocus" if focus else ""
    more += ' aria-describedby="told"' if told else ""
    box = (
        f'<input type="{kind}" id="{name}" name="{name}" value="{escape(value)}" required maxlength="1000" '
        f'autocomplete="{fills}" autocapitalize="none" spellcheck="false"{more}>'
    )
    return element("label", escape(label), for_=name) + box


def _language(texts: Texts, root: str, following: str) -> str:
    other = next_language(texts)
    target = f"{root}/login?language={other.language}&next={quote(following, safe='')}"
    return element("a", escape(other.own_name), href=target, lang=other.language, hreflang=other.language)
