"""The way in: files → articles → passages → vectors and terms, batch by batch, crash-safe.

A batch is staged in the archive, then added to Chroma and the lexical index, then confirmed. Whatever a
killed process left between these steps is completed by `repair` before the next write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from rag.archive import Archive, digest
from rag.ingest.chunking import context, passages
from rag.ingest.inputs import find
from rag.ingest.reading import Failure, Reading, read
from rag.ingest.text import encodable
from rag.likeness import likeness
from rag.retrieve.lexical import LexicalIndex
from rag.retrieve.retriever import Encoder
from rag.retrieve.vectors import Vectors
from rag.schema import Article, Passage, Source

_BATCH: Final = 32  # articles between two confirmations
_PASSAGES: Final = 500  # passages embedded at once in a repair, more where an article has more
_Row = tuple[int, Passage, Source]
_Mark = tuple[str, str]  # an article's digest and origin


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
        """Add or replace articles; when this returns they are indexed, all of them.

        What a person edited wins over what the files say.
        """
        edits = self.archive.edits([article.id for article in articles])
        digests = {article.id: digest(article) for article in articles if article.id in edits}
        self._write([_edited(article, edits.get(article.id, {})) for article in articles], digests, {})

    def _write(
        self,
        articles: Sequence[Article],
        digests: Mapping[str, str],
        changes: Mapping[str, Mapping[str, Any]],
    ) -> None:
        cut = [(article, passages(article, self.passage_words)) for article in articles]
        staged = self.archive.stage(cut, digests, changes)
        sources = {article.id: article.source for article, _ in cut}
        rows = [(key, passage, sources[passage.article]) for key, passage in staged.new]
        if rows:
            self._embed(rows)
            self._add_terms(rows)
        self._forget(staged.retired)
        self._relate()
        self.archive.confirm()

    def edit(self, article_id: str, changes: Mapping[str, Any]) -> Source:
        """Set fields of an article and return its source; only a new headline or language is indexed anew.

        Raises:
            NotFoundError: there is no such article.
        """
        before = self.archive.article(article_id)
        after = _edited(before, changes)
        if (before.source.title, before.source.language) == (after.source.title, after.source.language):
            self.archive.revise(after.source, changes)
            found = self.archive.passages(self.archive.keys_of(article_id))
            self.vectors.describe([(key, passage, after.source) for key, (passage, _) in found.items()])
        else:
            own = self.archive.digests([article_id])[article_id][0]
            self._write([after], {article_id: own}, {article_id: changes})
        return after.source

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles; an unknown id raises NotFoundError and removes nothing."""
        self._forget(self.archive.stage_removal(ids).retired)
        self.archive.confirm()

    def repair(self) -> int:
        """Make the derived stores equal to the archive; return how many passages differed."""
        wanted = set(self.archive.passage_keys())
        in_vectors, in_lexical = set(self.vectors.keys()), set(self.lexical.keys())
        stale = (in_vectors | in_lexical) - wanted
        self._forget(sorted(stale))
        for batch in self._rows(wanted - in_vectors):
            self._embed(batch)
        for batch in self._rows(wanted - in_lexical):
            self._add_terms([row for row in batch if row[0] not in in_lexical])
        self._relate()
        self.archive.confirm()
        return len(stale | (wanted - in_vectors) | (wanted - in_lexical))

    def _rows(self, keys: Set[int]) -> Iterator[list[_Row]]:
        """Yield the passages with these keys and those right before them, in batches of whole articles."""
        batch: list[_Row] = []
        for row in self.archive.staged_passages(sorted(keys | {key - 1 for key in keys})):
            if len(batch) >= _PASSAGES and row[1].article != batch[-1][1].article:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _embed(self, rows: Sequence[_Row]) -> None:
        """Add the vectors of passages given in order, each with what stands before it as context."""
        before: Passage | None = None
        texts = []
        for _, passage, source in rows:
            same = before is not None and before.article == passage.article and before.end <= passage.start
            texts.append(context(source.title, passage, before if same else None))
            before = passage
        keys = [key for key, _, _ in rows]
        self.vectors.add(keys, self.encoder.encode(texts), [(passage, source) for _, passage, source in rows])

    def _add_terms(self, rows: Sequence[_Row]) -> None:
        self.lexical.add(
            (key, f"{source.title}\n{passage.text}", source.language) for key, passage, source in rows
        )

    def _relate(self) -> None:
        """Compare articles that were not compared yet: new ones, or those of an earlier version's store."""
        while rows := self.archive.unrelated(_PASSAGES):
            self.archive.relate({key: likeness(text) for key, text in rows})

    def _forget(self, keys: Sequence[int]) -> None:
        if keys:
            self.vectors.delete(keys)
            self.lexical.delete(keys)


def _edited(article: Article, changes: Mapping[str, Any]) -> Article:
    """Return an article with the fields that a person set; they are no longer guessed."""
    if not changes:
        return article
    source = replace(article.source, **changes, guessed=article.source.guessed - changes.keys())
    return replace(article, source=source)


def index(
    targets: Iterable[str],
    archive: Archive,
    write: Callable[[Sequence[Article]], None],
    max_chars: int,
    on_progress: Callable[[Progress], None] | None = None,
    columns: Mapping[str, str] | None = None,
) -> IndexReport:
    """Read everything under `targets` and write what is new or changed, in batches through `write`.

    `columns` says which column of a dump holds a field that is called otherwise there.
    """
    report = IndexReport()
    seen: dict[str, _Mark] = {}
    readings = _readings(targets, report, max_chars, on_progress, columns)
    while batch := list(islice(readings, _BATCH)):
        added: list[Article] = []
        updated: list[Article] = []
        for reading, root in batch:
            article = _with_free_id(reading.article, root, seen, archive)
            mark = (digest(article), article.source.origin)
            first = seen.setdefault(article.id, mark)
            if first[0] != mark[0]:
                message = f"the id {article.id!r} stands in {first[1]} already"
                report.failed.append(Failure(reading.where, message, "give every article an id of its own"))
                continue
            report.warnings += [(reading.where, warning) for warning in reading.warnings]
            known = archive.digests([article.id]).get(article.id)
            if first is not mark or (known is not None and known[0] == mark[0]):
                report.unchanged.append(article.id)
            else:
                (added if known is None else updated).append(article)
        if added or updated:
            write([*added, *updated])
        report.added += [article.id for article in added]
        report.updated += [article.id for article in updated]
    return report


def explain(
    targets: Iterable[str], max_chars: int, columns: Mapping[str, str] | None = None
) -> Iterator[Reading | Failure]:
    """Yield what indexing would read under `targets`, with what it leaves out; nothing is written."""
    for target in targets:
        for item in find(target):
            if isinstance(item, Failure):
                yield item
            else:
                yield from read(item.path, item.article_id, max_chars, columns)


def _readings(
    targets: Iterable[str],
    report: IndexReport,
    max_chars: int,
    on_progress: Callable[[Progress], None] | None,
    columns: Mapping[str, str] | None,
) -> Iterator[tuple[Reading, Path]]:
    """Yield what can be read and the folder it was found under, note in the report what cannot be."""
    inputs = [item for target in targets for item in find(target)]
    articles = 0
    for done, item in enumerate(inputs):
        if isinstance(item, Failure):
            report.failed.append(item)
            continue
        if on_progress is not None:
            on_progress(Progress(len(inputs), done, articles, item.article_id))
        for result in read(item.path, item.article_id, max_chars, columns):
            if isinstance(result, Failure):
                report.failed.append(result)
                continue
            articles += 1
            if on_progress is not None and articles % _BATCH == 0:
                on_progress(Progress(len(inputs), done, articles, item.article_id))
            yield result, item.root
    if on_progress is not None:
        on_progress(Progress(len(inputs), len(inputs), articles, ""))


def _with_free_id(article: Article, root: Path, seen: Mapping[str, _Mark], archive: Archive) -> Article:
    """Put as many names of the folder before a file's id as tell it from the files of other folders.

    A file keeps the id it has. One that was moved or copied takes the id of the old place: what was
    indexed from there is replaced, not doubled.
    """
    origin = article.source.origin
    if not origin.endswith("/" + article.id):
        return article  # its dump says what it is called
    folders = root.parts[1:]
    ids = [
        encodable("/".join((*folders[len(folders) - depth :], article.id)))
        for depth in range(len(folders) + 1)
    ]
    known = archive.digests(ids) | {one: seen[one] for one in ids if one in seen}
    own = [one for one in ids if one in known and known[one][1] == origin]
    mark = digest(article)
    free = (
        one for one in ids if one not in known or known[one][0] == mark or not Path(known[one][1]).exists()
    )
    chosen = own[0] if own else next(free, ids[-1])
    return replace(article, source=replace(article.source, id=chosen))
