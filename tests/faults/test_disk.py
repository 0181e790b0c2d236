"""Run out of disk, for real where a small file system can be mounted: it is said, and nothing is lost."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.errors import StoreError
from rag.library import Library
from rag.maintenance.backup import back_up, check, restore
from rag.maintenance.doctor import examine
from rag.maintenance.rebuild import rebuild
from tests import processes
from tests.faults import stores
from tests.stores import agree, write_news

SIZE_MB = 4


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", place], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(place: Path, left: int = 0) -> Path:
    """Fill a file system up to some bytes."""
    import shutil

    file = place / "full"
    try:
        with file.open("wb") as filling:
            while (free := shutil.disk_usage(place).free) > left:
                filling.write(bytes(min(free - left, 65_536)))
                filling.flush()
    except OSError:
        pass
    return file


def ask(store: Path, count: int) -> None:
    """Ask a store; the exit code is 0 if it has that many articles and answers."""
    with Library.open(settings.load(store=store)) as library:
        raise SystemExit(not (library.count() == count and library.search(stores.QUESTION)))


def test_a_full_disk_below_the_sources_is_said(disk: Path, tmp_path: Path) -> None:
    """Say that there is no room for what is noted beside the articles, and go on where there is."""
    folder = write_news(tmp_path / "news", range(1))
    with Library.open(settings.load(store=disk / "store"), create=True) as library:
        library.index([folder])
        full = fill(disk)
        with pytest.raises(StoreError, match=r"refused to remember the sources: .*full"):
            for number in range(400):  # until the room that its log has is used up
                library.index([write_news(tmp_path / f"{number}" / ("n" * 200), range(1))])
        full.unlink()
        library.forget([folder])


def test_a_full_disk_stops_indexing_and_nothing_else(disk: Path, tmp_path: Path) -> None:
    """Say that there is no room; ask, make room, and complete the rest with the same command."""
    store = disk / "store"
    with Library.open(settings.load(store=store), create=True) as library:
        library.index([write_news(tmp_path / "first", range(3))])
        folder = write_news(tmp_path / "more", range(3, 60))
        filling = fill(disk, left=60_000)
        with pytest.raises(StoreError) as caught:
            library.index([folder])
        assert "disk" in caught.value.hint
        kept = library.count()
        assert kept >= 3
        assert library.search(stores.QUESTION)
        filling.unlink()
        assert not library.index([folder]).failed
        assert library.count() == 60
    assert agree(store)


def test_a_disk_that_is_full_already_can_be_asked(disk: Path, tmp_path: Path) -> None:
    """Answer, or say why not, from a store on a disk without a free byte; the doctor names the disk."""
    store = stores.build(disk / "store", tmp_path / "news")
    filling = fill(disk)
    try:
        with Library.open(settings.load(store=store)) as library:
            assert library.search(stores.QUESTION)
    except StoreError as error:
        assert error.hint
    assert [one.part for one in examine(settings.load(store=store)) if not one.well][:1] == ["disk"]
    filling.unlink()
    assert processes.run(ask, store, stores.ARTICLES) == 0


def test_backup_restore_and_rebuild_need_room_and_lose_nothing(disk: Path, tmp_path: Path) -> None:
    """Say so, leave no half file, and keep the store that is there."""
    store = stores.build(disk / "store", tmp_path / "news")
    back_up(store, tmp_path / "backup", timeout_s=5)
    filling = fill(disk, left=100_000)
    before = stores.contents(store)
    for change in (
        lambda: back_up(store, disk / "backup", timeout_s=5),
        lambda: restore(tmp_path / "backup", store, timeout_s=5, replace=True),
        lambda: rebuild(settings.load(store=store, passage_words=60)),
    ):
        with pytest.raises(StoreError) as caught:
            change()
        assert caught.value.hint
        assert {path.name for path in disk.iterdir()} == {"store", "full"}
        assert stores.contents(store) == before
    filling.unlink()
    assert check(tmp_path / "backup")
    assert processes.run(ask, store, stores.ARTICLES) == 0
