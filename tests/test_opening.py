"""Check opening a collection: what is made, what is refused, and with which settings."""

from pathlib import Path

import pytest

from rag import settings
from rag.errors import (
    ModelError,
    SettingsError,
    StoreError,
    StoreMismatchError,
)
from rag.library import Library
from rag.store import exists, read_manifest, write_manifest
from tests.questions import NATO
from tests.stores import agree, write_news


def test_opening_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    """Say how to begin, and leave no folder behind."""
    with pytest.raises(StoreError, match="no collection") as caught:
        Library.open(settings.load(store=tmp_path / "weg"))
    assert "rag index" in caught.value.hint
    assert not (tmp_path / "weg").exists()


def test_opening_twice_is_possible(store: Path) -> None:
    """Let two libraries of one process ask the same store."""
    with Library.open(settings.load(store=store)) as one, Library.open(settings.load(store=store)) as two:
        assert one.articles() == two.articles()
        assert one.search(NATO["de"], 3) == two.search(NATO["de"], 3)


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    ("change", "setting"),
    [({"embedding_model": "other@1"}, "RAG_EMBEDDING_MODEL"), ({"dimension": 768}, "RAG_EMBEDDING_MODEL"),
     ({"chunking": "passages of 60 words, version 1"}, "RAG_PASSAGE_WORDS")],
)  # fmt: skip
def test_a_store_of_another_making_is_refused_and_kept(
    store: Path, change: dict[str, object], setting: str, create: bool
) -> None:
    """Refuse to mix, say which setting helps, and change nothing."""
    import dataclasses

    right = read_manifest(store)
    write_manifest(store, dataclasses.replace(right, **change))  # type: ignore[arg-type]
    before = (store / "articles.sqlite").read_bytes()
    with pytest.raises(StoreMismatchError) as caught:
        Library.open(settings.load(store=store), create=create)
    assert setting in caught.value.hint
    assert (store / "articles.sqlite").read_bytes() == before
    write_manifest(store, right)
    assert agree(store)


def test_passage_words_are_part_of_the_making(store: Path) -> None:
    """Refuse other settings for an existing store; take them for a new one."""
    with pytest.raises(StoreMismatchError, match="60 words"):
        Library.open(settings.load(store=store, passage_words=60))


def test_smaller_passages_make_more_of_them(tmp_path: Path) -> None:
    """Cut a new store as the settings say."""
    folder = write_news(tmp_path / "news", range(1))
    long = folder / "000.txt"
    long.write_text("Der Rat beriet lange über den Bau einer Brücke am Fluss. " * 40, encoding="utf-8")
    counts = []
    for words in (60, 240):
        with Library.open(
            settings.load(store=tmp_path / str(words), passage_words=words), create=True
        ) as made:
            made.index([folder])
            counts.append(len(made.search("Was beriet der Rat?", 50)))
    assert counts[0] > counts[1] > 0


@pytest.mark.parametrize("path", ["/proc/version/store", "/dev/null"])
def test_a_store_that_cannot_be_made_is_named(path: str) -> None:
    """Say so in one line."""
    with pytest.raises(StoreError, match="cannot be made") as caught:
        Library.open(settings.load(store=path), create=True)
    assert "--store" in caught.value.hint


def test_an_embedding_model_that_is_not_there_makes_no_store(tmp_path: Path) -> None:
    """Name the folder that holds no model, and the bundled one as the way out."""
    chosen = settings.load(store=tmp_path / "store", embedding_model=str(tmp_path / "kein-modell"))
    with pytest.raises(ModelError, match="kein-modell") as caught:
        Library.open(chosen, create=True)
    assert "bundled" in caught.value.hint
    assert not exists(tmp_path / "store")


def test_settings_that_make_no_sense_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Name the variable, the value and what is wrong with it."""
    monkeypatch.setenv("RAG_PASSAGES", "viele")
    with pytest.raises(SettingsError, match="RAG_PASSAGES='viele'"):
        settings.load(store=tmp_path)


def test_settings_come_from_variables_and_options_win(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Read RAG_* and `.env`, in the order option, variable, file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("RAG_PASSAGES=3\nRAG_LLM=none\nRAG_LLM_API_KEY=geheim\nOTHER=x\n")
    assert settings.load().passages == 3
    monkeypatch.setenv("RAG_PASSAGES", "4")
    assert settings.load().passages == 4
    assert settings.load(passages=5).passages == 5
    assert settings.load(passages=None).passages == 4
    assert settings.load().model_name() is None
    assert "geheim" not in repr(settings.load())


def test_a_store_at_home_is_found_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Read ~ in `.env`, where no shell does; refuse a store without a name, which would be this folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / ".env").write_text("RAG_STORE=~/news\nRAG_USERS=~/people.json\n")
    assert settings.load().store == tmp_path / "home" / "news"
    assert settings.load().users == tmp_path / "home" / "people.json"
    for wrong in ("", " ", "~niemand-mit-diesem-namen/news"):
        monkeypatch.setenv("RAG_STORE", wrong)
        with pytest.raises(SettingsError, match="RAG_STORE="):
            settings.load()


def test_an_env_file_in_another_encoding_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("RAG_STORE=Küste\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8"):
        settings.load()


@pytest.mark.parametrize(
    ("database", "remote"),
    [
        ("postgresql:///news", False),
        ("postgresql:///news?host=/run/postgresql", False),
        ("postgresql://localhost/news", False),
        ("postgresql:///news?host=db.example.org", True),
        ("postgresql://db.example.org/news", True),
    ],
)
def test_a_database_on_another_machine_is_known_as_one(database: str, remote: bool) -> None:
    assert settings.load(database_url=database).remote_store is remote


@pytest.mark.parametrize("name", ["was?", "50%25", "a#b"])
def test_a_store_may_lie_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    with Library.open(settings.load(store=tmp_path / name), create=True) as library:
        assert library.count() == 0
    assert (tmp_path / name / "articles.sqlite").is_file()
