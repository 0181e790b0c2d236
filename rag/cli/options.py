"""What the commands share: their options, and what the options name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from rag.holdings import Holdings
    from rag.library import Library
    from rag.schema import Filter

SOME_FAILED: Final = 3  # exit status where some inputs failed and the rest went well

Store = Annotated[Path | None, typer.Option("--store", help="Folder of the collection (RAG_STORE).")]
Llm = Annotated[
    str | None, typer.Option("--llm", help="Language model such as ollama:qwen3:8b, or none (RAG_LLM).")
]
RerankerName = Annotated[
    str | None,
    typer.Option("--reranker", help="CrossEncoder, name or folder, that reorders passages (RAG_RERANKER)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Since = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Only articles published on this day or later."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="Only articles published on this day or earlier."),
]
Publishers = Annotated[
    list[str] | None, typer.Option("--publisher", help="Only articles of this publisher; may be repeated.")
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", help="Only articles in this language (de, en); may be repeated."),
]
Question = Annotated[
    str, typer.Argument(metavar="QUESTION", help="In German or English.", show_default=False)
]


@contextmanager
def opened(
    store: Path | None,
    *,
    llm: str | None = None,
    reranker: str | None = None,
    root_path: str | None = None,
    create: bool = False,
) -> Iterator[Library]:
    """Open the collection the options and the environment name."""
    from rag import settings
    from rag.library import Library

    chosen = settings.load(store=store, llm=llm, reranker=reranker, root_path=root_path)
    with Library.open(chosen, create=create, on_wait=say_who) as library:
        yield library


@contextmanager
def holdings(store: Path | None) -> Iterator[Holdings]:
    """Open what the collection holds, without a model where that is possible."""
    from rag import holdings, settings

    with holdings.opened(settings.load(store=store), say_who) as found:
        if found.whole():
            yield found
            return
    with opened(store) as library:
        yield library


def filter_of(
    since: datetime | None, until: datetime | None, publishers: list[str] | None, languages: list[str] | None
) -> Filter:
    """Return the filter that the options name; dates in the wrong order are a usage error."""
    from rag.schema import Filter

    first, last = (None if moment is None else moment.date() for moment in (since, until))
    try:
        return Filter(first, last, tuple(publishers or ()), tuple(languages or ()))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since, --until") from error


def say_who(holder: str) -> None:
    """Say for whom a command waits."""
    typer.echo(f"waiting: {holder} is writing to this collection", err=True)
