"""Check that the benchmarks measure what they say, on a few generated passages."""

import json
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks import corpus, plots
from benchmarks.__main__ import app
from benchmarks.embedding import multiplications
from benchmarks.people import PEOPLE, at_once
from benchmarks.timing import Times
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.lexical.analysis import analyse


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


@pytest.mark.parametrize(
    ("name", "options", "rows"), [("startup", [], 4), ("embedding", ["--passages", "8"], 2)]
)
def test_what_stands_alone_needs_no_other_library(name: str, options: list[str], rows: int) -> None:
    """Measure this project's side without the others, every figure a real one."""
    run = CliRunner().invoke(app, [name, "--alone", "--rounds", "1", "--json", *options])
    assert run.exit_code == 0, run.output
    made = json.loads(run.stdout)["rows"]
    assert len(made) == rows
    assert all(value > 0 for row in made for value in row.values() if not isinstance(value, str))


def test_operators_share_the_whole_time() -> None:
    """Name the operators of the bundled graph, the dearest first, their shares adding up to one."""
    run = CliRunner().invoke(app, ["operators", "--passages", "2", "--json"])
    assert run.exit_code == 0, run.output
    rows = json.loads(run.stdout)["rows"]
    assert any(name in rows[0]["operator"] for name in ("MatMul", "Attention"))  # both multiply matrices
    assert any("MatMul" in row["operator"] for row in rows)
    shares = [row["share"] for row in rows[:-1]]
    assert shares == sorted(shares, reverse=True)
    assert all(share > 0 for share in shares)
    assert rows[-1]["operator"] == "all others"
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=0.02)


def test_people_ask_at_the_same_time() -> None:
    """Let nobody wait for the others: ten who are served in 50 ms each take no ten times as long."""
    asked: list[str] = []

    def ask(question: str) -> None:
        asked.append(question)
        time.sleep(0.05)

    figures = at_once(ask, ["one", "two", "three"])
    assert sorted(set(asked)) == ["one", "three", "two"]
    assert len(asked) == 1 + 3 * PEOPLE
    assert figures["wall_p50"] >= 50
    assert figures["questions_per_s"] > 30  # one after the other: 20


def test_costs_are_drawn_against_size(tmp_path: Path) -> None:
    """Draw a line a retriever, one file a cost, and nothing for a cost that was not measured."""
    pytest.importorskip("matplotlib")
    rows = [
        {"retriever": name, "passages": size, "wall_p50": size / 100, "wall_p95": size / 50, "disk_mb": 1.0}
        for name in ("ours", "theirs")
        for size in (1_000, 10_000)
    ]
    made = plots.draw(rows, tmp_path)
    assert [path.name for path in made] == [
        "retrieval-wall_p50.svg", "retrieval-wall_p95.svg", "retrieval-disk_mb.svg"
    ]  # fmt: skip
    assert all("<svg" in path.read_text(encoding="utf-8") for path in made)


def test_multiplications_grow_with_layers_and_tokens() -> None:
    """Count six layers of 384: 1.77 million multiply-adds a token and layer, and attention."""
    assert multiplications(1, 1) == 12 * 384**2 + 2 * 384
    assert multiplications(100, 12) == 2 * multiplications(100, 6)
    assert multiplications(200, 6) > 2 * multiplications(100, 6)


@pytest.mark.filterwarnings("ignore")  # those of the other libraries are theirs
@pytest.mark.parametrize(
    ("name", "needed", "rows"),
    [("lexical", ["tantivy", "bm25s"], ["ours in SQLite", "FTS5", "tantivy", "bm25s"]),
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
