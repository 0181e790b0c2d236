"""Type the README's commands one after the other, as a newcomer does."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from rag.cli import main
from rag.resources import folder
from tests.docs.pages import commands
from tests.web_server import Served, WebServer

FEED = """<rss version="2.0"><channel><title>Küstenblatt</title>
<item><title>Hafen gesperrt</title><link>{url}/hafen</link></item></channel></rss>"""
PAGE = """<html lang="de"><head><title>Hafen gesperrt</title></head><body><article><h1>Hafen gesperrt</h1>
<p>Der Hafen von Quellenhausen ist seit Montag gesperrt. Eine Fähre liegt quer vor der Einfahrt.</p>
<p>Die Reederei rechnet damit, dass Schlepper sie am Mittwoch in tieferes Wasser ziehen.</p>
</article></body></html>"""
TEXT = "Der Leuchtturm von Quellenhausen wurde 1899 erbaut. Er ist 41 Meter hoch und steht auf Fels.\n"
TYPED = [
    one.words
    for one in commands()
    if one.page == "README.md" and one.words[:2] not in (("rag", "serve"), ("rag", "evaluate"))
    and one.words[0] == "rag"
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new person's home, with some articles lying about."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.setenv("RAG_FETCH_PRIVATE", "1")
    monkeypatch.setenv("RAG_FETCH_DELAY_S", "0")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    (tmp_path / "news/a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "news/old.txt").write_text(TEXT.replace("1899", "1799"), encoding="utf-8")
    reuters = "---\npublisher: Reuters\npublished: 2021-12-07\nlanguage: de\n---\n"
    (tmp_path / "news/r.md").write_text(
        f"{reuters}Putin forderte Garantien. Das sagte er.\n", encoding="utf-8"
    )
    (tmp_path / "article.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "dump.jsonl").write_text('{"id": "d1", "text": "Rubio und Lawrow trafen sich in Riad."}\n')
    (tmp_path / "data").mkdir()
    shutil.copytree(folder("data") / "articles", tmp_path / "data/articles")
    return tmp_path


def test_the_commands_of_the_readme_work_in_their_order(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run each in this process; the feed's address is one on this machine."""
    assert len(TYPED) >= 10
    with WebServer() as site:
        site.pages["/feed.xml"] = Served(
            FEED.format(url=site.url), headers={"content-type": "application/rss+xml"}
        )
        site.pages["/hafen"] = Served(PAGE, headers={"content-type": "text/html; charset=utf-8"})
        for words in TYPED:
            typed = [_here(word, home, site.url) for word in words]
            monkeypatch.setattr(sys, "argv", typed)
            try:
                main()
            except SystemExit as done:
                assert not done.code, f"{' '.join(words)}: {capsys.readouterr().err}"
            printed = capsys.readouterr().out
            assert printed, f"{' '.join(words)} prints nothing"
            if words[1] == "index":
                assert ", 0 failed" in printed and not printed.startswith("0 added"), words


def _here(word: str, home: Path, site: str) -> str:
    """Return a word of a command as it means something on this machine."""
    for written, meant in (("~/", f"{home}/"), ("/tmp/", f"{home}/"), ("https://example.org/", f"{site}/")):
        if word.startswith(written):
            return meant + word.removeprefix(written)
    return word
