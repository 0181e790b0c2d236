"""Check that one odd record, field or page costs at most itself, and never the run."""

import json
import logging
from pathlib import Path

import pytest

from rag.ingest.metadata.dates import stated
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.web.listings import listing
from tests.ingest.formats.files import FIRST, everything, one, zipped
from tests.ingest.printed import column, pdf

ZONE = "Mon, 01 Nov 2021 00:00:00 +9999999999999999999"


def record(**fields: object) -> bytes:
    return (json.dumps({"id": "1", "text": FIRST} | fields) + "\n").encode()


def failed(path: Path, content: bytes) -> str:
    """Return what is said of a file that fails, with a hint."""
    (failure,) = everything(path, content)
    assert isinstance(failure, Failure), failure
    assert failure.hint
    return failure.message


def test_a_number_of_four_hundred_digits_is_no_date(tmp_path: Path) -> None:
    """Name the one record; the next one is read."""
    content = record().replace(b'"id": "1"', b'"id": "1", "published": ' + b"9" * 400) + record(id="2")
    bad, good = everything(tmp_path / "a.jsonl", content)
    assert isinstance(bad, Failure) and "is no date" in bad.message
    assert isinstance(good, Reading)


@pytest.mark.parametrize("head", ["---\ntitle: {}\n---\n", "+++\ntitle = {}\n+++\n"])
def test_front_matter_in_five_thousand_brackets(tmp_path: Path, head: str) -> None:
    """Name front matter that no parser can follow."""
    assert "its front matter is not" in failed(tmp_path / "a.md", head.format("[" * 5_000).encode())


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    """Write out no list of lists, which eight lines of YAML make of a thousand million items."""
    lines = "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb = f"---\na: &a [x, x]\n{lines}"
    for field in (
        "author: *i",
        "source: *i",
        "date: *i",
        "date: {name: x, more: *i}",
        "lastmod: {name: x, more: *i}",
    ):
        (made,) = everything(tmp_path / "a.md", f"{bomb}{field}\n---\n{FIRST}".encode())
        assert isinstance(made, Failure) or made.warnings, field
    assert failed(tmp_path / "b.md", f"{bomb}author: *i\n---\n{FIRST}".encode()) == (
        "a field holds a list in the place of text"
    )
    many = record(author=[str(n) for n in range(101)])
    assert failed(tmp_path / "a.jsonl", many) == "a field has 101 values"


def test_names_in_mappings(tmp_path: Path) -> None:
    """Take the name where a field is a mapping, as programs that collect news write sources and authors."""
    content = record(source={"id": None, "name": "BBC News"}, authors=[{"name": "Jane Doe"}, "Anna Muster"])
    source = one(tmp_path / "a.jsonl", content).article.source
    assert (source.publisher, source.author) == ("BBC News", "Jane Doe, Anna Muster")


def test_a_damaged_page_costs_a_pdf_no_other_page(tmp_path: Path) -> None:
    """Keep what can be read, and say which pages cannot; name a PDF of which nothing can."""
    whole = pdf([column(50, 700, [FIRST])])
    damaged = whole.replace(b"/Count 1 /Kids [6 0 R]", b"/Count 2 /Kids [null 6 0 R]")
    lost = whole.replace(b"/Kids [6 0 R]", b"/Kids [null]")
    assert damaged != whole != lost
    read = one(tmp_path / "a.pdf", damaged)
    assert FIRST in " ".join(read.article.text.split())
    assert read.warnings == ("damaged pages were left out: 1",)
    assert failed(tmp_path / "b.pdf", lost) == "this PDF is damaged: no page can be read"


def test_a_pdf_page_of_a_thousand_rows(tmp_path: Path) -> None:
    """Read an endless page, as programs print web pages, from top to bottom."""
    rows = [f"Der Rat von Rostock hat am Dienstag Punkt {n} beraten." for n in range(1_150)]
    content = pdf([column(50, 13_900, rows)]).replace(b"[0 0 595 842]", b"[0 0 595 14000]")
    text = one(tmp_path / "a.pdf", content).article.text
    assert text.index("Punkt 7 ") < text.index("Punkt 70 ") < text.index("Punkt 1149 ")


def test_a_time_zone_without_end(tmp_path: Path) -> None:
    """Do without the day of a feed or mail whose time zone is none."""
    item = f"<item><link>http://kueste.example/1</link><pubDate>{ZONE}</pubDate></item>"
    found = listing(f"<rss><channel>{item}</channel></rss>".encode(), "http://kueste.example/", 10**6)
    assert found is not None and [link.fields["published"] for link in found.links] == [None]
    mail = f"From: a@kueste.example\nSubject: Lage\nDate: {ZONE}\nContent-Type: text/plain\n\n{FIRST}\n"
    assert one(tmp_path / "a.eml", mail.encode("cp1252")).article.text == FIRST


def test_what_nobody_foresaw_is_one_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Name a file at which a reader breaks, log where it broke, and go on with the next one."""

    def broken(*_: object) -> None:
        raise TypeError("no\nnumber")

    monkeypatch.setattr("rag.ingest.formats.markdown._text", broken)
    with caplog.at_level(logging.ERROR):
        assert failed(tmp_path / "a.md", FIRST.encode()) == "it cannot be read (TypeError: no number)"
    assert "Traceback" in caplog.text
    bad, good = everything(tmp_path / "a.zip", zipped({"a.md": FIRST.encode(), "b.txt": FIRST.encode()}))
    assert isinstance(bad, Failure) and isinstance(good, Reading)
    monkeypatch.setattr("rag.ingest.reading.finished", broken)
    assert "TypeError" in failed(tmp_path / "a.jsonl", record())


@pytest.mark.parametrize(
    "value",
    [20211207, 20211207.0, "20211207", "1638835200", "1638835200.0", "1638835200000", "07.12.21", "7.12.21"],
)
def test_days_in_figures(value: object) -> None:
    """Understand days and seconds in figures alone, and years of two figures."""
    assert str(stated(value)) == "2021-12-07"


@pytest.mark.parametrize(
    "value", [20211307, "99999999", "07.13.21", float("nan"), float("inf"), "2021", "12345"]
)
def test_figures_that_are_no_day(value: object) -> None:
    """Make no day of other figures."""
    assert stated(value) is None
    assert str(stated("01.02.89")) == "1989-02-01"


def test_a_day_of_change_that_is_none_is_a_warning(tmp_path: Path) -> None:
    """Keep the article whose front matter says `modified: true`."""
    made = one(tmp_path / "a.md", f"---\ntitle: Hafen\nmodified: true\n---\n{FIRST}".encode())
    assert made.article.source.updated is None
    assert made.warnings == ("`updated` is no date: True",)


def test_a_readme_in_a_zip_is_passed_over(tmp_path: Path) -> None:
    """Leave out what tells of a folder, in a zip as in a folder."""
    content = zipped({"news/README.md": b"# The folder of news", "news/a.txt": FIRST.encode()})
    assert one(tmp_path / "a.zip", content).article.text == FIRST
