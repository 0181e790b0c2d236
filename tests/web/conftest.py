"""A site on loopback, and a collection that may read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.library import Library


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Library]:
    """Return an empty collection that may read from loopback, without pauses."""
    chosen = settings.load(store=tmp_path / "web", fetch_private=True, fetch_delay_s=0, fetch_timeout_s=10)
    with Library.open(chosen, create=True) as library:
        yield library
