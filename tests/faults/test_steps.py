"""Kill a process before every step of a change: what was acknowledged is there, the rest can be redone.

A step is a call that changes one of the three stores, or a change of a name on the disk. Of the latter there
are so many that one in a few is taken; FAULT_ROUNDS=1 python -m pytest tests/faults/test_steps.py takes all.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag import settings, store
from rag.archive import Archive
from rag.library import Library
from rag.maintenance.backup import back_up, check, restore
from rag.maintenance.rebuild import rebuild
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.vectors.passages import Vectors
from tests import processes
from tests.faults import stores
from tests.stores import agree, news, word, write_news

CHANGES = (
    (store, "write_manifest"),
    *((Archive, name) for name in ("stage", "stage_removal", "keep_token_vectors", "relate", "confirm")),
    *((Vectors, name) for name in ("add", "delete")),
    *((LexicalIndex, name) for name in ("add", "delete")),
)
NAMES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "shutil.copyfile"}
DONE = 0
STRIDE = 1 if "FAULT_ROUNDS" in os.environ else 6


class Countdown:
    """Kills this process when the steps left are none."""

    def __init__(self, left: int) -> None:
        self.left = left

    def step(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


def die_at(step: int, *, names: bool = False) -> None:
    """Kill this process before a step, counted from 0; `names`: changes of names on the disk count too."""
    left = Countdown(step)
    for owner, name in CHANGES:
        setattr(owner, name, counted(getattr(owner, name), left))
    if names:
        sys.addaudithook(lambda event, _: left.step() if event in NAMES else None)


def counted(function: Callable[..., Any], left: Countdown) -> Callable[..., Any]:
    """Return a function that counts as a step before it does what it did."""

    def call(*args: Any, **kwargs: Any) -> Any:
        left.step()
        return function(*args, **kwargs)

    return call


def index(step: int, folder: Path, news_folder: Path) -> None:
    """Index a folder, killed before a step."""
    die_at(step)
    with Library.open(settings.load(store=folder), create=True) as library:
        library.index([news_folder])


def remove(step: int, folder: Path, ids: Sequence[str]) -> None:
    """Remove articles, killed before a step."""
    die_at(step)
    with Library.open(settings.load(store=folder)) as library:
        library.remove(ids)


def build_anew(step: int, folder: Path) -> None:
    """Build a store anew with smaller passages, killed before a step."""
    die_at(step, names=True)
    rebuild(settings.load(store=folder, passage_words=40, workers=1))


def save(step: int, folder: Path, file: Path) -> None:
    """Back a store up, killed before a step."""
    die_at(step, names=True)
    back_up(folder, file, timeout_s=30, overwrite=True)


def bring_back(step: int, file: Path, folder: Path) -> None:
    """Restore a store over another one, killed before a step."""
    die_at(step, names=True)
    restore(file, folder, timeout_s=30, replace=True)


def killed(target: Callable[..., None], *args: Any) -> bool:
    """Run something that is to be killed; tell whether it was, False once it had no such step left."""
    code = processes.run(target, *args)
    assert code in (DONE, -signal.SIGKILL)
    return code != DONE


def test_indexing_can_be_killed_before_every_step(tmp_path: Path) -> None:
    """Leave the old or the new text of each article after a kill, and the new ones after the next run."""
    folder = write_news(tmp_path / "news", range(3))
    old = tmp_path / "old"
    with Library.open(settings.load(store=old), create=True) as library:
        library.index([folder])
    (folder / "001.txt").write_text(news(91))
    write_news(folder, range(3, 5))
    step = 0
    while killed(index, step, made := stores.fresh(old, tmp_path / f"store-{step}"), folder):
        with Library.open(settings.load(store=made)) as library:
            assert {"000.txt", "001.txt", "002.txt"} <= {one.id for one in library.articles()}
            assert library.article("001.txt").text in (news(1), news(91))
            assert library.article("000.txt").text == news(0)
            assert not library.index([folder]).failed
            assert library.count() == 5
            for number in (0, 91, 2, 3, 4):
                assert any(word(number) in hit.passage.text for hit in library.search(word(number)))
        assert agree(made)
        step += 1
    assert step >= 7  # stage, token vectors, vectors, terms, two deletions, clusters, confirmation


def test_the_first_indexing_can_be_killed_before_every_step(tmp_path: Path) -> None:
    """Leave no store, or one that the next run completes."""
    folder = write_news(tmp_path / "news", range(2))
    step = 0
    while killed(index, step, made := tmp_path / f"store-{step}", folder):
        with Library.open(settings.load(store=made), create=True) as library:
            assert not library.index([folder]).failed
            assert library.count() == 2
        assert agree(made)
        step += 1
    assert step >= 5


def test_removal_can_be_killed_before_every_step(tmp_path: Path) -> None:
    """Have the articles wholly or not at all; the others stay."""
    folder = write_news(tmp_path / "news", range(4))
    old = tmp_path / "old"
    with Library.open(settings.load(store=old), create=True) as library:
        library.index([folder])
    gone = ["001.txt", "002.txt"]
    step = 0
    while killed(remove, step, made := stores.fresh(old, tmp_path / f"store-{step}"), gone):
        with Library.open(settings.load(store=made)) as library:
            left = {one.id for one in library.articles()}
            assert left in ({"000.txt", "003.txt"}, {"000.txt", "001.txt", "002.txt", "003.txt"})
            found = {hit.source.id for hit in library.search("Aktenzeichen Ausbau", 10)}
            assert found <= left
            library.remove([one for one in gone if one in left])
            assert library.count() == 2
        assert agree(made)
        step += 1
    assert step >= 4


def test_backup_and_restore_can_be_killed_before_every_step(tmp_path: Path) -> None:
    """Leave the earlier backup or the new one, the store that was there or the one brought back."""
    new, other = tmp_path / "new", tmp_path / "other"
    for folder, numbers in ((new, range(3)), (other, range(5, 7))):
        with Library.open(settings.load(store=folder), create=True) as library:
            library.index([write_news(tmp_path / f"{folder.name}-news", numbers)])
    back_up(other, tmp_path / "earlier", timeout_s=5)
    whole = stores.contents(new)
    file, step = tmp_path / "file", 0
    file.write_bytes((tmp_path / "earlier").read_bytes())
    while killed(save, step, new, file):
        assert file.read_bytes() == (tmp_path / "earlier").read_bytes() or saved(file) == set(whole)
        assert stores.contents(new) == whole
        step += min(STRIDE, 3)
    assert step >= 3
    assert not list(tmp_path.glob("file.partial"))
    assert saved(file) == set(whole)

    step = 0
    while killed(bring_back, step, file, made := stores.fresh(other, tmp_path / f"store-{step}")):
        assert articles(made) in (articles(new), articles(other))
        assert agree(made)
        restore(file, made, timeout_s=5, replace=True)
        assert articles(made) == articles(new)
        step += min(STRIDE, 3)
    assert step >= 8


def saved(file: Path) -> set[str]:
    """Return the names of what a backup holds, after comparing it with its checksums."""
    return {one.name for one in check(file).files}


def test_building_anew_can_be_killed_before_every_step(tmp_path: Path) -> None:
    """Leave the old store, which can be asked as before, or the new one; never an article less."""
    old = tmp_path / "old"
    with Library.open(settings.load(store=old), create=True) as library:
        library.index([write_news(tmp_path / "news", range(3))])
        known = articles(old)
    step = 0
    while killed(build_anew, step, made := stores.fresh(old, tmp_path / f"store-{step}")):
        assert known == articles(made)
        words = 130 if "130 words" in (made / "store.json").read_text() else 40
        with Library.open(settings.load(store=made, passage_words=words)) as library:
            assert library.search("Aktenzeichen")
        step += STRIDE
    assert known == articles(made)
    assert agree(made)
    assert step >= 12
    with Library.open(settings.load(store=made, passage_words=40)) as library:
        assert library.search("Aktenzeichen")


def articles(folder: Path) -> list[tuple[str, str]]:
    """Return ids and texts as they lie in a store, after finishing what was begun with it."""
    from rag.store import replacement

    replacement.settle(folder)
    db = sqlite3.connect(folder / "articles.sqlite")
    found = db.execute("SELECT id, text FROM articles ORDER BY id").fetchall()
    db.close()
    return found
