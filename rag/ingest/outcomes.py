"""What comes of an input: an article as read, or a failure with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ingest.cleaning.clean import Removed
from rag.schema import Article


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read from `where` (a file, or a line of it)."""

    where: str
    article: Article
    warnings: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()  # the lines of the page that are none of the article
    share: float = 1.0  # how much of its file has been read with it


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that did not become an article."""

    where: str
    message: str
    hint: str = ""
