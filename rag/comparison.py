"""Articles as they were read, compared with those that are there → what is new, changed, and as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from rag.archive import Archive, digest
from rag.errors import NotFoundError
from rag.indexing import IndexReport
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.text.characters import encodable
from rag.ingest.web.addresses import is_web
from rag.ingest.web.visits import Known, Visit
from rag.schema import Article

Mark = tuple[str, str]  # an article's digest and origin


@dataclass(frozen=True, slots=True)
class Item:
    """An article as read, and the folder or the visit it came of."""

    reading: Reading
    root: Path | None = None
    visit: Visit | None = None


@dataclass(slots=True)
class Batch:
    """What is written at once, and noted after that."""

    added: list[Article] = field(default_factory=list)
    updated: list[Article] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)  # where unchanged articles lie now, by id
    notes: list[tuple[str, Known]] = field(default_factory=list)

    @property
    def articles(self) -> list[Article]:
        """All that is written."""
        return [*self.added, *self.updated]


class Comparison:
    """The articles of one run, each compared with the archive and with those that came before it."""

    def __init__(self, archive: Archive, report: IndexReport) -> None:
        self._archive = archive
        self._report = report
        self._seen: dict[str, Mark] = {}

    def batch(self, group: Sequence[Item | Visit]) -> Batch:
        """Sort a group into what is to be written, and what the report says of the rest."""
        batch = Batch()
        there = self._archive.digests({one for item in group for one in _ids_of(item)})
        for item in group:
            if isinstance(item, Item):
                self._compare(item, there, batch)
            elif item.known is not None and not item.known.skip:
                batch.notes.append((item.url, item.known))
                self._report.unchanged += [item.known.article] if item.known.article else []
        return batch

    def _compare(self, item: Item, there: Mapping[str, Mark], batch: Batch) -> None:
        reading, report = item.reading, self._report
        article = reading.article
        if item.root is not None:
            article = _with_free_id(article, item.root, self._seen, there)
        known = there.get(article.id)
        if item.visit is not None and known is not None:
            article = _corrected(article, self._archive)
        mark = (digest(article), article.source.origin)
        first = self._seen.setdefault(article.id, mark)
        if first[0] != mark[0] and item.visit is None:
            message = f"the id {article.id!r} stands in {first[1]} already"
            hint = "give every article an id of its own"
            report.failed.append(Failure(reading.where, message, hint))
            return
        report.warnings += [(reading.where, warning) for warning in reading.warnings]
        if first is not mark or (known is not None and known[0] == mark[0]):
            report.unchanged.append(article.id)
            if known is not None and _is_moved(known[1], mark[1]):
                batch.moved[article.id] = mark[1]
        else:
            (batch.added if known is None else batch.updated).append(article)
        if item.visit is not None and item.visit.known is not None:
            batch.notes.append((item.visit.url, item.visit.known))


def _is_moved(before: str, now: str) -> bool:
    """Tell whether a file is read from another place than before, and no longer stands there."""
    return before != now and not is_web(before) and not Path(before).exists()


def _corrected(article: Article, archive: Archive) -> Article:
    """Return a page's new version: dated as the one it replaces, with the day of its correction.

    What a person set is left aside: it is put over whatever the page says. What only one of the feeds and
    sitemaps tells that list the article stays known when another one is read.
    """
    try:
        earlier = archive.article(article.id)
    except NotFoundError:
        return article
    edited = archive.edits([article.id]).get(article.id, {})
    new, old = (
        article.source,
        replace(earlier.source, **{name: getattr(article.source, name) for name in edited}),
    )
    told = ("publisher", "author", "agency")
    kept = {name: getattr(old, name) for name in told if getattr(new, name) is None}
    new = replace(new, **kept, guessed=new.guessed | {name for name in kept if name in old.guessed})
    published = old.published or new.published
    updated = old.updated
    if (article.text, new.title) != (earlier.text, old.title):
        later = new.published if new.published and published and new.published > published else None
        updated = new.updated or later or date.today()
    return replace(article, source=replace(new, published=published, updated=updated))


def placed(article: Article, root: Path, archive: Archive) -> Article:
    """Return an article with the id that it would have, read from a file below `root`."""
    return _with_free_id(article, root, {}, archive.digests(_ids(article, root)))


def _with_free_id(
    article: Article, root: Path, seen: Mapping[str, Mark], there: Mapping[str, Mark]
) -> Article:
    """Put as many names of the folder before a file's id as tell it from the files of other folders.

    A file keeps the id it has. One that was moved or copied takes the id of the old place: what was
    indexed from there is replaced, not doubled.
    """
    origin = article.source.origin
    ids = _ids(article, root)
    known = {one: found for one in ids if (found := seen.get(one) or there.get(one))}
    own = [one for one in ids if one in known and known[one][1] == origin]
    mark = digest(article)
    free = (
        one for one in ids if one not in known or known[one][0] == mark or not Path(known[one][1]).exists()
    )
    chosen = own[0] if own else next(free, ids[-1])
    return replace(article, source=replace(article.source, id=chosen))


def _ids_of(item: Item | Visit) -> list[str]:
    """Return the ids under which an item's article may be there already."""
    if isinstance(item, Visit):
        return []
    article = item.reading.article
    return [article.id] if item.root is None else _ids(article, item.root)


def _ids(article: Article, root: Path) -> list[str]:
    """Return the ids that a file of a folder may have: its own, with ever more of the folder before it."""
    if not article.source.origin.endswith("/" + article.id):
        return [article.id]  # its dump says what it is called
    folders = root.parts[1:]
    return [
        encodable("/".join((*folders[len(folders) - depth :], article.id)))
        for depth in range(len(folders) + 1)
    ]
