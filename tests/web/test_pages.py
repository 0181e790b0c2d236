"""Check articles from the web against a real server: single pages."""

import io
from datetime import date
from pathlib import Path

import docx
import pytest

from rag import settings
from rag.library import Library
from tests.stores import agree, news, word
from tests.web.pages import failures, page, tagged
from tests.web_server import Served, WebServer


def test_an_article_is_indexed_by_its_address(web: Library, site: WebServer) -> None:
    """Take the article alone, know what the page says of it, and find it."""
    site.pages["/a"] = Served(page(7))
    report = web.index([site.url + "/a?utm_source=mail#top"])
    assert (report.added, failures(report)) == ([site.url + "/a"], [])
    article = web.article(site.url + "/a")
    assert article.source.title == "Rostock: Schwimmbad wird ausgebaut"
    assert article.source.publisher == "Das Blatt"
    assert article.source.published == date(2021, 12, 7)
    assert article.source.language == "de"
    assert article.source.url == site.url + "/a"
    assert word(7) in article.text
    assert "Impressum" not in article.text
    assert word(7) in web.search(f"Aktenzeichen {word(7)}")[0].passage.text


def test_the_canonical_address_decides(web: Library, site: WebServer) -> None:
    """Take the same article under two addresses for one."""
    head = '<link rel="canonical" href="/artikel/7">'
    site.pages |= {"/a": Served(page(7, head)), "/amp/a": Served(page(7, head))}
    report = web.index([site.url + "/a", site.url + "/amp/a"])
    assert report.added == report.unchanged == [site.url + "/artikel/7"]
    assert failures(report) == []
    assert web.count() == 1


def test_another_site_cannot_be_named(web: Library, site: WebServer) -> None:
    """Leave the articles of others alone, whatever a page calls itself."""
    site.pages["/a"] = Served(page(7, '<link rel="canonical" href="https://andere.example/a">'))
    assert web.index([site.url + "/a"]).added == [site.url + "/a"]


def test_the_second_look_asks_only_for_changes(web: Library, site: WebServer) -> None:
    """Do nothing for a page that is as it was."""
    site.pages["/a"] = tagged(page(7))
    web.index([site.url + "/a"])
    report = web.index([site.url + "/a"])
    assert (report.unchanged, report.updated) == ([site.url + "/a"], [])
    site.pages["/a"] = Served(page(7))  # sent again in full, with the same content
    report = web.index([site.url + "/a"])
    assert (report.unchanged, report.updated) == ([site.url + "/a"], [])


def test_a_correction_keeps_the_day_of_the_first_version(web: Library, site: WebServer) -> None:
    """Replace the text as a whole, and say when it was corrected."""
    site.pages["/a"] = tagged(page(7))
    web.index([site.url + "/a"])
    site.pages["/a"] = tagged(page(8, published="2021-12-09"))
    assert web.sync().updated == [site.url + "/a"]
    source = web.article(site.url + "/a").source
    assert (source.published, source.updated) == (date(2021, 12, 7), date(2021, 12, 9))
    assert word(7) not in web.article(site.url + "/a").text
    assert web.sync().unchanged == [site.url + "/a"]
    assert web.article(site.url + "/a").source.updated == date(2021, 12, 9)
    web.close()
    assert agree(web.settings.store)


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (Served("", 404), "404"),
        (Served("", 500), "500"),
        (Served("<html><body></body></html>"), "no article"),
        (Served(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, headers={"Content-Type": "image/png"}), ""),
        (Served("", headers={"Content-Type": "text/plain"}), ""),
        (Served("", 302, {"Location": "file:///etc/passwd"}), "scheme"),
    ],
)
def test_what_is_no_article_is_one_clear_line(
    web: Library, site: WebServer, served: Served, expected: str
) -> None:
    """Name the address and the reason, and remember nothing."""
    site.pages["/x"] = served
    site.pages["/a"] = Served(page(7))
    report = web.index([site.url + "/x", site.url + "/a"])
    assert report.added == [site.url + "/a"]
    (failure,) = failures(report)
    assert failure.startswith(site.url + "/x: ")
    assert expected in failure
    assert [one.target for one in web.watched()] == [site.url + "/a"]


def test_this_machine_is_out_of_reach_by_default(site: WebServer, tmp_path: Path) -> None:
    """Refuse loopback unless the person wants it."""
    site.pages["/a"] = Served(page(7))
    with Library.open(settings.load(store=tmp_path / "s"), create=True) as library:
        (failure,) = failures(library.index([site.url + "/a"]))
    assert failure.endswith(": 127.0.0.1 is not on the public internet")
    assert site.requests == []


def test_other_encodings_and_plain_text(web: Library, site: WebServer) -> None:
    """Believe the server about the encoding, and take a text as a text."""
    site.pages["/a"] = Served(
        page(7).replace('<meta charset="utf-8">', "").encode("cp1252"),
        headers={"Content-Type": "text/html; charset=windows-1252"},
    )
    site.pages["/b"] = Served(news(8), headers={"Content-Type": "text/plain; charset=utf-8"})
    assert failures(web.index([site.url + "/a", site.url + "/b"])) == []
    assert "Frühjahr" in web.article(site.url + "/a").text
    assert web.article(site.url + "/b").text == news(8)


@pytest.mark.parametrize("charset", ["base64", "hex", "rot13", "idna", "undefined", "utf-16", "klingon"])
def test_a_charset_that_makes_no_sense_costs_nothing(web: Library, site: WebServer, charset: str) -> None:
    """Read what a page says itself where its server names no encoding that it can be in."""
    site.pages["/a"] = Served(page(7), headers={"Content-Type": f"text/html; charset={charset}"})
    assert failures(web.index([site.url + "/a"])) == []
    assert "Frühjahr" in web.article(site.url + "/a").text


def test_only_text_has_an_encoding(web: Library, site: WebServer) -> None:
    """Leave the bytes of a Word document as they are, whatever charset its server names."""
    document, content = docx.Document(), io.BytesIO()
    for paragraph in news(7).split("\n\n"):
        document.add_paragraph(paragraph)
    document.save(content)
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document; charset=iso-8859-1"
    site.pages["/a.docx"] = Served(content.getvalue(), headers={"Content-Type": word})
    assert failures(web.index([site.url + "/a.docx"])) == []
    assert web.article(site.url + "/a.docx").text == news(7)
