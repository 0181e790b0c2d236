"""Check articles from the web against a real server: feeds and sitemaps."""

from datetime import date

import pytest

from rag.library import Library
from tests.stores import news
from tests.web.pages import failures, feed, page, tagged
from tests.web_server import Served, WebServer


def test_a_feed_brings_its_articles(web: Library, site: WebServer) -> None:
    """Fetch what it links to, name what cannot be had, and be quiet the second time."""
    site.pages |= {f"/{n}": tagged(page(n)) for n in (1, 2)} | {"/feed": feed(site, 1, 2, 3)}
    site.pages |= {f"/{n}?utm_source=rss": site.pages[f"/{n}"] for n in (1, 2)}
    report = web.index([site.url + "/feed"])
    assert report.added == [site.url + "/1", site.url + "/2"]
    assert [failure.split(": ")[0] for failure in failures(report)] == [site.url + "/3"]
    assert web.article(site.url + "/1").source.published == date(2021, 12, 8)  # the feed says so
    assert [one.kind for one in web.watched()] == ["feed"]
    assert len(site.requests) == 1 + 1 + 3
    again = web.index([site.url + "/feed"])
    assert (again.added, again.updated, len(again.unchanged)) == ([], [], 2)


def test_the_feed_itself_stands_in_for_an_article(web: Library, site: WebServer) -> None:
    """Take its own text, marked, where an article is closed; and the article as soon as it opens."""
    told = f"&lt;p&gt;{news(1).split(chr(10) * 2)[1]} Das berichtet das Blatt in seinem Feed.&lt;/p&gt;"
    site.pages |= {"/feed": feed(site, 1, content=told), "/1": Served("", 403)}
    report = web.index([site.url + "/feed"])
    assert (report.added, failures(report)) == ([site.url + "/1"], [])
    assert "only what the feed holds" in report.warnings[0][1]
    assert "in seinem Feed" in web.article(site.url + "/1").text
    assert web.sync().added == []
    site.pages["/1"] = Served(page(1, '<link rel="canonical" href="/artikel/1">'))
    report = web.sync()
    assert (report.added, report.removed) == ([site.url + "/artikel/1"], [site.url + "/1"])
    assert web.count() == 1
    site.pages["/1"] = Served("", 403)  # and it is not lost when it closes again
    report = web.sync()
    assert "kept as it was" in report.warnings[0][1]
    assert "Stadtrat" in web.article(site.url + "/artikel/1").text


def test_an_article_in_a_feed_and_a_sitemap_rests(web: Library, site: WebServer) -> None:
    """Keep the author that only the feed tells, instead of taking turns with the sitemap at every look."""
    author = Served(feed(site, 1).body.replace("</link>", "</link><author>Anna Muster</author>"))
    site.pages |= {"/feed": author, "/1": Served(page(1)), "/1?utm_source=rss": Served(page(1))}
    site.pages["/sitemap.xml"] = Served(f"<urlset><url><loc>{site.url}/1</loc></url></urlset>")
    assert web.index([site.url + "/feed"]).added == [site.url + "/1"]
    for report in (web.index([site.url + "/sitemap.xml"]), web.sync(), web.sync()):
        assert (report.added, report.updated, report.failed) == ([], [], [])
    source = web.article(site.url + "/1").source
    assert (source.author, source.updated) == ("Anna Muster", None)


def test_a_sitemap_brings_the_newest_within_the_limit(web: Library, site: WebServer) -> None:
    """Go through an index of sitemaps, newest first, and say what was left out."""
    urls = "".join(
        f"<url><loc>{site.url}/{n}</loc><lastmod>2021-12-{n:02}</lastmod></url>" for n in range(1, 6)
    )
    site.pages |= {f"/{n}": Served(page(n)) for n in range(1, 6)}
    site.pages["/teil.xml"] = Served(f"<urlset>{urls}</urlset>")
    site.pages["/sitemap.xml"] = Served(
        f"<sitemapindex><sitemap><loc>{site.url}/teil.xml</loc></sitemap>"
        f"<sitemap><loc>{site.url}/weg.xml</loc></sitemap>"
        f"<sitemap><loc>{site.url}/sitemap.xml</loc></sitemap></sitemapindex>"
    )
    report = web.index([site.url + "/sitemap.xml"], limit=3)
    assert report.added == [f"{site.url}/{n}" for n in (5, 4, 3)]
    assert "left out" in report.warnings[0][1]
    before = len(site.requests)
    report = web.sync()
    assert (report.added, len(report.unchanged)) == ([], 3)
    assert [path for path in site.paths[before:] if path[1:].isdigit()] == []  # the sitemap says: unchanged


@pytest.mark.parametrize("body", ["<rss><channel></channel></rss>", "<urlset></urlset>", "<feed"])
def test_an_empty_listing_is_named(web: Library, site: WebServer, body: str) -> None:
    """Say that it lists nothing."""
    site.pages["/leer"] = Served(body)
    assert len(failures(web.index([site.url + "/leer"]))) == 1
