"""What a worker does with a share: it reads articles, or cuts and embeds them; it opens no store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import rag
from rag import settings
from rag.bulk.shares import Columns, Piece
from rag.collection import embedder_of, manifest_of
from rag.errors import QuellenchatError, StoreMismatchError
from rag.indexing import Prepared, prepare
from rag.ingest.inputs import Input
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import made, read
from rag.retrieve.embedding.embedder import Embedder
from rag.schema import Article
from rag.store import Manifest

Results = list[Reading | Failure]


@dataclass(frozen=True, slots=True)
class Model:
    """What a worker embeds with, and what has to come of it: the program, the model and the cutting."""

    told: tuple[tuple[str, Any], ...]
    version: str
    manifest: Manifest


def read_share(pieces: Sequence[Piece], max_chars: int, columns: Columns) -> list[Results]:
    """Read the files and lines of a share; what comes of each piece, in their order."""
    with _sendable():
        return [
            list(read(one.path, one.article_id, max_chars, columns))
            if isinstance(one, Input)
            else [made(one, max_chars)]
            for one in pieces
        ]


def prepare_batch(
    articles: Sequence[Article], edits: Mapping[str, Mapping[str, Any]], model: Model
) -> Prepared:
    """Cut and embed articles; `edits` are what a person set of them, by id and field."""
    with _sendable():
        return prepare(articles, edits, _embedder(model), dict(model.told)["passage_words"])


@contextmanager
def _sendable() -> Iterator[None]:
    """Give an unexpected error a form that travels; Dask waits without end for one that does not."""
    problem = ""
    try:
        yield
    except QuellenchatError:
        raise
    except Exception as error:
        problem = f"{type(error).__name__} on a worker: {error}"
    if problem:
        raise RuntimeError(problem)


def check(model: Model) -> None:
    """See that what this worker makes fits the store. Raises StoreMismatchError where it does not."""
    with _sendable():
        _embedder(model)


@cache
def _embedder(model: Model) -> Embedder:
    """Open the model on one thread: there is a worker for each core.

    Raises:
        StoreMismatchError: what it or this program would make does not fit the store.
    """
    chosen = settings.load(**dict(model.told), threads=1)
    embedder = embedder_of(chosen)
    own = manifest_of(chosen, embedder)
    if (rag.__version__, own) != (model.version, model.manifest):
        raise StoreMismatchError(
            f"a worker would make {own.embedding_model}, {own.chunking}, with quellenchat {rag.__version__}; "
            f"wanted: {model.manifest.embedding_model}, {model.manifest.chunking}, {model.version}",
            hint="give the workers the same version of quellenchat and the same RAG_EMBEDDING_MODEL",
        )
    return embedder
