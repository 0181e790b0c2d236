"""Check the way in: what is indexed can be found, what is not any more cannot, and no kill loses anything."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag import settings
from rag.errors import NotFoundError, StoreError
from rag.library import Library, Progress
from rag.retrieve.chroma import Folder
from rag.retrieve.vectors import Vectors
from rag.store import read_manifest
from tests import processes
from tests.stores import agree, news, passage_keys, word, write_news

Writer = Callable[[str, str], Path]


def found(library: Library, number: int) -> bool:
    """Tell whether a search for the word of a number's article finds it among the first ten."""
    hits = library.search(f"Aktenzeichen {word(number)}", 10)
    return any(word(number) in hit.passage.text for hit in hits)


# -- what indexing does -----------------------------------------------------------------------------------


def test_indexing_twice_changes_nothing(store: Path) -> None:
    """Leave articles, vectors and terms as they are when the files are."""
    before = passage_keys(store)
    with Library.open(settings.load(store=store)) as library:
        report = library.index_samples()
        assert len(report.unchanged) == library.count() > 20
        assert (report.added, report.updated, report.failed) == ([], [], [])
    assert passage_keys(store) == before
    assert agree(store)


def test_a_changed_file_replaces_its_article(library: Library, write: Writer) -> None:
    """Forget the old passages everywhere, and leave the other articles alone."""
    store = library.settings.store
    path = write("a.txt", news(1))
    write("b.txt", news(2))
    assert sorted(library.index([path.parent]).added) == ["a.txt", "b.txt"]
    count = library.count()
    path.write_text(news(3), encoding="utf-8")
    report = library.index([path.parent])
    assert (report.added, report.updated, report.unchanged) == ([], ["a.txt"], ["b.txt"])
    assert library.count() == count
    assert library.article("a.txt").text == news(3)
    assert not found(library, 1)
    assert found(library, 2)
    assert found(library, 3)
    library.close()
    assert agree(store)


def test_changed_front_matter_is_a_change(empty: Library, write: Writer) -> None:
    """Take a corrected date over."""
    path = write("a.md", f"---\npublished: 2021-12-07\n---\n{news(1)}")
    empty.index([path])
    path.write_text(f"---\npublished: 2021-12-08\n---\n{news(1)}", encoding="utf-8")
    assert empty.index([path]).updated == ["a.md"]
    assert [str(source.published) for source in empty.articles()] == ["2021-12-08"]


def test_removing_forgets_everywhere(library: Library, write: Writer) -> None:
    """Find a removed article neither by id nor by search."""
    store = library.settings.store
    library.index([write("a.txt", news(1))])
    assert found(library, 1)
    before = library.count()
    library.remove(["a.txt"])
    assert library.count() == before - 1
    assert not found(library, 1)
    with pytest.raises(NotFoundError):
        library.article("a.txt")
    library.close()
    assert agree(store)


def test_removing_an_unknown_id_removes_nothing(library: Library) -> None:
    """Refuse the whole list."""
    known = library.articles()
    with pytest.raises(NotFoundError, match="weg"):
        library.remove([known[0].id, "weg"])
    assert library.articles() == known
    library.remove([])
    assert library.articles() == known


def test_the_same_path_in_two_folders_keeps_both(empty: Library, tmp_path: Path) -> None:
    """Tell files of other folders apart by as much of their folders' names as it takes, run after run."""
    folders = [
        write_news(tmp_path / place / "news", range(1), town)
        for place, town in (("x", "Rostock"), ("y", "Wismar"), ("z", "Lübeck"))
    ]
    for _ in range(2):
        for folder in folders:
            assert not empty.index([folder]).failed
        ids = {source.id for source in empty.articles()}
        assert ids == {"000.txt", "news/000.txt", "z/news/000.txt"}
    assert {empty.article(one).text for one in ids} == {news(0, t) for t in ("Rostock", "Wismar", "Lübeck")}


def test_the_same_path_in_two_folders_of_one_run_keeps_both(empty: Library, tmp_path: Path) -> None:
    """Do the same where one command names both folders, and nothing the second time."""
    folders = [write_news(tmp_path / town, range(40), town) for town in ("Rostock", "Wismar")]
    report = empty.index(folders)
    assert (len(report.added), report.failed) == (80, [])
    assert {"000.txt", "Wismar/000.txt", "039.txt", "Wismar/039.txt"} <= set(report.added)
    again = empty.index(folders)
    assert (len(again.unchanged), again.added, again.updated, again.failed) == (80, [], [], [])


def test_a_file_keeps_its_id_when_the_shorter_one_becomes_free(empty: Library, tmp_path: Path) -> None:
    """Leave the second of two folders alone after the first was removed, from the collection and the disk."""
    first, second = (write_news(tmp_path / town, range(2), town) for town in ("Rostock", "Wismar"))
    empty.index([first, second])
    empty.remove(["000.txt", "001.txt"])
    assert len(empty.index([second]).unchanged) == 2
    shutil.rmtree(first)
    assert len(empty.index([second]).unchanged) == 2
    assert {source.id for source in empty.articles()} == {"Wismar/000.txt", "Wismar/001.txt"}


def test_a_moved_folder_keeps_its_ids(empty: Library, tmp_path: Path) -> None:
    """Replace what was indexed from the old place instead of doubling it."""
    old = write_news(tmp_path / "alt", range(3))
    empty.index([old])
    new = Path(shutil.move(old, tmp_path / "neu"))
    (new / "001.txt").write_text(news(9), encoding="utf-8")
    report = empty.index([new])
    assert (sorted(report.unchanged), report.updated) == (["000.txt", "002.txt"], ["001.txt"])
    assert empty.count() == 3


def test_a_store_in_the_folder_that_is_indexed_holds_no_articles(tmp_path: Path) -> None:
    """Pass over the verdicts that a collection keeps, and index the rest."""
    folder = write_news(tmp_path / "news", range(2))
    with Library.open(settings.load(store=folder / "store"), create=True) as library:
        library.index([folder])
        (folder / "store" / "feedback").mkdir()
        verdict = json.dumps({"question": "Wer?", "text": "Der Rat tagte."})
        (folder / "store" / "feedback" / "verdicts.jsonl").write_text(verdict)
        report = library.sync()
        assert (report.added, report.failed, len(report.unchanged)) == ([], [], 2)


def test_a_name_that_is_no_text_finds_its_article(empty: Library, tmp_path: Path) -> None:
    """Take the bytes of a file's name for the id that they became."""
    name = b"n\xff.txt".decode("utf-8", "surrogateescape")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / name).write_text(news(1), encoding="utf-8")
    empty.index([tmp_path / "news"])
    assert empty.article(name).id == "n\ufffd.txt"
    assert empty.edit(name, {"publisher": "Küstenblatt"}).publisher == "Küstenblatt"
    empty.remove([name])
    assert empty.count() == 0


def test_a_single_path_or_id_is_one(empty: Library, tmp_path: Path) -> None:
    """Take a text for a path, not for a list of letters, one of which is the root of all folders."""
    folder = write_news(tmp_path / "news", range(2))
    assert empty.index(str(folder)).added == empty.sync(folder).unchanged == ["000.txt", "001.txt"]
    empty.remove("000.txt")
    empty.forget(str(folder))
    assert (empty.count(), empty.watched()) == (1, [])
    asked = empty.ask("Und warum?", previous="Wann beginnen die Arbeiten am Bahnhof?")
    assert asked == replace(
        empty.ask("Und warum?", previous=["Wann beginnen die Arbeiten am Bahnhof?"]), timings=asked.timings
    )


def test_a_file_named_twice_is_read_once(empty: Library, write: Writer) -> None:
    """Take a folder and a file in it for the same article."""
    path = write("a.txt", news(1))
    report = empty.index([path.parent, path])
    assert (report.added, report.unchanged, report.failed) == (["a.txt"], ["a.txt"], [])


def test_bad_inputs_are_named_and_the_rest_goes_on(library: Library, write: Writer, tmp_path: Path) -> None:
    """Index what is good around everything that is not, and lose nothing that was there."""
    known = {source.id for source in library.articles()}
    folder = write("0-gut.txt", news(1)).parent
    (folder / "leer.txt").touch()
    (folder / "bild.txt").write_bytes(b"\x89PNG\0\0\1\2" * 50)
    (folder / "windows.txt").write_bytes(news(2).replace("Frühjahr", "Frühling").encode("cp1252"))
    with (folder / "gross.txt").open("wb") as file:
        file.truncate(50_000_000)
    (folder / "kopf.md").write_text("---\ntitle: a: b\n---\nText.", encoding="utf-8")
    (folder / "zeilen.jsonl").write_text(
        "\n".join(
            [json.dumps({"id": "d/1", "text": news(3)}), "{", json.dumps({"id": "d/2", "text": news(4)})]
        )
    )
    write("zuletzt.txt", news(5))
    report = library.index([tmp_path / "weg", folder, "http://127.0.0.1:9/a"])
    assert sorted(report.added) == ["0-gut.txt", "d/1", "d/2", "windows.txt", "zuletzt.txt"]
    where = {Path(failure.where).name for failure in report.failed}
    assert where == {"weg", "leer.txt", "bild.txt", "gross.txt", "kopf.md", "zeilen.jsonl:2", "a"}
    assert all(failure.message and failure.hint for failure in report.failed)
    assert [Path(where).name for where, _ in report.warnings] == ["windows.txt"]
    assert known < {source.id for source in library.articles()}
    assert all(found(library, number) for number in range(1, 6))


def test_progress_rises_to_the_end(empty: Library, tmp_path: Path) -> None:
    """Tell of every file, of the batches of a dump, and of the end."""
    folder = write_news(tmp_path / "news", range(3))
    lines = [json.dumps({"id": f"d{n}", "text": news(10 + n)}) for n in range(70)]
    (folder / "dump.jsonl").write_text("\n".join(lines), encoding="utf-8")
    steps: list[Progress] = []
    empty.index([folder], steps.append)
    assert {step.inputs for step in steps} == {4}
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert [step.articles for step in steps] == sorted(step.articles for step in steps)
    assert (steps[-1].done, steps[-1].articles) == (4, 73)
    assert any(0 < step.articles < 73 for step in steps)


def test_odd_ids_can_be_stored_searched_and_removed(empty: Library, tmp_path: Path) -> None:
    """Go the whole way with ids of quotes, line breaks, emoji and half characters."""
    folder = tmp_path / "zwei\nZeilen"
    folder.mkdir()
    (folder / "😀 'x\".txt").write_text(news(1), encoding="utf-8")
    lines = [{"id": "a'; DROP TABLE articles; --", "text": news(2)}, {"id": "\ud800", "text": news(3)}]
    (folder / "d.jsonl").write_text("\n".join(map(json.dumps, lines)))
    report = empty.index([folder])
    assert (len(report.added), report.failed) == (3, [])
    assert all(found(empty, number) for number in (1, 2, 3))
    empty.remove(report.added)
    assert empty.count() == 0


# -- what must not be lost --------------------------------------------------------------------------------


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


# -- more than one process --------------------------------------------------------------------------------


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
