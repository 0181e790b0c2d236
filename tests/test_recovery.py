"""Check that no kill, full disk or second process costs an article."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import settings
from rag.errors import StoreError
from rag.library import Library
from rag.retrieve.vectors.chroma import Folder
from rag.retrieve.vectors.passages import Vectors
from rag.store import read_manifest
from tests import processes
from tests.stores import agree, found, news, passage_keys, write_news


@pytest.mark.parametrize("place", processes.KILLS)
def test_a_killed_writer_loses_nothing(store: Path, tmp_path: Path, place: str) -> None:
    """Kill a process in the middle of a write: opening repairs, and everything is there and can be found."""
    folder = write_news(tmp_path / "news", range(2))
    with Library.open(settings.load(store=store)) as library:
        library.index([folder])
        before = library.articles()
    (folder / "001.txt").write_text(news(7), encoding="utf-8")
    write_news(folder, range(2, 5))

    assert processes.run(processes.index_and_die, store, [folder], place) == -9
    assert not agree(store) or place == "all done but the confirmation"

    with Library.open(settings.load(store=store)) as library:
        assert {source.id for source in library.articles()} >= {source.id for source in before}
        assert found(library, 0)
        library.index([folder])
        assert library.count() == len(before) + 3
        assert not found(library, 1)
        assert all(found(library, number) for number in (0, 7, 2, 3, 4))
        assert library.ask("Was forderte Putin von der Nato?").answered
    assert agree(store)


def test_a_repair_leaves_alone_what_was_right(store: Path) -> None:
    """Make a lost vector as it was, and change none of its neighbours, whose texts it has as context."""

    def cosines(wanted: Sequence[int]) -> dict[int, float]:
        vectors = Vectors(Folder(store / "chroma"), direction.size)
        try:
            return vectors.cosines(direction, wanted)
        finally:
            vectors.close()

    direction = np.eye(1, read_manifest(store).dimension, dtype=np.float32)[0]
    keys, *_ = passage_keys(store)
    before = cosines(keys)
    vectors = Vectors(Folder(store / "chroma"), direction.size)
    vectors.delete(keys[3::4])
    vectors.close()
    (store / "chroma" / "mirror.f32").unlink(missing_ok=True)
    with Library.open(settings.load(store=store)) as library:
        library.repair()
    assert agree(store)
    assert cosines(keys) == pytest.approx(before, abs=1e-5)


def lose_terms(store: Path) -> None:
    """Delete the lexical index, as its own error message advises."""
    for path in store.glob("lexical.sqlite*"):
        path.unlink()


def lose_vectors(store: Path) -> None:
    """Delete Chroma's folder, as its own error message advises."""
    shutil.rmtree(store / "chroma")


def age_terms(store: Path) -> None:
    """Make the lexical index one that an older analysis made."""
    db = sqlite3.connect(store / "lexical.sqlite")
    db.execute("PRAGMA user_version = 0")
    db.commit()
    db.close()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the folder of a closed store of twelve articles."""
    store = tmp_path / "klein"
    with Library.open(settings.load(store=store), create=True) as library:
        library.index([write_news(tmp_path / "zwoelf", range(12))])
    return store


def hits(store: Path) -> list[tuple[str, int, float]]:
    """Open a store, ask it something and close it again."""
    with Library.open(settings.load(store=store)) as library:
        found = library.search("Was kostet der Ausbau des Hafens?")
    return [(hit.source.id, hit.passage.start, round(hit.score, 4)) for hit in found]


@pytest.mark.parametrize("lose", [lose_terms, lose_vectors, age_terms])
def test_what_is_derived_is_rebuilt(small: Path, lose: Callable[[Path], None]) -> None:
    """Open a store whose vectors or terms were lost: the same question has the same hits as before."""
    before = hits(small)
    lose(small)
    assert hits(small) == before
    assert agree(small)


@pytest.mark.parametrize(
    ("name", "mend"), [("lexical.sqlite", lose_terms), ("chroma/chroma.sqlite3", lose_vectors)]
)
def test_a_damaged_part_is_named_and_can_be_mended(
    small: Path, name: str, mend: Callable[[Path], None]
) -> None:
    """Say what is damaged; what the hint advises brings everything back."""
    before = hits(small)
    (small / name).write_bytes(b"zerstoert " * 1000)
    with pytest.raises(StoreError, match=str(small)) as caught:
        Library.open(settings.load(store=small))
    assert "rag doctor --repair" in caught.value.hint
    again = Path(shutil.copytree(small, small.with_name("wieder")))  # as a new process: Chroma caches by path
    mend(again)
    assert hits(again) == before
    assert agree(again)


def test_damaged_articles_are_named_and_left_alone(small: Path) -> None:
    """Say that the articles cannot be opened, and do not make new ones over them."""
    (small / "articles.sqlite").write_bytes(b"zerstoert " * 1000)
    for create in (False, True):
        with pytest.raises(StoreError, match="article database") as caught:
            Library.open(settings.load(store=small), create=create)
        assert caught.value.hint
    assert (small / "articles.sqlite").read_bytes() == b"zerstoert " * 1000


@pytest.mark.parametrize("part", ["articles.sqlite", "lexical.sqlite", "chroma/chroma.sqlite3"])
def test_a_full_disk_is_said_and_loses_nothing(store: Path, tmp_path: Path, part: str) -> None:
    """Write where no file may be longer than half of one of the parts is."""
    with Library.open(settings.load(store=store)) as library:
        before = library.articles()
    folder = write_news(tmp_path / "news", range(60))
    size = (store / part).stat().st_size // 2
    assert processes.run(processes.index_on_a_full_disk, store, [folder], size) == 7
    with Library.open(settings.load(store=store)) as library:
        assert set(before) <= set(library.articles())
        assert not library.index([folder]).failed
        assert library.count() == len(before) + 60
        assert all(found(library, number) for number in (0, 30, 59))
    assert agree(store)


def test_the_manifest_names_model_and_cuts(store: Path) -> None:
    """Say in the folder what built it."""
    manifest = read_manifest(store)
    assert manifest.embedding_model
    assert manifest.dimension > 0
    assert "130 words" in manifest.chunking


def test_an_open_reader_sees_what_another_process_indexed(library: Library, tmp_path: Path) -> None:
    """Find new articles, and not the removed ones, without opening again."""
    assert not found(library, 5)
    folder = write_news(tmp_path / "news", range(5, 7))
    assert processes.run(processes.index, library.settings.store, [folder]) == 0
    assert found(library, 5)
    assert found(library, 6)
    (folder / "005.txt").write_text(news(8), encoding="utf-8")
    assert processes.run(processes.index, library.settings.store, [folder]) == 0
    assert not found(library, 5)
    assert found(library, 8)


def test_two_processes_index_at_once(tmp_path: Path) -> None:
    """Let both finish, and find every article of both."""
    store = tmp_path / "store"
    folders = [
        write_news(tmp_path / "a", range(70)),
        write_news(tmp_path / "b", range(100, 170)),
    ]
    writers = [
        processes.context().Process(target=processes.index, args=(store, [folder])) for folder in folders
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with Library.open(settings.load(store=store)) as library:
        assert library.count() == 140
        assert [n for n in (*range(70), *range(100, 170)) if not found(library, n)] == []
    assert agree(store)


def test_a_reader_does_not_wait_for_a_writer(store: Path) -> None:
    """Open and ask while another process is writing."""
    mp = processes.context()
    held, release = mp.Event(), mp.Event()
    writer = mp.Process(target=processes.hold_the_lock, args=(store, held, release))
    writer.start()
    try:
        assert held.wait(60)
        with Library.open(settings.load(store=store)) as library:
            assert library.ask("Was forderte Putin von der Nato?").answered
    finally:
        release.set()
        writer.join(60)
