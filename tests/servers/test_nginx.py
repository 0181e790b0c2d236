"""Several page processes over one store behind a real nginx, with the configuration that is shipped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from gradio_client import Client

from rag import settings
from rag.access.people import People, Role, file_of
from rag.library import Library
from tests.servers import nginx
from tests.servers.nginx import CONFIGURATION, Page, checked, pages, proxied
from tests.stores import word, write_news
from tests.ui.server.test_operations import asked

pytestmark = nginx.needed
QUESTION = "Was forderte Putin bezüglich der NATO?"
PASSWORD = "ein langes Kennwort"
_VISITORS = 40  # after so many by chance of two, each process has had one


def test_nginx_is_content_with_the_file_as_it_is_and_not_with_a_spoilt_one(tmp_path: Path) -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    done = checked(tmp_path, text)
    assert done.returncode == 0 and "successful" in done.stderr, done.stderr
    assert checked(tmp_path, text.replace("proxy_buffering off;", "proxy_bufering off;")).returncode != 0


@pytest.fixture
def running(store: Path) -> Iterator[list[Page]]:
    """Return two pages over one copy of the samples."""
    with pages(store) as two:
        yield two


def visitor(opened: ExitStack, address: str) -> httpx.Client:
    """Return a browser that has opened the page: it has the cookie that came with it."""
    client = opened.enter_context(httpx.Client(base_url=address, timeout=120))
    assert client.get("/").status_code == 200
    assert client.cookies.get("quellenchat_process")
    return client


def visitors_of_each(opened: ExitStack, address: str, running: list[Page]) -> list[httpx.Client]:
    """Have new visitors ask until each process has answered one; return one of each."""
    found: dict[int, httpx.Client] = {}
    for _ in range(_VISITORS):
        client = visitor(opened, address)
        before = [page.questions() for page in running]
        answer = asked(client, QUESTION)
        assert isinstance(answer, dict) and answer["answered"]
        for citation in answer["citations"]:
            assert citation["quote"]
        grown = [page.questions() - count for page, count in zip(running, before, strict=True)]
        assert sorted(grown) == [0, 1]
        found.setdefault(grown.index(1), client)
        if len(found) == len(running):
            return [found[number] for number in range(len(running))]
    raise AssertionError("all visitors were sent to the same process")


def test_visitors_are_shared_out_and_all_are_answered(
    running: list[Page], store: Path, tmp_path: Path
) -> None:
    """Ask through it as browsers and as programs do, index meanwhile, and go on when one process is gone."""
    news = write_news(tmp_path / "news", range(3))
    with proxied(running, tmp_path) as address, ExitStack() as opened:
        clients = visitors_of_each(opened, address, running)
        for number, client in enumerate(clients):  # each stays where it was
            before = running[number].questions()
            for _ in range(3):
                assert asked(client, QUESTION)
            assert running[number].questions() == before + 3

        with Library.open(settings.load(store=store)) as library:
            assert len(library.index([news]).added) == 3
        for number, client in enumerate(clients):
            found = asked(client, f"Welches Vorhaben trägt das Aktenzeichen {word(number)}?")
            assert isinstance(found, dict)
            assert any(word(number) in citation["quote"] for citation in found["citations"])

        program = Client(address, verbose=False, analytics_enabled=False)
        for _ in range(3):
            answer = program.predict(QUESTION, api_name="/ask")
            article = program.predict(answer["citations"][0]["article"], api_name="/get_article")
            first = answer["citations"][0]
            assert article["text"][first["start"] : first["end"]] == first["quote"]

        running[0].process.kill()
        running[0].process.wait()
        before = running[1].questions()
        for client in clients:
            answer = asked(client, QUESTION)
            assert isinstance(answer, dict) and answer["citations"]
        assert program.predict(QUESTION, api_name="/ask")["citations"]
        assert running[1].questions() == before + 3
        program.close()
        assert httpx.get(f"{address}/metrics").status_code == 404


def test_a_login_is_good_for_every_process(store: Path, tmp_path: Path) -> None:
    """Log in through nginx; both processes know the session, and both know when it has ended."""
    People(file_of(settings.load(store=store))).add("anna", PASSWORD, Role.READER)
    with (
        pages(store) as running,
        proxied(running, tmp_path) as address,
        httpx.Client(base_url=address, timeout=120) as client,
    ):
        page = client.get("/", headers={"accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2F")
        entered = client.post("/login", data={"username": "anna", "password": PASSWORD})
        assert entered.status_code == 200, entered.text
        answer = asked(client, QUESTION)
        assert isinstance(answer, dict) and answer["citations"]
        program = Client(address, auth=("anna", PASSWORD), verbose=False, analytics_enabled=False)
        assert program.predict(QUESTION, api_name="/ask")["citations"]
        program.close()
        session = {
            "cookie": "; ".join(
                f"{one.name}={one.value}" for one in client.cookies.jar if one.name != "quellenchat_process"
            )
        }
        config = [httpx.get(f"{one.address}/config", headers=session).status_code for one in running]
        assert config == [200, 200]
        assert sum(one.questions(session) for one in running) == 2
        client.post("/logout")
        config = [httpx.get(f"{one.address}/config", headers=session).status_code for one in running]
        assert config == [401, 401]
