"""Check that the benchmarks measure what they say, on a few generated passages."""

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks import corpus
from benchmarks.__main__ import app
from benchmarks.timing import Times
from rag.retrieve.analysis import analyse
from rag.retrieve.embedding import open_embedder


def test_generated_news_is_the_same_every_time() -> None:
    """Make as many passages as wanted, exact spans of their articles, half of them in either language."""
    made = list(corpus.articles(401))
    assert made == list(corpus.articles(401))
    assert sum(len(passages) for _, passages in made) == 401
    assert {article.source.language for article, _ in made} == {"de", "en"}
    for article, passages in islice(made, 20):
        for passage in passages:
            assert article.text[passage.start : passage.end] == passage.text
            assert all(passage.quote(span)[-1] != " " for span in passage.sentences)


def test_generated_news_has_common_and_rare_words() -> None:
    """Let no content word stand everywhere, and many stand once."""
    passages = [p for a, cut in corpus.articles(800) if a.source.language == "de" for p in cut]
    terms = [set(analyse(passage.text, "de")) for passage in passages]
    found = [sum(term in one for one in terms) for term in sorted(set().union(*terms))]
    assert max(found) < 0.3 * len(terms)
    assert sum(count == 1 for count in found) > 0.3 * len(found)


def test_generated_vectors_are_unit_vectors() -> None:
    """Jitter real vectors, each with noise of its own."""
    embedder = open_embedder(None)
    vectors = np.concatenate(list(corpus.vectors(embedder, 300)))
    assert vectors.shape == (300, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert len(np.unique(vectors, axis=0)) == 300


def test_times_are_percentiles() -> None:
    """Report wall-clock and processor time apart."""
    times = Times([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
    assert times.percentiles([50]) == {"wall_p50": 2.0, "cpu_p50": 0.5}
    with times.taken():
        pass
    assert len(times.wall) == len(times.cpu) == 4


@pytest.mark.filterwarnings("ignore")  # those of the other libraries are theirs
@pytest.mark.parametrize(
    ("name", "needed", "rows"),
    [("lexical", ["tantivy", "bm25s"], ["SQLite (ours)", "tantivy", "bm25s"]),
     ("retrieval", ["langchain_classic", "langchain_chroma", "rank_bm25"],
      ["Quellenchat", "LangChain ensemble"])],
)  # fmt: skip
def test_a_benchmark_prints_its_rows(name: str, needed: list[str], rows: list[str], tmp_path: Path) -> None:
    """Measure every side on the same passages and say on which machine."""
    for library in needed:
        pytest.importorskip(library)
    run = CliRunner().invoke(app, [name, "--passages", "240", "--folder", str(tmp_path), "--json"])
    assert run.exit_code == 0, run.output
    made = json.loads(run.stdout)
    assert made["benchmark"] == name
    assert made["machine"]["cores"]
    assert [next(iter(row.values())) for row in made["rows"]] == rows
    assert all(row["wall_p95"] >= row["wall_p50"] > 0 for row in made["rows"])
