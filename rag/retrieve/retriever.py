"""Query → hits: dense and lexical candidates, both sides scored for the union, fused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from rag.language import detect
from rag.retrieve.fusion import fuse
from rag.retrieve.lexical import Alternatives, LexicalIndex, expand
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.rerank import Reranker
from rag.retrieve.vectors import Vectors
from rag.schema import Filter, Hit, Passage, Source

CANDIDATES: Final = 100  # of each side
DENSE_WEIGHT: Final = 0.55


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    def encode(
        self, texts: Sequence[str], kind: Literal["query", "passage"] = "passage"
    ) -> NDArray[np.float32]:
        """Return the (n, d) vectors of n texts."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """A standalone search text, analysed once: its language, its vector (d,) and its terms."""

    text: str
    language: str
    vector: NDArray[np.float32]
    terms: tuple[Alternatives, ...]


@dataclass(frozen=True, slots=True)
class Retriever:
    """The hybrid first stage over one store."""

    encoder: Encoder
    vectors: Vectors
    lexical: LexicalIndex
    lexicon: Lexicon
    passages: Callable[[list[int]], Mapping[int, tuple[Passage, Source]]]
    admitted: Callable[[Filter], NDArray[np.int64]]  # passage keys, ascending
    reranker: Reranker | None = None

    def query(self, text: str, language: str | None = None) -> Query:
        """Analyse a search text; its language is detected where it is not given."""
        code = language or detect(text)
        vector = self.encoder.encode([text], kind="query")[0]
        return Query(text, code, vector, tuple(expand(text, code, self.lexicon)))

    def hits(self, query: Query, k: int, filter: Filter | None = None) -> list[Hit]:
        """Return the k best passages that a filter admits, best first; fewer only where fewer exist.

        Equal scores are ordered by article and place.
        """
        among = self.admitted(filter) if filter else None
        bm25 = self.lexical.scores(query.terms, among)
        cosines = self.vectors.nearest(query.vector, max(CANDIDATES, k), among)
        best = bm25.best(max(CANDIDATES, k))
        cosines |= self.vectors.cosines(query.vector, [key for key in best if key not in cosines])
        keys = sorted(cosines)
        found = self.passages(keys)
        keys = [key for key in keys if key in found]  # a passage may be gone from the archive already
        dense = np.array([cosines[key] for key in keys])
        lexical = bm25.of(keys)
        hits = [
            Hit(*found[key], score=float(score), cosine=cosines[key], bm25=bm25.get(key, 0.0))
            for key, score in zip(keys, fuse(dense, lexical, DENSE_WEIGHT), strict=True)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.source.id, hit.passage.start))
        if self.reranker is None:
            return hits[:k]
        return self.reranker.rerank(query.text, hits[: max(k, self.reranker.top)])[:k]


class PassageRetriever(BaseRetriever):
    """The retriever as LangChain knows it: passages as documents with their place as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    search: Callable[[str, int, Filter | None], list[Hit]]
    k: int = 8
    filter: Filter | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [document(hit) for hit in self.search(query, self.k, self.filter)]


def document(hit: Hit) -> Document:
    """Return a hit as a LangChain document; `text[start:end]` of its article is its content."""
    passage, source = hit.passage, hit.source
    return Document(
        id=f"{source.id}#{passage.start}-{passage.end}",
        page_content=passage.text,
        metadata={
            "article": source.id,
            "start": passage.start,
            "end": passage.end,
            "title": source.title,
            "publisher": source.publisher,
            "published": source.published.isoformat() if source.published else None,
            "url": source.url,
            "language": source.language,
            "score": hit.score,
        },
    )
