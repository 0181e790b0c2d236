"""Check that a backup brings a whole store back, tells when it is damaged, and never leaves half of one."""

import gzip
import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from rag import settings, store
from rag.errors import StoreError
from rag.library import Library
from rag.maintenance.backup import back_up, check, restore
from tests import processes
from tests.conftest import Writer
from tests.stores import agree, news, passage_keys

QUESTION = "Was forderte Putin von der Nato?"


@pytest.fixture
def backup(store: Path, tmp_path: Path) -> Path:
    """Return a backup of the sample collection."""
    back_up(store, tmp_path / "news.tar.gz", timeout_s=5)
    return tmp_path / "news.tar.gz"


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the lock's."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("write.")
    }


def members(backup: Path) -> dict[str, bytes]:
    """Return what a backup holds."""
    with tarfile.open(backup) as packed:
        return {one.name: packed.extractfile(one).read() for one in packed}  # type: ignore[union-attr]


def write_backup(file: Path, content: dict[str, bytes]) -> Path:
    """Write a tar of one's own."""
    with tarfile.open(file, "w:gz") as packed:
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return file


def test_a_store_comes_back_as_it_was(store: Path, tmp_path: Path) -> None:
    """Restore articles, vectors, terms and verdicts into a new folder; answers stay the same."""
    (store / "feedback").mkdir()
    (store / "feedback" / "verdicts.jsonl").write_text("{}\n")
    (store / "mine.txt").write_text("no part of a collection")
    with Library.open(settings.load(store=store)) as library:
        before, asked = library.articles(), library.ask(QUESTION)
    made = back_up(store, tmp_path / "news.tar.gz", timeout_s=5)
    assert made == check(tmp_path / "news.tar.gz")
    assert [path.name for path in tmp_path.glob("news*")] == ["news.tar.gz"]
    again = tmp_path / "again"
    assert restore(tmp_path / "news.tar.gz", again, timeout_s=5) == made
    assert passage_keys(again) == passage_keys(store)
    assert (again / "feedback" / "verdicts.jsonl").read_text() == "{}\n"
    assert not (again / "mine.txt").exists()
    with Library.open(settings.load(store=again)) as library:
        assert library.articles() == before
        assert library.ask(QUESTION).text == asked.text


def test_what_is_still_in_the_log_is_in_the_backup(library: Library, write: Writer, tmp_path: Path) -> None:
    """Back up a store that this process has open, right after writing to it."""
    library.index([write("neu.txt", news(3))])
    back_up(library.settings.store, tmp_path / "b", timeout_s=5)
    restore(tmp_path / "b", tmp_path / "again", timeout_s=5)
    with Library.open(settings.load(store=tmp_path / "again")) as again:
        assert again.article("neu.txt").text == news(3)
    assert agree(tmp_path / "again")


def test_nothing_is_overwritten_unasked(store: Path, backup: Path, tmp_path: Path) -> None:
    """Refuse an existing file and an existing collection, and leave both as they were."""
    files, held = contents(store), backup.read_bytes()
    with pytest.raises(StoreError, match="exists already") as caught:
        back_up(store, backup, timeout_s=5)
    assert "--overwrite" in caught.value.hint
    with pytest.raises(StoreError, match="holds a collection already") as caught:
        restore(backup, store, timeout_s=5)
    assert "--replace" in caught.value.hint
    half = tmp_path / "half"
    half.mkdir()
    shutil.copy(store / "articles.sqlite", half)  # without a manifest: still somebody's articles
    with pytest.raises(StoreError, match="holds a collection already"):
        restore(backup, half, timeout_s=5)
    assert (contents(store), backup.read_bytes()) == (files, held)
    back_up(store, backup, timeout_s=5, overwrite=True)
    assert check(backup)


def test_a_backup_deletes_what_a_killed_one_left_and_nothing_else(store: Path, tmp_path: Path) -> None:
    """Refuse a name beside which something of the person's own would be in the way."""
    work = tmp_path / "news.tar.gz.partial"
    work.mkdir()
    (work / "own.txt").write_text("mine")
    with pytest.raises(StoreError, match="is in the way"):
        back_up(store, tmp_path / "news.tar.gz", 10)
    assert (work / "own.txt").read_text() == "mine"
    (work / "own.txt").unlink()
    (work / "store").mkdir()
    back_up(store, tmp_path / "news.tar.gz", 10)
    assert not work.exists()


def test_what_cannot_be_read_makes_no_folder(tmp_path: Path) -> None:
    """Leave nothing where a collection was to be restored from a file that is not there."""
    with pytest.raises(StoreError, match="cannot be read"):
        restore(tmp_path / "weg.tar.gz", tmp_path / "new", 10)
    assert not (tmp_path / "new").exists()


def test_replacing_keeps_what_is_no_part_of_a_store(backup: Path, tmp_path: Path) -> None:
    """Put a backup in the place of another collection, beside files of the person's own."""
    other = tmp_path / "other"
    with Library.open(settings.load(store=other), create=True) as library:
        (tmp_path / "a.txt").write_text(news(1))
        library.index([tmp_path / "a.txt"])
    (other / "mine.txt").write_text("mine")
    (other / "articles.sqlite-wal").write_bytes(b"a log of the old database")
    restore(backup, other, timeout_s=5, replace=True)
    assert (other / "mine.txt").read_text() == "mine"
    with Library.open(settings.load(store=other)) as library:
        assert library.ask(QUESTION).answered
        assert library.count() == 22
    assert agree(other)


def test_an_open_collection_says_that_it_was_replaced(library: Library, backup: Path, write: Writer) -> None:
    """Neither answer from what is gone nor write to it: what is acknowledged must be in the new store."""
    restore(backup, library.settings.store, timeout_s=5, replace=True)
    for use in (lambda: library.search(QUESTION), lambda: library.index([write("a.txt", news(1))])):
        with pytest.raises(StoreError, match="was replaced") as caught:
            use()
        assert "start this program again" in caught.value.hint
    with Library.open(library.settings) as again:
        assert again.ask(QUESTION).answered


def damaged(backup: Path) -> list[tuple[str, bytes]]:
    """Return what can become of a backup."""
    whole = backup.read_bytes()
    unpacked = bytearray(gzip.decompress(whole))
    place = unpacked.find(b"SQLite format 3") + 5_000
    unpacked[place] ^= 1
    return [
        ("empty", b""),
        ("no tar", b"Was forderte Putin? " * 100),
        ("cut in the middle", whole[: len(whole) // 2]),
        ("cut at the end", whole[:-200]),
        ("bits turned", whole[:30_000] + bytes(100) + whole[30_100:]),
        ("one bit turned before it was packed", gzip.compress(bytes(unpacked), 1)),
    ]


def test_a_damaged_backup_is_refused_and_nothing_is_lost(store: Path, backup: Path, tmp_path: Path) -> None:
    """Name the damage, keep the collection that is there, and leave no half one where there was none."""
    before = contents(store)
    for what, content in damaged(backup):
        backup.write_bytes(content)
        with pytest.raises(StoreError, match=r"damaged|no backup") as caught:
            check(backup)
        assert caught.value.hint, what
        with pytest.raises(StoreError, match=r"damaged|no backup"):
            restore(backup, store, timeout_s=5, replace=True)
        with pytest.raises(StoreError):
            restore(backup, tmp_path / "new", timeout_s=5)
        assert contents(store) == before, what
        assert contents(tmp_path / "new") == {}, what
    with pytest.raises(StoreError, match="No such file"):
        check(tmp_path / "weg")


def test_a_backup_of_somebody_elses_making_writes_nothing_outside(backup: Path, tmp_path: Path) -> None:
    """Refuse names that lead out of the folder, files that are not listed, and a list that is none."""
    whole = members(backup)
    about = json.loads(whole["backup.json"])
    entry = about["files"][0]
    evil = tmp_path / "evil.tar.gz"
    for name in ("../evil", "/etc/evil", "chroma/../../evil", "notes.txt", ""):
        listed = json.dumps({**about, "files": [{**entry, "name": name}]}).encode()
        write_backup(evil, {"backup.json": listed, name: whole[entry["name"]]})
        with pytest.raises(StoreError, match="no part of a collection"):
            restore(evil, tmp_path / "new", timeout_s=5)
    del whole["store.json"]
    with pytest.raises(StoreError, match=r"store\.json is missing"):
        check(write_backup(evil, whole))
    for listed in (b"{}", b"[]", b"{", json.dumps({**about, "files": [7]}).encode()):
        with pytest.raises(StoreError, match="list cannot be read"):
            check(write_backup(evil, {"backup.json": listed}))
    with pytest.raises(StoreError, match="format 2"):
        check(write_backup(evil, {"backup.json": json.dumps({**about, "format": 2}).encode()}))
    with pytest.raises(StoreError, match="is no backup"):
        check(write_backup(evil, {"a": b""}))
    assert contents(tmp_path / "new") == {}
    assert not (tmp_path / "evil").exists()


def test_a_damaged_store_is_not_backed_up_as_if_it_were_whole(store: Path, tmp_path: Path) -> None:
    """Say so instead, and keep the backup that there is."""
    articles = store / "articles.sqlite"
    content = bytearray(articles.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    articles.write_bytes(content)
    (tmp_path / "b").write_text("an earlier one")
    with pytest.raises(StoreError, match=r"articles\.sqlite cannot be copied") as caught:
        back_up(store, tmp_path / "b", timeout_s=5, overwrite=True)
    assert "rag doctor" in caught.value.hint
    assert (tmp_path / "b").read_text() == "an earlier one"
    assert [path.name for path in tmp_path.glob("b*")] == ["b"]


def test_a_collection_in_use_can_be_backed_up(tmp_path: Path) -> None:
    """Back up while another process indexes: each backup is a whole collection of some moment."""
    folder, live = tmp_path / "news", tmp_path / "live"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.txt").write_text(news(number))
    with Library.open(settings.load(store=live), create=True):
        pass
    writer = processes.context().Process(target=processes.index, args=(live, [folder]))
    writer.start()
    made = 0
    while writer.is_alive():
        back_up(live, tmp_path / f"{made}", timeout_s=60)
        made += 1
    assert (writer.exitcode, made > 0) == (0, True)
    counts = []
    for number in range(made):
        again = tmp_path / f"again-{number}"
        restore(tmp_path / f"{number}", again, timeout_s=5)
        articles, vectors, terms = passage_keys(again)
        assert articles == vectors == terms
        with Library.open(settings.load(store=again)) as library:
            counts.append(library.count())
            assert library.count() == len(library.articles())
    assert counts == sorted(counts)
    assert store.exists(live)
