"""What holds the lexical index: ours in SQLite, its FTS5, tantivy or bm25s, over the same analysed passages.

What is wanted: exact BM25 scores for any given passages, the statistics of each language kept apart, all
translations of a term with one term frequency and one document frequency, passages added and removed one
by one, and an index that opens at once.
"""

from __future__ import annotations

import shutil
import sqlite3
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from benchmarks import corpus
from benchmarks.timing import Times, seconds
from rag.language import detect
from rag.retrieve.lexical import lexicon
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.lexical.terms import Alternatives, expand, terms_of

_TOP: Final = 100
_COMPARED: Final = 10
_CHANGED: Final = 32  # passages of an incremental change
Row = tuple[int, str, str]  # key, text, language


class Engine(Protocol):
    """A lexical index at a path, as far as the retriever needs it."""

    exact: str  # what keeps it from exact scores, "yes" where nothing does

    def open(self) -> None:
        """Open the index that lies there."""

    def add(self, rows: Sequence[Row]) -> None:
        """Add passages."""

    def remove(self, keys: Sequence[int]) -> None:
        """Remove passages."""

    def search(self, terms: Sequence[Alternatives], union: Sequence[int]) -> dict[int, float]:
        """Return the scores of the best passages, and of those in `union`."""

    def close(self) -> None:
        """Let go of the files."""


class Ours:
    """`LexicalIndex` as it is used."""

    exact = "yes"

    def __init__(self, path: Path) -> None:
        self._path = path / "lexical.sqlite"

    def open(self) -> None:
        self._index = LexicalIndex(self._path, lexicon.bundled())
        self._index.count()

    def add(self, rows: Sequence[Row]) -> None:
        self._index.add(rows)

    def remove(self, keys: Sequence[int]) -> None:
        self._index.delete(keys)

    def search(self, terms: Sequence[Alternatives], union: Sequence[int]) -> dict[int, float]:
        return self._index.scores(terms)

    def close(self) -> None:
        self._index.close()


class Fts5:
    """SQLite's full-text index, ranked by its own bm25()."""

    exact = "no: rarity over both languages, translations apart and without weights"

    def __init__(self, path: Path) -> None:
        self._path = path / "fts5.sqlite"

    def open(self) -> None:
        self._db = sqlite3.connect(self._path)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS terms"
            " USING fts5(text, tokenize=\"unicode61 remove_diacritics 0 tokenchars '.:'\")"
        )

    def add(self, rows: Sequence[Row]) -> None:
        with self._db:
            for key, text, language in rows:
                terms = (f"{language}:{term}" for term in terms_of(text, language, lexicon.bundled()))
                self._db.execute("INSERT INTO terms(rowid, text) VALUES (?, ?)", (key, " ".join(terms)))

    def remove(self, keys: Sequence[int]) -> None:
        with self._db:
            self._db.executemany("DELETE FROM terms WHERE rowid = ?", [(key,) for key in keys])

    def search(self, terms: Sequence[Alternatives], union: Sequence[int]) -> dict[int, float]:
        wanted = " OR ".join(
            f'"{language}:{term}"'
            for alternatives in terms
            for language, options in alternatives.items()
            if language in corpus.LANGUAGES
            for term in options
        )
        best = "SELECT rowid, -rank FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT ?"
        among = "SELECT rowid, -rank FROM terms WHERE terms MATCH ? AND rowid = ?"
        found: dict[int, float] = dict(self._db.execute(best, (wanted, _TOP)).fetchall())
        for key in union:
            found |= self._db.execute(among, (wanted, key)).fetchall()
        return found

    def close(self) -> None:
        self._db.close()


class Tantivy:
    """tantivy: a field for each language; translations are alternatives, each with its own frequencies."""

    exact = "no: lengths in one byte, rarity over both languages, translations apart"

    def __init__(self, path: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        self._path = path
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("key", stored=True, indexed=True, fast=True)
        for language in corpus.LANGUAGES:
            builder.add_text_field(language, stored=False, tokenizer_name="whitespace")
        self._schema = builder.build()

    def open(self) -> None:
        self._index = self._tantivy.Index(self._schema, path=str(self._path))
        self._searcher = self._index.searcher()

    def add(self, rows: Sequence[Row]) -> None:
        writer = self._index.writer(50_000_000, 1)
        for key, text, language in rows:
            terms = " ".join(terms_of(text, language, lexicon.bundled()))
            writer.add_document(self._tantivy.Document(key=key, **{language: terms}))
        self._commit(writer)

    def remove(self, keys: Sequence[int]) -> None:
        writer = self._index.writer(50_000_000, 1)
        for key in keys:
            writer.delete_documents("key", key)
        self._commit(writer)

    def search(self, terms: Sequence[Alternatives], union: Sequence[int]) -> dict[int, float]:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        wanted = query.boolean_query([
            (occur.Should, query.boost_query(query.term_query(self._schema, language, term), weight))
            for alternatives in terms
            for language, options in alternatives.items()
            if language in corpus.LANGUAGES
            for term, weight in options.items()
        ])  # fmt: skip
        found = self._found(wanted)
        missing = [key for key in union if key not in found]
        if missing:
            among = query.const_score_query(query.term_set_query(self._schema, "key", missing), 0.0)
            found |= self._found(query.boolean_query([(occur.Must, among), (occur.Must, wanted)]))
        return found

    def close(self) -> None:
        del self._index, self._searcher

    def _found(self, query: Any) -> dict[int, float]:
        hits = self._searcher.search(query, _TOP).hits
        return {self._searcher.doc(place)["key"][0]: score for score, place in hits}

    def _commit(self, writer: Any) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()


class Bm25s:
    """bm25s: a matrix of scores for each language, computed when indexing; translations weighted apart."""

    exact = "no: translations apart"

    def __init__(self, path: Path) -> None:
        import bm25s

        self._bm25s = bm25s
        self._path = path
        self._rows: dict[int, Row] = {}
        self._models: dict[str, tuple[Any, list[int]]] = {}

    def open(self) -> None:
        for language in corpus.LANGUAGES:
            model = self._bm25s.BM25.load(self._path / language, mmap=True)
            self._models[language] = model, np.load(self._path / f"{language}.npy").tolist()

    def add(self, rows: Sequence[Row]) -> None:
        self._rows |= {row[0]: row for row in rows}
        self._rebuild()

    def remove(self, keys: Sequence[int]) -> None:
        for key in keys:
            del self._rows[key]
        self._rebuild()

    def search(self, terms: Sequence[Alternatives], union: Sequence[int]) -> dict[int, float]:
        found: dict[int, float] = {}
        for language, (model, keys) in self._models.items():
            scores = np.zeros(len(keys))
            for alternatives in terms:
                for term, weight in alternatives.get(language, {}).items():
                    if term in model.vocab_dict:
                        scores += weight * model.get_scores([term])
            best = np.argpartition(-scores, _TOP)[:_TOP] if len(scores) > _TOP else np.arange(len(scores))
            found |= {keys[row]: float(scores[row]) for row in best.tolist() if scores[row] > 0}
            rows = np.searchsorted(keys, union)
            found |= {
                key: float(scores[row])
                for key, row in zip(union, rows.tolist(), strict=True)
                if row < len(keys) and keys[row] == key
            }
        return found

    def close(self) -> None:
        self._models.clear()

    def _rebuild(self) -> None:
        for language in corpus.LANGUAGES:
            rows = [row for _, row in sorted(self._rows.items()) if row[2] == language]
            tokens = [terms_of(text, language, lexicon.bundled()) for _, text, _ in rows]
            model = self._bm25s.BM25(k1=1.2, b=0.75, method="lucene")
            model.index(tokens, show_progress=False)
            model.save(self._path / language, show_progress=False)
            np.save(self._path / f"{language}.npy", np.array([row[0] for row in rows]))
        self.open()


ENGINES: Final[dict[str, type[Ours] | type[Fts5] | type[Tantivy] | type[Bm25s]]] = {
    "ours in SQLite": Ours,
    "FTS5": Fts5,
    "tantivy": Tantivy,
    "bm25s": Bm25s,
}


def run(passages: int, folder: Path) -> list[dict[str, Any]]:
    """Measure every engine on `passages` generated passages in `folder`; return a row an engine."""
    keyed = enumerate(p for a in corpus.articles(passages + _CHANGED) for p in _of(a))
    rows = [(key, text, language) for key, (text, language) in keyed]
    queries = [tuple(expand(q, detect(q), lexicon.bundled())) for q in corpus.questions()]
    union = np.random.default_rng(0).choice(passages, min(_TOP, passages), replace=False).tolist()
    reference: list[list[int]] = []
    return [_measured(name, folder / name.split()[0], rows, queries, union, reference) for name in ENGINES]


def _of(made: tuple[Any, Sequence[Any]]) -> list[tuple[str, str]]:
    article, passages = made
    return [(passage.text, article.source.language) for passage in passages]


def _measured(
    name: str,
    folder: Path,
    rows: Sequence[Row],
    queries: Sequence[tuple[Alternatives, ...]],
    union: Sequence[int],
    reference: list[list[int]],
) -> dict[str, Any]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    row: dict[str, Any] = {"engine": name}
    engine = ENGINES[name](folder)
    if isinstance(engine, Ours | Fts5 | Tantivy):
        engine.open()
    with seconds(row, "build"):
        engine.add(rows[:-_CHANGED])
    engine.close()
    row["disk_mb"] = round(sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6, 1)
    with seconds(row, "open"), warnings.catch_warnings():
        engine.open()
        engine.search(queries[0], union)
    times, bests = Times(), []
    for query in queries:
        with times.taken():
            found = engine.search(query, union)
        bests.append(sorted(found, key=lambda key: (-found[key], key))[:_COMPARED])
    row |= times.percentiles()
    reference[:] = reference or bests
    shared = [len(set(a) & set(b)) / max(len(a), 1) for a, b in zip(reference, bests, strict=True)]
    row["same_top_10"] = round(float(np.mean(shared)), 3)
    with seconds(row, f"add_{_CHANGED}"):
        engine.add(rows[-_CHANGED:])
    with seconds(row, f"remove_{_CHANGED}"):
        engine.remove([key for key, _, _ in rows[-_CHANGED:]])
    engine.close()
    row["exact"] = engine.exact
    return row
