"""A real Chroma server: the same answers as embedded, several processes over one store, and its death."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.errors import SettingsError, StoreError, StoreMismatchError
from rag.library import Library
from rag.retrieve.vectors.chroma import Server, split
from rag.schema import Filter, Hit
from rag.settings import Settings
from tests import processes
from tests.servers.chroma import ChromaServer, free_port
from tests.stores import word, write_news

QUESTIONS = (
    "Was forderte Putin bezüglich der NATO?",
    "What did Putin demand regarding NATO?",
    "Wo trafen sich Rubio und Lawrow?",
    "Wie hoch ist der Eiffelturm?",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """Return a running server."""
    with ChromaServer(tmp_path_factory.mktemp("chroma") / "data") as running:
        yield running


def over(server: ChromaServer, store: Path, database: str) -> Settings:
    """Return the settings of a store whose vectors lie in a database of the server."""
    return settings.load(store=store, chroma_url=f"{server.url}/{database}", lock_timeout_s=60)


def aktenzeichen(library: Library, number: int) -> bool:
    """Tell whether the article of a number is found."""
    return any(word(number) in hit.passage.text for hit in library.search(f"Aktenzeichen {word(number)}"))


def shown(hits: Iterable[Hit]) -> list[tuple[object, ...]]:
    """Return hits in order with their scores; JSON carries a cosine to the seventh place."""
    return [(hit.source, hit.passage, hit.score, pytest.approx(hit.cosine, abs=1e-5)) for hit in hits]


def answer_alike(one: Library, other: Library) -> None:
    """Demand the same texts, citations and hits of two collections of the same articles, filtered too."""
    german = Filter(languages=("de",))
    for question in QUESTIONS:
        here, there = one.ask(question), other.ask(question)
        assert (there.text, there.citations) == (here.text, here.citations)
        assert shown(there.hits) == shown(here.hits)
        assert shown(other.search(question, filter=german)) == shown(one.search(question, filter=german))


def test_answers_are_those_of_the_embedded_store(
    server: ChromaServer, tmp_path: Path, samples: Library
) -> None:
    """Index and ask over HTTP: hits, scores, citations and texts are the same, with filters too."""
    with Library.open(over(server, tmp_path / "store", "samples"), create=True) as library:
        assert not library.index_samples().failed
        answer_alike(samples, library)
    assert not (tmp_path / "store" / "chroma").exists()


def test_editing_and_removing_reach_the_server(server: ChromaServer, tmp_path: Path) -> None:
    """Leave exactly the passages of the articles that are left."""
    chosen = over(server, tmp_path / "store", "editing")
    with Library.open(chosen, create=True) as library:
        library.index([write_news(tmp_path / "news", range(6))])
        library.edit("003.txt", {"title": "Ganz anders", "published": None})
        library.remove(["001.txt", "002.txt"])
        assert aktenzeichen(library, 3) and not aktenzeichen(library, 1)
        assert library.repair() == 0


def test_two_processes_write_and_a_third_sees_it_at_once(server: ChromaServer, tmp_path: Path) -> None:
    """Let two processes index into one store over the server while a third asks."""
    chosen = over(server, tmp_path / "store", "crowd")
    folders = [write_news(tmp_path / "a", range(8)), write_news(tmp_path / "b", range(100, 108), "Wismar")]
    with Library.open(chosen, create=True) as library:
        mp = processes.context()
        writers = [mp.Process(target=processes.index, args=(chosen.store, [one], chosen.chroma_url))
                   for one in folders]  # fmt: skip
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(240)
        assert [writer.exitcode for writer in writers] == [0, 0]
        assert [n for n in (*range(8), *range(100, 108)) if not aktenzeichen(library, n)] == []
        assert library.repair() == 0


def test_a_server_killed_between_questions_is_named_and_found_again(tmp_path: Path) -> None:
    """Say which server does not answer; once it runs again, so does everything else, in the same process."""
    with (
        ChromaServer(tmp_path / "data") as server,
        Library.open(over(server, tmp_path / "store", "news"), create=True) as library,
    ):
        library.index([write_news(tmp_path / "news", range(4))])
        before = library.ask(QUESTIONS[0]), library.search("Was kostet der Ausbau des Hafens?")
        server.kill()
        with pytest.raises(StoreError, match=server.url) as caught:
            library.ask(QUESTIONS[0])
        assert "RAG_CHROMA_URL" in caught.value.hint
        server.start()
        after = library.ask(QUESTIONS[0]), library.search("Was kostet der Ausbau des Hafens?")
        assert (after[0].text, after[0].hits, after[1]) == (before[0].text, before[0].hits, before[1])


def test_a_server_killed_amid_questions_never_gives_a_wrong_answer(tmp_path: Path) -> None:
    """Ask from two threads while it dies and comes back: each outcome is the answer, or says why not."""
    question = "Was kostet der Ausbau des Hafens?"
    with (
        ChromaServer(tmp_path / "data") as server,
        Library.open(over(server, tmp_path / "store", "news"), create=True) as library,
    ):
        library.index([write_news(tmp_path / "news", range(4))])
        right = library.search(question)
        outcomes: list[object] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                try:
                    outcomes.append(library.search(question))
                except StoreError as error:
                    outcomes.append(error)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            threading.Event().wait(0.3)
            server.kill()
            threading.Event().wait(0.3)
            server.start()
        done.set()
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads)
        wrong = [one for one in outcomes if one != right and not isinstance(one, StoreError)]
        assert (len(outcomes) > 4, wrong) == (True, [])
        assert library.search(question) == right


def test_a_server_killed_amid_indexing_loses_nothing(tmp_path: Path) -> None:
    """Name the server; the next run completes what this one began."""
    folder = write_news(tmp_path / "news", range(72))
    with ChromaServer(tmp_path / "data") as server:
        chosen = over(server, tmp_path / "store", "news")
        with Library.open(chosen, create=True) as library:

            def kill_amid(progress: object) -> None:
                if progress.articles >= 64:  # type: ignore[attr-defined]
                    server.kill()

            with pytest.raises(StoreError, match=server.url):
                library.index([folder], kill_amid)
        with pytest.raises(StoreError, match=server.url):
            Library.open(chosen)
        server.start()
        with Library.open(chosen) as library:
            assert library.index([folder]).failed == []
            assert library.count() == 72
            assert [n for n in range(72) if not aktenzeichen(library, n)] == []
            assert library.repair() == 0


def test_two_stores_never_share_a_database(server: ChromaServer, tmp_path: Path) -> None:
    """Refuse the second, say how to give it one of its own, and leave the first as it was."""
    with Library.open(over(server, tmp_path / "one", "shared"), create=True) as library:
        library.index([write_news(tmp_path / "news", range(2))])
        with pytest.raises(StoreMismatchError, match="belong to another store") as caught:
            Library.open(over(server, tmp_path / "two", "shared"), create=True)
        assert f"{server.url}/NAME" in caught.value.hint
        assert aktenzeichen(library, 1)


def test_a_server_that_is_not_there_is_named_on_opening(tmp_path: Path) -> None:
    """Say where nobody answered and which settings to check."""
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StoreError, match=url) as caught:
        Library.open(settings.load(store=tmp_path / "store", chroma_url=url), create=True)
    assert "RAG_CHROMA_URL" in caught.value.hint


def test_the_token_travels_in_the_headers_that_servers_look_at(tmp_path: Path) -> None:
    """Send the token as Chroma's own servers and as proxies want it, and show it in no message."""
    from tests.web_server import WebServer

    with WebServer() as site:
        place = Server(site.url, store=1, token="geheim")
        with pytest.raises(Exception) as caught:  # the site is no Chroma server
            place.connect(3)
        headers = {name.lower(): value for name, value in site.requests[0].headers.items()}
    assert (headers["authorization"], headers["x-chroma-token"]) == ("Bearer geheim", "geheim")
    assert "geheim" not in f"{place!r} {place} {caught.value}"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://chroma", ("http", "chroma", 8000, "default_database")),
        ("https://chroma.example/news", ("https", "chroma.example", 443, "news")),
        ("http://[::1]:9000/", ("http", "[::1]", 9000, "default_database")),
    ],
)
def test_addresses_are_taken_apart(url: str, parts: tuple[str, str, int, str]) -> None:
    assert split(url) == parts


@pytest.mark.parametrize("url", ["chroma:8000", "ftp://chroma", "http://", "http://a:x", "http://a/b/c"])
def test_an_address_that_is_none_is_a_clear_error(url: str) -> None:
    with pytest.raises(SettingsError, match="RAG_CHROMA_URL") as caught:
        split(url)
    assert "http://127.0.0.1:8000" in caught.value.hint


@pytest.mark.parametrize(
    "command", [["doctor"], ["rebuild"], ["backup", "x.tar.gz"], ["restore", "x.tar.gz"]]
)
def test_what_works_on_a_folder_refuses_a_collection_on_servers(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Say that the servers' own tools are for this, instead of looking at half of a collection."""
    from typer.testing import CliRunner

    from rag.cli.app import app

    monkeypatch.setenv("RAG_CHROMA_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("RAG_STORE", str(tmp_path))
    with pytest.raises(SettingsError, match="not on servers"):
        CliRunner().invoke(app, command, catch_exceptions=False)
