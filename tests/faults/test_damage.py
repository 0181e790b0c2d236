"""Damage each file of a store: a question is answered rightly or refused clearly; what can be is mended.

Each damage is met in a process of its own, because a damaged index of Chroma's could end it.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from rag import settings
from rag.archive import Archive
from rag.errors import StoreError
from rag.library import Library
from rag.maintenance.doctor import examine, well
from rag.maintenance.repair import repair
from tests import processes
from tests.faults import stores
from tests.stores import agree, news, word

Damage = Callable[[Path], None]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def garbage(path: Path) -> None:
    path.write_bytes(bytes((7 * n + n // 251) % 256 for n in range(path.stat().st_size)))


def turned(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40] = bytes(byte ^ 255 for byte in content[middle : middle + 40])
    path.write_bytes(content)


DERIVED = ("chroma/chroma.sqlite3", "chroma/*/header.bin", "chroma/*/data_level0.bin", "chroma/*/length.bin",
           "chroma/*/index_metadata.pickle", "lexical.sqlite")  # fmt: skip
DAMAGES: tuple[Damage, ...] = (Path.unlink, empty, half, garbage, turned)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """Return a store and what is found in it."""
    place = tmp_path_factory.mktemp("whole")
    store = stores.build(place / "store", place / "news")
    return store, stores.found(stores.fresh(store, place / "asked"))


def ask(stores_: Sequence[Path], expected: list[Any]) -> None:
    """Ask damaged stores; exit with 0 if each answers as before or says clearly that it cannot."""
    for store in stores_:
        try:
            assert stores.found(store) == expected, store
        except StoreError as error:
            assert "rag doctor --repair" in error.hint, error


def ask_and_mend(store: Path, expected: list[Any]) -> None:
    """Ask a damaged store, repair it, and ask it again in the same process."""
    with suppress(StoreError):
        assert stores.found(store) == expected
    repair(settings.load(store=store))
    assert stores.found(store) == expected


@pytest.mark.parametrize("name", DERIVED)
def test_whatever_is_derived_can_be_damaged(whole: tuple[Path, list[Any]], tmp_path: Path, name: str) -> None:
    """Lose, empty, halve, overwrite and turn bits of each file: never a wrong answer, always mended."""
    store, expected = whole
    copies = []
    for damage in DAMAGES:
        copies.append(stores.fresh(store, tmp_path / damage.__name__))
        (path,) = copies[-1].glob(name)
        damage(path)
    assert processes.run(ask, copies, expected) == 0
    again = stores.fresh(store, tmp_path / "again")
    (path,) = again.glob(name)
    half(path)
    assert processes.run(ask_and_mend, again, expected) == 0
    assert agree(stores.fresh(again, tmp_path / "mended"))


def test_what_a_search_no_longer_finds_is_noticed(whole: tuple[Path, list[Any]], tmp_path: Path) -> None:
    """Find vectors that are listed and lost: their labels are no longer those of their passages."""
    store = stores.fresh(whole[0], tmp_path / "store")
    (path,) = store.glob("chroma/*/length.bin")
    path.write_bytes(bytes(path.stat().st_size))
    chosen = settings.load(store=store)
    (finding,) = [one for one in examine(chosen) if one.part == "vectors"]
    assert not finding.well
    assert "no longer found" in finding.message
    assert repair(chosen) == ["the vectors were damaged and are made anew", *repair_of(stores.ARTICLES)]
    assert well(examine(chosen))
    assert stores.found(store) == whole[1]


def repair_of(passages: int) -> list[str]:
    """Return what a repair says that had to embed passages."""
    return [f"{passages} passages in the vectors and the lexical index as in the articles"]


def test_an_open_page_goes_on_while_its_store_is_mended(
    whole: tuple[Path, list[Any]], tmp_path: Path
) -> None:
    """Mend under an open library: it finds what it found before, and what is written to it later lasts."""
    store = stores.fresh(whole[0], tmp_path / "store")
    with Library.open(settings.load(store=store)) as library:
        before = library.search(stores.QUESTION, 5)
        half(store / "lexical.sqlite")
        assert processes.run(mend, store) == 0
        assert library.search(stores.QUESTION, 5) == before
        (tmp_path / "neu.txt").write_text(news(77))
        assert library.index([tmp_path / "neu.txt"]).added == ["neu.txt"]
        assert any(word(77) in hit.passage.text for hit in library.search(f"Aktenzeichen {word(77)}"))
    assert agree(store)


def mend(store: Path) -> None:
    """Repair a store; the exit code is 0 if all is well then."""
    chosen = settings.load(store=store)
    repair(chosen)
    raise SystemExit(not well(examine(chosen)))


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_articles_are_named_and_never_made_worse(
    whole: tuple[Path, list[Any]], tmp_path: Path, damage: Damage
) -> None:
    """Refuse to ask or write, name the way out, and leave the file for whoever can still read it."""
    store = stores.fresh(whole[0], tmp_path / "store")
    path = store / "articles.sqlite"
    damage(path)
    left = path.read_bytes() if path.exists() else None
    chosen = settings.load(store=store)
    (tmp_path / "neu.txt").write_text(news(77))
    findings = [one for one in examine(chosen) if not one.well]
    if damage is turned:  # forty bytes, which need not fall where a program looks
        return
    assert [one.remedy for one in findings if one.part == "articles"] == ["restore"]
    for create in (False, True):
        with (
            pytest.raises(StoreError, match="article database") as caught,
            Library.open(chosen, create=create) as library,
        ):
            for source in library.articles():
                library.article(source.id)
            library.index([tmp_path / "neu.txt"])
        assert "rag restore" in caught.value.hint
    assert (path.read_bytes() if path.exists() else None) == left
    assert (store / "chroma" / "chroma.sqlite3").exists()


def test_a_damaged_index_of_the_database_is_written_anew(
    whole: tuple[Path, list[Any]], tmp_path: Path
) -> None:
    """Mend an index that lacks a row: the articles themselves are whole."""
    store = stores.fresh(whole[0], tmp_path / "store")
    db = sqlite3.connect(store / "articles.sqlite")
    db.execute("PRAGMA writable_schema = ON")
    created = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_likeness'").fetchone()[0]
    db.execute(
        "UPDATE sqlite_master SET sql = ? WHERE name = 'articles_likeness'", (f"{created} WHERE key < 5",)
    )
    db.commit()
    db.close()
    db = sqlite3.connect(store / "articles.sqlite")
    db.execute("REINDEX articles_likeness")
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'articles_likeness'", (created,))
    db.commit()
    db.close()
    chosen = settings.load(store=store)
    (finding,) = [one for one in examine(chosen) if not one.well]
    assert (finding.part, finding.remedy) == ("articles", "repair")
    assert repair(chosen) == ["the indexes of the articles' database are written anew"]
    assert well(examine(chosen))


def test_half_written_and_badly_cut_articles_are_mended(
    whole: tuple[Path, list[Any]], tmp_path: Path
) -> None:
    """Complete an article that was staged, cut one that lost its passages, embed tokens that are missing."""
    store = stores.fresh(whole[0], tmp_path / "store")
    db = sqlite3.connect(store / "articles.sqlite")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("UPDATE articles SET indexed = 0 WHERE id = '003.txt'")
    db.execute("DELETE FROM passages WHERE article = (SELECT key FROM articles WHERE id = '005.txt')")
    db.execute("UPDATE passages SET start = 99999 WHERE article = "
               "(SELECT key FROM articles WHERE id = '006.txt')")  # fmt: skip
    db.execute("DELETE FROM token_vectors WHERE passage = (SELECT min(key) FROM passages)")
    db.commit()
    db.close()
    chosen = settings.load(store=store)
    wrong = {one.part: one.message for one in examine(chosen) if not one.well}
    assert "003.txt" in wrong["articles"]
    assert "005.txt, 006.txt" in wrong["passages"]
    assert wrong["token vectors"] == "missing or damaged for 1 passage"
    assert wrong["vectors"] == "0 passages missing, 1 of articles that are gone"
    repair(chosen)
    assert well(examine(chosen))
    assert stores.found(store) == whole[1]
    archive = Archive.in_folder(store)
    assert len(archive.token_vectors(archive.passage_keys())) == stores.ARTICLES
    archive.close()


def test_a_store_without_its_manifest_is_built_anew_from_its_articles(
    whole: tuple[Path, list[Any]], tmp_path: Path
) -> None:
    """Say what is damaged and take everything else from the articles."""
    from rag.maintenance.rebuild import rebuild

    store = stores.fresh(whole[0], tmp_path / "store")
    half(store / "store.json")
    chosen = settings.load(store=store)
    with pytest.raises(StoreError, match=r"store\.json is damaged") as caught:
        Library.open(chosen)
    assert "rag rebuild" in caught.value.hint
    assert [(one.part, one.remedy) for one in examine(chosen) if not one.well] == [("version", "rebuild")]
    assert rebuild(chosen) == stores.ARTICLES
    assert well(examine(chosen))
    assert stores.found(store) == whole[1]
