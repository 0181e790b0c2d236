"""Retrieval quality side by side: models and BM25 in, one table of nDCG@10 for each language pair out."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from rag.retrieve.embedding.embedder import Embedder
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.lexical.lexicon import Lexicon, load
from rag.retrieve.lexical.terms import expand
from rag.training.retrieval import RetrievalSet, ndcg

Figures = dict[str, float]


def evaluate_model(encoder: Embedder, sets: Sequence[RetrievalSet]) -> Figures:
    """Return nDCG@10 of each set; articles that several sets share are encoded once."""
    articles = {texts: encoder.encode(texts, "passage") for texts in {one.articles for one in sets}}
    return {
        one.name: ndcg(encoder.encode(one.questions, "query") @ articles[one.articles].T, one.relevant)
        for one in sets
    }


def evaluate_bm25(sets: Sequence[RetrievalSet], lexicon: Path | None = None) -> Figures:
    """Measure the lexical index alone; with a lexicon, it translates questions in the other language."""
    translations = Lexicon({}) if lexicon is None else load(lexicon)
    with TemporaryDirectory() as folder:
        return {one.name: ndcg(_bm25(one, translations, Path(folder)), one.relevant) for one in sets}


def table(rows: dict[str, Figures]) -> str:
    """Return a Markdown table with a row for each name and a column for each set."""
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = ["| nDCG@10 | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for name, row in rows.items():
        lines.append(f"| {name} | " + " | ".join(f"{row[column]:.4f}" for column in columns) + " |")
    return "\n".join(lines)


def _bm25(one: RetrievalSet, lexicon: Lexicon, folder: Path) -> NDArray[np.float32]:
    """Return the scores of all articles for all questions, shape (questions, articles)."""
    index = LexicalIndex(folder / f"{one.name}.db", lexicon)
    index.add((place, text, one.article_language) for place, text in enumerate(one.articles))
    scores = np.zeros((len(one.questions), len(one.articles)), dtype=np.float32)
    for row, question in enumerate(one.questions):
        found = index.scores(expand(question, one.question_language, lexicon))
        scores[row, list(found)] = list(found.values())
    index.close()
    return scores
