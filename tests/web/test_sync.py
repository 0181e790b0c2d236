"""Check looking again at pages, feeds, sitemaps and folders."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import NotFoundError
from rag.library import Library
from rag.watchlist import Watchlist
from tests.stores import agree, news, write_news
from tests.web.pages import failures, feed, page, tagged
from tests.web_server import Served, WebServer


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
