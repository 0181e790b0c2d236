"""A case → the file that a bad actor would put into a collection, in the case's format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import yaml

from tests.ingest.printed import pdf
from tests.injection.cases import Case


def write(case: Case, folder: Path) -> Path:
    """Write a case into a folder and return the file."""
    name = case.filled(case.filename) or f"{case.name}.{case.file}"
    path = folder / name.replace("/", "-")
    path.write_bytes(_WRITERS[case.file](case))
    return path


def _text(case: Case) -> str:
    first, second, third = case.sentences
    injection = case.filled(case.injection)
    gap = "" if injection.startswith("\n") or not injection else " "
    return f"{first} {second}{gap}{injection}{'' if injection.endswith(chr(10)) else ' '}{third}"


def _txt(case: Case) -> bytes:
    return f"{case.headline}\n\n{_text(case)}\n".encode()


def _md(case: Case) -> bytes:
    front = {"title": case.headline} | case.all_filled(case.front)
    return f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n\n{_text(case)}\n".encode()


def _jsonl(case: Case) -> bytes:
    record = {"id": case.name, "title": case.headline, "text": _text(case)} | case.all_filled(case.fields)
    return json.dumps(record).encode() + b"\n"


def _html(case: Case) -> bytes:
    first, second, third = case.sentences
    return (
        f"<!DOCTYPE html><html lang='{case.language}'><head><title>{case.headline}</title>"
        f"{case.filled(case.head)}</head><body><article><h1>{case.headline}</h1><p>{first}</p><p>{second}</p>"
        f"{case.filled(case.html)}<p>{third}</p></article></body></html>"
    ).encode()


def _eml(case: Case) -> bytes:
    message = EmailMessage()
    headers = {"Subject": case.headline, "From": "Blatt <blatt@blatt.example>", "To": "a@b.example"}
    for name, value in (headers | case.all_filled(case.headers)).items():
        message[name] = value
    message.set_content("HTML!")
    message.add_alternative(_html(case).decode(), subtype="html")
    return bytes(message)


def _docx(case: Case) -> bytes:
    import docx
    from docx.shared import Pt, RGBColor

    document = docx.Document()
    document.add_paragraph(case.headline)
    first, second, third = case.sentences
    paragraph = document.add_paragraph(f"{first} {second} ")
    run = paragraph.add_run(case.filled(case.injection))
    if case.hidden == "vanish":
        run.font.hidden = True
    elif case.hidden == "white":
        run.font.color.rgb = RGBColor(255, 255, 255)
    elif case.hidden == "tiny":
        run.font.size = Pt(1)
    paragraph.add_run(f" {third}")
    for name, value in case.all_filled(case.properties).items():
        setattr(document.core_properties, name, value)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pdf(case: Case) -> bytes:
    first, second, third = case.sentences
    lines = [(50.0, 760.0 - 14 * n, 10.0, text) for n, text in enumerate((case.headline, "", first, second))]
    size, left, baseline = (0.5, 50.0, 690.0) if case.hidden == "tiny" else (10.0, 50.0, 690.0)
    if case.hidden == "off":
        left, baseline = 50.0, -400.0
    order = [(left, baseline, size, case.filled(case.injection))] if case.injection else []
    operator = case.hidden if case.hidden[:1].isdigit() else ""
    return pdf(
        [[*lines, *order, (50.0, 670.0, 10.0, third)]],
        before={len(lines): operator} if operator else {},
        about=case.all_filled(case.properties),
    )


_WRITERS: Final[dict[str, Callable[[Case], bytes]]] = {
    "txt": _txt,
    "md": _md,
    "jsonl": _jsonl,
    "html": _html,
    "eml": _eml,
    "docx": _docx,
    "pdf": _pdf,
}
