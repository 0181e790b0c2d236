"""The way in: files → articles → passages → vectors and terms, batch by batch, crash-safe.

A batch is staged in the archive, then added to Chroma and the lexical index, then confirmed. Whatever a
killed process left between these steps is completed by `repair` before the next write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from rag.archive import Archive, digest
from rag.ingest.chunking import context, passages
from rag.ingest.inputs import find
from rag.ingest.reading import Failure, Reading, read
from rag.retrieve.lexical import LexicalIndex
from rag.retrieve.retriever import Encoder
from rag.retrieve.vectors import Vectors
from rag.schema import Article, Passage, Source

_BATCH: Final = 32  # articles between two confirmations


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run of indexing is."""

    inputs: int  # files known to be read; grows no more
    done: int  # files read
    articles: int  # articles seen
    current: str


@dataclass(slots=True)
class IndexReport:
    """What a run of indexing did, by article id; failures and warnings with where they arose."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Indexer:
    """The three stores that one write goes through, in their order."""

    archive: Archive
    vectors: Vectors
    lexical: LexicalIndex
    encoder: Encoder
    passage_words: int

    def write(self, articles: Sequence[Article]) -> None:
        """Add or replace articles; when this returns they are indexed, all of them."""
        cut = [(article, passages(article, self.passage_words)) for article in articles]
        staged = self.archive.stage(cut)
        sources = {article.id: article.source for article, _ in cut}
        self._derive([(key, passage, sources[passage.article]) for key, passage in staged.new])
        self._forget(staged.retired)
        self.archive.confirm()

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles; an unknown id raises NotFoundError and removes nothing."""
        self._forget(self.archive.stage_removal(ids).retired)
        self.archive.confirm()

    def repair(self) -> int:
        """Make the derived stores equal to the archive; return how many passages differed."""
        wanted = set(self.archive.passage_keys())
        in_vectors, in_lexical = set(self.vectors.keys()), set(self.lexical.keys())
        stale = sorted((in_vectors | in_lexical) - wanted)
        missing = sorted((wanted - in_vectors) | (wanted - in_lexical))
        self._forget(stale)
        rows = self.archive.staged_passages(missing)
        while batch := list(islice(rows, 500)):
            self._derive(batch)
        self.archive.confirm()
        return len(stale) + len(missing)

    def _derive(self, rows: Sequence[tuple[int, Passage, Source]]) -> None:
        if not rows:
            return
        before: Passage | None = None
        texts = []
        for _, passage, source in rows:
            same = before is not None and before.article == passage.article and before.end <= passage.start
            texts.append(context(source.title, passage, before if same else None))
            before = passage
        keys = [key for key, _, _ in rows]
        self.vectors.add(keys, self.encoder.encode(texts), [(passage, source) for _, passage, source in rows])
        self.lexical.add(
            (key, _searchable(passage, source), source.language) for key, passage, source in rows
        )

    def _forget(self, keys: Sequence[int]) -> None:
        if keys:
            self.vectors.delete(keys)
            self.lexical.delete(keys)


def index(
    targets: Iterable[str],
    archive: Archive,
    write: Callable[[Sequence[Article]], None],
    max_chars: int,
    on_progress: Callable[[Progress], None] | None = None,
) -> IndexReport:
    """Read everything under `targets` and write what is new or changed, in batches through `write`."""
    report = IndexReport()
    seen: dict[str, str] = {}
    readings = _readings(targets, archive, report, max_chars, on_progress)
    while batch := list(islice(readings, _BATCH)):
        known = archive.digests(reading.article.id for reading in batch)
        changed: dict[str, Article] = {}
        for reading in batch:
            article = reading.article
            if article.id in seen:
                hint = "give every article an id of its own"
                report.failed.append(
                    Failure(
                        reading.where, f"the id {article.id!r} stands in {seen[article.id]} already", hint
                    )
                )
                continue
            seen[article.id] = reading.where
            report.warnings += [(reading.where, warning) for warning in reading.warnings]
            if article.id in known and known[article.id][0] == digest(article):
                report.unchanged.append(article.id)
            else:
                changed[article.id] = article
        if changed:
            write(list(changed.values()))
        report.updated += [article_id for article_id in changed if article_id in known]
        report.added += [article_id for article_id in changed if article_id not in known]
    return report


def _readings(
    targets: Iterable[str],
    archive: Archive,
    report: IndexReport,
    max_chars: int,
    on_progress: Callable[[Progress], None] | None,
) -> Iterator[Reading]:
    """Yield what can be read, note in the report what cannot, and tell how far it is."""
    inputs = [item for target in targets for item in find(target)]
    articles = 0
    for done, item in enumerate(inputs):
        if isinstance(item, Failure):
            report.failed.append(item)
            continue
        if on_progress is not None:
            on_progress(Progress(len(inputs), done, articles, item.path.name))
        for result in read(item.path, item.article_id, max_chars):
            if isinstance(result, Failure):
                report.failed.append(result)
                continue
            articles += 1
            if on_progress is not None and articles % _BATCH == 0:
                on_progress(Progress(len(inputs), done, articles, item.path.name))
            yield _with_free_id(result, item.root.name, archive)
    if on_progress is not None:
        on_progress(Progress(len(inputs), len(inputs), articles, ""))


def _with_free_id(reading: Reading, folder: str, archive: Archive) -> Reading:
    """Put the folder's name before an id that a file of another, still existing folder has already.

    A file that was moved keeps its id: what was indexed from its old place is replaced, not doubled.
    """
    from pathlib import Path

    article = reading.article
    known = archive.digests([article.id]).get(article.id)
    if known is None or known[1] == article.source.origin or known[0] == digest(article):
        return reading
    if not article.source.origin.endswith("/" + article.id) or not Path(known[1]).exists():
        return reading
    source = replace(article.source, id=f"{folder}/{article.id}")
    return replace(reading, article=replace(article, source=source))


def _searchable(passage: Passage, source: Source) -> str:
    """Return the text whose terms find a passage: its own, and the headline it stands under."""
    return f"{source.title}\n{passage.text}"
