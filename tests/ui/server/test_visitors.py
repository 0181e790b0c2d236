"""What the page keeps of its visitors: counted after many of them have asked, fetched and gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from gradio.routes import App
from starlette.routing import Mount

from rag.library import Library
from rag.ui.app import web
from rag.ui.server import visitors
from tests.browser.conftest import served

MANY = 12
FEW = 4


@contextmanager
def page_of(library: Library) -> Iterator[tuple[httpx.Client, gr.Blocks]]:
    """Yield a client of a page, and the page as Gradio has it."""
    app = web(library)
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client, blocks_of(app)


def blocks_of(app: FastAPI) -> gr.Blocks:
    """Return the page that is mounted in an application."""
    return next(
        one.app.get_blocks() for one in app.routes if isinstance(one, Mount) and isinstance(one.app, App)
    )


def begin(client: httpx.Client) -> str:
    """Call an endpoint; return the event whose result can be fetched."""
    asked = {"data": ["Was forderte Putin?", 1]}
    return str(client.post("/gradio_api/call/search", json=asked).raise_for_status().json()["event_id"])


def fetch(client: httpx.Client, event: str) -> dict[str, Any]:
    """Return an event's result."""
    answer = client.get(f"/gradio_api/call/search/{event}").raise_for_status().text
    return dict(json.loads(answer.split("event: complete\ndata: ")[1].splitlines()[0])[0])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few visitors be known, so that not too many are needed to be more."""
    monkeypatch.setattr(visitors, "_SESSIONS", FEW)
    monkeypatch.setattr(visitors, "_STREAMS", FEW)


@pytest.mark.usefixtures("few")
def test_calls_leave_nothing_beyond_the_bounds_whether_fetched_or_not(samples: Library) -> None:
    with page_of(samples) as (client, page):
        for number in range(MANY):
            event = begin(client)
            if number % 2:
                assert fetch(client, event)["passages"]
        queue = page._queue
        assert len(queue.pending_messages_per_session) <= FEW
        assert set(queue.pending_event_ids_session) <= set(queue.pending_messages_per_session)
        assert len(queue.event_analytics) <= 1
        assert queue.cached_event_analytics_summary == {"functions": {}}
        assert 0 < len(page.state_holder.session_data) <= FEW
        assert set(page.state_holder.time_last_used) == set(page.state_holder.session_data)


@pytest.mark.usefixtures("few")
def test_who_goes_on_asking_is_not_the_one_to_make_way(samples: Library) -> None:
    with page_of(samples) as (client, page):
        waiting = page._queue.pending_messages_per_session
        first = begin(client)
        for _ in range(FEW - 1):
            begin(client)
        assert fetch(client, first)["passages"]
        begin(client)
        assert first in waiting and len(waiting) == FEW


def test_no_conversation_stays_on_the_server(samples: Library) -> None:
    word = "Kaffeesatzleserei"
    with page_of(samples) as (client, page):
        config = client.get("/config").json()
        ask = next(one for one in config["dependencies"] if one["api_name"] == "_ask")
        past = {"role": "assistant", "content": [{"type": "text", "text": f"<p>{word}</p>"}]}
        asked = {"data": [word, [past], {}], "fn_index": ask["id"], "session_hash": "mine"}
        client.post("/gradio_api/queue/join", json=asked).raise_for_status()
        told = client.get("/gradio_api/queue/data", params={"session_hash": "mine"}).text
        assert word in told and "process_completed" in told
        session = page.state_holder["mine"]
        assert word not in str(list(session.components)) + str(session.state_data)
        assert word not in str([vars(one) for one in session.blocks_config.blocks.values()])
        assert "mine" in page._queue.pending_messages_per_session
        assert not page._queue.pending_event_ids_session["mine"]
