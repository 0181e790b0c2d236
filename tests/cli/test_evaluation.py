"""`rag evaluate` as a script sees it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runs import ANSWER, NATO, PASSAGE, UNANSWERABLE, Rag, check_error


def test_evaluate_prints_figures_and_writes_details(rag: Rag, samples_store: Path, tmp_path: Path) -> None:
    """Measure a file of questions; keep each question's own fields in the details."""
    questions = tmp_path / "q.jsonl"
    lines = [
        {"question": NATO, "language": "de", "articles": ["2021-12-08-kreml-videogipfel.md"],
         "evidence": ["rechtlich bindende"], "note": "eigenes Feld"},
        {"question": UNANSWERABLE, "language": "de", "articles": [], "evidence": []},
    ]  # fmt: skip
    questions.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    details = tmp_path / "out.jsonl"
    run = rag("evaluate", questions, "--store", samples_store, "--json", "--details", details)
    assert run.code == 0
    assert (run.json["model"], run.json["all"]["answerable"], run.json["all"]["unanswerable"]) == (
        "extractive", 1, 1,
    )  # fmt: skip
    written = [json.loads(line) for line in details.read_text(encoding="utf-8").splitlines()]
    for line, result in zip(lines, written, strict=True):
        assert {name: result[name] for name in line} == line
        assert len(result["retrieved"]) == 10
        assert all(set(one) >= PASSAGE for one in result["retrieved"])
        assert set(result["answer"]) >= ANSWER
    plot = tmp_path / "curve.svg"
    table = rag("evaluate", questions, "--store", samples_store, "--plot", plot).out
    assert "success@1" in table
    assert "all (1+1)" in table
    assert "threshold 0.4" in plot.read_text(encoding="utf-8")
    compared = rag("evaluate", "--compare", details, details)
    assert (compared.code, "second − first" in compared.out) == (0, True)
    assert rag("evaluate", "--compare", details, details, "--json").json["all"]["mrr"]["difference"] == 0.0


def test_comparing_runs_loads_no_library() -> None:
    """Compare two files without what questions need."""
    code = (
        "import sys\nfrom rag.evaluate import run\n"
        "print([name for name in ('chromadb', 'langchain_core', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


def test_evaluate_says_what_it_cannot_measure(rag: Rag, samples_store: Path, tmp_path: Path) -> None:
    """Name articles that are not there, and refuse a plot's wrong ending before asking anything."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps({"question": NATO, "articles": ["weg.md"]}))
    run = rag("evaluate", questions, "--store", samples_store)
    assert (run.code, "weg.md" in run.err) == (0, True)
    check_error(rag("evaluate", questions, "--store", samples_store, "--plot", tmp_path / "curve.doc"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("kein JSON", "no question"),
        ("[]", "no question"),
        ('{"question": "x"}', "no question"),
        ("", "no question"),
    ],
)
def test_a_bad_file_of_questions_is_one_clear_line(
    rag: Rag, samples_store: Path, tmp_path: Path, line: str, message: str
) -> None:
    """Name the file and the line."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(line + "\n")
    run = rag("evaluate", questions, "--store", samples_store)
    check_error(run)
    assert str(questions) in run.err
    assert message in run.err
    check_error(rag("evaluate", tmp_path / "weg.jsonl", "--store", samples_store))
