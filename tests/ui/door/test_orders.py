"""What an order to the page may hold: plain values only, for Gradio would open files and fetch addresses."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag.library import Library
from rag.ui.app import web

META = {"_type": "gradio.FileData"}
ADDRESS = "http://93.184.216.34/picture.png"
FILES: dict[str, Any] = {
    "an address": {"path": ADDRESS, "meta": META},
    "an address beside": {"path": "x", "url": ADDRESS, "meta": META},
    "a file of the machine": {"path": "/etc/hostname", "meta": META},
    "a message's file": [{"role": "user", "content": [{"type": "file", "file": {"path": ADDRESS}}]}],
    "a message's old file": [{"role": "user", "content": {"path": ADDRESS}}],
    "a component": [
        {
            "role": "assistant",
            "content": [
                {
                    "type": "component", "component": "image", "value": None, "props": {},
                    "constructor_args": {"value": ADDRESS},
                }
            ],
        }
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def client(samples: Library) -> TestClient:
    """Return a client of the page over the samples."""
    return TestClient(web(samples))


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of what Gradio tries to fetch or make."""
    from gradio import processing_utils
    from gradio.components import chatbot

    asked: list[str] = []

    async def fetch(url: str, *_: Any, **__: Any) -> str:
        asked.append(url)
        raise ValueError(url)

    def make(name: str) -> None:
        asked.append(name)

    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download", fetch)
    monkeypatch.setattr(chatbot, "import_component_and_data", make)
    return asked


@pytest.mark.parametrize("what", FILES)
def test_no_order_makes_the_page_fetch_or_open_anything(
    client: TestClient, fetched: list[str], what: str
) -> None:
    """Try every function of the page by every address that takes orders."""
    dependencies = client.get("/config").json()["dependencies"]
    for one in (one for one in dependencies if one["inputs"]):
        data = [FILES[what]] * len(one["inputs"])
        order = {"fn_index": one["id"], "session_hash": f"s{one['id']}", "data": data}
        addresses = [
            "queue/join", "run/predict", f"run/{one['api_name']}", f"call/{one['api_name']}",
            f"call/v2/{one['api_name']}",
        ]  # fmt: skip
        for address in addresses:
            assert client.post(f"/gradio_api/{address}", json=order).status_code == 400
    assert fetched == []


def test_gradio_would_fetch_what_stands_in_an_order(samples: Library, fetched: list[str]) -> None:
    """Show that the test above can fail: behind the door the very same order makes Gradio fetch."""
    inner = web(samples)
    inner.user_middleware = [one for one in inner.user_middleware if one.cls.__name__ != "Routes"]
    client = TestClient(inner)
    client.post("/gradio_api/run/get_article", json={"data": [FILES["an address"]]})
    assert fetched == [ADDRESS]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"x", b'{"data": [1], "data": []}', b"[" * 100_000,
        b'--x\r\nContent-Disposition: form-data; name="session_hash"\r\n\r\ns\r\n--x--\r\n',
    ],
)  # fmt: skip
def test_an_order_is_one_json_object(client: TestClient, body: bytes) -> None:
    """Demand it of a form, too, by which a browser could name another's session unseen."""
    headers = {"content-type": "multipart/form-data; boundary=x" if body[:1] == b"-" else "application/json"}
    for address in ("queue/join", "run/ask", "call/ask", "component_server", "cancel", "reset"):
        answer = client.post(f"/gradio_api/{address}", content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "not a JSON object")


def test_a_conversation_goes_along_as_before(client: TestClient) -> None:
    kept = [{"role": "user", "metadata": None, "content": [{"type": "text", "text": "path component"}]}]
    order = {"data": [kept], "fn_index": 5, "session_hash": "s", "event_data": None}
    answer = client.post("/gradio_api/queue/join", content=json.dumps(order))
    assert answer.status_code != 400
