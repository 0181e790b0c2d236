"""Small stores to damage: with index files of Chroma on disk, and what must still be true of them."""

import shutil
from pathlib import Path

import chromadb
from chromadb.config import Settings as ChromaSettings

from rag import settings
from rag.library import Library
from rag.retrieve.embedding.opening import open_embedder
from tests.stores import write_news

ARTICLES = 12
QUESTION = "Was kostet der Ausbau des Hafens in Rostock?"


def build(folder: Path, news: Path) -> Path:
    """Index articles into a new store whose vectors Chroma has written to its index files, and return it.

    It writes them every thousand vectors; here it does every few.
    """
    (folder / "chroma").mkdir(parents=True)
    client = chromadb.PersistentClient(
        str(folder / "chroma"), settings=ChromaSettings(anonymized_telemetry=False)
    )
    client.create_collection(
        "passages",
        configuration={"hnsw": {"space": "cosine", "sync_threshold": 3}},
        metadata={"dimension": open_embedder(None).dimension},
        embedding_function=None,
    )
    client.close()
    with Library.open(settings.load(store=folder), create=True) as library:
        assert not library.index([write_news(news, range(ARTICLES))]).failed
    assert list((folder / "chroma").glob("*/index_metadata.pickle"))
    return folder


def fresh(folder: Path, place: Path) -> Path:
    """Return a copy in a folder of its own: Chroma remembers in a process what it opened at a path."""
    return Path(shutil.copytree(folder, place))


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a store but the lock's."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("write.")
    }


def found(folder: Path) -> list[tuple[str, int, float]]:
    """Open a store, ask it something and close it again."""
    with Library.open(settings.load(store=folder)) as library:
        hits = library.search(QUESTION, 5)
        assert library.count() == ARTICLES
    return [(hit.source.id, hit.passage.start, round(hit.score, 4)) for hit in hits]
