"""Check that text is read in the encoding it is in, whatever is said of it."""

from pathlib import Path

import pytest

from rag.ingest.outcomes import Reading
from rag.ingest.text.characters import decoded_as
from tests.ingest.formats.files import PAGE, everything, one

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


@pytest.mark.parametrize("size", range(4))
def test_a_table_that_ends_in_umlauts_is_utf_8(tmp_path: Path, size: int) -> None:
    """Take a table for UTF-8 wherever its last characters, or the sample's, are cut."""
    row = f"id;titel;text\n1;Łukasz in Łódź;Der Präsident traf Żółty in Łódź{'x' * size} Łö"
    made = one(tmp_path / "a.csv", row.encode())
    assert (made.article.source.title, made.warnings) == ("Łukasz in Łódź", ())
    long = f"id;titel;text\n1;Łódź;{'x' * size}{'äöü ' * 20_000}"
    assert one(tmp_path / "b.csv", long.encode()).article.source.title == "Łódź"


def test_another_encoding_far_down_in_a_table_is_named(tmp_path: Path) -> None:
    """Warn of the rows in which something was replaced."""
    rows = "".join(
        f"{n};Der Mann sprach mit der Frau in der Stadt, und sie sagte {n}.\n" for n in range(1_500)
    )
    content = f"id;text\n{rows}".encode() + "x;Müller aß Brötchen am Morgen in der Stadt.\n".encode("cp1252")
    *others, last = everything(tmp_path / "a.csv", content)
    assert isinstance(last, Reading)
    assert last.warnings == ("bytes that are not utf-8-sig were replaced by \ufffd",)
    assert all(isinstance(one, Reading) and not one.warnings for one in others)
