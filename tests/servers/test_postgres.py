"""A real PostgreSQL server for the articles: the same answers, writers on several machines, and its death."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.archive import Archive
from rag.errors import SettingsError, StoreBusyError, StoreError, StoreMismatchError
from rag.library import Library
from rag.schema import Filter
from rag.settings import Settings
from tests import processes
from tests.servers import postgres
from tests.servers.chroma import ChromaServer, free_port
from tests.servers.postgres import PostgresServer
from tests.servers.test_chroma import aktenzeichen, answer_alike, shown
from tests.stores import write_news

pytestmark = postgres.needed


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Return a running server."""
    with PostgresServer() as running:
        yield running


def over(url: str, store: Path, chroma_url: str | None = None) -> Settings:
    """Return the settings of a process whose articles are in a database."""
    return settings.load(store=store, database_url=url, chroma_url=chroma_url, lock_timeout_s=60)


def test_answers_are_those_of_the_folder(server: PostgresServer, tmp_path: Path, samples: Library) -> None:
    """Read, filter, order, edit and answer as SQLite does."""
    url = server.database("samples")
    with Library.open(over(url, tmp_path / "one"), create=True) as library:
        assert not library.index_samples().failed
        assert [one.id for one in library.articles()] == [one.id for one in samples.articles()]
        assert (library.publishers(), library.languages()) == (samples.publishers(), samples.languages())
        answer_alike(samples, library)
        one = library.articles()[0].id
        assert library.edit(one, {"publisher": "Ökö 'Blatt' %_"}).publisher in library.publishers()
        assert [two.id for two in library.articles(Filter(publishers=("ökö 'blatt' %_",)))] == [one]
    assert not (tmp_path / "one" / "articles.sqlite").exists()


def test_machines_without_a_common_folder_see_what_each_other_writes(
    server: PostgresServer, tmp_path: Path
) -> None:
    """Over PostgreSQL and Chroma a folder is only a cache: each derives its own terms, and loses nothing."""
    url = server.database("machines")
    with ChromaServer(tmp_path / "data") as chroma:
        first = over(url, tmp_path / "first", chroma.url)
        second = over(url, tmp_path / "second", chroma.url)
        with Library.open(first, create=True) as one, Library.open(second) as two:
            one.index([write_news(tmp_path / "a", range(4))])
            assert [aktenzeichen(two, number) for number in range(4)] == [True] * 4
            two.index([write_news(tmp_path / "b", range(10, 14), "Wismar")])
            one.remove(["002.txt"])
            assert [aktenzeichen(one, number) for number in (10, 13, 2)] == [True, True, False]
            assert [aktenzeichen(two, number) for number in (10, 13, 2)] == [True, True, False]
            questions = ("Was kostet der Ausbau des Hafens?", "Was baut Wismar?")
            assert [shown(one.search(q)) for q in questions] == [shown(two.search(q)) for q in questions]
            assert one.repair() == two.repair() == 0
        with Library.open(over(url, tmp_path / "third", chroma.url)) as three:
            assert aktenzeichen(three, 12) and not aktenzeichen(three, 2)
            assert three.repair() == 0


def test_without_a_chroma_server_each_folder_embeds_for_itself(
    server: PostgresServer, tmp_path: Path
) -> None:
    """Make vectors from the articles that another machine wrote, and drop those it removed."""
    url = server.database("replicas")
    with (
        Library.open(over(url, tmp_path / "one"), create=True) as one,
        Library.open(over(url, tmp_path / "two")) as two,
    ):
        one.index([write_news(tmp_path / "a", range(3))])
        assert aktenzeichen(two, 1)
        one.remove(["001.txt"])
        assert not aktenzeichen(two, 1)
        assert two.repair() == 0


def test_one_process_of_all_machines_writes_at_a_time(server: PostgresServer, tmp_path: Path) -> None:
    """Hold the lock in the database, say who has it, and free it with the process however it ends."""
    url = server.database("locks")
    with Library.open(over(url, tmp_path / "one"), create=True) as one:
        mp = processes.context()
        held, never = mp.Event(), mp.Event()
        other = mp.Process(target=processes.hold_the_database, args=(url, held, never))
        other.start()
        assert held.wait(120)
        with (
            pytest.raises(StoreBusyError, match=f"process {other.pid} on"),
            one._collection.archive.writing(0.3),
        ):
            raise AssertionError("two writers at once")
        other.kill()
        other.join(60)
        one.index([write_news(tmp_path / "a", range(1))])
        assert one.count() == 1


def test_who_loses_the_lock_can_write_no_more(server: PostgresServer, tmp_path: Path) -> None:
    """Break the connection that holds the lock amid a write: what follows is refused, then redone."""
    url = server.database("fence")
    folder = write_news(tmp_path / "a", range(2))
    with Library.open(over(url, tmp_path / "one"), create=True) as library:
        with library._collection.archive.writing(10):
            assert library._collection.archive._writer is not None
            pid = library._collection.archive._writer.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            library._collection.archive._writer.rollback()
            with library._collection.archive.engine.connect() as db:
                db.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
                db.commit()
            with pytest.raises(StoreError):
                library._collection.archive.confirm()
        library.index([folder])
        assert library.count() == 2


def test_a_server_killed_between_questions_is_named_and_found_again(tmp_path: Path) -> None:
    """Name it without its password; go on in the same process once it runs again."""
    with PostgresServer() as server:
        url = server.database("news")
        with Library.open(over(url, tmp_path / "one"), create=True) as library:
            library.index([write_news(tmp_path / "a", range(3))])
            before = library.search("Was kostet der Ausbau des Hafens?")
            server.kill()
            with pytest.raises(StoreError, match="does not answer") as caught:
                library.ask("Was kostet der Ausbau des Hafens?")
            assert "geheim" not in str(caught.value) and "RAG_DATABASE_URL" in caught.value.hint
            server.start()
            assert library.search("Was kostet der Ausbau des Hafens?") == before


def test_many_processes_may_make_the_tables_at_once(server: PostgresServer) -> None:
    """Open an empty database from several threads: one makes the tables, all are content."""
    url = server.database("tables")
    problems: list[BaseException] = []

    def open_it() -> None:
        try:
            Archive.on_server(url).close()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


def test_a_database_that_counts_bytes_is_refused(server: PostgresServer) -> None:
    """Refuse an encoding in which offsets would count something else than characters."""
    with pytest.raises(StoreError, match="SQL_ASCII, not UTF8") as caught:
        Archive.on_server(server.database("bytes", encoding="SQL_ASCII"))
    assert "createdb" in caught.value.hint


def test_a_store_is_made_on_purpose_and_with_one_model(server: PostgresServer, tmp_path: Path) -> None:
    """Refuse to ask an empty database, and to open one with another way of cutting."""
    url = server.database("manifest")
    with pytest.raises(StoreError, match="holds no collection"):
        Library.open(over(url, tmp_path / "one"))
    Library.open(over(url, tmp_path / "one"), create=True).close()
    other = settings.load(store=tmp_path / "two", database_url=url, passage_words=60)
    with pytest.raises(StoreMismatchError, match="130 words"):
        Library.open(other, create=True)


@pytest.mark.parametrize("url", ["mysql://host/db", "postgresql://host", "news", "sqlite:///x"])
def test_an_address_that_is_none_is_a_clear_error(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="RAG_DATABASE_URL") as caught:
        Library.open(over(url, tmp_path / "one"), create=True)
    assert "postgresql://" in caught.value.hint


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not answer"):
        Library.open(over(f"postgresql://127.0.0.1:{free_port()}/news", tmp_path / "one"), create=True)
