"""A scripted language model on loopback, and the sample collection asked through it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.library import Library
from rag.settings import Settings
from tests.llm_server import MODEL, LanguageModelServer

# For tests that open clients of providers, which leave their sockets to the garbage collector.
CLIENTS = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
    pytest.mark.usefixtures("collected"),
]


@pytest.fixture
def collected() -> Iterator[None]:
    """Have what a test leaves collected within the test."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def running_model() -> Iterator[LanguageModelServer]:
    """Return the running server."""
    with LanguageModelServer() as server:
        yield server


@pytest.fixture
def model(running_model: LanguageModelServer) -> LanguageModelServer:
    """Return the server with an empty script."""
    running_model.clear()
    return running_model


@pytest.fixture(scope="session")
def talking(running_model: LanguageModelServer, samples_store: Path) -> Iterator[Library]:
    """Return the sample collection, answered by the scripted model."""
    chosen = Settings(
        store=samples_store, llm=MODEL, llm_url=running_model.url, llm_timeout_s=20, _env_file=None
    )
    with Library.open(chosen) as library:
        yield library
