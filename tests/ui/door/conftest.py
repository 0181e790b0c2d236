"""A page with two people who may log in, served on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import settings
from rag.access.people import People, Role, file_of
from rag.library import Library
from tests.browser.conftest import running

PASSWORDS = {"anna": "ein paar stille Wörter", "bert": "ganz andere Wörter"}
ROLES = {"anna": Role.EDITOR, "bert": Role.READER}
Guarded = Callable[..., str]


def invite(store: Path) -> None:
    """Let an editor and a reader in."""
    people = People(file_of(settings.load(store=store)))
    for name, role in ROLES.items():
        people.add(name, PASSWORDS[name], role)


@pytest.fixture
def guarded(tmp_path: Path, samples_store: Path) -> Iterator[Guarded]:
    """Return a function that serves a copy of the samples to people who log in, with settings of its own."""
    with ExitStack() as stack:

        def serve(**chosen: Any) -> str:
            store = Path(shutil.copytree(samples_store, tmp_path / "store"))
            invite(store)
            library = stack.enter_context(Library.open(settings.load(store=store, **chosen)))
            return stack.enter_context(running(library))

        yield serve


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, samples_store: Path) -> Iterator[str]:
    """Return the address of a guarded page that several tests share."""
    store = Path(shutil.copytree(samples_store, tmp_path_factory.mktemp("guarded") / "store"))
    invite(store)
    with Library.open(settings.load(store=store)) as library, running(library) as address:
        yield address


@contextmanager
def entered(address: str, name: str) -> Iterator[httpx.Client]:
    """Yield a client that has logged in as a program does."""
    with httpx.Client(base_url=address, timeout=30) as client:
        answer = client.post("/login", data={"username": name, "password": PASSWORDS[name]})
        assert answer.status_code == 200, answer.text
        yield client
