"""Ask a store on a medium that nobody can write to, also one that a killed writer left."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.errors import StoreError
from rag.library import Library
from rag.maintenance.doctor import examine
from tests import processes
from tests.faults import stores
from tests.stores import news, write_news


@pytest.fixture
def medium(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Return a folder, and the same as a medium that is read only."""
    source, place = tmp_path / "source", tmp_path / "medium"
    for folder in (source, place):
        folder.mkdir()
    mounted = subprocess.run(["mount", "--bind", source, place], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
    yield source, place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_read_only_store_can_be_asked_and_not_written(medium: tuple[Path, Path], tmp_path: Path) -> None:
    """Answer as from the store itself, refuse writes clearly, and leave nothing behind."""
    source, place = medium
    store = stores.build(source / "store", tmp_path / "news")
    expected = stores.found(stores.fresh(store, tmp_path / "copy"))
    before = stores.contents(store)
    (tmp_path / "neu.txt").write_text(news(77))
    temporary = set(Path(os.environ.get("TMPDIR", "/tmp")).glob("quellenchat-*"))
    chosen = settings.load(store=place / "store")
    assert stores.found(chosen.store) == expected
    with Library.open(chosen, create=True) as library:
        for write in (
            lambda: library.index([tmp_path / "neu.txt"]),
            lambda: library.remove(["000.txt"]),
            lambda: library.forget([tmp_path / "news"]),
        ):
            with pytest.raises(StoreError, match="Read-only") as caught:
                write()
            assert "writable" in caught.value.hint
        assert library.search(stores.QUESTION)
    assert stores.contents(store) == before
    assert set(Path(os.environ.get("TMPDIR", "/tmp")).glob("quellenchat-*")) <= temporary
    assert "cannot be written" in next(one.message for one in examine(chosen) if one.part == "rights")


def test_what_a_killed_writer_left_is_completed_in_the_copy(
    medium: tuple[Path, Path], tmp_path: Path
) -> None:
    """Take the log along: what was confirmed is found, and what was staged is, too."""
    source, place = medium
    store = source / "store"
    with Library.open(settings.load(store=store), create=True) as library:
        library.index([write_news(tmp_path / "news", range(3))])
    (tmp_path / "news" / "003.txt").write_text(news(3))
    killed = processes.run(processes.index_and_die, store, [tmp_path / "news"], "vectors written, terms not")
    assert killed == -9
    with Library.open(settings.load(store=place / "store")) as library:
        assert library.count() == 4
        assert library.search(stores.QUESTION)
    shutil.rmtree(store)
