"""The parts of a store, opened as they lie in a folder, for who mends them or makes them anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rag.archive import Archive
from rag.errors import StoreError
from rag.indexing import Indexer
from rag.retrieve.embedding.embedder import Embedder
from rag.retrieve.lexical import lexicon
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.vectors.chroma import Folder
from rag.retrieve.vectors.passages import Vectors
from rag.settings import Settings


@contextmanager
def opened(folder: Path, chosen: Settings, encoder: Embedder) -> Iterator[Indexer]:
    """Open what indexing writes to; the articles must be there, what is derived from them is made.

    Raises:
        StoreError: a part cannot be opened.
    """
    with ExitStack() as stack:
        archive = Archive.in_folder(folder, create=False)
        stack.callback(archive.close)
        vectors = Vectors(Folder(folder / "chroma"), encoder.dimension)
        stack.callback(vectors.close)
        lexical = LexicalIndex(folder / "lexical.sqlite", lexicon.bundled())
        stack.callback(lexical.close)
        yield Indexer(archive, vectors, lexical, encoder, chosen.passage_words)


def lexical_damage(folder: Path) -> list[str]:
    """Return what is wrong with the lexical index itself; one that is missing is made when it is opened."""
    path = folder / "lexical.sqlite"
    if not path.exists():
        return []
    try:
        index = LexicalIndex(path, lexicon.bundled())
    except StoreError as error:
        return [str(error)]
    try:
        return index.damage()
    except StoreError as error:
        return [str(error)]
    finally:
        index.close()
