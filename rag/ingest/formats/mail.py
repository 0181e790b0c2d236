"""An e-mail newsletter or a page saved as MHTML → the article in it."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any, Final

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.formats.html.extraction import page_text
from rag.ingest.formats.html.page import read_html
from rag.ingest.text.characters import decode, decoded_as
from rag.ingest.text.layout import unwrapped

_PLAIN_CHARS: Final = 300  # a plain part below says only "view in your browser"
_QUOTED: Final = re.compile(r"^(?:> ?)+", re.MULTILINE)


class _Patient(EmailPolicy):
    """Reads mails as the standard library does, but for fields that break it: they are not there."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # its parsers fail in many ways at what no mail program would write
            return None


def read_mail(content: bytes) -> Draft:
    """Return the text of a mail: subject as headline, sender as publisher, its day as published.

    Raises:
        InputError: it holds no text.
    """
    message = _message(content)
    plain, page = _part(message, "text/plain"), _part(message, "text/html")
    if plain is not None and len(plain) >= _PLAIN_CHARS:
        text = _plain_text(plain)
    elif page is not None:
        text = page_text(page)
    elif plain is not None:
        text = _plain_text(plain)
    else:
        text = ""
    if not text:
        raise InputError("this mail holds no text", hint="save its text as .txt")
    sender, address = parseaddr(str(message["From"] or ""))
    fields: dict[str, Any] = {
        "title": str(message["Subject"] or "").strip() or None,
        "publisher": sender or address.rpartition("@")[2] or None,
        "published": _day(message),
    }
    return Draft(text, fields)


def read_mhtml(content: bytes) -> Draft:
    """Return the article of a page that a browser saved with all its parts.

    Raises:
        InputError: it holds no page.
    """
    message = _message(content)
    page = _part(message, "text/html")
    if page is None:
        raise InputError("this MHTML holds no article", hint="save the page again, as HTML")
    draft = read_html(page.encode())
    address = str(message["Snapshot-Content-Location"] or "") or None
    return Draft(draft.text, {**draft.fields, "url": draft.fields.get("url") or address}, draft.warnings)


def _message(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=_Patient())
    if not isinstance(message, EmailMessage) or not message.keys():
        raise InputError("this is no mail: it has no head", hint="export the mail as .eml")
    return message


def _part(message: EmailMessage, kind: str) -> str | None:
    """Return the first part of a kind as text, whatever its declared encoding is worth."""
    for part in message.walk():
        if part.get_content_type() == kind and not part.is_attachment():
            payload = part.get_payload(decode=True)
            return _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else None
    return None


def _decoded(payload: bytes, charset: str | None) -> str:
    """Return the text of a part: Chromium names no charset for its pages in UTF-8, some mails a wrong one."""
    text = decoded_as(payload, charset or "utf-8")
    return decode(payload)[0] if text is None else text


def _plain_text(text: str) -> str:
    """Return a plain mail with its paragraphs on one line each, without the signs of quoted mails."""
    return unwrapped(_QUOTED.sub("", text).strip())


def _day(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message["Date"])).date().isoformat()
    except (TypeError, ValueError, OverflowError):
        return None
