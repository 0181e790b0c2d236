"""`Library`: one collection, opened; the only place where the parts are wired."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from langchain_core.retrievers import BaseRetriever
from pydantic import SecretStr

from rag import replacement, resources, settings, snapshot, store
from rag.answer import abstention, checks, prompts
from rag.answer.cache import AnswerCache
from rag.answer.chain import EXTRACTIVE, AnswerChain
from rag.answer.checks import Checker
from rag.answer.entailment import open_entailment
from rag.answer.llm import is_remote
from rag.answer.models import Models
from rag.answer.texts import say
from rag.archive import Archive
from rag.errors import NotFoundError, QuestionError, StoreBusyError, StoreError
from rag.indexing import Indexer, IndexReport, Prepared, Progress
from rag.ingest import chunking
from rag.ingest.addresses import is_web, plain
from rag.ingest.metadata import edited_fields
from rag.ingest.reading import Failure
from rag.ingest.text import canonical, encodable
from rag.ingest.visits import Known
from rag.intake import Intake
from rag.language import detect
from rag.retrieve import lexicon
from rag.retrieve.chroma import Folder, Place, Server
from rag.retrieve.embedding import Embedder, open_embedder
from rag.retrieve.interaction import TokenMemory
from rag.retrieve.lexical import LexicalIndex
from rag.retrieve.periods import periods
from rag.retrieve.rerank import Reranker
from rag.retrieve.retriever import PassageRetriever, Retriever
from rag.retrieve.sentences import SentenceScorer
from rag.retrieve.vectors import Vectors
from rag.schema import Abstention, Answer, Article, Filter, Hit, Period, Source, Turn, Wishes
from rag.settings import Settings
from rag.watchlist import Watched, Watchlist

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Failure", "IndexReport", "Library", "Progress", "Watched"]
LIMIT: Final = 100  # articles taken from one feed or sitemap


class Library:
    """A collection of articles: put articles in, ask questions.

    Any number of threads may ask at once; one process at a time writes, the others wait for it, and all
    see what was written.

    >>> with Library.open(settings.load(store="my-store"), create=True) as library:  # doctest: +SKIP
    ...     library.index(["articles"])
    ...     print(library.ask("Was forderte Putin bezüglich der NATO?").text)
    """

    def __init__(
        self,
        chosen: Settings,
        on_wait: Callable[[str], None] | None = None,
        today: Callable[[], date] = date.today,
        create: bool = False,
    ) -> None:
        """Open the parts of an existing store; use `Library.open`."""
        self.settings = chosen
        self._on_wait = on_wait
        self._write_lock = threading.RLock()
        self._refresh_lock = threading.Lock()
        folder = chosen.store
        encoder = embedder_of(chosen)
        manifest = manifest_of(chosen, encoder.name, encoder.dimension)
        self.models = Models(chosen)
        if self.models.configured is not None:
            prompts.check()
        entail = open_entailment(chosen.nli)
        self._stamp = store.stamp(folder)
        if store.exists(folder) and not chosen.database_url:
            store.check_manifest(folder, manifest)
        with ExitStack() as opened:
            served = chosen.database_url is not None
            self._folder = folder if served else opened.enter_context(snapshot.writable(folder))
            self._archive = _archive(chosen, self._folder)
            opened.callback(self._archive.close)
            if self._archive.served:
                self._settle_manifest(manifest, create)
            self._watchlist = Watchlist(self._archive.engine)
            if not store.exists(folder):
                store.write_manifest(folder, manifest)
                self._stamp = store.stamp(folder)
            self._vectors = Vectors(self._place(), encoder.dimension)
            opened.callback(self._vectors.close)
            self._lexical = LexicalIndex(self._derived("lexical.sqlite"), lexicon.bundled())
            opened.callback(self._lexical.close)
            self._opened = opened.pop_all()
        self._indexer = Indexer(self._archive, self._vectors, self._lexical, encoder, chosen.passage_words)
        self._generation = self._archive.generation()
        self._retriever = Retriever(
            encoder,
            self._vectors,
            self._lexical,
            lexicon.bundled(),
            self._archive.passages,
            self._archive.admitted,
            TokenMemory(self._archive.token_vectors, encoder.token_dimension),
            self._archive.clusters,
            self._archive.members,
            reranker=Reranker(chosen.reranker, top=chosen.rerank_top, threads=chosen.threads)
            if chosen.reranker
            else None,
            today=today,
        )
        self.model = chosen.model_name() or EXTRACTIVE
        self._cache = AnswerCache(chosen) if chosen.cache else None
        scorer = SentenceScorer(encoder, self._retriever.tokens, lexicon.bundled())
        checker = Checker(scorer.encode, lexicon.bundled(), checks.bundled(), entail)
        self.chain = AnswerChain(
            self._retriever, scorer, checker, self.models, abstention.bundled(), chosen.passages,
            chosen.abstain_below,
        )  # fmt: skip

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
        """
        chosen = chosen or settings.load()
        folder = chosen.store
        create = create and not snapshot.is_read_only(folder)
        if create or chosen.database_url:
            store.make_folder(folder)
        if replacement.unfinished(folder):
            with store.writing(folder, chosen.lock_timeout_s, on_wait):
                replacement.settle(folder)
        if not create and not chosen.database_url:
            store.read_manifest(folder)
        with store.writing(folder, chosen.lock_timeout_s, on_wait) if create else nullcontext():
            library = cls(chosen, on_wait, today, create)
        if library._is_replaced():  # while it was opened, part by part
            library.close()
            return cls.open(chosen, create=create, on_wait=on_wait, today=today)
        try:
            library._mend()
        except BaseException:
            library.close()
            raise
        return library

    def close(self) -> None:
        """Release the store's files."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _settle_manifest(self, manifest: store.Manifest, create: bool) -> None:
        """Make the folder fit what the server keeps, or note there what a new store is made with."""
        with self._archive.writing(self.settings.lock_timeout_s, self._on_wait) if create else nullcontext():
            noted = self._archive.manifest()
            if store.settle_manifest(self.settings.store, noted, manifest, create=create):
                self._archive.note_manifest(store.as_fields(manifest))
                store.write_manifest(self.settings.store, manifest)
        self._stamp = store.stamp(self.settings.store)

    def _derived(self, name: str) -> Path:
        """Return where a part lies that is derived from the articles; by the store's number if served."""
        if not self._archive.served:
            return self._folder / name
        folder = self.settings.store / f"derived-{self._archive.identity():x}"
        folder.mkdir(exist_ok=True)
        return folder / name

    def _place(self) -> Place:
        """Return where the vectors are kept."""
        if not self.settings.chroma_url:
            return Folder(self._derived("chroma"))
        return Server(self.settings.chroma_url, self._archive.identity(), _secret(self.settings.chroma_token))

    # -- articles in --------------------------------------------------------------------------------------

    def index(
        self,
        targets: Sequence[str | Path],
        progress: Callable[[Progress], None] | None = None,
        columns: Mapping[str, str] | None = None,
        *,
        limit: int = LIMIT,
        watch: bool = True,
        again: bool = False,
    ) -> IndexReport:
        """Index files, folders and addresses; unchanged articles are left alone, changed ones replaced.

        What cannot be read is named in the report and does not stop the rest.

        Args:
            targets: paths, or addresses of articles, feeds and sitemaps.
            progress: told how far it is.
            columns: which column of a dump holds a field that is called otherwise there: {"text": "body"}.
            limit: articles taken from one feed or sitemap.
            watch: remember folders and addresses for `sync`.
            again: read addresses as `sync` does: unchanged feeds and articles removed since are passed over.

        Raises:
            StoreError: the store cannot be written; what was confirmed before stays.
        """
        names = [str(target) for target in targets]
        with self._intake(any(map(is_web, names)), limit, columns, syncing=again) as intake:
            return intake.run(names, progress, watch=watch)

    def sync(
        self,
        targets: Sequence[str | Path] = (),
        progress: Callable[[Progress], None] | None = None,
        *,
        prune: bool = False,
    ) -> IndexReport:
        """Refresh what was indexed from folders and addresses: all of it, or only these `targets`.

        Articles whose file is no longer in its folder are reported as gone, or removed where `prune` is set.

        Raises:
            NotFoundError: a target is not watched.
            StoreError: the store cannot be written; what was confirmed before stays.
        """
        total = IndexReport()
        for one in self._watched(targets):
            with self._intake(one.kind != "folder", one.max_articles, one.columns, syncing=True) as intake:
                report = intake.run([one.target], progress, watch=False)
                report.gone = intake.missing(one.target, report) if one.kind == "folder" else []
            if prune and report.gone:
                self.remove(report.gone)
                report.removed, report.gone = report.removed + report.gone, []
            problem = next((fail.message for fail in report.failed if fail.where == one.target), None)
            if problem is None:
                self._watchlist.watch(one.target, one.kind, one.max_articles, one.columns)
            else:
                self._watchlist.note_problem(one.target, problem)
            total.add(report)
        return total

    def watched(self) -> list[Watched]:
        """Return the folders and addresses that `sync` refreshes."""
        return self._watchlist.all()

    def forget(self, targets: Sequence[str | Path]) -> None:
        """Refresh these folders and addresses no longer; their articles stay.

        Raises:
            NotFoundError: one of them is not watched; none is forgotten then.
        """
        self._watchlist.forget(one.target for one in self._watched(targets) if targets)

    def _watched(self, targets: Sequence[str | Path]) -> list[Watched]:
        watched = {one.target: one for one in self._watchlist.all()}
        wanted = [_as_watched(str(target)) for target in targets] or list(watched)
        missing = [target for target in wanted if target not in watched]
        if missing:
            raise NotFoundError(
                f"{missing[0]} is not among the sources", hint="`rag sources` lists what is refreshed"
            )
        return [watched[target] for target in wanted]

    @contextmanager
    def _intake(
        self, online: bool, limit: int, columns: Mapping[str, str] | None, *, syncing: bool
    ) -> Iterator[Intake]:
        """Wire the way in; `online`: with a way to the web."""
        max_chars = int(self.settings.article_mb * 1_000_000)
        with ExitStack() as opened:
            web = None
            if online:
                from rag.ingest.fetch import Fetcher
                from rag.ingest.network import is_any, is_public
                from rag.ingest.web import Web

                max_bytes = int(self.settings.fetch_mb * 1_000_000)
                fetcher = opened.enter_context(
                    Fetcher(
                        may_reach=is_any if self.settings.fetch_private else is_public,
                        max_bytes=max_bytes,
                        timeout_s=self.settings.fetch_timeout_s,
                        delay_s=self.settings.fetch_delay_s,
                    )
                )
                web = Web(fetcher, lambda url: self._known(url, syncing), max_chars, max_bytes, limit)
            yield Intake(
                self._archive, self._watchlist, web, self._indexer.prepare, self._write, self.remove,
                max_chars, limit, self.settings.workers, columns,
            )  # fmt: skip

    def _known(self, url: str, syncing: bool) -> Known | None:
        """Return what was noted of an address.

        Asked for by name, a feed is read again in full and a removed article comes back; `sync` leaves
        both alone.
        """
        known = self._watchlist.known(url)
        if known is None or (not known.article and not syncing):
            return None
        if not known.article or self._archive.digests([known.article]):
            return known
        return replace(known, skip=True) if syncing else None

    def index_samples(self, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Index the sample collection that travels with the package."""
        return self.index([resources.folder("data") / "articles"], progress, watch=False)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles by id.

        Raises:
            NotFoundError: one of the ids is unknown; nothing is removed then.
        """
        with self._writing() as indexer:
            indexer.remove(ids)

    def edit(self, article_id: str, changes: Mapping[str, str | date | None]) -> Source:
        """Correct what is known of an article.

        Fields are title, publisher, author, agency, published, updated, url and language; None or "" clears
        one. What was set stays when the article is indexed again.

        Raises:
            NotFoundError: there is no such article.
            InputError: a field that there is not, or a value that makes no sense.
        """
        checked = edited_fields(changes)
        with self._writing() as indexer:
            return indexer.edit(article_id, checked)

    def repair(self) -> int:
        """Make vectors and terms equal to the articles again; return how many passages differed."""
        with self._writing() as indexer:
            return indexer.repair()

    def _write(self, prepared: Prepared) -> None:
        with self._writing() as indexer:
            indexer.write(prepared)

    @contextmanager
    def _writing(self) -> Iterator[Indexer]:
        """Hold the store's lock with everything up to date, and complete what a killed writer left."""
        wait_s, on_wait = self.settings.lock_timeout_s, self._on_wait
        with (
            self._write_lock,
            self._archive.writing(wait_s, on_wait),  # of all machines, then of this folder
            store.writing(self.settings.store, wait_s, on_wait),
        ):
            self._refresh(writing=True)
            if self._archive.unfinished():
                self._indexer.repair()
            yield self._indexer
            self._generation = self._archive.generation()

    # -- questions in -------------------------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of articles."""
        return self._archive.count()

    def passages(self) -> int:
        """Return the number of passages in the index."""
        return self._lexical.count()

    def articles(self, filter: Filter | None = None) -> list[Source]:
        """Return what is known of every article that a filter admits, newest first.

        Raises:
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        return self._archive.sources(filter)

    def also_in(self, article_id: str) -> list[Source]:
        """Return the other articles that tell the same as an article, earliest first."""
        cluster = self._archive.clusters([article_id]).get(article_id)
        told = [] if cluster is None else self._archive.members(cluster)
        return [one for one in told if one.id != article_id]

    def publishers(self) -> list[str]:
        """Return the publishers of the articles, in order."""
        return self._archive.publishers()

    def languages(self) -> list[str]:
        """Return the languages of the articles, in order."""
        return self._archive.languages()

    def undated(self, filter: Filter) -> int:
        """Return how many articles a filter by date leaves out because they have none."""
        return self._archive.undated(filter)

    def article(self, article_id: str) -> Article:
        """Return an article with its text.

        Raises:
            NotFoundError: there is no such article.
        """
        return self._archive.article(article_id)

    def search(self, question: str, k: int = 10, filter: Filter | None = None) -> list[Hit]:
        """Return the k best passages for a question that a filter admits, best first.

        Raises:
            QuestionError: the question is empty or too long.
            NotFoundError: the filter names a publisher or a language that no article has.
        """
        text = self._checked(question)
        self._refresh()
        return self._retriever.hits(self._retriever.query(text), k, filter)

    def periods(self, question: str) -> tuple[Period, ...]:
        """Return the periods that a question names; articles of that time are preferred."""
        return periods(question, detect(question), self._retriever.today())

    def ask(
        self, question: str, previous: Sequence[str | Turn] = (), filter: Filter | None = None
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
        previous: Sequence[str | Turn] = (),
        filter: Filter | None = None,
        wishes: Wishes | None = None,
    ) -> Iterator[Answer | Abstention]:
        """Yield the answer as it grows; the last snapshot has `final` set. Raises as `ask` does."""
        text = self._checked(question)
        self._refresh()
        if not self.count():
            raise StoreError("the collection is empty", hint="add articles first: rag index PATH")
        asked = (text, tuple(previous), filter, wishes)
        key = self._cache.key(self._generation, *asked) if self._cache else ""
        if self._cache and (known := self._cache.get(key)):
            yield known
            return
        for outcome in self.chain.stream(text, previous=previous, filter=filter, wishes=wishes):
            if isinstance(outcome, Abstention) and filter and (undated := self.undated(filter)):
                note = say("left_out", outcome.language, n=undated)
                outcome = replace(outcome, warnings=(*outcome.warnings, note))
            if self._cache:
                self._cache.put(key, outcome, self.model)
            yield outcome

    def as_retriever(self, k: int = 8, filter: Filter | None = None) -> BaseRetriever:
        """Return the collection, or what a filter admits of it, as a LangChain retriever of passages."""
        return PassageRetriever(search=self.search, k=k, filter=filter)

    def warm_up(self) -> None:
        """Load what the first question would wait for: a second, once for each process."""
        self._retriever.hits(self._retriever.query("Was ist neu? What is new?"), 1)

    @property
    def remote(self) -> bool:
        """Whether questions and quotes leave this machine for the language model."""
        return is_remote(self.settings)

    def _checked(self, question: str) -> str:
        text = " ".join(canonical(question).split())
        if not any(character.isalnum() for character in text):
            raise QuestionError("the question is empty", hint="ask in a few words, in German or English")
        if len(text) > self.settings.question_chars:
            raise QuestionError(
                f"the question has {len(text):,} characters, the limit is {self.settings.question_chars:,}",
                hint="ask it in a sentence or two",
            )
        return text

    def _refresh(self, *, writing: bool = False) -> None:
        """Reopen the derived stores when another process has written.

        Raises:
            StoreError: the whole store was replaced.
        """
        if self._is_replaced():
            raise StoreError(
                f"the collection {self.settings.store} was replaced while it was open here",
                hint="start this program again",
            )
        with self._refresh_lock:
            generation = self._archive.generation()
            if generation != self._generation:
                self._vectors.reopen()
                self._lexical.refresh()
                if self._archive.served and not writing and not self._follow():
                    return  # a neighbour is writing to this folder: looked at again with the next question
                if self._archive.served and writing:
                    self._indexer.follow()
                self._generation = generation

    def _follow(self, wait_s: float = 0.0) -> bool:
        """Derive what other machines changed; False where another process has this folder's lock."""
        try:
            with store.writing(self.settings.store, wait_s):
                self._indexer.follow()
        except StoreBusyError:
            return False
        return True

    def _is_replaced(self) -> bool:
        """Tell whether another store took the place of this one: it was restored or built anew."""
        folder = self.settings.store
        return replacement.unfinished(folder) or store.stamp(folder) != self._stamp

    def _mend(self) -> None:
        """Complete what a killed writer left, unless a living one is at work just now."""
        if self._archive.served and not self._is_whole():
            self._follow(self.settings.lock_timeout_s)
        if self._is_whole():
            return
        if self._folder != self.settings.store:  # a copy of a store that may only be read
            self._indexer.repair()
            self._generation = self._archive.generation()
            return
        with (
            suppress(StoreBusyError),
            self._archive.writing(timeout_s=0.1),
            store.writing(self.settings.store, timeout_s=0.1),
        ):
            self._refresh(writing=True)
            if not self._is_whole():
                self._indexer.repair()
                self._generation = self._archive.generation()

    def _is_whole(self) -> bool:
        """Tell whether vectors and terms hold all passages and all articles were compared with each other."""
        if self._archive.unfinished() or self._archive.unrelated(limit=1):
            return False
        return self._vectors.count() == self._lexical.count() == self._archive.passage_count()


def _archive(chosen: Settings, folder: Path) -> Archive:
    url = _secret(chosen.database_url)
    if url:
        return Archive.on_server(url)
    return Archive.in_folder(folder, create=not store.exists(folder))


def embedder_of(chosen: Settings) -> Embedder:
    """Open the embedding model that these settings name. Raises as `open_embedder` does."""
    return open_embedder(
        chosen.embedding_model,
        threads=chosen.threads,
        url=chosen.embedding_url,
        key=_secret(chosen.embedding_api_key),
        timeout_s=chosen.embedding_timeout_s,
        prefixes=(chosen.embedding_query_prefix, chosen.embedding_passage_prefix),
    )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _as_watched(target: str) -> str:
    """Return a path or an address as the watch list has it."""
    return plain(target) if is_web(target) else encodable(str(Path(target).expanduser().resolve()))


def manifest_of(chosen: Settings, model: str, dimension: int) -> store.Manifest:
    """Return what these settings build a store with."""
    cuts = f"passages of {chosen.passage_words} words, version {chunking.VERSION}"
    return store.Manifest(store.FORMAT, model, dimension, cuts)
