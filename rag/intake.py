"""What a person points at → articles, compared with those that are there, written batch by batch.

While one batch is written the next ones are read and embedded; no more than a few are in memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rag.archive import Archive, digest
from rag.comparison import Batch, Comparison, Item, Mark, placed
from rag.errors import NotFoundError
from rag.indexing import IndexReport, Prepared, Progress
from rag.ingest.formats import table
from rag.ingest.inputs import Input, find
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read
from rag.ingest.text.characters import encodable
from rag.ingest.web.addresses import is_web, plain
from rag.ingest.web.visits import Known, Visit
from rag.watchlist import Kind, Watched, Watchlist, as_watched
from rag.workers import Workers

if TYPE_CHECKING:
    from rag.ingest.web.reader import Web

_BATCH: Final = 32  # articles between two confirmations
_WEB_BATCH: Final = 8  # the same, of articles that came slowly


@dataclass(frozen=True, slots=True)
class Intake:
    """The way in, with the parts it needs."""

    archive: Archive
    watchlist: Watchlist
    web: Web | None  # None: addresses are not read
    workers: Workers
    write: Callable[[Prepared], None]
    move: Callable[[Mapping[str, str]], None]
    remove: Callable[[Sequence[str]], None]
    max_chars: int
    max_articles: int  # of one feed or sitemap
    columns: Mapping[str, str] | None = None  # of a dump, by the field they hold

    def run(
        self,
        targets: Sequence[str],
        on_progress: Callable[[Progress], None] | None = None,
        *,
        watch: bool = True,
    ) -> IndexReport:
        """Read everything under `targets` and write what is new or changed.

        `watch`: remember folders and addresses, so that they can be refreshed.
        """
        return _Run(self, on_progress, watch).run(targets)


def missing(archive: Archive, folder: str, report: IndexReport) -> list[str]:
    """Return the articles that came from a folder and were not found by the run of `report`.

    Those whose file could not be read are not missing, nor is any while the folder itself is not there.
    """
    root = Path(folder)
    if not root.is_dir():
        return []
    seen = {*report.added, *report.updated, *report.unchanged}
    failed = [failure.where for failure in report.failed]
    return [
        article_id
        for article_id, origin in archive.origins(encodable(str(root)).rstrip("/") + "/")
        if article_id not in seen
        and not any(where.startswith(origin) or origin.startswith(where) for where in failed)
    ]


def held(
    archive: Archive, gone: Collection[str], folders: Iterable[Watched], max_chars: int
) -> dict[str, Mark]:
    """Return those of the `gone` articles, by id, that a file of these folders holds, as it holds them.

    A file is read only where its name, or its format of many articles, lets it hold one of them.
    """
    found: dict[str, Mark] = {}
    for folder in folders:
        for item in find(folder.target):
            if isinstance(item, Failure) or not _may_hold(item, gone):
                continue
            for one in read(item.path, item.article_id, max_chars, folder.columns):
                if isinstance(one, Reading):
                    article = placed(one.article, item.root, archive)
                    if article.id in gone:
                        found.setdefault(article.id, (digest(article), article.source.origin))
    return found


def _may_hold(item: Input, gone: Iterable[str]) -> bool:
    several = table.suffix(item.path.name) in (*table.DUMPS, table.ZIP)
    return several or any(encodable(item.article_id) in one for one in gone)


def explain(
    targets: Iterable[str], max_chars: int, columns: Mapping[str, str] | None = None
) -> Iterator[Reading | Failure]:
    """Yield what indexing would read under `targets`, with what it leaves out; nothing is written."""
    for target in targets:
        if is_web(target):
            yield _not_read(target)
            continue
        for item in find(target):
            if isinstance(item, Failure):
                yield item
            else:
                yield from read(item.path, item.article_id, max_chars, columns)


class _Run:
    """One run of an intake; its state ends with it."""

    def __init__(self, intake: Intake, on_progress: Callable[[Progress], None] | None, watch: bool) -> None:
        self._intake = intake
        self._on_progress = on_progress
        self._watch = watch
        self._report = IndexReport()
        self._comparison = Comparison(intake.archive, self._report)
        self._articles = 0

    def run(self, targets: Sequence[str]) -> IndexReport:
        workers = self._intake.workers
        waiting: deque[tuple[Batch, Callable[[], Prepared] | None]] = deque()
        for batch in self._batches(self._items(targets)):
            waiting.append((batch, workers.prepare(batch.articles) if batch.articles else None))
            while len(waiting) > workers.ahead:
                self._finish(*waiting.popleft())
        while waiting:
            self._finish(*waiting.popleft())
        return self._report

    def _finish(self, batch: Batch, prepared: Callable[[], Prepared] | None) -> None:
        """Write a batch; what is noted of its pages must not be known before the articles are there."""
        if prepared is not None:
            self._intake.write(prepared())
            self._report.added += [article.id for article in batch.added]
            self._report.updated += [article.id for article in batch.updated]
        if batch.moved:
            self._intake.move(batch.moved)
        for url, known in batch.notes:
            self._note(url, known)

    def _note(self, url: str, known: Known) -> None:
        """Note what an address led to; where it led to another article before, that one goes."""
        before = self._intake.watchlist.known(url)
        if before != known:
            self._intake.watchlist.note(url, known)
        if before is not None and before.article not in ("", known.article):
            if self._intake.watchlist.names(before.article):
                return
            try:
                self._intake.remove([before.article])
            except NotFoundError:
                return  # the person was quicker
            self._report.removed.append(before.article)

    # -- reading ------------------------------------------------------------------------------------------

    def _items(self, targets: Sequence[str]) -> Iterator[Item | Visit]:
        """Yield what can be read, note in the report what cannot be."""
        inputs = [
            item for target in targets for item in ([plain(target)] if is_web(target) else find(target))
        ]
        files = [item for item in inputs if isinstance(item, Input)]
        readings = self._intake.workers.readings(files, self._intake.max_chars, self._intake.columns)
        for done, item in enumerate(inputs):
            if isinstance(item, Failure):
                self._report.failed.append(item)
            elif isinstance(item, str):
                yield from self._from_web(item, done, len(inputs))
            else:
                self._tell(len(inputs), done, item.article_id, 0.0)
                yield from self._from_file(item, next(readings), done, len(inputs))
        if self._watch:
            for target in targets:
                if not is_web(target) and Path(target).expanduser().is_dir():
                    self._watch_target(as_watched(target), "folder")
        self._tell(len(inputs), len(inputs), "", 0.0)

    def _from_file(
        self, item: Input, results: Iterator[Reading | Failure], done: int, inputs: int
    ) -> Iterator[Item]:
        for result in results:
            if isinstance(result, Failure):
                self._report.failed.append(result)
                continue
            self._articles += 1
            if self._articles % _BATCH == 0:
                self._tell(inputs, done, item.article_id, result.share)
            yield Item(result, root=item.root)

    def _from_web(self, url: str, done: int, inputs: int) -> Iterator[Item | Visit]:
        if self._intake.web is None:
            self._report.failed.append(_not_read(url))
            return
        self._tell(inputs, done, url, 0.0)
        for visit in self._intake.web.read(url):
            if visit.warning:
                self._report.warnings.append((visit.url, visit.warning))
            if isinstance(visit.outcome, Failure):
                self._report.failed.append(visit.outcome)
            elif visit.outcome is not None:
                self._articles += 1
                yield Item(visit.outcome, visit=visit)
            else:
                yield visit
            if self._watch and visit.url == url and not isinstance(visit.outcome, Failure):
                self._watch_target(url, visit.kind)
            self._tell(inputs, done, visit.url, visit.share)

    def _watch_target(self, target: str, kind: Kind) -> None:
        self._intake.watchlist.watch(target, kind, self._intake.max_articles, self._intake.columns)

    def _tell(self, inputs: int, done: int, current: str, share: float) -> None:
        if self._on_progress is not None:
            whole = (done + share) / inputs if inputs else 1.0
            self._on_progress(Progress(inputs, done, self._articles, current, min(whole, 1.0)))

    # -- comparing ----------------------------------------------------------------------------------------

    def _batches(self, items: Iterable[Item | Visit]) -> Iterator[Batch]:
        """Yield what differs from the archive, in batches."""
        group: list[Item | Visit] = []
        size = _BATCH
        for item in items:
            group.append(item)
            size = _WEB_BATCH if isinstance(item, Visit) or item.visit else _BATCH
            if len(group) >= size:
                yield self._comparison.batch(group)
                group = []
        if group:
            yield self._comparison.batch(group)


def _not_read(url: str) -> Failure:
    return Failure(url, "addresses are not read here", "save the page as .html and index the file")
