"""A language model's server that misbehaves while it streams: quotes stand in, the next reply is shown.

Refusals, silence, garbage and broken connections are checked in tests/answer/test_chain.py.
"""

from collections.abc import Iterator

import pytest

from rag import settings
from rag.library import Library
from rag.schema import Answer
from tests.llm_server import MODEL, LanguageModelServer, Reply

QUESTION = "Was forderte Putin bezüglich der NATO?"
NOT_UTF8 = b'data: {"choices": [{"index": 0, "delta": {"content": "\xff\xfe\x80"}}]}\n\n'


@pytest.fixture
def model() -> Iterator[LanguageModelServer]:
    """Return a scripted server."""
    with LanguageModelServer() as server:
        yield server


@pytest.fixture
def talking(samples: Library, model: LanguageModelServer) -> Iterator[Library]:
    """Return the sample collection with the scripted model."""
    chosen = settings.load(store=samples.settings.store, llm=MODEL, llm_url=model.url, llm_timeout_s=10)
    with Library.open(chosen) as library:
        yield library


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<think>", endless="Putin verlangte so manches. " * 40),
        Reply("Putin verlangte. ", endless="Und noch mehr. " * 40),
        Reply("Putin verlangte. ", endless=""),
        Reply("Putin verlangte. ", stray=NOT_UTF8),
        Reply("Putin verlangte. ", stray=b"data: {"),
        Reply("Putin verlangte. ", stray=b"\x00\xff" * 5_000 + b"\n\n"),
    ],
    ids=["thoughts without end", "text without end", "nothing without end", "no UTF-8", "half", "noise"],
)
def test_a_stream_that_goes_wrong_is_replaced(
    talking: Library, model: LanguageModelServer, reply: Reply
) -> None:
    """Quote within bounds, say why, and have the next reply shown as ever."""
    model.say(*[reply] * 3)
    answer = talking.ask(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.model == "extractive"
    assert answer.citations
    assert any(MODEL in warning for warning in answer.warnings)
    model.clear()
    model.say("Er verlangte bindende Garantien [1.1].")
    assert talking.ask(QUESTION).model == MODEL
