"""`Library`: one collection, opened; here its parts are wired, with those of the way in and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from langchain_core.retrievers import BaseRetriever

from rag import resources, settings
from rag.answer.checks.entailment import open_entailment
from rag.answer.llm import prompts
from rag.answer.llm.choice import Models
from rag.answer.llm.model import is_remote
from rag.asking import Asking
from rag.collection import Collection
from rag.gathering import LIMIT, Gathering
from rag.holdings import Holdings, names
from rag.indexing import IndexReport, Progress
from rag.ingest.metadata.edits import edited_fields
from rag.ingest.outcomes import Failure
from rag.ingest.text.characters import encodable
from rag.retrieve.langchain import LangChainRetriever
from rag.schema import Abstention, Answer, Filter, Hit, Period, Source, Turn, Wishes
from rag.settings import Settings
from rag.watchlist import Watched

if TYPE_CHECKING:
    from typing import Self


__all__ = ["Failure", "IndexReport", "Library", "Progress", "Watched"]


class Library(Holdings):
    """A collection of articles: put articles in, ask questions.

    Any number of threads may ask at once; one process at a time writes, the others wait for it, and all
    see what was written.

    >>> with Library.open(settings.load(store="my-store"), create=True) as library:  # doctest: +SKIP
    ...     library.index(["articles"])
    ...     print(library.ask("Was forderte Putin bezüglich der NATO?").text)
    """

    def __init__(self, chosen: Settings, collection: Collection, models: Models, asking: Asking) -> None:
        """Take the parts, wired; use `Library.open`."""
        super().__init__(chosen, collection.archive, collection.watchlist)
        self.models = models
        self.model = asking.model
        self.chain = asking.chain
        self._collection = collection
        self._gathering = Gathering(chosen, collection)
        self._asking = asking

    @classmethod
    def open(
        cls,
        chosen: Settings | None = None,
        *,
        create: bool = False,
        on_wait: Callable[[str], None] | None = None,
        today: Callable[[], date] = date.today,
    ) -> Library:
        """Open the collection in `chosen.store`, making it where `create` is set.

        One that may only be read is asked from a copy, as it is now; nothing can be written to it.

        `on_wait` is told who is writing when this process has to wait for its turn; `today` says from
        which day "yesterday" is counted.

        Raises:
            StoreError: there is no store, or it cannot be opened.
            StoreMismatchError: another embedding model or chunking built it.
            ModelError: the embedding model or the language model cannot be loaded.
            SettingsError: a setting or a prompt makes no sense.
        """
        chosen = chosen or settings.load()
        models = Models(chosen)
        if models.configured is not None:
            prompts.check()
        entail = open_entailment(chosen.nli, chosen.threads)
        collection = Collection.open(chosen, create=create, on_wait=on_wait)
        return cls(chosen, collection, models, Asking(chosen, collection, models, entail, today))

    def close(self) -> None:
        """Release the store's files."""
        self._collection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- articles in --------------------------------------------------------------------------------------

    def index(
        self,
        targets: str | Path | Sequence[str | Path],
        progress: Callable[[Progress], None] | None = None,
        columns: Mapping[str, str] | None = None,
        *,
        limit: int = LIMIT,
        watch: bool = True,
        again: bool = False,
        processes: int | None = None,
        scheduler: str | None = None,
    ) -> IndexReport:
        """Index files, folders and addresses; unchanged articles are left alone, changed ones replaced.

        What cannot be read is named in the report and does not stop the rest.

        Args:
            targets: a path, or an address of an article, a feed or a sitemap, or several of them.
            progress: told how far it is.
            columns: which column of a dump holds a field that is called otherwise there: {"text": "body"}.
            limit: articles taken from one feed or sitemap.
            watch: remember folders and addresses for `sync`.
            again: read addresses as `sync` does: unchanged feeds and articles removed since are passed over.
            processes: so many of this machine read and embed, instead of threads (extra `bulk`).
            scheduler: or the workers of a Dask cluster do, such as "tls://host:8786".

        Raises:
            StoreError: the store cannot be written; what was confirmed before stays.
            SettingsError: what processes or a cluster need is not installed.
            WorkersError: the cluster cannot be reached, or was lost; what was confirmed before stays.
        """
        return self._gathering.index(
            names(targets), progress, columns,
            limit=limit, watch=watch, again=again, processes=processes, scheduler=scheduler,
        )  # fmt: skip

    def sync(
        self,
        targets: str | Path | Sequence[str | Path] = (),
        progress: Callable[[Progress], None] | None = None,
        *,
        prune: bool = False,
    ) -> IndexReport:
        """Refresh what was indexed from folders and addresses: all of it, or only these `targets`.

        Articles whose file is in none of the watched folders any more are reported as gone, or removed
        where `prune` is set.

        Raises:
            NotFoundError: a target is not watched.
            StoreError: the store cannot be written; what was confirmed before stays.
        """
        return self._gathering.sync(names(targets), progress, prune=prune)

    def forget(self, targets: str | Path | Sequence[str | Path]) -> None:
        """Refresh these folders and addresses no longer; their articles stay. Raises as `Holdings` does."""
        with self._collection.writing():
            self._watchlist.forget(names(targets))

    def index_samples(self, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Index the sample collection that travels with the package."""
        return self.index([resources.folder("data") / "articles"], progress, watch=False)

    def remove(self, ids: str | Sequence[str]) -> None:
        """Remove an article, or several, by id.

        Raises:
            NotFoundError: one of the ids is unknown; nothing is removed then.
        """
        with self._collection.writing() as indexer:
            indexer.remove([encodable(one) for one in names(ids)])

    def edit(self, article_id: str, changes: Mapping[str, str | date | None]) -> Source:
        """Correct what is known of an article.

        Fields are title, publisher, author, agency, published, updated, url and language; None or "" clears
        one. What was set stays when the article is indexed again.

        Raises:
            NotFoundError: there is no such article.
            InputError: a field that there is not, or a value that makes no sense.
        """
        checked = edited_fields(changes)
        with self._collection.writing() as indexer:
            return indexer.edit(encodable(article_id), checked)

    def repair(self) -> int:
        """Make vectors and terms equal to the articles again; return how many passages differed."""
        with self._collection.writing() as indexer:
            return indexer.repair()

    # -- questions in -------------------------------------------------------------------------------------

    def count_passages(self) -> int:
        """Return the number of passages in the index."""
        return self._collection.lexical.count()

    def search(self, question: str, k: int = 10, filter: Filter | None = None) -> list[Hit]:
        """Return the k best passages for a question that a filter admits, best first.

        Raises:
            QuestionError: the question is empty or too long.
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        return self._asking.search(question, k, filter)

    def checked(self, question: str) -> str:
        """Return a question as it is asked, without line breaks and what no reader sees.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._asking.checked(question)

    def query(self, question: str) -> str:
        """Return what `search` looks for: the question, its mistyped words put right. Raises as `checked`."""
        return self._asking.query(question).text

    def periods(self, question: str) -> tuple[Period, ...]:
        """Return the periods that a question names; articles of that time are preferred.

        Raises as `checked` does.
        """
        return self._asking.query(question).periods

    def ask(
        self, question: str, previous: str | Sequence[str | Turn] = (), filter: Filter | None = None
    ) -> Answer | Abstention:
        """Answer a question from the articles a filter admits, or abstain.

        `previous` are the questions or turns it goes on from, oldest first.

        Raises:
            QuestionError: the question is empty or too long.
            NotFoundError: the filter names a publisher or a language that no article has.
            StoreError: the collection is empty.
        """
        *_, last = self.stream(question, previous, filter)
        return last

    def stream(
        self,
        question: str,
        previous: str | Sequence[str | Turn] = (),
        filter: Filter | None = None,
        wishes: Wishes | None = None,
    ) -> Iterator[Answer | Abstention]:
        """Yield the answer as it grows; the last snapshot has `final` set. Raises as `ask` does."""
        return self._asking.stream(question, previous, filter, wishes)

    def as_retriever(self, k: int = 8, filter: Filter | None = None) -> BaseRetriever:
        """Return the collection, or what a filter admits of it, as a LangChain retriever of passages."""
        return LangChainRetriever(search=self.search, k=k, filter=filter)

    def warm_up(self) -> None:
        """Load what the first questions would wait for, names in both languages, at most two seconds."""
        self._asking.warm_up()

    @property
    def remote(self) -> bool:
        """Whether questions and passages leave this machine for the language model."""
        return is_remote(self.settings)
