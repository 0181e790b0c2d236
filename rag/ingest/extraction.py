"""trafilatura, loaded without the warning of a proxy library that it does without, and fed what is seen."""

from __future__ import annotations

import warnings
from functools import lru_cache
from types import ModuleType
from typing import Any

from rag.ingest.hidden import without_hidden


@lru_cache(maxsize=1)
def trafilatura() -> ModuleType:
    """Load the library when the first page is read; it takes a while."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3 says that PySocks is missing
        import trafilatura
    return trafilatura  # type: ignore[no-any-return]


def seen(page: bytes | str) -> Any:
    """Return a page's tree without what its reader cannot see, None where it is no page."""
    tree = trafilatura().load_html(page)
    return tree if tree is None else without_hidden(tree)
