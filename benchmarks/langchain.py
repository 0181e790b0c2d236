"""What one would use instead: LangChain's EnsembleRetriever of its BM25Retriever and Chroma."""

from __future__ import annotations

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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_chroma import Chroma
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever

    store = Chroma(
        "passages",
        embeddings,
        persist_directory=str(folder),
        collection_configuration={"hnsw": {"space": "cosine"}},
    )
    first = 0
    for part in vectors:
        batch = rows[first : first + len(part)]
        store._collection.upsert(
            ids=[str(key) for key, _ in batch], embeddings=part, documents=[text for _, text in batch]
        )
        first += len(part)
    documents = [Document(id=str(key), page_content=text) for key, text in rows]
    words = BM25Retriever.from_documents(documents, k=k)
    return EnsembleRetriever(
        retrievers=[words, store.as_retriever(search_kwargs={"k": k})], weights=[0.5, 0.5]
    )
