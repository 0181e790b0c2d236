"""Check that text is read in the encoding it is in, whatever is said of it."""

from pathlib import Path

import pytest

from rag.ingest.text import decoded_as
from tests.ingest.test_formats import PAGE, one

SAID = "Er sprach von der „Lage“ – sie koste 100 € im Monat, und das sei zu viel für die Menschen der Stadt …"


@pytest.mark.parametrize("charset", ["iso-8859-1", "latin1", "us-ascii", "windows-1252"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_latin_1_means_windows_1252(tmp_path: Path, charset: str, encoding: str) -> None:
    """Keep quotation marks, dashes and € of pages and mails that call windows-1252 Latin-1."""
    page = PAGE.replace("<html>", f"<html><head><meta charset='{charset}'></head>")
    page = page.replace("</article>", f"<p>{SAID}</p></article>")
    assert SAID in one(tmp_path / "a.html", page.encode(encoding)).article.text
    mail = (
        f"From: a@kueste.example\nSubject: Lage\nContent-Type: text/plain; charset={charset}\n"
        f"Content-Transfer-Encoding: 8bit\n\n{SAID}\n"
    )
    assert one(tmp_path / "a.eml", mail.encode(encoding)).article.text == SAID


@pytest.mark.parametrize(
    "charset", "base64 hex rot13 idna punycode undefined unicode_escape klingon a\0b".split(" ")
)
def test_what_is_no_encoding_of_text_decodes_nothing(charset: str) -> None:
    """Take none of Python's other codecs for an encoding, whoever names it."""
    assert decoded_as("Müller".encode(), charset) is None


def test_a_byte_that_windows_1252_leaves_out_costs_nothing_else() -> None:
    """Read the rest of a text with one of the five bytes that windows-1252 does not define."""
    assert decoded_as(b"\x84M\xfcller\x93\x81", "latin-1") == "„Müller“\x81"
