"""Check articles from the web against a real server: pages, feeds, sitemaps, and looking at them again."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import docx
import pytest

from rag import settings
from rag.errors import NotFoundError
from rag.indexing import IndexReport
from rag.library import Library
from rag.watchlist import Watchlist
from tests.stores import agree, news, word, write_news
from tests.web_server import Asked, Served, WebServer


def page(number: int, head: str = "", published: str = "2021-12-07", text: str | None = None) -> str:
    """Return the page of an article, with what surrounds one on the web."""
    title, *body = (text or news(number)).split("\n\n")
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return f"""<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title} | Blatt</title>
      <meta property="og:title" content="{title}"><meta property="og:site_name" content="Das Blatt">
      <meta property="article:published_time" content="{published}T08:00:00+01:00">{head}</head>
      <body><nav><a href="/">Start</a> <a href="/abo">Abo</a></nav>
      <article><h1>{title}</h1>{paragraphs}<p>Der Stadtrat will im Herbst noch einmal über den Plan beraten,
      und die Bürger sollen vorher gehört werden. Das sagte die Bürgermeisterin am Abend.</p></article>
      <footer>Impressum</footer></body></html>"""


def tagged(body: str) -> Callable[[Asked], Served]:
    """Serve a page with an ETag, and 304 to whoever has it."""
    tag = f'"{hash(body)}"'

    def serve(asked: Asked) -> Served:
        if asked.headers.get("If-None-Match") == tag:
            return Served("", 304)
        return Served(body, headers={"ETag": tag})

    return serve


def feed(site: WebServer, *numbers: int, content: str = "") -> Served:
    """Return a feed of articles at /N."""
    items = "".join(
        f"<item><title>Meldung {n}</title><link>{site.url}/{n}?utm_source=rss</link>"
        f"<pubDate>Wed, 08 Dec 2021 10:00:00 +0100</pubDate><description>{content}</description></item>"
        for n in numbers
    )
    xml = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blatt</title>{items}</channel></rss>'
    return Served(xml, headers={"Content-Type": "application/rss+xml"})


@pytest.fixture
def site() -> Iterator[WebServer]:
    """Return a running site without pages."""
    with WebServer() as server:
        yield server


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Library]:
    """Return an empty collection that may read from loopback, without pauses."""
    chosen = settings.load(store=tmp_path / "web", fetch_private=True, fetch_delay_s=0, fetch_timeout_s=10)
    with Library.open(chosen, create=True) as library:
        yield library


def failures(report: IndexReport) -> list[str]:
    """Return what failed; each must be one line with a hint."""
    assert all("\n" not in failure.message and failure.hint for failure in report.failed)
    return [f"{failure.where}: {failure.message}" for failure in report.failed]


# -- pages ------------------------------------------------------------------------------------------------


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


# -- feeds and sitemaps -----------------------------------------------------------------------------------


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


# -- looking again ----------------------------------------------------------------------------------------


def test_sync_takes_up_what_a_feed_brings_next(web: Library, site: WebServer) -> None:
    """Add what is new, change what changed, leave the rest, and bring back nothing that was removed."""
    for n in (1, 2, 3):
        site.pages[f"/{n}?utm_source=rss"] = site.pages[f"/{n}"] = tagged(page(n))
    site.pages["/feed"] = feed(site, 1, 2)
    web.index([site.url + "/feed"])
    web.remove([site.url + "/2"])
    site.pages["/feed"] = feed(site, 3, 2, 1)
    site.pages["/1"] = tagged(page(1, text=news(9)))
    report = web.sync()
    assert (report.added, report.updated) == ([site.url + "/3"], [site.url + "/1"])
    assert (report.unchanged, failures(report)) == ([], [])
    assert web.count() == 2
    assert web.index([site.url + "/2"]).added == [site.url + "/2"]  # asked for by name it comes back


def test_an_unchanged_feed_is_not_read_again(web: Library, site: WebServer) -> None:
    """Ask for nothing else when the feed is the same and all its articles were had."""
    site.pages |= {"/feed": tagged(str(feed(site, 1).body)), "/1": tagged(page(1))}
    web.index([site.url + "/feed"])
    before = len(site.requests)
    report = web.sync()
    assert (report.added, report.updated, failures(report)) == ([], [], [])
    assert site.paths[before:] == ["/robots.txt", "/feed"]


def test_sync_goes_through_folders(web: Library, tmp_path: Path) -> None:
    """Add, update, and remove what is gone only when told to."""
    folder = write_news(tmp_path / "news", range(4))
    web.index([folder])
    (folder / "000.txt").unlink()
    (folder / "001.txt").write_text(news(11), encoding="utf-8")
    (folder / "002.txt").write_bytes(b"\x00\x01" * 99)
    write_news(folder, range(4, 5))
    report = web.sync()
    assert (report.added, report.updated, report.gone, report.removed) == (
        ["004.txt"], ["001.txt"], ["000.txt"], []
    )  # fmt: skip
    assert len(failures(report)) == 1  # and 002 is not gone, only unreadable
    assert web.count() == 5
    report = web.sync(prune=True)
    assert (report.gone, report.removed) == ([], ["000.txt"])
    assert {source.id for source in web.articles()} == {"001.txt", "002.txt", "003.txt", "004.txt"}
    web.close()
    assert agree(web.settings.store)


@pytest.mark.parametrize("names", [("alt", "neu"), ("neu", "alt")])
def test_what_moved_to_another_folder_stays(web: Library, tmp_path: Path, names: tuple[str, str]) -> None:
    """Keep an article, with what was corrected of it, whichever of the two folders is looked at first."""
    before, after = write_news(tmp_path / names[0], range(2)), write_news(tmp_path / names[1], range(5, 6))
    web.index([before, after])
    web.edit("000.txt", {"publisher": "Küstenblatt"})
    (before / "000.txt").rename(after / "000.txt")
    report = web.sync(prune=True)
    assert (report.added, report.removed, len(report.unchanged)) == ([], [], 3)
    kept = web.article("000.txt").source
    assert (kept.publisher, kept.origin) == ("Küstenblatt", str(after / "000.txt"))
    assert web.sync([before], prune=True).removed == []
    (after / "000.txt").unlink()
    assert web.sync(prune=True).removed == ["000.txt"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("000.txt", news(0)),  # the same file
        ("000.txt", news(9)),  # another text: taken over when its folder is looked at
        ("d.jsonl", json.dumps({"id": "000.txt", "text": news(0)})),
    ],
)
def test_what_lies_in_a_folder_that_was_not_looked_at_stays(
    web: Library, tmp_path: Path, name: str, content: str
) -> None:
    """Look for what is gone from one folder in the others before it is removed, and follow a copy."""
    before, other = write_news(tmp_path / "a", range(3)), write_news(tmp_path / "b", range(5, 6))
    web.index([before, other])
    web.edit("000.txt", {"publisher": "Küstenblatt"})
    (other / name).write_text(content, encoding="utf-8")
    (before / "000.txt").unlink()
    (before / "001.txt").unlink()
    report = web.sync([before], prune=True)
    assert (report.gone, report.removed) == ([], ["001.txt"])
    assert web.article("000.txt").text == news(0)
    assert web.sync(prune=True).removed == []
    kept = web.article("000.txt")
    assert (kept.source.publisher, kept.source.origin) == ("Küstenblatt", str(other / name))
    (other / name).unlink()
    assert web.sync([other], prune=True).removed == ["000.txt"]


def test_another_article_of_the_same_name_does_not_stand_for_one_that_is_gone(
    web: Library, tmp_path: Path
) -> None:
    """Remove an article whose file is gone where the other folder's file is an article of its own."""
    before, other = write_news(tmp_path / "a", range(2)), write_news(tmp_path / "b", range(1))
    (other / "000.txt").write_text(news(9), encoding="utf-8")
    web.index([before, other])
    (before / "000.txt").unlink()
    assert web.sync([before], prune=True).removed == ["000.txt"]
    assert {source.id for source in web.articles()} == {"001.txt", "b/000.txt"}


def test_a_folder_that_is_not_there_loses_nothing(web: Library, tmp_path: Path) -> None:
    """Say that it is away (an unplugged disk), and keep its articles even when pruning."""
    folder = write_news(tmp_path / "news", range(2))
    web.index([folder])
    folder.rename(tmp_path / "weg")
    report = web.sync(prune=True)
    assert (report.removed, report.gone, len(report.failed)) == ([], [], 1)
    assert web.count() == 2
    assert web.watched()[0].problem
    (tmp_path / "weg").rename(folder)
    assert len(web.sync(prune=True).unchanged) == 2
    assert web.watched()[0].problem is None


def test_lines_gone_from_a_dump_are_gone(web: Library, write: Callable[[str, str], Path]) -> None:
    """Compare a dump in a synced folder by its lines."""
    path = write("d.jsonl", '{"id": "a", "text": "Ein Satz."}\n{"id": "b", "text": "Noch einer."}')
    web.index([path.parent])
    path.write_text('{"id": "b", "text": "Noch einer."}')
    assert web.sync(prune=True).removed == ["a"]
    path.write_text('{"id": "b", "text": "Noch einer."')
    assert web.sync(prune=True).removed == []


def test_sources_can_be_forgotten(web: Library, site: WebServer, tmp_path: Path) -> None:
    """Watch no longer, and keep the articles."""
    folder = write_news(tmp_path / "news", range(1))
    site.pages["/a"] = Served(page(7))
    web.index([folder, site.url + "/a"])
    with pytest.raises(NotFoundError, match="weg"):
        web.forget([folder, tmp_path / "weg"])
    assert len(web.watched()) == 2
    web.forget([folder, site.url + "/a"])
    assert (web.watched(), web.count()) == ([], 2)
    report = web.sync()
    assert (report.added, report.unchanged) == ([], [])


def test_a_kill_before_the_note_costs_nothing(
    web: Library, site: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Note what an address led to only after its article is there: the next look completes it."""
    site.pages["/a"] = tagged(page(7))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Watchlist, "note", stop)
        web.index([site.url + "/a"])
    assert web.count() == 1
    assert web.index([site.url + "/a"]).unchanged == [site.url + "/a"]
