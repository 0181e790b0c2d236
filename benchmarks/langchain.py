"""What one would use instead: LangChain's EnsembleRetriever of its BM25Retriever and Chroma.

`python -m benchmarks.langchain FOLDER QUESTION` opens what `keep` left in a folder and asks it once.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

_BATCH = 2_000


def ensemble(
    folder: Path,
    embeddings: Embeddings,
    rows: Sequence[tuple[int, str]],
    vectors: Iterable[NDArray[np.float32]],
    k: int,
) -> Any:
    """Return the ensemble over passages (key, text) and their vectors, which Chroma keeps in `folder`.

    Both retrievers have the settings that LangChain's documentation shows, words cut at white space and
    weights of one half. The vectors are handed to Chroma as they are, so that both sides search the same.
    """
    store = _chroma(folder, embeddings)
    first = 0
    for part in vectors:
        batch = rows[first : first + len(part)]
        store._collection.upsert(
            ids=[str(key) for key, _ in batch], embeddings=part, documents=[text for _, text in batch]
        )
        first += len(part)
    return _joined(store, [Document(id=str(key), page_content=text) for key, text in rows], k)


def keep(folder: Path, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Leave passages and their vectors in a folder, as indexing with LangChain would."""
    _chroma(folder, None)._collection.upsert(
        ids=list(map(str, range(len(texts)))), embeddings=vectors, documents=list(texts)
    )


def ask(folder: Path, question: str) -> Sequence[Document]:
    """Do what a new process has to do before it can answer: load the model, open Chroma, count words."""
    from benchmarks.indexing import sentence_transformers

    store = _chroma(folder, sentence_transformers())
    kept = store.get()
    documents = [
        Document(id=key, page_content=text) for key, text in zip(kept["ids"], kept["documents"], strict=True)
    ]
    found: Sequence[Document] = _joined(store, documents, 8).invoke(question)
    return found


def _chroma(folder: Path, embeddings: Embeddings | None) -> Any:
    from langchain_chroma import Chroma

    return Chroma(
        "passages",
        embeddings,
        persist_directory=str(folder),
        collection_configuration={"hnsw": {"space": "cosine"}},
    )


def _joined(store: Any, documents: Sequence[Document], k: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever

    words = BM25Retriever.from_documents(documents, k=k)
    return EnsembleRetriever(
        retrievers=[words, store.as_retriever(search_kwargs={"k": k})], weights=[0.5, 0.5]
    )


if __name__ == "__main__":
    sys.stdout.write(ask(Path(sys.argv[1]), sys.argv[2])[0].page_content + "\n")
