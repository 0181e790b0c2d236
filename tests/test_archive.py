"""Check the articles' database: what is staged is not there yet, what is confirmed stays."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.archive import Archive, catalogue, digest
from rag.errors import NotFoundError, StoreError
from rag.ingest.chunking import passages
from rag.ingest.text.characters import canonical
from rag.schema import Article, Filter, Source

TEXT = "Der erste Satz steht hier. Der zweite folgt ihm.\n\nEin neuer Absatz beginnt. Er endet auch."


def article(article_id: str, text: str = TEXT, **fields: object) -> Article:
    """Make an article."""
    source = Source(id=article_id, title=f"Titel {article_id}", language="de", origin=f"/tmp/{article_id}")
    return Article(replace(source, **fields), canonical(text))  # type: ignore[arg-type]


def put(archive: Archive, *articles: Article) -> list[int]:
    """Stage and confirm articles; return the keys of their passages."""
    staged = archive.stage([(one, passages(one, 130)) for one in articles])
    archive.confirm()
    return [key for key, _ in staged.new]


def test_a_store_of_an_earlier_version_gets_the_new_columns(tmp_path: Path) -> None:
    """Open what was written before articles could be updated, keep it, and store what is new."""
    with closing(Archive.in_folder(tmp_path)) as old:
        put(old, article("alt", published=date(2021, 12, 7)))
    db = sqlite3.connect(tmp_path / "articles.sqlite")
    db.execute("ALTER TABLE articles DROP COLUMN updated")
    db.commit()
    db.close()
    for _ in range(2):
        with closing(Archive.in_folder(tmp_path)) as archive:
            assert archive.article("alt").source.published == date(2021, 12, 7)
            put(archive, article("neu", updated=date(2021, 12, 9)))
            assert archive.article("neu").source.updated == date(2021, 12, 9)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Return an empty archive."""
    opened = Archive.in_folder(tmp_path)
    yield opened
    opened.close()


def test_an_article_comes_back_as_it_was(archive: Archive) -> None:
    """Demand every field, after closing and opening too."""
    full = article(
        "a/ü 😀.txt",
        publisher="Küstenblatt",
        author="Anna",
        published=date(2021, 12, 7),
        url="https://a.example",
    )
    put(archive, full, article("b"))
    assert archive.article(full.id) == full
    assert archive.article("b") == article("b")


def test_archives_last(tmp_path: Path) -> None:
    """Find after opening again what was confirmed before."""
    first = Archive.in_folder(tmp_path)
    keys = put(first, article("a"))
    first.close()
    second = Archive.in_folder(tmp_path)
    assert second.article("a") == article("a")
    assert second.passage_keys() == keys
    second.close()


def test_sources_are_newest_first_undated_last(archive: Archive) -> None:
    """Order by date, then by id."""
    put(
        archive, article("c"), article("b", published=date(2021, 1, 1)),
        article("a", published=date(2021, 1, 1)), article("z", published=date(2024, 1, 1)), article("b2"),
    )  # fmt: skip
    assert [source.id for source in archive.sources()] == ["z", "a", "b", "b2", "c"]
    assert archive.count() == 5


def test_a_list_is_searched_word_by_word_whatever_the_case(archive: Archive) -> None:
    """Look in title, publisher, author and id."""
    put(
        archive, article("a.md", publisher="Küstenblatt", published=date(2021, 1, 1)),
        article("b.md", title="Über Straßen"), article("c.md", author="Ada Blatt", publisher="KÜSTENBLATT"),
    )  # fmt: skip

    def ids(words: str, filter: Filter | None = None) -> list[str]:
        return [source.id for source in archive.listed(filter or Filter(), words, 9).sources]

    assert ids("") == ids("  ") == ["a.md", "b.md", "c.md"]
    assert ids("STRASSEN") == ["b.md"] and ids("titel küstenBLATT") == ["a.md", "c.md"]
    assert ids("ada küste") == ["c.md"] and ids("straßen ada") == [] and ids("a.md") == ["a.md"]
    of_coast = Filter(publishers=(" küstenblatt",))
    assert ids("ada", of_coast) == ["c.md"] and ids("", Filter(publishers=("Ada",))) == []
    assert ids("", Filter(until=date(2030, 1, 1))) == ["a.md"]
    first = archive.listed(of_coast, "titel", 1)
    assert ([one.id for one in first.sources], first.found, first.admitted) == (["a.md"], 2, 2)
    assert archive.listed(of_coast, "ada", 1).admitted == 2


def test_a_list_follows_every_write(archive: Archive) -> None:
    """Add, edit, remove; what is only staged is not there."""

    def titles() -> list[str]:
        return [source.title for source in archive.listed(Filter(), "", 9).sources]

    put(archive, article("a"), article("b"))
    assert titles() == ["Titel a", "Titel b"]
    archive.stage([(article("c"), [])])
    assert titles() == ["Titel a", "Titel b"]
    archive.confirm()
    archive.revise(replace(article("a").source, title="Anders"), {"title": "Anders"})
    assert titles() == ["Anders", "Titel b", "Titel c"]
    assert archive.listed(Filter(), "anders", 9).found == 1
    archive.stage_removal(["b"])
    archive.confirm()
    assert titles() == ["Anders", "Titel c"]


def test_a_list_that_is_not_searched_reads_no_more_than_it_shows(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave the names of all articles alone until someone looks for words in them."""
    put(archive, article("a"), article("b", published=date(2021, 1, 1)), article("c", language="en"))
    read: list[object] = []
    monkeypatch.setattr(catalogue, "read", lambda db: read.append(db))
    listed = archive.listed(Filter(languages=("de",)), " ", 1)
    assert ([one.id for one in listed.sources], listed.found, listed.admitted) == (["b"], 2, 2)
    assert read == []


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=300).map(canonical).filter(lambda text: any(map(str.isalnum, text))))
def test_passages_are_cut_out_of_the_text_by_characters(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Demand that the database counts characters as Python does, beyond the basic plane too."""
    archive = Archive.in_folder(tmp_path_factory.getbasetemp())
    one = article("a", text)
    keys = put(archive, one)
    found = archive.passages(keys)
    archive.close()
    assert [found[key] for key in keys] == [(passage, one.source) for passage in passages(one, 130)]
    assert all(passage.text == text[passage.start : passage.end] for passage, _ in found.values())


def test_what_is_only_staged_is_not_there(archive: Archive) -> None:
    """Hide a staged article from every reader, but not from the one who repairs."""
    staged = archive.stage([(article("a"), passages(article("a"), 130))])
    keys = [key for key, _ in staged.new]
    assert archive.unfinished()
    assert (archive.count(), archive.sources(), archive.digests(["a"]), archive.passages(keys)) == (
        0,
        [],
        {},
        {},
    )
    with pytest.raises(NotFoundError):
        archive.article("a")
    assert archive.passage_keys() == keys
    assert [key for key, _, _ in archive.staged_passages(keys)] == keys
    archive.confirm()
    assert not archive.unfinished()
    assert archive.count() == 1
    assert list(archive.passages(keys)) == keys


def test_replacing_retires_the_old_passages(archive: Archive) -> None:
    """Name the keys that must go, and never use one again."""
    old = put(archive, article("a"), article("b"))
    new = article("a", "Neuer Text.")
    staged = archive.stage([(new, passages(new, 130))])
    archive.confirm()
    assert len(staged.retired) == 1
    assert set(staged.retired) < set(old)
    assert archive.article("a").text == "Neuer Text."
    assert archive.passages(staged.retired) == {}
    assert all(key > max(old) for key, _ in staged.new)
    last = [key for key, _ in staged.new]
    archive.stage_removal(["a"])
    archive.confirm()
    assert min(put(archive, article("a"))) > max(last)


def test_removing_an_unknown_id_removes_nothing(archive: Archive) -> None:
    """Refuse the whole list for one wrong id."""
    put(archive, article("a"), article("b"))
    with pytest.raises(NotFoundError, match="'weg'") as caught:
        archive.stage_removal(["a", "weg"])
    assert "rag articles" in caught.value.hint
    assert archive.count() == 2
    assert not archive.unfinished()


def test_removing_names_the_passages_that_must_go(archive: Archive) -> None:
    """Delete an article, also one that is named twice."""
    keys = put(archive, article("a"), article("b"))
    staged = archive.stage_removal(["a", "a"])
    archive.confirm()
    assert staged.new == ()
    assert list(staged.retired) == keys[:1]
    assert [source.id for source in archive.sources()] == ["b"]


def test_every_confirmed_write_raises_the_generation(archive: Archive) -> None:
    """Count what readers must notice."""
    start = archive.generation()
    put(archive, article("a"))
    assert archive.generation() == start + 1
    archive.stage_removal(["a"])
    assert archive.generation() == start + 1
    assert archive.confirm() == archive.generation() == start + 2


def test_hundreds_of_articles_in_one_write(archive: Archive) -> None:
    """Go beyond what one statement may name."""
    many = [article(f"{n:04}") for n in range(1_200)]
    keys = put(archive, *many)
    assert len(archive.digests(one.id for one in many)) == 1_200
    assert len(archive.passages(keys)) == 1_200
    assert len(archive.stage_removal([one.id for one in many]).retired) == 1_200
    archive.confirm()
    assert (archive.count(), archive.passage_keys()) == (0, [])


@pytest.mark.parametrize(
    "change",
    [{"title": "Neu"}, {"language": "en"}, {"publisher": "Neu"}, {"author": "Neu"}, {"url": "https://b.example"},
     {"published": date(2021, 12, 8)}],
)  # fmt: skip
def test_digest_tells_every_change(change: dict[str, object]) -> None:
    """Demand another digest for another field, the same one for another place of the file."""
    one = article("a")
    assert digest(article("a", **change)) != digest(one)
    assert digest(article("a", origin="/anderswo")) == digest(one)
    assert digest(article("a", TEXT + " Neu.")) != digest(one)
    assert digest(article("a", publisher="x")) != digest(article("a", author="x"))


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    """Say that the database is damaged, and keep its bytes."""
    path = tmp_path / "articles.sqlite"
    path.write_bytes(b"kein SQLite " * 500)
    with pytest.raises(StoreError, match="is damaged") as caught:
        Archive.in_folder(tmp_path)
    assert caught.value.hint
    assert path.read_bytes() == b"kein SQLite " * 500
