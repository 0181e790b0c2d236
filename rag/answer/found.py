"""What retrieval found for a question, and how probably it holds the answer: what an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rag.answer.abstention import Features
from rag.retrieve.retriever import Query
from rag.schema import Filter, Hit, Sentence, Wishes

AS_SET: Final = Wishes()  # what the settings say, where a person wishes nothing else


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval found for a question, and the probability that it holds the answer."""

    question: str
    asked: str  # the question, so that it stands alone
    query: Query
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...]
    features: Features
    confidence: float
    unnamed: tuple[str, ...]  # names and years of the question that none of the hits has
    retrieve_ms: float
    filter: Filter | None = None
    rewrite_ms: float = 0.0
    wishes: Wishes = AS_SET

    @property
    def language(self) -> str:
        """The language to answer in."""
        return self.wishes.language or self.query.language
