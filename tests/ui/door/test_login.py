"""The login over real HTTP: nothing without it, nothing more with it than the role allows."""

import asyncio
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from rag import store
from tests.ui.door.conftest import PASSWORDS, Guarded, entered

HTML = {"accept": "text/html,application/xhtml+xml"}
OPEN = ("/login", "/page/sign-in.css", "/favicon.ico")
CLOSED = (
    "/", "/config", "/theme.css", "/assets/index.js", "/gradio_api/info", "/gradio_api/openapi.json",
    "/gradio_api/queue/data?session_hash=x", "/gradio_api/heartbeat/x", "/gradio_api/call/ask/x", "/metrics",
    "/gradio_api/file=/etc/hostname", "/gradio_api/mcp/", "/nothing", "/static/img/logo.svg",
)  # fmt: skip
ARTICLE = "2021-11-09-revil-ransomware-charges.md"
EDITING = {
    "add_text": {"text": "Ein Text, den niemand hinzufügen darf."},
    "add_address": {"url": "https://example.org/"},
    "add_files": {"files": []},
    "edit_form": ARTICLE,
    "edit_article": {"article": ARTICLE, "changes": {"publisher": "x"}},
    "remove_article": ARTICLE,
}


def calling(client: httpx.Client, name: str, data: Any) -> httpx.Response:
    """Call one of the page's server functions as the browser does."""
    components = client.get("/config").json()["components"]
    shelf = next(one["id"] for one in components if one["props"].get("elem_id") == "qc-collection")
    body = {"session_hash": f"{name}{id(client)}", "component_id": shelf, "fn_name": name, "data": data}
    return client.post("/gradio_api/component_server", json=body)


def test_nobody_gets_past_the_door(page: str) -> None:
    with httpx.Client(base_url=page) as client:
        assert [path for path in CLOSED if client.get(path).status_code != 401] == []
        posts = ("queue/join", "run/predict", "call/ask", "upload", "component_server", "cancel", "mcp/")
        assert [one for one in posts if client.post(f"/gradio_api/{one}", json={}).status_code != 401] == []
        assert [path for path in OPEN if client.get(path).status_code != 200] == []
        led = client.get("/?article=a.md&start=3", headers=HTML)
        assert (led.status_code, led.headers["location"]) == (
            303,
            "/login?next=%2F%3Farticle%3Da.md%26start%3D3",
        )


def test_the_login_page_has_its_fonts(page: str) -> None:
    """Send nobody away who has yet to log in from what the login page's style asks for."""
    style = urljoin(page, "/page/sign-in.css")
    named = re.findall(r'url\("([^"]+)"\)', httpx.get(style).text)
    fonts = [httpx.get(urljoin(style, one)) for one in named]
    assert [(font.status_code, font.content[:4]) for font in fonts] == [(200, b"wOF2")] * 2


def test_the_cookie_is_for_this_page_alone_and_for_so_long(page: str) -> None:
    with entered(page, "anna") as client:
        assert re.search(r'"username":\s*"anna"', client.get("/").text)
        cookie = client.post("/login", data={"username": "anna", "password": PASSWORDS["anna"]})
        said = cookie.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(said.split("; "))
        assert "Secure" not in said
        secure = client.post(
            "/login",
            data={"username": "anna", "password": PASSWORDS["anna"]},
            headers={"x-forwarded-proto": "https"},
        )
        assert "Secure" in secure.headers["set-cookie"].split("; ")
        assert "max-age" in secure.headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("asked", "leads"),
    [("/?article=a", "/?article=a"), ("//evil.example", "/"), ("https://evil.example", "/"),
     ("/\\evil.example", "/"), ("javascript:alert(1)", "/"), ("/logout", "/"), ("", "/")],
)  # fmt: skip
def test_the_login_leads_nowhere_else(page: str, asked: str, leads: str) -> None:
    with httpx.Client(base_url=page) as client:
        form = {"username": "anna", "password": PASSWORDS["anna"]}
        headers = HTML | {"origin": page.rstrip("/")}
        answer = client.post("/login", params={"next": asked}, data=form, headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, leads)


def test_logging_out_ends_the_session_on_the_server(page: str) -> None:
    with entered(page, "anna") as client, httpx.Client(base_url=page, cookies=client.cookies) as stolen:
        assert stolen.get("/config").status_code == 200
        assert client.post("/logout").status_code == 303
        assert stolen.get("/config").status_code == 401


def test_wrong_passwords_wait_longer_and_longer(guarded: Guarded) -> None:
    with httpx.Client(base_url=guarded(), headers=HTML) as client:
        wrong = {"username": "anna", "password": "geraten, und falsch"}
        headers = {"origin": str(client.base_url).rstrip("/")}
        codes = [401]
        while codes[-1] == 401 and len(codes) < 15:  # a check that takes long uses its delay up
            codes.append(client.post("/login", data=wrong, headers=headers).status_code)
        assert len(codes) > 3 and codes[-1] == 429
        refused = client.post("/login", data=wrong | {"password": PASSWORDS["anna"]}, headers=headers)
        assert refused.status_code == 429
        assert re.search(r"Wait &?#?\w*;?\d+ seconds", refused.text)
        time.sleep(float(refused.headers["retry-after"]) + 0.2)
        right = client.post("/login", data=wrong | {"password": PASSWORDS["anna"]}, headers=headers)
        assert right.status_code == 303


def test_what_is_typed_comes_back_as_text(page: str) -> None:
    with httpx.Client(base_url=page) as client:
        form = {"username": '"><script>alert(1)</script>', "password": "x"}
        answer = client.post("/login", data=form, headers=HTML | {"origin": page.rstrip("/")})
        assert answer.status_code == 401 and "<script" not in answer.text
        assert client.post("/login", data={"username": "x" * 30_000}).status_code == 400
        files = {"username": ("a.txt", b"x")}
        assert client.post("/login", files=files).status_code == 400


def test_readers_change_nothing(page: str) -> None:
    with entered(page, "bert") as reader, entered(page, "anna") as editor:
        refused = {name: calling(reader, name, data).json() for name, data in EDITING.items()}
        assert {name for name, one in refused.items() if "only editors" in one["error"]} == set(EDITING)
        upload = {"files": ("a.txt", b"Ein Text.")}
        assert reader.post("/gradio_api/upload", files=upload).status_code == 403
        assert calling(reader, "list_articles", {}).json()["status"] == "22 articles"
        assert calling(editor, "edit_form", ARTICLE).json()["markup"]
        assert editor.post("/gradio_api/upload", files=upload).status_code == 200


def test_programs_log_in_with_the_real_client_or_with_every_request(page: str) -> None:
    client = Client(page, auth=("bert", PASSWORDS["bert"]), verbose=False, analytics_enabled=False)
    answer = client.predict("Was forderte Putin bezüglich der NATO?", api_name="/ask")
    assert answer["answered"] and answer["citations"]
    client.close()
    wrong = {"username": "bert", "password": "falsch geraten"}
    assert httpx.post(f"{page}login", data=wrong).status_code == 401
    basic = httpx.BasicAuth("bert", PASSWORDS["bert"])
    assert httpx.get(f"{page}gradio_api/info", auth=basic).status_code == 200
    assert httpx.get(f"{page}gradio_api/info", auth=("bert", "falsch")).status_code == 401


def test_people_are_held_to_their_questions(guarded: Guarded) -> None:
    address = guarded(questions_a_minute=2)
    clients = {
        name: Client(address, auth=(name, PASSWORDS[name]), verbose=False, analytics_enabled=False)
        for name in PASSWORDS
    }
    for _ in range(2):
        assert clients["bert"].predict("NATO", 1, api_name="/search")["passages"]
    with pytest.raises(AppError, match=r"2 questions within a minute \(ask again in \d+ seconds\)"):
        clients["bert"].predict("NATO", 1, api_name="/search")
    assert clients["anna"].predict("NATO", 1, api_name="/search")["passages"]
    for client in clients.values():
        client.close()


def test_people_are_held_to_their_runs_of_adding(guarded: Guarded, tmp_path: Path) -> None:
    address, text = guarded(adding_at_once=1), {"text": "Der Rat von Rostock tagt am Dienstag."}
    with entered(address, "anna") as client:
        with store.writing(tmp_path / "store", 10):
            run = calling(client, "add_text", text).json()["run"]
            kept = set((tmp_path / "store" / "added").iterdir())
            refused = calling(client, "add_text", {"text": "Noch einer."}).json()["error"]
            assert refused == "1 of your runs of adding are not finished. Wait until one of them is finished."
            assert set((tmp_path / "store" / "added").iterdir()) == kept
        until = time.monotonic() + 60
        while not calling(client, "adding_progress", run).json()["finished"] and time.monotonic() < until:
            time.sleep(0.1)
        assert "run" in calling(client, "add_text", {"text": "Noch einer."}).json()


def test_one_persons_session_is_closed_to_another(page: str) -> None:
    with entered(page, "anna") as anna, entered(page, "bert") as bert:
        config = anna.get("/config").json()
        ask = next(one["id"] for one in config["dependencies"] if one["api_name"] == "ask")
        body = {"data": ["Was forderte Putin?"] + [""] * 4, "fn_index": ask, "session_hash": "annas"}
        event = anna.post("/gradio_api/queue/join", json=body).json()["event_id"]
        for path in ("queue/data?session_hash=annas", "heartbeat/annas", "call/ask/annas"):
            with bert.stream("GET", f"/gradio_api/{path}") as answer:
                assert answer.status_code == 404
        cancelling = {"session_hash": "annas", "fn_index": ask, "event_id": event}
        orders = {"queue/join": body, "call/ask": body, "run/ask": body, "cancel": cancelling}
        for path, more in orders.items():
            assert bert.post(f"/gradio_api/{path}", json=more).status_code == 404
        with anna.stream("GET", "/gradio_api/queue/data?session_hash=annas") as stream:
            lines = (line for line in stream.iter_lines() if line.startswith("data: "))
            last = next(
                one for one in (json.loads(line[6:]) for line in lines) if one["msg"] == "process_completed"
            )
        assert last["success"] and last["output"]["data"][0]["answered"]


def test_what_was_uploaded_is_served_to_nobody(page: str) -> None:
    with entered(page, "anna") as anna, entered(page, "bert") as bert:
        path = anna.post("/gradio_api/upload", files={"files": ("geheim.txt", b"Annas Entwurf")}).json()[0]
        assert Path(path).read_bytes() == b"Annas Entwurf"
        for client in (anna, bert):
            for address in (f"file={path}", f"file/{path}", f"proxy={page}", "stream/a/b/c/playlist-file"):
                answer = client.get(f"/gradio_api/{address}")
                assert answer.status_code == 404 and b"Entwurf" not in answer.content


def test_too_much_is_refused(guarded: Guarded) -> None:
    with entered(guarded(upload_mb=1, upload_files=2), "anna") as client:
        large = {"files": ("a.txt", b"x" * 1_200_000)}
        assert client.post("/gradio_api/upload", files=large).status_code == 413

        def endless() -> Any:
            for _ in range(20):
                yield b"x" * 1_000_000

        assert client.post("/gradio_api/queue/join", content=endless()).status_code == 413
        three = {"files": [{"name": "a.txt", "path": "/a"}] * 3}
        assert "more than 2 files" in calling(client, "add_files", three).json()["error"]


def test_assistants_log_in_too(tmp_path: Path, samples_store: Path) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    from rag import settings
    from rag.library import Library
    from tests.browser.conftest import running
    from tests.ui.door.conftest import invite

    async def tools(address: str, name: str) -> set[str]:
        auth = httpx.BasicAuth(name, PASSWORDS[name])
        async with (
            streamablehttp_client(f"{address}gradio_api/mcp/", auth=auth) as (incoming, outgoing, _),
            ClientSession(incoming, outgoing) as session,
        ):
            await session.initialize()
            found = await session.call_tool("search", {"question": "NATO", "k": 2})
            assert len(json.loads(found.content[0].text)["passages"]) == 2
            return {tool.name for tool in (await session.list_tools()).tools}

    invite(tmp_path)
    chosen = settings.load(store=samples_store, users=tmp_path / "access" / "users.json")
    with (
        Library.open(chosen) as library,
        running(library, mcp=True) as address,
        ThreadPoolExecutor(1) as elsewhere,  # a browser of other tests may keep an event loop in this thread
    ):
        assert httpx.post(f"{address}gradio_api/mcp/", json={}).status_code == 401
        for name in PASSWORDS:  # an editor's assistant, too, can only read
            found = elsewhere.submit(lambda name=name: asyncio.run(tools(address, name))).result()
            assert found == {"ask", "search", "get_article"}
