"""Check the way in: what is indexed can be found, and what is not any more cannot."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from rag import settings
from rag.errors import NotFoundError
from rag.library import Library, Progress
from tests.conftest import Writer
from tests.stores import agree, found, news, passage_keys, write_news


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
