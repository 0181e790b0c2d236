"""Check mail, newsletters and saved pages: what is the text, who wrote it, and when."""

import textwrap
from email.message import EmailMessage
from pathlib import Path

import pytest

from rag.ingest.outcomes import Failure
from tests.ingest.formats.files import FIRST, PAGE, SECOND, TITLE, everything, one


def letter(plain: str | None, page: str | None) -> bytes:
    """Return a newsletter."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Rostock baut – für Millionen", "Küstenblatt <brief@kueste.example>"
    mail["Date"] = "Tue, 07 Dec 2021 18:00:00 +0100"
    if plain is not None:
        mail.set_content(plain)
    if page is not None:
        mail.add_alternative(page, subtype="html")
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("plain", "page"), [(f"{FIRST}\n\n{SECOND}\n\n{FIRST}\n\n{SECOND}", None), ("Im Browser ansehen", PAGE)]
)
def test_newsletter(tmp_path: Path, plain: str, page: str | None) -> None:
    """Take subject, sender and day from the head, the text from the part that has it."""
    source = one(tmp_path / "a.eml", letter(plain, page)).article
    assert (source.source.title, source.source.publisher) == ("Rostock baut – für Millionen", "Küstenblatt")
    assert str(source.source.published) == "2021-12-07"
    assert FIRST in source.text and SECOND in source.text
    assert "Browser" not in source.text


def test_a_newsletter_laid_out_in_tables(tmp_path: Path) -> None:
    """Read heading by heading and paragraph by paragraph; what Outlook writes in cp1252 is decoded."""
    rows = f"<tr><td>Im Browser ansehen</td></tr><tr><td><h2>{TITLE}</h2><p>{FIRST}</p><a>Weiterlesen</a></td></tr>"
    rows += f"<tr><td>Anzeige</td></tr><tr><td><h2>Streit um die Kosten</h2><p>{SECOND}</p></td></tr>"
    page = f"<html><head><title>x</title></head><body><table>{rows}</table></body></html>"
    head = "Subject: Morgenbrief\nFrom: a@b.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
    for encoding in ("utf-8", "cp1252"):
        made = one(tmp_path / "a.eml", (head + page).encode(encoding))
        assert made.article.text == "\n\n".join([TITLE, FIRST, "Streit um die Kosten", SECOND])


def test_a_mail_broken_to_a_width(tmp_path: Path) -> None:
    """Join lines that had no room for the next word, in paragraphs of two lines too; a list stays as it is."""
    paragraphs = [
        textwrap.wrap(paragraph, 72) for paragraph in (FIRST, SECOND, FIRST.replace("Rostock", "Wismar"))
    ]
    listed = "- drei Kräne\n- zwei Anleger"
    plain = "\n\n".join([*("\n".join(lines) for lines in paragraphs), "Bezahlt werden:", listed])
    text = one(tmp_path / "a.eml", letter(plain, None)).article.text
    assert text == "\n\n".join([FIRST, SECOND, FIRST.replace("Rostock", "Wismar"), "Bezahlt werden:", listed])


def test_a_short_mail_and_a_forwarded_one(tmp_path: Path) -> None:
    """Join the lines of a short mail as well, and take the signs of quoted mails off."""
    lines = textwrap.wrap(SECOND + " " + FIRST, 72)
    assert one(tmp_path / "a.eml", letter("\n".join(lines), None)).article.text == f"{SECOND} {FIRST}"
    quoted = "\n".join(f"> {line}" for line in lines)
    assert one(tmp_path / "b.eml", letter(quoted, None)).article.text == f"{SECOND} {FIRST}"


def test_mhtml(tmp_path: Path) -> None:
    """Read the page that a browser saved, with its address."""
    content = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://kueste.example/hafen\nSubject: x\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; boundary="B"\n\n--B\nContent-Type: text/html; charset=utf-8\n'
        f"Content-Transfer-Encoding: 8bit\n\n{PAGE}\n--B--\n"
    )
    made = one(tmp_path / "a.mhtml", content.encode())
    assert FIRST in made.article.text
    assert made.article.source.url == "https://kueste.example/hafen"
    unnamed = one(tmp_path / "b.mhtml", content.replace("; charset=utf-8", "").encode())
    assert unnamed.article.text == made.article.text  # as Chromium saves it


@pytest.mark.parametrize("suffix", [".eml", ".mhtml"])
def test_no_mail_is_a_failure(tmp_path: Path, suffix: str) -> None:
    """Name what is none."""
    (failure,) = everything(tmp_path / f"a{suffix}", b"\n\nnothing")
    assert isinstance(failure, Failure)
