"""Shared fixtures: collections on disk, made with the bundled model, and files to fill them with."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from rag import settings
from rag.library import Library
from rag.settings import Settings
from tests.web_server import WebServer

hypothesis_settings.register_profile("stable", deadline=None, derandomize=True, max_examples=150)
hypothesis_settings.load_profile("stable")

Chooser = Callable[..., Settings]
Writer = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def no_settings_of_the_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Hide the RAG_* variables and the `.env` file of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("RAG_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def samples_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store that holds the sample articles; copy it before writing."""
    store = tmp_path_factory.mktemp("samples") / "store"
    with Library.open(Settings(store=store, _env_file=None), create=True) as library:
        report = library.index_samples()
    assert not report.failed
    return store


@pytest.fixture(scope="session")
def samples(samples_store: Path) -> Iterator[Library]:
    """Return the opened sample collection, for tests that only read it."""
    with Library.open(Settings(store=samples_store, _env_file=None)) as library:
        yield library


@pytest.fixture
def store(tmp_path: Path, samples_store: Path) -> Path:
    """Return a copy of the sample store that a test may change."""
    return Path(shutil.copytree(samples_store, tmp_path / "store"))


@pytest.fixture
def library(store: Path) -> Iterator[Library]:
    """Return an opened copy of the sample collection, for tests that write to it."""
    with Library.open(settings.load(store=store)) as library:
        yield library


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    """Return a new collection without articles."""
    with Library.open(settings.load(store=tmp_path / "empty"), create=True) as library:
        yield library


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Return a function that writes a text file below a new folder and returns its path."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def site() -> Iterator[WebServer]:
    """Return a running site without pages."""
    with WebServer() as server:
        yield server
