"""Check what feeds and sitemaps are taken to list."""

import gzip
from datetime import date

import pytest

from rag.errors import FetchError
from rag.ingest.web.listings import Link, Listing, listing

URL = "https://blatt.example/feed/"
RSS = """<?xml version="1.0" encoding="iso-8859-1"?><!-- <html> -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Das Blatt</title><link>https://blatt.example/</link><language>de</language>
<item><title>Br&#252;cke &lt;b&gt;gesperrt&lt;/b&gt;</title><link>https://blatt.example/a?utm_source=rss</link>
<pubDate>Tue, 07 Dec 2021 00:30:00 +0100</pubDate><description>Kurz für alle.</description>
<content:encoded>&lt;p&gt;Die Br&#252;cke ist gesperrt, und das wird so bleiben.&lt;/p&gt;
</content:encoded></item>
<item><title>Zweite</title><link>/b</link><pubDate>unbekannt</pubDate></item>
<item><title>Ohne Adresse</title></item>
<item><title>Fremd</title><link>ftp://blatt.example/c</link></item>
<item><title>Doppelt</title><link>https://blatt.example/a</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Paper</title>
<entry><title>Bridge closed</title><link href="https://paper.example/a"/>
<author><name>A. Writer</name></author>
<published>2021-12-07T09:00:00Z</published><updated>2021-12-08T10:00:00Z</updated>
<summary>Short.</summary></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://blatt.example/alt</loc><lastmod>2021-01-01</lastmod></url>
<url><loc> https://blatt.example/neu </loc><lastmod>2021-12-07T10:00:00+01:00</lastmod>
<image:image><image:loc>https://blatt.example/bild.jpg</image:loc></image:image>
<news:news><news:publication><news:name>Das Blatt</news:name><news:language>de</news:language>
</news:publication>
<news:publication_date>2021-12-07T00:10:00+01:00</news:publication_date>
<news:title>Neu</news:title></news:news></url>
<url><lastmod>2022-01-01</lastmod></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://blatt.example/2020.xml</loc><lastmod>2020-12-31</lastmod></sitemap>
<sitemap><loc>https://blatt.example/2021.xml.gz</loc><lastmod>2021-12-31</lastmod></sitemap></sitemapindex>"""


def read(content: str | bytes) -> Listing:
    """Return what a listing lists; it must be one."""
    raw = content.encode("latin-1") if isinstance(content, str) else content
    found = listing(raw, URL, 1_000_000)
    assert found is not None
    return found


def test_rss() -> None:
    """Take addresses, titles, days as their readers saw them, and the longest text; each address once."""
    found = read(RSS)
    assert found.kind == "feed"
    assert [link.url for link in found.links] == ["https://blatt.example/a", "https://blatt.example/b"]
    first = found.links[0]
    assert first.fields["title"] == "Brücke gesperrt"
    assert first.fields["published"] == date(2021, 12, 7)
    assert first.fields["publisher"] == "Das Blatt"
    assert first.stamp == ""
    assert "so bleiben" in first.content
    assert found.links[1].fields["published"] is None


def test_atom() -> None:
    """Take the day of publication, and the moment of the change as the mark of a version."""
    (link,) = read(ATOM).links
    assert link.url == "https://paper.example/a"
    assert link.fields["author"] == "A. Writer"
    assert link.fields["published"] == date(2021, 12, 7)
    assert link.stamp == "2021-12-08T10:00:00Z"


def test_sitemaps_are_read_newest_first() -> None:
    """Take addresses of articles, not of pictures, with what a news sitemap says."""
    found = read(SITEMAP)
    assert found.kind == "sitemap"
    assert [link.url for link in found.links] == ["https://blatt.example/neu", "https://blatt.example/alt"]
    assert found.links[0] == Link(
        "https://blatt.example/neu",
        "2021-12-07T10:00:00+01:00",
        {"title": "Neu", "publisher": "Das Blatt", "published": date(2021, 12, 7)},
    )


def test_an_index_of_sitemaps_names_further_ones() -> None:
    """Take them newest first, packed or not."""
    for content in (INDEX.encode(), gzip.compress(INDEX.encode())):
        found = read(content)
        assert found.links == ()
        assert [link.url for link in found.maps] == [
            "https://blatt.example/2021.xml.gz", "https://blatt.example/2020.xml"
        ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"<!doctype html><html><body><rss></body></html>", b"Ein Text ohne Marken.", b"%PDF-1.7",
                b"<svg></svg>", b"<html><head></head><feed></feed></html>", b"\x00\x01\x02"]
)  # fmt: skip
def test_other_pages_list_nothing(content: bytes) -> None:
    """Judge by the root element alone."""
    assert listing(content, URL, 1_000) is None


LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">""" + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "body",
    [
        "]><urlset><url><loc>https://a.example/&j;</loc></url></urlset>",
        "]><rss><channel><item><title>&j;</title><link>https://a.example/1</link></item></channel></rss>",
        '<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a.example/&f;</loc></url></urlset>',
    ],
)
def test_entities_are_not_expanded(body: str) -> None:
    """Neither laugh a billion times nor read the person's files."""
    try:
        found = listing((LAUGHS + body).encode(), URL, 1_000_000)
    except FetchError:
        return
    assert found is not None
    assert sum(len(link.url) + len(str(link.fields)) for link in found.links) < 1_000
    assert not any("root" in link.url for link in found.links)


@pytest.mark.parametrize(
    "content", ["<urlset><url><loc>https://a.example/1</loc>", "<rss><channel><item>", "<feed>"]
)
def test_broken_ones_give_what_they_can_or_say_so(content: str) -> None:
    """Never raise anything but a FetchError."""
    try:
        assert listing(content.encode(), URL, 1_000) is not None
    except FetchError as error:
        assert error.hint


def test_a_packed_one_is_bounded() -> None:
    """Stop at the limit."""
    with pytest.raises(FetchError, match="larger"):
        listing(gzip.compress(b"<urlset>" + b" " * 2_000_000), URL, 1_000_000)
