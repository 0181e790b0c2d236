"""The lexical index: passages' terms in SQLite's FTS5, scored by BM25 over both languages at once.

Each language is a collection of its own with its own document frequencies. A question reaches the other
language as a probabilistic structured query: all translations of one term share one term frequency and
one document frequency (Darwish & Oard, "Probabilistic structured query methods", SIGIR 2003).
BM25: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.retrieve.analysis import analyse, tokens
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.scores import Scores

VERSION: Final = 1  # raise when the analysis changes: the index is then rebuilt from the archive
_K1: Final = 1.2
_B: Final = 0.75
_PART: Final = 0.5  # weight of a compound's part beside the whole
_LANGUAGES: Final = ("de", "en")
_TAG: Final = 2  # letters of a language's tag
_REPAIR_HINT: Final = "`rag doctor --repair` makes it anew from the articles"
_CACHED: Final = 5_000_000  # postings kept in memory, 12 bytes each
_OF_A_TERM: Final = 32  # postings that a term itself counts as: one that no passage holds takes room, too

# One question term: for each language the terms of it that stand for it, with weights.
Alternatives = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class _Lengths:
    """What is known of the passages, as arrays by ascending passage key, and of each language."""

    keys: NDArray[np.int64]
    norms: NDArray[np.float64]  # what BM25 makes of a passage's length
    counts: dict[str, int]
    rows: NDArray[np.int32]  # the row of each key up to the highest, -1 for none
    shared: NDArray[np.float64]  # one zero a row: where frequencies are added up


@dataclass(frozen=True, slots=True)
class _Postings:
    """The passages that hold a term, as rows of the table of lengths, and how often each holds it."""

    rows: NDArray[np.int32]
    counts: NDArray[np.float64]

    @property
    def size(self) -> int:
        """What it takes of the memory, in postings."""
        return len(self.rows) + _OF_A_TERM


def terms_of(text: str, language: str, lexicon: Lexicon) -> list[str]:
    """Return the terms a text is found by: its own in order, a compound's parts behind it."""
    found = []
    for word, term in tokens(text, language):
        found.append(term)
        found.extend(lexicon.parts(word, language))
    return found


def expand(question: str, language: str, lexicon: Lexicon) -> list[Alternatives]:
    """Return the question's terms, each with what stands for it in German, English and elsewhere.

    A term that occurs twice in the question counts once; the parts of a compound count half.
    """
    expanded: dict[str, Alternatives] = {}
    for word, term in tokens(question, language):
        expanded.setdefault(term, _alternatives(word, term, language, lexicon))
        for part in lexicon.parts(word, language):
            halved = _alternatives(part, part, language, lexicon)
            expanded.setdefault(
                part, {name: {t: _PART * w for t, w in options.items()} for name, options in halved.items()}
            )
    return list(expanded.values())


def _alternatives(word: str, term: str, language: str, lexicon: Lexicon) -> Alternatives:
    alternatives: Alternatives = {
        language: {**lexicon.kin(term, language), term: 1.0},
        "": {(analyse(word, "") or [word])[0]: 1.0},
    }
    for other in _LANGUAGES:
        if other != language:
            same = analyse(word, other) or [word]
            alternatives[other] = lexicon.translate(term, same[0], language)
    return alternatives


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
        self._cache: OrderedDict[str, _Postings] = OrderedDict()
        self._cached = 0  # postings in the cache
        self._lengths: _Lengths | None = None
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
        self._inode = _inode(self._path)

    def _prepare(self) -> None:
        version = zlib.crc32(f"{VERSION} {self._lexicon.fingerprint}".encode()) >> 1
        if self._db.execute("PRAGMA user_version").fetchone()[0] != version:
            self._db.executescript(
                f"""
                DROP TABLE IF EXISTS vocabulary; DROP TABLE IF EXISTS terms; DROP TABLE IF EXISTS lengths;
                CREATE VIRTUAL TABLE terms
                    USING fts5(text, tokenize="unicode61 remove_diacritics 0 tokenchars '.:'");
                CREATE VIRTUAL TABLE vocabulary USING fts5vocab(terms, instance);
                CREATE TABLE lengths
                    (passage INTEGER PRIMARY KEY, language TEXT NOT NULL, length INTEGER NOT NULL);
                PRAGMA user_version = {version};
                """
            )

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
        """Return what SQLite finds wrong with the index, in its words.

        Raises:
            StoreError: it is so damaged that SQLite cannot read it.
        """
        with self._reading() as db, db:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
            db.execute("INSERT INTO terms(terms) VALUES ('integrity-check')")
            (listed, counted) = db.execute(
                "SELECT (SELECT count(*) FROM terms), (SELECT count(*) FROM lengths)"
            ).fetchone()
        problems = [] if found == ["ok"] else found
        if listed != counted:
            problems.append(f"{listed} passages have terms, {counted} have a length")
        return problems

    def count(self) -> int:
        """Return the number of passages in the index."""
        with self._reading() as db:
            return int(db.execute("SELECT count(*) FROM lengths").fetchone()[0])

    def newest(self) -> int:
        """Return the highest key in the index, 0 where it is empty."""
        with self._lock:
            return int(self._db.execute("SELECT coalesce(max(passage), 0) FROM lengths").fetchone()[0])

    def keys(self) -> list[int]:
        """Return the keys of all passages in the index."""
        with self._reading() as db:
            return [row[0] for row in db.execute("SELECT passage FROM lengths ORDER BY passage")]

    # -- writing ------------------------------------------------------------------------------------------

    def add(self, passages: Iterable[tuple[int, str, str]]) -> None:
        """Add passages given as key, text and language, replacing those with the same key."""
        rows = []
        for key, text, language in passages:
            terms = [f"{_tag(language)}:{term}" for term in terms_of(text, language, self._lexicon)]
            rows.append((key, " ".join(terms), _tag(language), len(terms)))
        with self._writing() as db:
            db.executemany("DELETE FROM terms WHERE rowid = ?", [(row[0],) for row in rows])
            db.executemany("INSERT INTO terms(rowid, text) VALUES (?, ?)", [row[:2] for row in rows])
            db.executemany(
                "INSERT OR REPLACE INTO lengths VALUES (?, ?, ?)", [(r[0], r[2], r[3]) for r in rows]
            )

    def delete(self, keys: Sequence[int]) -> None:
        """Delete passages by key; unknown keys are no error."""
        with self._writing() as db:
            db.executemany("DELETE FROM terms WHERE rowid = ?", [(key,) for key in keys])
            db.executemany("DELETE FROM lengths WHERE passage = ?", [(key,) for key in keys])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                with self._db:
                    yield self._db
            except sqlite3.Error as error:
                raise StoreError(
                    f"the lexical index {self._path} cannot be written: {error}",
                    hint="check free disk space and that the store's folder is writable",
                ) from error
            self._forget()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                raise StoreError(
                    f"the lexical index {self._path} cannot be read: {error}", hint=_REPAIR_HINT
                ) from error

    def _forget(self) -> None:
        self._cache.clear()
        self._cached = 0
        self._lengths = None

    # -- searching ----------------------------------------------------------------------------------------

    def scores(self, terms: Sequence[Alternatives], among: NDArray[np.int64] | None = None) -> Scores:
        """Return the BM25 score of every passage that holds at least one of the terms.

        `among` are the keys of the passages looked at, ascending; None means all. How rare a term is
        counts the whole collection in either case, so a passage's score does not depend on them.
        """
        with self._reading():
            table = self._read_lengths()
            total = np.zeros(len(table.keys))
            for alternatives in terms:
                for tag, options in _tagged(alternatives):
                    self._add_term(tag, options, table, total)
        found = np.flatnonzero(total)
        scores = Scores(table.keys[found], total[found])
        return scores if among is None else scores.among(among)

    def weights(self, terms: Sequence[Alternatives]) -> list[float]:
        """Return how informative each question term is: its IDF in the language where it is commonest."""
        with self._reading():
            table = self._read_lengths()
            return [
                min(
                    (
                        _idf(
                            sum(w * len(one.rows) for one, w in self._found(tag, options)), table.counts[tag]
                        )
                        for tag, options in _tagged(alternatives)
                        if table.counts.get(tag)
                    ),
                    default=0.0,
                )
                for alternatives in terms
            ]

    def _add_term(
        self, tag: str, options: dict[str, float], table: _Lengths, total: NDArray[np.float64]
    ) -> None:
        """Add a question term's BM25 to `total`: its options share a term and a document frequency."""
        found = self._found(tag, options)
        if not found:
            return
        df = sum(weight * len(one.rows) for one, weight in found)
        rows, tf = _merged(found, table.shared)
        total[rows] += (_K1 + 1) * _idf(df, table.counts[tag]) * tf / (tf + table.norms[rows])

    def _found(self, tag: str, options: dict[str, float]) -> list[tuple[_Postings, float]]:
        """Return the postings and weights of those options that stand in any passage."""
        if tag not in self._read_lengths().counts:
            return []
        read = [(self._postings(f"{tag}:{term}"), weight) for term, weight in options.items()]
        return [(one, weight) for one, weight in read if len(one.rows)]

    def _postings(self, term: str) -> _Postings:
        if term in self._cache:
            self._cache.move_to_end(term)
            return self._cache[term]
        # One text of all numbers is a fifth of the work of a row for each of them.
        listed = self._db.execute("SELECT group_concat(doc) FROM vocabulary WHERE term = ?", (term,))
        numbers = _numbers(listed.fetchone()[0] or "")
        table = self._read_lengths().rows
        # What another process has added since the lengths were read counts from the next refresh on.
        rows = table[numbers[numbers < len(table)]]
        rows = np.sort(rows[rows >= 0])  # nearly sorted: one run for each segment of the index
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        counts = np.diff(first, append=len(rows)).astype(np.float64)
        self._cache[term] = made = _Postings(rows[first], counts)
        self._cached += made.size
        while self._cached > _CACHED and len(self._cache) > 1:
            self._cached -= self._cache.popitem(last=False)[1].size
        return made

    def _read_lengths(self) -> _Lengths:
        if self._lengths is None:
            # One text of all numbers is a third of the work of a row for each passage.
            listed = self._db.execute(
                "SELECT group_concat(passage), group_concat(length), group_concat(language, '')"
                " FROM (SELECT * FROM lengths ORDER BY passage)"
            ).fetchone()
            passages, lengths, languages = (text or "" for text in listed)
            self._lengths = _lengths(_numbers(passages), _numbers(lengths), languages)
        return self._lengths


def _numbers(listed: str) -> NDArray[np.int64]:
    """Return the numbers that a text lists with commas between them."""
    return np.fromstring(listed, dtype=np.int64, sep=",")


def _lengths(passages: NDArray[np.int64], terms: NDArray[np.int64], languages: str) -> _Lengths:
    """Return what is known of n passages by ascending key, each with a number of terms and a tag."""
    listed = np.frombuffer(languages.encode(), dtype=f"S{_TAG}").astype(np.str_)
    tags, places = np.unique(listed, return_inverse=True)
    counts = np.bincount(places, minlength=len(tags))
    means = np.maximum(np.bincount(places, terms, len(tags)) / np.maximum(counts, 1), 1.0)
    rows = np.full(passages[-1] + 1 if len(passages) else 0, -1, dtype=np.int32)
    rows[passages] = np.arange(len(passages), dtype=np.int32)
    return _Lengths(
        keys=passages,
        norms=_K1 * (1 - _B + _B * terms / means[places]),
        counts=dict(zip(tags.tolist(), counts.tolist(), strict=True)),
        rows=rows,
        shared=np.zeros(len(passages)),
    )


def _merged(
    found: Sequence[tuple[_Postings, float]], shared: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the rows (n,) in which any of the postings stand, in any order, and their weighted counts (n,).

    `shared` has a zero for each row of the table, before and after.
    """
    if len(found) == 1:
        (one, weight), *_ = found
        return one.rows, weight * one.counts
    parts = []
    for one, weight in found:
        before = shared[one.rows]
        parts.append(one.rows[before == 0.0])
        shared[one.rows] = before + weight * one.counts
    rows = np.concatenate(parts)
    counts = shared[rows]
    shared[rows] = 0.0
    return rows, counts


def _tag(language: str) -> str:
    """Return the prefix of a language's terms; all that is neither German nor English shares one."""
    return language if language in _LANGUAGES else "xx"


def _tagged(alternatives: Alternatives) -> Iterator[tuple[str, dict[str, float]]]:
    for language, options in alternatives.items():
        yield _tag(language), options


def _idf(df: float, count: int) -> float:
    return float(np.log1p((count - min(df, count) + 0.5) / (min(df, count) + 0.5)))


def _inode(path: Path) -> int | None:
    """Return what tells a file from another of its name; None where there is none, as in memory."""
    return path.stat().st_ino if path.exists() else None
