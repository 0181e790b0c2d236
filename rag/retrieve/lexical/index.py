"""The lexical index: passages' terms in SQLite, scored by BM25 over both languages at once."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.language import SPOKEN
from rag.retrieve.lexical.bm25 import Postings, Table
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.postings import SCHEMA, Row, Segments
from rag.retrieve.lexical.terms import Alternatives, terms_of
from rag.retrieve.scores import Scores

VERSION: Final = 3  # raise when the analysis or the tables change: the index is then rebuilt from the archive
_REPAIR_HINT: Final = "`rag doctor --repair` makes it anew from the articles"
_CACHED: Final = 20_000_000  # postings kept in memory, 5 bytes each
_OF_A_TERM: Final = 64  # postings that a term itself counts as: one that no passage holds takes room, too


class LexicalIndex:
    """A full-text index beside the archive, derived from it and rebuilt when its version differs."""

    def __init__(self, path: Path, lexicon: Lexicon) -> None:
        """Open, or make, the index at `path`; `lexicon` cuts compounds, another one empties the index.

        Raises:
            StoreError: SQLite cannot open it.
        """
        self._path = path
        self._lexicon = lexicon
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, Postings] = OrderedDict()
        self._cached = 0  # postings in the cache
        self._read_table: Table | None = None
        self._connect()

    def _connect(self) -> None:
        try:
            self._db = sqlite3.connect(self._path, check_same_thread=False, timeout=30)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._prepare()
        except sqlite3.Error as error:
            raise StoreError(
                f"the lexical index {self._path} cannot be opened: {error}", hint=_REPAIR_HINT
            ) from error
        self._segments = Segments(self._db)
        self._inode = _inode(self._path)

    def _prepare(self) -> None:
        version = zlib.crc32(f"{VERSION} {self._lexicon.fingerprint}".encode()) >> 1
        if self._db.execute("PRAGMA user_version").fetchone()[0] != version:
            self._db.executescript(f"{SCHEMA} PRAGMA user_version = {version};")

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def refresh(self) -> None:
        """Forget what was read, after another process wrote; open the file that it put in this one's place.

        Raises:
            StoreError: SQLite cannot open it.
        """
        with self._lock:
            self._forget()
            if _inode(self._path) != self._inode:
                self._db.close()
                self._connect()

    def damage(self) -> list[str]:
        """Return what is wrong with the index, in words, nothing where it is whole.

        Raises:
            StoreError: it is so damaged that SQLite cannot read it.
        """
        with self._reading() as segments:
            return segments.damage()

    def count(self) -> int:
        """Return the number of passages in the index."""
        with self._reading() as segments:
            return segments.count()

    def newest(self) -> int:
        """Return the highest key in the index, 0 where it is empty."""
        with self._reading() as segments:
            return segments.newest()

    def keys(self) -> list[int]:
        """Return the keys of all passages in the index, ascending."""
        with self._reading() as segments:
            return [int(key) for key in segments.lengths()[0]]

    # -- writing ------------------------------------------------------------------------------------------

    def add(self, passages: Iterable[tuple[int, str, str]]) -> None:
        """Add passages given as key, text and language, replacing those with the same key."""
        rows: list[Row] = []
        for key, text, language in passages:
            tag = _tag(language)
            rows.append((key, tag, [f"{tag}:{term}" for term in terms_of(text, language, self._lexicon)]))
        with self._writing() as segments:
            segments.add(rows)

    def delete(self, keys: Sequence[int]) -> None:
        """Delete passages by key; unknown keys are no error."""
        with self._writing() as segments:
            segments.delete(keys)

    @contextmanager
    def _writing(self) -> Iterator[Segments]:
        with self._lock:
            try:
                with self._db:
                    yield self._segments
            except sqlite3.Error as error:
                raise StoreError(
                    f"the lexical index {self._path} cannot be written: {error}",
                    hint="check free disk space and that the store's folder is writable",
                ) from error
            self._forget()

    @contextmanager
    def _reading(self) -> Iterator[Segments]:
        with self._lock:
            try:
                yield self._segments
            except sqlite3.Error as error:
                raise StoreError(
                    f"the lexical index {self._path} cannot be read: {error}", hint=_REPAIR_HINT
                ) from error

    def _forget(self) -> None:
        self._cache.clear()
        self._cached = 0
        self._read_table = None

    # -- searching ----------------------------------------------------------------------------------------

    def scores(self, terms: Sequence[Alternatives], among: NDArray[np.int64] | None = None) -> Scores:
        """Return the BM25 score of every passage that holds at least one of the terms.

        `among` are the keys of the passages looked at, ascending; None means all. How rare a term is
        counts the whole collection in either case, so a passage's score does not depend on them.
        """
        with self._reading():
            table = self._table()
            total = np.zeros(len(table.passages), dtype=np.float32)
            for alternatives in terms:
                for tag, options in _tagged(alternatives):
                    if found := self._found(tag, options):
                        table.add(tag, found, total)
        held = np.flatnonzero(total > 0)
        scores = Scores(table.passages[held], total[held].astype(np.float64))
        return scores if among is None else scores.among(among)

    def counts(self, terms: Collection[str], language: str) -> dict[str, int]:
        """Return in how many passages of a language each of the terms stands that stand in any."""
        tag = f"{_tag(language)}:"
        with self._reading() as segments:
            found = segments.frequencies([tag + term for term in terms])
        return {term.removeprefix(tag): count for term, count in found.items()}

    def weights(self, terms: Sequence[Alternatives]) -> list[float]:
        """Return how informative each question term is: its IDF in the language where it is commonest.

        Languages that lack it say nothing: in one of few passages nearly everything is missing.
        """
        with self._reading():
            return [self._weight(alternatives) for alternatives in terms]

    def _weight(self, alternatives: Alternatives) -> float:
        table = self._table()
        known = [
            (tag, self._found(tag, options)) for tag, options in _tagged(alternatives) if tag in table.counts
        ]
        held = [table.idf(tag, found) for tag, found in known if found]
        return min(held) if held else max((table.idf(tag, ()) for tag, _ in known), default=0.0)

    def _found(self, tag: str, options: dict[str, float]) -> list[tuple[Postings, float]]:
        """Return the postings and weights of those options that stand in any passage."""
        if tag not in self._table().counts:
            return []
        read = [(self._postings(f"{tag}:{term}"), weight) for term, weight in options.items()]
        return [(one, weight) for one, weight in read if len(one.rows)]

    def _postings(self, term: str) -> Postings:
        if term in self._cache:
            self._cache.move_to_end(term)
            return self._cache[term]
        # What another process has added since the table was read counts from the next refresh on.
        made = self._cache[term] = self._table().postings(*self._segments.postings(term))
        self._cached += _size(made)
        while self._cached > _CACHED and len(self._cache) > 1:
            self._cached -= _size(self._cache.popitem(last=False)[1])
        return made

    def _table(self) -> Table:
        if self._read_table is None:
            self._read_table = Table(*self._segments.lengths())
        return self._read_table


def _size(postings: Postings) -> int:
    """Return what postings take of the memory, in occurrences."""
    return len(postings.rows) + _OF_A_TERM


def _tag(language: str) -> str:
    """Return the prefix of a language's terms; all that is neither German nor English shares one."""
    return language if language in SPOKEN else "xx"


def _tagged(alternatives: Alternatives) -> Iterator[tuple[str, dict[str, float]]]:
    for language, options in alternatives.items():
        yield _tag(language), options


def _inode(path: Path) -> int | None:
    """Return what tells a file from another of its name; None where there is none, as in memory."""
    return path.stat().st_ino if path.exists() else None
