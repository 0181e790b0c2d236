"""Articles → passages → vectors and terms in three stores, batch by batch, crash-safe.

A batch is staged in the archive, then added to Chroma and the lexical index, then confirmed. Whatever a
killed process left between these steps is completed by `repair` before the next write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rag.archive import Archive, digest
from rag.ingest.chunking import context, passages
from rag.ingest.outcomes import Failure
from rag.likeness import likeness
from rag.retrieve.interaction import TokenVectors, pack
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.retriever import Encoder
from rag.retrieve.vectors.passages import Vectors
from rag.schema import Article, Passage, Source

_PASSAGES: Final = 500  # passages embedded at once in a repair, more where an article has more
_Row = tuple[int, Passage, Source]
_Cut = list[tuple[Article, list[Passage]]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run of indexing is."""

    inputs: int  # files known to be read; grows no more
    done: int  # files read
    articles: int  # articles seen
    current: str
    share: float | None = None  # of the whole that is done, 0 to 1; None: done / inputs


@dataclass(slots=True)
class IndexReport:
    """What a run of indexing did, by article id; failures and warnings with where they arose."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # no longer where they came from, and kept
    failed: list[Failure] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: IndexReport) -> None:
        """Take over what another run did."""
        for one in fields(self):
            getattr(self, one.name).extend(getattr(other, one.name))


@dataclass(frozen=True, slots=True)
class Encoded:
    """The vectors of n passages, (n, d), and those of their tokens, packed; none where the model has none."""

    whole: NDArray[np.float32]
    tokens: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Articles ready to be written: as read, what a person set of them, cut, and embedded."""

    articles: tuple[Article, ...]
    edits: Mapping[str, Mapping[str, Any]]
    cut: _Cut
    vectors: Encoded  # of all passages in order


@dataclass(frozen=True, slots=True)
class Indexer:
    """The three stores that one write goes through, in their order."""

    archive: Archive
    vectors: Vectors
    lexical: LexicalIndex
    encoder: Encoder
    passage_words: int

    def prepare(self, articles: Sequence[Article]) -> Prepared:
        """Do what writing articles takes but needs no lock: most of the work, in any thread."""
        edits = self.archive.edits([article.id for article in articles])
        return prepare(articles, edits, self.encoder, self.passage_words)

    def write(self, prepared: Prepared) -> None:
        """Add or replace articles; when this returns they are indexed, all of them."""
        if self.archive.edits([article.id for article in prepared.articles]) != prepared.edits:
            prepared = self.prepare(prepared.articles)  # somebody edited one of them meanwhile
        digests = {one.id: digest(one) for one in prepared.articles if one.id in prepared.edits}
        self._write(prepared.cut, prepared.vectors, digests, {})

    def renew(self, prepared: Prepared) -> None:
        """Cut and embed articles anew that were prepared as they stand in the archive."""
        files = self.archive.digests([article.id for article in prepared.articles])
        self._write(prepared.cut, prepared.vectors, {one: digest for one, (digest, _) in files.items()}, {})

    def embed(self, keys: Iterable[int]) -> None:
        """Make the vectors of passages and of their tokens anew."""
        self._derive(self._embed, set(keys))

    def _write(
        self,
        cut: _Cut,
        vectors: Encoded,
        digests: Mapping[str, str],
        changes: Mapping[str, Mapping[str, Any]],
    ) -> None:
        staged = self.archive.stage(cut, digests, changes)
        sources = {article.id: article.source for article, _ in cut}
        rows = [(key, passage, sources[passage.article]) for key, passage in staged.new]
        if rows:
            self._add_vectors(rows, vectors)
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
            cut = _cut([after], self.passage_words)
            vectors = _encode(_texts_of(cut), self.encoder)
            self._write(cut, vectors, {article_id: own}, {article_id: changes})
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
        self._derive(self._embed, wanted - in_vectors)
        self._derive(self._index, wanted - in_lexical)
        self._relate()
        self.archive.confirm()
        return len(stale | (wanted - in_vectors) | (wanted - in_lexical))

    def follow(self) -> None:
        """Derive in this folder what other machines changed in the articles; nothing else is written."""
        for part, add in ((self.lexical, self._index), (self.vectors, self._embed)):
            if part is self.vectors and self.vectors.shared:
                continue
            newest = part.newest()
            self._derive(add, set(self.archive.passage_keys(after=newest)))
            if part.count() == self.archive.passage_count():
                continue
            there = set(part.keys())  # read first: what the articles lack afterwards is gone for good
            wanted = set(self.archive.passage_keys())
            part.delete(sorted(there - wanted))
            self._derive(add, wanted - there)

    def _derive(self, add: Callable[[Sequence[_Row], Set[int]], None], missing: Set[int]) -> None:
        """Add the passages with these keys; each comes with the one before it, which may be its context."""
        for batch in self._rows(missing):
            add(batch, missing)

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

    def _embed(self, rows: Sequence[_Row], keys: Set[int]) -> None:
        texts = _texts([(passage, source) for _, passage, source in rows])
        wanted = [(row, text) for row, text in zip(rows, texts, strict=True) if row[0] in keys]
        encoded = _encode([(text, row[1]) for row, text in wanted], self.encoder)
        self._add_vectors([row for row, _ in wanted], encoded)

    def _index(self, rows: Sequence[_Row], keys: Set[int]) -> None:
        self._add_terms([row for row in rows if row[0] in keys])

    def _add_vectors(self, rows: Sequence[_Row], vectors: Encoded) -> None:
        keys = [key for key, _, _ in rows]
        if vectors.tokens:
            self.archive.keep_token_vectors(dict(zip(keys, vectors.tokens, strict=True)))
        self.vectors.add(keys, vectors.whole, [(passage, source) for _, passage, source in rows])

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


def prepare(
    articles: Sequence[Article],
    edits: Mapping[str, Mapping[str, Any]],
    encoder: Encoder,
    passage_words: int,
) -> Prepared:
    """Cut and embed articles, on any machine; what a person edited wins over what the files say."""
    cut = _cut([_edited(article, edits.get(article.id, {})) for article in articles], passage_words)
    return Prepared(tuple(articles), edits, cut, _encode(_texts_of(cut), encoder))


def _cut(articles: Sequence[Article], passage_words: int) -> _Cut:
    return [(article, passages(article, passage_words)) for article in articles]


def _encode(texts: Sequence[tuple[str, Passage]], encoder: Encoder) -> Encoded:
    """Return the vectors of passages, each with the text that is embedded for it."""
    vectors, tokens = encoder.encode_tokens([text for text, _ in texts])
    if not encoder.token_dimension:
        return Encoded(vectors, ())
    leads = (len(encoder.token_spans(text.removesuffix(passage.text))) for text, passage in texts)
    packed = (pack(TokenVectors(*pair)) for pair in zip(tokens, leads, strict=True))
    return Encoded(vectors, tuple(packed))


def _edited(article: Article, changes: Mapping[str, Any]) -> Article:
    """Return an article with the fields that a person set; they are no longer guessed."""
    if not changes:
        return article
    source = replace(article.source, **changes, guessed=article.source.guessed - changes.keys())
    return replace(article, source=source)


def _texts_of(cut: _Cut) -> list[tuple[str, Passage]]:
    rows = [(passage, article.source) for article, some in cut for passage in some]
    return list(zip(_texts(rows), (passage for passage, _ in rows), strict=True))


def _texts(rows: Iterable[tuple[Passage, Source]]) -> list[str]:
    """Return what is embedded for passages given in order: each with what stands before it as context."""
    texts = []
    before: Passage | None = None
    for passage, source in rows:
        same = before is not None and before.article == passage.article and before.end <= passage.start
        texts.append(context(source.title, passage, before if same else None))
        before = passage
    return texts
