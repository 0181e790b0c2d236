"""Postings on disk, in SQLite: for each term the passages that hold it and how often, as arrays.

What is added at once is a segment; eight segments of one size are merged into one of the next. So a term
lies in few places, and a posting is written few times (Lester, Moffat & Zobel, "Efficient online index
construction for text databases", ACM TODS 2008). Deleted passages stay in a segment until it is merged.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import merge
from itertools import chain, count, groupby, islice
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SCHEMA: Final = """
    DROP TABLE IF EXISTS vocabulary;  -- of versions up to 2
    DROP TABLE IF EXISTS terms;
    DROP TABLE IF EXISTS lengths; DROP TABLE IF EXISTS segments; DROP TABLE IF EXISTS postings;
    CREATE TABLE lengths (passage INTEGER PRIMARY KEY, language TEXT NOT NULL, length INTEGER NOT NULL);
    CREATE TABLE segments (
        segment INTEGER PRIMARY KEY, size INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
    );
    CREATE TABLE postings (
        segment INTEGER, term TEXT, passages BLOB NOT NULL, counts BLOB NOT NULL, PRIMARY KEY (segment, term)
    ) WITHOUT ROWID;
"""
_DELETED: Final = 0.25  # passages deleted and still in segments, as a share of those that are left
_MOST: Final = 255  # occurrences in one passage that are counted
_NONE: Final = ""  # the term of a passage without any: so each stands in its segment's postings
_KEY: Final = np.dtype(np.uint32)
_AT_ONCE: Final = 500  # terms in a statement

Row = tuple[int, str, Sequence[str]]  # a passage's key, the tag of its language, its terms
_Posted = tuple[str, bytes, bytes]  # a term, n passages, n counts


class _Segment(NamedTuple):
    number: int
    size: int  # passages
    first: int  # lowest key
    last: int


class Segments:
    """The terms of passages in one database; locks and transactions are the caller's."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    # -- writing ------------------------------------------------------------------------------------------

    def add(self, passages: Iterable[Row]) -> None:
        """Add passages, in place of those with the same key."""
        new = {row[0]: row for row in passages}
        if not new:
            return
        first, last = min(new), max(new)
        self.delete(list(new))
        for one in self._segments():
            if one.first <= last and one.last >= first:
                self._merge([one])  # it may hold what was deleted above
        self._write(_posted(new.values()), lambda: len(new), first, last)
        lengths = [(key, tag, len(terms)) for key, tag, terms in new.values()]
        self._db.executemany("INSERT INTO lengths VALUES (?, ?, ?)", lengths)
        while alike := self._alike():
            self._merge(alike)

    def delete(self, keys: Sequence[int]) -> None:
        """Delete passages by key; unknown keys are no error."""
        self._db.executemany("DELETE FROM lengths WHERE passage = ?", [(key,) for key in keys])
        if self._deleted() > _DELETED * self.count():
            self._merge(self._segments())

    def _write(self, rows: Iterable[_Posted], size: Callable[[], int], first: int, last: int) -> None:
        """Write a segment: postings, ascending by term, of as many passages as `size` tells afterwards."""
        (number,) = self._db.execute("SELECT coalesce(max(segment), 0) + 1 FROM segments").fetchone()
        self._db.executemany("INSERT INTO postings VALUES (?, ?, ?, ?)", ((number, *row) for row in rows))
        if passages := size():
            self._db.execute("INSERT INTO segments VALUES (?, ?, ?, ?)", (number, passages, first, last))

    def _merge(self, merged: Sequence[_Segment]) -> None:
        """Put one segment in the place of several, without what was deleted."""
        first, last = min(one.first for one in merged), max(one.last for one in merged)
        rows = _joined(merge(*(self._rows(one) for one in merged), key=itemgetter(0)))
        gone = np.zeros(last - first + 1, dtype=np.bool_)  # passages found that are no longer there
        if self._deleted():
            rows = _kept(rows, self._there(first, last), gone, first)
        size = sum(one.size for one in merged)
        self._write(rows, lambda: size - int(gone.sum()), first, last)
        numbers = [(one.number,) for one in merged]
        self._db.executemany("DELETE FROM postings WHERE segment = ?", numbers)
        self._db.executemany("DELETE FROM segments WHERE segment = ?", numbers)

    def _deleted(self) -> int:
        """Return how many deleted passages the segments still hold."""
        return sum(one.size for one in self._segments()) - self.count()

    def _there(self, first: int, last: int) -> NDArray[np.bool_]:
        """Tell of each key from `first` to `last` whether it is a passage's."""
        keys = self._db.execute("SELECT passage FROM lengths WHERE passage BETWEEN ? AND ?", (first, last))
        there = np.zeros(last - first + 1, dtype=np.bool_)
        there[[key - first for (key,) in keys]] = True
        return there

    def _alike(self) -> list[_Segment]:
        """Return eight segments or more of about one size, or none."""
        sizes: defaultdict[int, list[_Segment]] = defaultdict(list)
        for one in self._segments():
            sizes[(one.size.bit_length() - 1) // 3].append(one)  # the logarithm to base 8
        return next((alike for alike in sizes.values() if len(alike) >= 8), [])

    def _segments(self) -> list[_Segment]:
        return [_Segment(*row) for row in self._db.execute("SELECT * FROM segments ORDER BY segment")]

    def _rows(self, segment: _Segment) -> Iterator[_Posted]:
        yield from self._db.execute(
            "SELECT term, passages, counts FROM postings WHERE segment = ? ORDER BY term", (segment.number,)
        )

    # -- reading ------------------------------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of passages."""
        return int(self._db.execute("SELECT count(*) FROM lengths").fetchone()[0])

    def newest(self) -> int:
        """Return the highest key, 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(passage), 0) FROM lengths").fetchone()[0])

    def lengths(self) -> tuple[NDArray[np.int64], NDArray[np.int64], str]:
        """Return the n keys, ascending, the passages' numbers of terms, and their tags in a row."""
        # One text of all numbers is a fifth of the work of a row for each of them.
        passages, lengths, tags = self._db.execute(
            "SELECT group_concat(passage), group_concat(length), group_concat(language, '')"
            " FROM (SELECT * FROM lengths ORDER BY passage)"
        ).fetchone()
        return _numbers(passages), _numbers(lengths), tags or ""

    def postings(self, term: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Return the keys of the passages that hold a term, and how often each does.

        Each passage stands there once; those that were deleted may still be among them.
        """
        found = self._db.execute(
            "SELECT passages, counts FROM segments CROSS JOIN postings USING (segment) WHERE term = ?",
            (term,),
        ).fetchall()
        passages, counts = (b"".join(row[side] for row in found) for side in (0, 1))
        return np.frombuffer(passages, _KEY), np.frombuffer(counts, np.uint8)

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """Return how many passages hold each of the terms that stand in any; deleted ones may count."""
        found: dict[str, int] = {}
        left = iter(terms)
        while some := list(islice(left, _AT_ONCE)):
            found |= self._db.execute(
                "SELECT term, sum(length(counts)) FROM segments CROSS JOIN postings USING (segment)"
                f" WHERE term IN ({','.join('?' * len(some))}) GROUP BY term",
                some,
            ).fetchall()
        return found

    def damage(self) -> list[str]:
        """Return what is wrong, in words: SQLite's findings, or postings that do not fit the passages."""
        found = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check(20)")]
        if found != ["ok"]:
            return found
        keys, lengths, _ = self.lengths()
        held = np.zeros(max([0, *(one.last for one in self._segments()), *keys[-1:]]) + 1, dtype=np.int64)
        many = np.zeros(len(held), dtype=np.bool_)
        for passages, counts in self._db.execute("SELECT passages, counts FROM postings"):
            if len(passages) != len(counts) * _KEY.itemsize:
                return ["a term has more or fewer passages than counts"]
            rows, times = np.frombuffer(passages, _KEY), np.frombuffer(counts, np.uint8)
            known = rows < len(held)
            held[rows[known]] += times[known]
            many[rows[known & (times == _MOST)]] = True
        wrong = (held[keys] != np.maximum(lengths, 1)) & ~many[keys]
        return [f"passages with other terms than were counted: {wrong.sum()}"] if wrong.any() else []


def _posted(passages: Collection[Row]) -> Iterator[_Posted]:
    """Yield the postings of passages, ascending by term."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    texts = [terms or [_NONE] for _, _, terms in passages]
    occurrences = np.fromiter(map(numbers.__getitem__, chain.from_iterable(texts)), np.int64)
    places = np.repeat(np.arange(len(texts)), [len(terms) for terms in texts])
    pairs, times = np.unique(occurrences * len(texts) + places, return_counts=True)
    keys = np.array([key for key, _, _ in passages], _KEY)[pairs % len(texts)]
    counts = np.minimum(times, _MOST).astype(np.uint8)
    ends = np.searchsorted(pairs, np.arange(1, len(numbers) + 1) * len(texts)).tolist()
    for term in sorted(numbers):
        number = numbers[term]
        part = slice(ends[number - 1] if number else 0, ends[number])
        yield term, keys[part].tobytes(), counts[part].tobytes()


def _joined(rows: Iterable[_Posted]) -> Iterator[_Posted]:
    """Yield the postings of several segments, ascending by term, as those of one."""
    for term, same in groupby(rows, itemgetter(0)):
        _, passages, counts = zip(*same, strict=True)
        yield term, b"".join(passages), b"".join(counts)


def _kept(
    rows: Iterable[_Posted], there: NDArray[np.bool_], gone: NDArray[np.bool_], first: int
) -> Iterator[_Posted]:
    """Yield the postings of those passages that are there, counted from `first`; mark the others."""
    for term, passages, counts in rows:
        places = np.frombuffer(passages, _KEY) - first
        kept = there[places]
        gone[places[~kept]] = True
        if kept.any():
            keys, times = np.frombuffer(passages, _KEY)[kept], np.frombuffer(counts, np.uint8)[kept]
            yield term, keys.tobytes(), times.tobytes()


def _numbers(listed: str | None) -> NDArray[np.int64]:
    """Return the numbers that a text lists with commas between them."""
    return np.fromstring(listed or "", dtype=np.int64, sep=",")
