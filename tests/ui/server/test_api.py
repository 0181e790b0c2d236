"""The named endpoints, asked by the real client over a real server."""

from collections.abc import Iterator

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from rag.library import Library
from tests.browser.conftest import running


@pytest.fixture(scope="module")
def client(samples: Library) -> Iterator[Client]:
    """Return a client of a page over the samples."""
    with running(samples) as address:
        client = Client(address, verbose=False, analytics_enabled=False)
        yield client
        client.close()


def test_the_endpoints_are_named_and_described(client: Client) -> None:
    described = client.view_api(return_format="dict")["named_endpoints"]
    assert set(described) == {"/ask", "/search", "/get_article"}
    assert "exact sentences" in described["/ask"]["description"]


def test_an_answer_comes_with_citations_that_can_be_looked_up(client: Client) -> None:
    answer = client.predict("Was forderte Putin bezüglich der NATO?", api_name="/ask")
    assert answer["answered"] and answer["citations"]
    for citation in answer["citations"]:
        article = client.predict(citation["article"], api_name="/get_article")
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_answers_can_be_limited(client: Client) -> None:
    answer = client.predict("What did Putin demand?", "", "2022-12-31", "", "en", api_name="/ask")
    assert answer["passages"] and all(one["published"] <= "2022-12-31" for one in answer["passages"])


def test_nothing_given_is_no_limit(client: Client) -> None:
    answer = client.predict("Was forderte Putin?", None, None, None, None, api_name="/ask")
    assert answer["answered"]


def test_passages_are_found(client: Client) -> None:
    found = client.predict("Rubio Lawrow Riad", 3, api_name="/search")
    assert len(found["passages"]) == 3
    assert found["query"] == "Rubio Lawrow Riad"


def test_what_was_searched_for_is_told(client: Client) -> None:
    found = client.predict("What guaranetes did Putin demand?", 3, api_name="/search")
    assert found["query"] == "What guarantees did Putin demand?"
    assert found["passages"] == client.predict(found["query"], 3, api_name="/search")["passages"]


@pytest.mark.parametrize(
    ("endpoint", "asked", "told"),
    [
        ("/ask", ("???",), "question is empty"),
        ("/ask", ("Was?", "2021-99-01"), "2021-12-07"),
        ("/get_article", ("gone.md",), "gone.md"),
        ("/get_article", (["gone.md"],), "`article` is no text"),
        ("/ask", (5,), "`question` is no text"),
        ("/ask", ("Was?", 20211207), "`since` is no text: 20211207"),
        ("/ask", ("Was?", "2022-01-01", "2021-01-01"), "`since` is after `until`"),
        ("/ask", ("Was?", "", "", ["Reuters"]), "`publisher` is no text"),
        ("/search", ("Putin", "5"), "`k` is no whole number: '5'"),
    ],
)
def test_errors_are_told_with_what_to_do(
    client: Client, endpoint: str, asked: tuple[str, ...], told: str
) -> None:
    with pytest.raises(AppError, match=told):
        client.predict(*asked, api_name=endpoint)
