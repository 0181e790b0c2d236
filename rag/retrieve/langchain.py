"""Hits as LangChain knows them: a retriever, and a passage as a document."""

from __future__ import annotations

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from rag.schema import Filter, Hit


class LangChainRetriever(BaseRetriever):
    """A search for passages as one of LangChain's retrievers: documents with their place as metadata."""

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
