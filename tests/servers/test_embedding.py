"""Embeddings from a server: both protocols, prefixes, batches, retries, and what it must not accept."""

from pathlib import Path

import numpy as np
import pytest

from rag import settings
from rag.errors import ModelError, SettingsError, StoreMismatchError
from rag.library import Library
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.embedding.remote import RemoteEmbedder
from tests.servers.chroma import free_port
from tests.servers.embedding import DIMENSION, EmbeddingServer, embed
from tests.stores import word, write_news

TEXTS = [f"Der Hafen von Rostock, Teil {number}" for number in range(70)]


@pytest.mark.parametrize("native", [True, False])
def test_vectors_come_in_order_and_as_unit_vectors(native: bool) -> None:
    """Ask in batches, normalise what comes, and put OpenAI's rows in the order of their index."""
    with EmbeddingServer("tiny/words", native=native, key="geheim") as server:
        embedder = RemoteEmbedder(server.url, key="geheim")
        vectors = embedder.encode(TEXTS)
        empty = embedder.encode([])
        embedder.close()
    wanted = np.stack([embed(text) for text in TEXTS])
    assert np.abs(vectors - wanted / np.linalg.norm(wanted, axis=1, keepdims=True)).max() < 1e-6
    assert (embedder.name, embedder.dimension, embedder.token_dimension) == ("tiny/words", DIMENSION, 0)
    assert empty.shape == (0, DIMENSION)
    assert [len(texts) for texts in server.asked] == [1, 32, 32, 6]


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/embeddings"])
def test_an_address_may_be_given_in_any_of_its_forms(path: str) -> None:
    with EmbeddingServer("tiny/words") as server:
        assert RemoteEmbedder(server.url + path).name == "tiny/words"


def test_a_smaller_limit_of_the_server_is_found_out() -> None:
    """Halve a request that the server calls too much; heed the limit where it says one."""
    with EmbeddingServer("tiny/words", most=5) as server:
        assert RemoteEmbedder(server.url).encode(TEXTS).shape == (70, DIMENSION)
    with EmbeddingServer("tiny/words", native=True, most=5) as server:
        RemoteEmbedder(server.url + "/embed").encode(TEXTS)
        assert max(map(len, server.asked)) == 5


def test_e5_models_are_told_questions_from_passages() -> None:
    """Put e5's prefixes before the texts, others where they are set, and remember those of passages."""
    with EmbeddingServer("intfloat/multilingual-e5-small") as server:
        embedder = RemoteEmbedder(server.url)
        embedder.encode(["a"], "query")
        embedder.encode(["b"], "passage")
        own = RemoteEmbedder(server.url, prefixes=("Q: ", "P: "))
        own.encode(["c"], "query")
        own.encode(["d"], "passage")
    assert [texts for texts in server.asked if texts != ["a"]] == [
        ["query: a"],
        ["passage: b"],
        ["Q: c"],
        ["P: d"],
    ]
    assert embedder.name == "intfloat/multilingual-e5-small" != own.name


def test_a_busy_server_is_asked_again() -> None:
    """Ask again as soon as the server says, and give up in the end with its words."""
    with EmbeddingServer("tiny/words") as server:
        embedder = RemoteEmbedder(server.url)
        server.replies = [(429, {"Retry-After": "0"}), (503, {"Retry-After": "0"})]
        assert len(embedder.encode(["a"])) == 1
        server.replies = [(503, {"Retry-After": "0"})] * 5
        with pytest.raises(ModelError, match=r"503.*busy") as caught:
            embedder.encode(["a"])
    assert "RAG_EMBEDDING_URL" in caught.value.hint


def test_a_server_that_is_gone_is_named_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.retrieve.embedding.remote._BACKOFF_S", 0.0)
    with EmbeddingServer("tiny/words") as server:
        embedder = RemoteEmbedder(server.url)
        server.replies = [(0, {})] * 5
        with pytest.raises(ModelError, match=server.url):
            embedder.encode(["a"])
        server.replies = [(0, {})] * 4
        assert len(embedder.encode(["a"])) == 1
    with pytest.raises(ModelError, match="does not answer"):
        RemoteEmbedder(f"http://127.0.0.1:{free_port()}")


def test_a_wrong_key_is_not_tried_twice() -> None:
    with EmbeddingServer("tiny/words", key="geheim") as server:
        with pytest.raises(ModelError, match="401") as caught:
            RemoteEmbedder(server.url, key="falsch")
        assert server.asked == []
    assert "falsch" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [{}, [], "no", {"data": []}, {"data": [{"embedding": []}]}, {"data": [{"embedding": ["x"]}]},
     {"data": [{"embedding": [0.0] * DIMENSION}]}, {"data": [{"embedding": [float("nan")] * DIMENSION}]},
     {"data": [{"embedding": [1.0] * 7}]}, {"data": [{"embedding": [1.0] * DIMENSION}] * 2},
     {"data": [None]}],
)  # fmt: skip
def test_anything_but_the_right_vectors_is_refused(answer: object) -> None:
    """Never let half an answer, other lengths, zeros or what is no number into a store."""
    with EmbeddingServer("tiny/words") as server:
        embedder = RemoteEmbedder(server.url)
        server.answer = answer
        with pytest.raises(ModelError, match="does not answer with 1 vectors"):
            embedder.encode(["a"])


def test_a_model_that_the_server_does_not_have_is_named() -> None:
    with (
        EmbeddingServer("tiny/words", native=True) as server,
        pytest.raises(ModelError, match="has the model tiny/words, not other/model"),
    ):
        RemoteEmbedder(server.url, "other/model")


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://host", "http://"])
def test_an_address_that_is_none_is_a_clear_error(url: str) -> None:
    with pytest.raises(SettingsError, match="RAG_EMBEDDING_URL"):
        open_embedder(None, url=url)


def test_a_collection_is_indexed_and_asked_through_a_server(tmp_path: Path) -> None:
    """Find, answer and abstain with its vectors; another address is the same store, another model is not."""
    chosen = {"store": tmp_path / "store"}
    with (
        EmbeddingServer("tiny/words", native=True) as server,
        Library.open(settings.load(**chosen, embedding_url=server.url), create=True) as library,
    ):
        library.index([write_news(tmp_path / "news", range(6))])
        answer = library.ask(f"Was steht im Aktenzeichen {word(3)}?")
        assert answer.answered and answer.citations[0].source.id == "003.txt"
        assert not library.ask("Who won the chess championship in Reykjavik?").answered
    with EmbeddingServer("tiny/words") as moved, EmbeddingServer("other/words") as other:
        with Library.open(settings.load(**chosen, embedding_url=moved.url)) as library:
            assert library.search(f"Aktenzeichen {word(3)}")[0].source.id == "003.txt"
        with pytest.raises(StoreMismatchError, match=r"tiny/words.*other/words"):
            Library.open(settings.load(**chosen, embedding_url=other.url))
