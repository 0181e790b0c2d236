"""Quellenchat: ask your own news articles and check every answer against its sentence.

The public names are loaded on first use, so that `import rag` stays instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag import telemetry

if TYPE_CHECKING:
    from rag.errors import (
        FetchError,
        InputError,
        ModelError,
        NotFoundError,
        QuellenchatError,
        QuestionError,
        SettingsError,
        StoreBusyError,
        StoreError,
        StoreMismatchError,
        WorkersError,
    )
    from rag.library import Failure, IndexReport, Library, Progress, Watched
    from rag.schema import (
        Abstention,
        Answer,
        Article,
        Citation,
        Filter,
        Hit,
        Listed,
        Passage,
        Period,
        Source,
        Span,
        Statement,
        Timings,
        Turn,
        Usage,
        Wishes,
    )
    from rag.settings import Settings

telemetry.switch_off()
__version__ = "0.1.0"
_OF_THE_LIBRARY = ("Failure", "IndexReport", "Library", "Progress", "Watched")
__all__ = [
    "Abstention",
    "Answer",
    "Article",
    "Citation",
    "Failure",
    "FetchError",
    "Filter",
    "Hit",
    "IndexReport",
    "InputError",
    "Library",
    "Listed",
    "ModelError",
    "NotFoundError",
    "Passage",
    "Period",
    "Progress",
    "QuellenchatError",
    "QuestionError",
    "Settings",
    "SettingsError",
    "Source",
    "Span",
    "Statement",
    "StoreBusyError",
    "StoreError",
    "StoreMismatchError",
    "Timings",
    "Turn",
    "Usage",
    "Watched",
    "Wishes",
    "WorkersError",
]


def __getattr__(name: str) -> Any:
    """Import a public name from the module it lives in (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_home(name)), name)


def _home(name: str) -> str:
    if name in _OF_THE_LIBRARY:
        return "rag.library"
    if name == "Settings":
        return "rag.settings"
    return "rag.errors" if name.endswith("Error") else "rag.schema"
