"""What a person points at, or pointed at before → articles in the collection: the way in, wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rag.collection import Collection, manifest_of
from rag.indexing import IndexReport, Prepared, Progress
from rag.ingest.web.addresses import is_web
from rag.ingest.web.visits import Known
from rag.intake import Intake, held, missing
from rag.settings import Settings
from rag.watchlist import Watched
from rag.workers import Threads, Workers

if TYPE_CHECKING:
    from rag.ingest.web.reader import Web

LIMIT: Final = 100  # articles taken from one feed or sitemap
_Told = Callable[[Progress], None] | None


@dataclass(frozen=True, slots=True)
class Gathering:
    """Everything that brings articles into one collection; see `Library` for what each argument means."""

    settings: Settings
    collection: Collection

    def index(
        self,
        names: Sequence[str],
        progress: _Told,
        columns: Mapping[str, str] | None,
        *,
        limit: int,
        watch: bool,
        again: bool,
        processes: int | None,
        scheduler: str | None,
    ) -> IndexReport:
        """Index files, folders and addresses."""
        online, workers = any(map(is_web, names)), self._workers(processes, scheduler)
        with self._intake(online, limit, columns, syncing=again, workers=workers) as intake:
            return intake.run(names, progress, watch=watch)

    def sync(self, targets: Sequence[str], progress: _Told, *, prune: bool) -> IndexReport:
        """Refresh what is watched: all of it, or only these targets."""
        total, watchlist = IndexReport(), self.collection.watchlist
        watched = watchlist.watched(targets) if targets else watchlist.all()
        for one in watched:
            total.add(self._refreshed(one, progress))
        gone = self._gone([one.target for one in watched if one.kind == "folder"], total)
        if prune and gone:
            self._remove(gone)
        (total.removed if prune else total.gone).extend(gone)
        return total

    def _gone(self, looked_at: Sequence[str], report: IndexReport) -> list[str]:
        """Return the articles of folders just looked at that no watched folder holds any more.

        What is missing in one may lie in another, found there or not looked at; a copy takes its place.
        """
        archive = self.collection.archive
        gone = list(dict.fromkeys(one for folder in looked_at for one in missing(archive, folder, report)))
        if not gone:
            return []
        folders = [one for one in self.collection.watchlist.all() if one.kind == "folder"]
        elsewhere = held(archive, gone, [o for o in folders if o.target not in looked_at], self._max_chars)
        there = archive.digests(elsewhere)
        same = {one: origin for one, (mark, origin) in elsewhere.items() if there[one][0] == mark}
        if same:
            self._move(same)
        report.unchanged += elsewhere
        return [one for one in gone if one not in elsewhere]

    def _refreshed(self, one: Watched, progress: _Told) -> IndexReport:
        with self._intake(one.kind != "folder", one.max_articles, one.columns, syncing=True) as intake:
            report = intake.run([one.target], progress, watch=False)
        problem = next((fail.message for fail in report.failed if fail.where == one.target), None)
        if problem is None:
            self.collection.watchlist.watch(one.target, one.kind, one.max_articles, one.columns)
        else:
            self.collection.watchlist.note_problem(one.target, problem)
        return report

    @contextmanager
    def _intake(
        self,
        online: bool,
        limit: int,
        columns: Mapping[str, str] | None,
        *,
        syncing: bool,
        workers: AbstractContextManager[Workers] | None = None,
    ) -> Iterator[Intake]:
        """Wire the way in; `online`: with a way to the web."""
        archive, watchlist = self.collection.archive, self.collection.watchlist
        with ExitStack() as opened:
            web = opened.enter_context(self._web(limit, syncing)) if online else None
            at_work = opened.enter_context(workers or self._workers())
            yield Intake(
                archive, watchlist, web, at_work, self._write, self._move, self._remove,
                self._max_chars, limit, columns,
            )  # fmt: skip

    def _workers(
        self, processes: int | None = None, scheduler: str | None = None
    ) -> AbstractContextManager[Workers]:
        """Return who reads and embeds: threads of this process, other processes, or a cluster."""
        collection = self.collection
        if processes is None and scheduler is None:
            return Threads.started(self.settings.workers, collection.indexer.prepare)
        from rag.bulk import starting

        return starting.started(
            self.settings, collection.archive.edits, manifest_of(self.settings, collection.encoder),
            processes=processes, scheduler=scheduler,
        )  # fmt: skip

    @contextmanager
    def _web(self, limit: int, syncing: bool) -> Iterator[Web]:
        from rag.ingest.web.fetch import Fetcher
        from rag.ingest.web.network import is_any, is_public
        from rag.ingest.web.reader import Web

        max_bytes = int(self.settings.fetch_mb * 1_000_000)
        with Fetcher(
            may_reach=is_any if self.settings.fetch_private else is_public,
            max_bytes=max_bytes,
            timeout_s=self.settings.fetch_timeout_s,
            delay_s=self.settings.fetch_delay_s,
        ) as fetcher:
            yield Web(fetcher, lambda url: self._known(url, syncing), self._max_chars, max_bytes, limit)

    @property
    def _max_chars(self) -> int:
        return int(self.settings.article_mb * 1_000_000)

    def _known(self, url: str, syncing: bool) -> Known | None:
        """Return what was noted of an address.

        Asked for by name, a feed is read again in full and a removed article comes back; `sync` leaves
        both alone.
        """
        known = self.collection.watchlist.known(url)
        if known is None or (not known.article and not syncing):
            return None
        if not known.article or self.collection.archive.digests([known.article]):
            return known
        return replace(known, skip=True) if syncing else None

    def _write(self, prepared: Prepared) -> None:
        with self.collection.writing() as indexer:
            indexer.write(prepared)

    def _move(self, origins: Mapping[str, str]) -> None:
        with self.collection.writing() as indexer:
            indexer.archive.move(origins)

    def _remove(self, ids: Sequence[str]) -> None:
        with self.collection.writing() as indexer:
            indexer.remove(ids)
