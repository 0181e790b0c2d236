"""A question → an answer or hits from the collection: the way out, wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from rag.answer import abstention
from rag.answer.cache import AnswerCache
from rag.answer.chain import AnswerChain
from rag.answer.checks import support
from rag.answer.checks.support import Checker, Entail
from rag.answer.llm.choice import Models
from rag.answer.texts import say
from rag.collection import Collection
from rag.errors import QuestionError, StoreError
from rag.ingest.text.characters import canonical
from rag.retrieve.interaction import TokenMemory
from rag.retrieve.lexical import lexicon
from rag.retrieve.rerank import Reranker
from rag.retrieve.retriever import Query, Retriever
from rag.retrieve.sentences.scorer import SentenceScorer
from rag.schema import EXTRACTIVE, Abstention, Answer, Filter, Hit, Turn, Wishes
from rag.settings import Settings


class Asking:
    """Everything that answers from one collection; see `Library` for what each method does."""

    def __init__(
        self,
        chosen: Settings,
        collection: Collection,
        models: Models,
        entail: Entail | None,
        today: Callable[[], date],
    ) -> None:
        """Wire the parts; `today` says from which day "yesterday" is counted."""
        self.settings = chosen
        self.model = chosen.model_name() or EXTRACTIVE
        self._collection = collection
        self._retriever = _retriever(chosen, collection, today)
        self._cache = AnswerCache(chosen) if chosen.cache else None
        scorer = SentenceScorer(collection.encoder, self._retriever.tokens, lexicon.bundled())
        checker = Checker(scorer.encode, lexicon.bundled(), support.bundled(), entail)
        self.chain = AnswerChain(
            self._retriever, scorer, checker, models, abstention.bundled(),
            chosen.passages, chosen.abstain_below,
        )  # fmt: skip

    def checked(self, question: str) -> str:
        """Return a question as it is asked, without line breaks and what no reader sees."""
        text = " ".join(canonical(question).split())
        if not any(character.isalnum() for character in text):
            raise QuestionError("the question is empty", hint="ask in a few words, in German or English")
        if len(text) > self.settings.question_chars:
            raise QuestionError(
                f"the question has {len(text):,} characters, the limit is {self.settings.question_chars:,}",
                hint="ask it in a sentence or two",
            )
        return text

    def query(self, question: str) -> Query:
        """Return what is searched for, with its mistyped words put right."""
        text = self.checked(question)
        self._collection.refresh()
        return self._retriever.query(text)

    def search(self, question: str, k: int, filter: Filter | None) -> list[Hit]:
        """Return the k best passages."""
        return self._retriever.hits(self.query(question), k, filter)

    def stream(
        self,
        question: str,
        previous: str | Sequence[str | Turn],
        filter: Filter | None,
        wishes: Wishes | None,
    ) -> Iterator[Answer | Abstention]:
        """Yield the answer as it grows, or the one that was given before."""
        text = self.checked(question)
        self._collection.refresh()
        if not self._collection.archive.count():
            raise StoreError("the collection is empty", hint="add articles first: rag index PATH")
        previous = (previous,) if isinstance(previous, str) else tuple(previous)
        asked = (text, previous, filter, wishes, self._retriever.today())
        key = self._cache.key(self._collection.generation, *asked) if self._cache else ""
        if self._cache and (known := self._cache.get(key)):
            yield known
            return
        for outcome in self.chain.stream(text, previous=previous, filter=filter, wishes=wishes):
            outcome = self._with_left_out(outcome, filter)
            if self._cache:
                self._cache.put(key, outcome, self._meant(wishes))
            yield outcome

    def _with_left_out(self, outcome: Answer | Abstention, filter: Filter | None) -> Answer | Abstention:
        """Say below a complete answer how many articles the filter leaves out for want of a date."""
        if not (outcome.final and filter and (undated := self._collection.archive.undated(filter))):
            return outcome
        note = say("left_out", outcome.language, n=undated)
        return replace(outcome, warnings=(*outcome.warnings, note))

    def _meant(self, wishes: Wishes | None) -> str:
        """Return the name of the model that is to answer."""
        if wishes is None:
            return self.model
        return EXTRACTIVE if wishes.quotes else wishes.model or self.model

    def warm_up(self) -> None:
        """Load what the first questions would wait for."""
        for question in ("Was sagte Putin im Dezember 2021?", "What did Putin say in December 2021?"):
            self.chain.find(question, wishes=Wishes(quotes=True))


def _retriever(chosen: Settings, collection: Collection, today: Callable[[], date]) -> Retriever:
    archive, encoder = collection.archive, collection.encoder
    top, threads = chosen.rerank_top, chosen.threads
    return Retriever(
        encoder,
        collection.vectors,
        collection.lexical,
        lexicon.bundled(),
        archive.cards,
        archive.passages,
        archive.admitted,
        TokenMemory(archive.token_vectors, encoder.token_dimension),
        archive.members,
        reranker=Reranker(chosen.reranker, top=top, threads=threads) if chosen.reranker else None,
        today=today,
    )
