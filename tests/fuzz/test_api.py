"""Attack the page's HTTP interface with a bounded number of requests; python -m tests.fuzz.api goes on for longer."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.api import ENDPOINTS, Attacked, attacked, calls, requests, values


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory, samples_store: Path) -> Iterator[Attacked]:
    """Return an attack on a page over the samples; when it is over, all must be as before."""
    with attacked(
        Path(shutil.copytree(samples_store, tmp_path_factory.mktemp("attacked") / "store"))
    ) as made:
        yield made


@settings(max_examples=150)
@given(request=requests)
def test_any_request_has_an_answer(attack: Attacked, request: Any) -> None:
    attack.ask(*request)


@settings(max_examples=150)
@given(call=calls())
def test_any_call_of_a_server_function_has_an_answer(attack: Attacked, call: dict[str, Any]) -> None:
    attack.call(call)


@settings(max_examples=30)
@given(endpoint=st.sampled_from(ENDPOINTS), data=st.lists(values, max_size=6))
def test_any_question_of_a_program_has_an_answer(attack: Attacked, endpoint: str, data: Any) -> None:
    attack.event(endpoint, data)


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("component_server", {"component_id": 10**30, "fn_name": "judge", "session_hash": "s", "data": 1}, 404),
        ("component_server", {"component_id": -1.0, "fn_name": "judge", "session_hash": "s", "data": 1}, 404),
        ("component_server", {"fn_name": "judge", "session_hash": "s", "data": 1}, 404),
        ("call/ask/nothing", None, 404),
        ("call/v2/ask", None, 404),
        ("queue/data?session_hash=nothing", None, 404),
        ("queue/data", None, 404),
    ],
)  # fmt: skip
def test_what_was_found_is_answered_plainly(
    attack: Attacked, path: str, order: dict[str, Any] | None, status: int
) -> None:
    """Give what Gradio answered with 500, or began to answer and broke off."""
    client = attack.client
    if order is None:
        answer = client.get(f"/gradio_api/{path}")
    else:
        answer = client.post(f"/gradio_api/{path}", content=json.dumps(order))
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "detail"}
