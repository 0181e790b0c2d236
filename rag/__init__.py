"""Quellenchat: ask your own news articles and check every answer against its sentence.

The public names are loaded on first use, so that `import rag` stays instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.errors import QuellenchatError
    from rag.library import Library
    from rag.schema import Abstention, Answer, Article, Citation, Filter, Hit, Passage
    from rag.settings import Settings

__version__ = "0.1.0"
__all__ = [
    "Abstention",
    "Answer",
    "Article",
    "Citation",
    "Filter",
    "Hit",
    "Library",
    "Passage",
    "QuellenchatError",
    "Settings",
]

_HOMES = {"Library": "rag.library", "Settings": "rag.settings", "QuellenchatError": "rag.errors"}


def __getattr__(name: str) -> Any:
    """Import a public name from the module it lives in (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "rag.schema")), name)
