"""Whose orders are taken, by which names the page goes, and what a reverse proxy is believed."""

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from rag import settings
from rag.library import Library
from rag.ui.app import web
from rag.ui.door import caller, door

HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="module")
def client(samples: Library) -> TestClient:
    """Return a client of the page over the samples."""
    return TestClient(web(samples))


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://TestServer:80"}, True),
        ({"origin": "http://testserver:8080"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({"referer": "http://testserver/login"} | HTML, True),
        ({"referer": "http://evil.example/testserver/"} | HTML, False),
        (HTML, False),  # an old browser's form that says nothing of where it stands
        ({"accept": "*/*"}, True),  # a program
    ],
)
def test_other_websites_give_no_orders(client: TestClient, headers: dict[str, str], taken: bool) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/login", "/logout"):
        answer = client.post(path, json={}, headers=headers, follow_redirects=False)
        assert (answer.status_code != 403) == taken
    assert client.get("/page/page.css", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_name_that_someone_else_gave_this_machine_is_refused(samples: Library) -> None:
    client = TestClient(web(samples, hosts=frozenset({"news.example"})))
    hosts = {
        "127.0.0.1:7860": 200, "localhost": 200, "[::1]:7860": 200, "news.example": 200,
        "NEWS.example:80": 200,
        "evil.example": 421, "127.evil.example": 421, "localhost.evil.example": 421, "": 421,
    }  # fmt: skip
    assert {host: client.get("/config", headers={"host": host}).status_code for host in hosts} == hosts


def behind(
    trusted: str, client: str, headers: dict[str, str], root_path: str | None = None
) -> dict[str, str]:
    """Return what an application behind the door learns of a request."""
    app = FastAPI()

    @app.get("/config")
    def told(request: Request) -> dict[str, str]:
        return {"url": str(request.url), "client": caller.of(request).address}

    door.put_before(app, settings.load(trusted_proxies=trusted, root_path=root_path), None, None)
    visitor = TestClient(app, client=(client, 1), base_url="http://127.0.0.1:7860")
    answer: dict[str, str] = visitor.get("/config", headers=headers).json()
    return answer


FORWARDED = {
    "x-forwarded-host": "news.example", "x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.7",
}  # fmt: skip


def test_a_trusted_proxy_is_believed_and_nobody_else() -> None:
    believed = behind("127.0.0.1", "127.0.0.1", FORWARDED, "/news")
    assert believed == {"url": "https://news.example/news/config", "client": "198.51.100.7"}
    own = {"url": "http://127.0.0.1:7860/config", "client": "203.0.113.9"}
    assert behind("127.0.0.1", "203.0.113.9", FORWARDED) == own
    assert behind("203.0.113.0/24", "203.0.113.9", FORWARDED)["client"] == "198.51.100.7"
    spoofed = FORWARDED | {"x-forwarded-for": "127.0.0.1, 198.51.100.7"}
    assert behind("127.0.0.1", "127.0.0.1", spoofed)["client"] == "198.51.100.7"


def test_closed_addresses_are_not_there(client: TestClient) -> None:
    closed = (
        "/gradio_api/file=/etc/hostname", "/gradio_api/proxy=http://x/", "/gradio_api/vibe-code",
        "/gradio_api/process_recording", "/gradio_api/runs", "/monitoring", "/svelte/x", "/docs",
        "/openapi.json",
    )  # fmt: skip
    assert {path for path in closed if client.get(path).status_code != 404} == set()


def test_a_script_runs_only_with_the_nonce_of_its_response(client: TestClient) -> None:
    seen = set()
    for _ in range(2):
        answer = client.get("/")
        policy = answer.headers["content-security-policy"]
        nonce = policy.split("'nonce-")[1].split("'")[0]
        scripts = answer.text.count("<script")
        assert scripts == answer.text.count(f'<script nonce="{nonce}"') >= 4
        assert int(answer.headers["content-length"]) == len(answer.content)
        seen.add(nonce)
    assert len(seen) == 2


def test_nothing_of_a_person_stays_in_a_cache(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-store"
    assert client.get("/config").headers["cache-control"] == "no-store"
    assert client.get("/page/page.css").headers.get("cache-control") != "no-store"


def test_the_page_speaks_no_websockets(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/gradio_api/queue/join"):
        pass
    assert caught.value.code == 1008
