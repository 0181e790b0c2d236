"""trafilatura, loaded without the warning of a proxy library that it does without."""

from __future__ import annotations

import warnings
from functools import lru_cache
from types import ModuleType


@lru_cache(maxsize=1)
def trafilatura() -> ModuleType:
    """Load the library when the first page is read; it takes a while."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3 says that PySocks is missing
        import trafilatura
    return trafilatura  # type: ignore[no-any-return]
