"""Health, metrics, logs and the end of a page, as whoever runs it meets them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.library import Library
from tests import processes
from tests.browser.conftest import running
from tests.llm_server import LanguageModelServer, Reply

QUESTION = "Was forderte Putin bezüglich der NATO?"
SECRETS = ("forderte", "Garantien", "geheim-4711")  # of the question, the answer, and the key


def asked(client: httpx.Client, question: str) -> dict[str, Any] | str:
    """Ask as a program does; return the answer, or what was said of the error."""
    event = client.post("/gradio_api/call/ask", json={"data": [question, "", "", "", ""]}).json()["event_id"]
    with client.stream("GET", f"/gradio_api/call/ask/{event}", timeout=120) as stream:
        lines = list(stream.iter_lines())
    last = lines.index("event: complete") if "event: complete" in lines else lines.index("event: error")
    data = json.loads(lines[last + 1].removeprefix("data: "))
    return data[0] if lines[last] == "event: complete" else str(data)


def test_the_figures_tell_what_came_of_questions(samples: Library) -> None:
    with running(samples) as address, httpx.Client(base_url=address) as client:
        assert (client.get("/healthz").text, client.get("/readyz").text) == ("ok\n", "ready\n")
        answer = asked(client, "Was forderte Putin bezüglich der NATO?")
        refusal = asked(client, "Wer gewann 1954 die Fußball-Weltmeisterschaft?")
        assert isinstance(answer, dict) and isinstance(refusal, dict)
        assert (answer["answered"], refusal["answered"]) == (True, False)
        asked(client, "???")
        metrics = client.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    values = dict(re.findall(r"^(\w+(?:\{[^}]*\})?) (\S+)$", metrics.text, re.M))
    assert values['quellenchat_questions_total{outcome="answered"}'] == "1.0"
    assert values['quellenchat_questions_total{outcome="abstained"}'] == "1.0"
    assert values['quellenchat_questions_total{outcome="failed"}'] == "1.0"
    assert values['quellenchat_errors_total{kind="QuestionError"}'] == "1.0"
    assert values['quellenchat_question_seconds_count{stage="total"}'] == "2.0"
    assert values["quellenchat_questions_in_progress"] == "0.0"
    assert values["quellenchat_articles"] == "22.0"
    assert float(values["quellenchat_passages"]) == samples.count_passages() > 22


def test_a_store_that_cannot_be_read_is_not_ready(library: Library, store: Path) -> None:
    with running(library) as address:
        assert httpx.get(f"{address}readyz").status_code == 200
        for file in store.glob("articles.sqlite*"):
            file.write_bytes(b"no database at all" * 1_000)
        refused = httpx.get(f"{address}readyz")
        assert refused.status_code == 503 and str(store) not in refused.text
        assert httpx.get(f"{address}healthz").status_code == 200


@contextmanager
def served(store: Path, log: Path, model: LanguageModelServer, **more: str) -> Iterator[tuple[Any, str]]:
    """Run `rag serve` with JSON logs; yield its process and its address."""
    command = [*processes.RAG, "serve", "--store", str(store), "--log-format", "json", "--log-level", "info"]
    variables = {"RAG_LLM": "scripted", "RAG_LLM_URL": model.url, "RAG_LLM_API_KEY": "sk-geheim-4711"} | more
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=os.environ | variables
        )
        try:
            assert process.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert address, log.read_text()
            yield process, address[0]
        finally:
            process.kill()
            process.communicate()


def wait_for(condition: Any) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def model() -> Iterator[LanguageModelServer]:
    """Return a scripted language model."""
    with LanguageModelServer() as server:
        yield server


def test_terminating_finishes_answers_and_logs_hold_no_texts(
    store: Path, tmp_path: Path, model: LanguageModelServer
) -> None:
    log = tmp_path / "log"
    written = "Putin verlangte rechtlich bindende Garantien von der NATO [1.1]."
    broken = Reply(status=400, body=json.dumps({"error": {"message": f"no: {QUESTION}"}}).encode())
    model.say(broken, Reply(written, delta_chars=4, delay_s=0.2))
    with (
        served(store, log, model) as (process, address),
        httpx.Client(base_url=address, timeout=60) as client,
        httpx.Client(base_url=address, timeout=60) as another,
    ):
        assert isinstance(asked(client, QUESTION), dict)  # quotations instead
        answers: list[Any] = []
        asking = threading.Thread(target=lambda: answers.append(asked(client, QUESTION)))
        asking.start()
        wait_for(lambda: len(model.requests) == 2)
        process.send_signal(signal.SIGTERM)
        wait_for(lambda: another.get("/readyz").status_code == 503)
        late = asked(another, QUESTION)
        asking.join(60)
        assert process.wait(30) == 0
    assert "Garantien" in answers[0]["text"] and answers[0]["model"] == "scripted"
    assert "this page is being closed" in str(late)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    outcomes = [line["outcome"] for line in lines if line["message"] == "question"]
    assert outcomes == ["answered", "refused", "answered"]
    assert [secret for secret in SECRETS if secret in log.read_text()] == []


def test_what_never_ends_is_broken_off_in_time(
    store: Path, tmp_path: Path, model: LanguageModelServer
) -> None:
    log = tmp_path / "log"
    model.say(Reply(silent=True))
    with served(store, log, model, RAG_SHUTDOWN_S="1") as (process, address):
        asking = {"data": [QUESTION, "", "", "", ""]}
        assert httpx.post(f"{address}gradio_api/call/ask", json=asking).status_code == 200
        wait_for(lambda: model.requests)
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    assert "closing breaks off what is running" in log.read_text()
