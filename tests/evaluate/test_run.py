"""Check measuring: reading questions, asking them, counting what came of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import InputError
from rag.evaluate.report import table
from rag.evaluate.run import Case, Result, evaluate, figures, read_cases
from rag.indexing import Progress
from rag.library import Library
from rag.resources import folder
from rag.schema import Abstention, Answer, Citation, Hit, Passage, Source, Span, Timings


def line(question: str, articles: list[str], evidence: list[str], language: str = "de", **more: Any) -> str:
    """Return a line of a file of questions."""
    fields = {"question": question, "language": language, "articles": articles, "evidence": evidence}
    return json.dumps(fields | more, ensure_ascii=False)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a file of three questions on the sample articles, one of them unanswerable."""
    path = tmp_path / "questions.jsonl"
    path.write_text(
        "\n".join([
            line("Wer gewann den Goldenen Bären?", ["2025-02-23-berlinale-goldener-baer.md"], ["Goldene"]),
            "",
            line("When did Notre-Dame reopen?", ["2024-12-08-notre-dame-reopening.md"], ["reopen"], "en"),
            line("Wie viele Einwohner hat die Hauptstadt von Peru?", [], []),
        ])
        + "\n",
        encoding="utf-8",
    )  # fmt: skip
    return path


def test_questions_are_read_with_what_else_stands_there(tmp_path: Path) -> None:
    """Read the promised fields and keep the others; blank lines and a missing language are fine."""
    path = tmp_path / "q.jsonl"
    path.write_text(f"{line('Wer?', ['a'], ['x'], note=7)}\n\n" + '{"question": "Was?", "articles": []}\n')
    (first, fields), (second, _) = read_cases(path)
    assert first == Case("Wer?", "de", ("a",), ("x",))
    assert fields["note"] == 7
    assert second == Case("Was?", "", (), ())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no question"),
        (b"\n\n", "holds no question"),
        (b'{"question": "x", "articles": []}\nkaputt\n', r"q\.jsonl:2 is no question"),
        (b"[1]\n", r"q\.jsonl:1 is no question"),
        (b'{"question": "x"}\n', r"q\.jsonl:1 is no question.*articles"),
        (b'{"question": "x", "articles": 5}\n', r"q\.jsonl:1 is no question"),
        (b'{"question": "\xff", "articles": []}\n', "cannot be read"),
    ],
)
def test_a_bad_file_of_questions_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    """Say which line is wrong, and how it should be."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_cases(path)
    assert caught.value.hint


def test_a_missing_file_of_questions_is_named(tmp_path: Path) -> None:
    """Say so, and so for a folder."""
    for path in (tmp_path / "weg.jsonl", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_cases(path)


def test_the_shipped_questions_can_be_read() -> None:
    """Demand that what is shipped is in the form that is documented."""
    for path in (folder("data") / "questions").glob("*.jsonl"):
        assert len(read_cases(path)) >= 60


def test_evaluating_counts_what_came_of_the_questions(
    samples: Library, questions: Path, tmp_path: Path
) -> None:
    """Demand figures for all questions and for each language, and a line of details for each question."""
    details = tmp_path / "details.jsonl"
    steps: list[Progress] = []
    report = evaluate(samples, questions, details, steps.append)
    assert (report["model"], report["questions"]) == ("extractive", str(questions))
    assert (report["all"]["answerable"], report["all"]["unanswerable"]) == (2, 1)
    assert report["all"]["recall@1"] == report["all"]["mrr"] == 1.0
    assert report["all"]["abstention_recall"] == 1.0
    assert (report["de"]["answerable"], report["en"]["unanswerable"]) == (1, 0)
    assert report["en"]["abstention_auroc"] is None
    assert [step.inputs for step in steps] == [3] * len(steps)
    written = [json.loads(text) for text in details.read_text(encoding="utf-8").splitlines()]
    assert [one["question"] for one in written] == [case.question for case, _ in read_cases(questions)]
    assert written[2]["answer"]["answered"] is False
    lines = table(report).splitlines()
    assert "all (2+1)" in lines[0]
    assert "de (1+1)" in lines[0]
    assert next(row for row in lines if row.startswith("recall@1 ")).split()[1] == "1.000"


SOURCE = Source(id="right", title="T", language="de")


def result(
    ranking: list[str],
    quotes: list[tuple[str, str]],
    relevant: list[str],
    confidence: float,
    answered: bool = True,
) -> Result:
    """Make the result of a question by hand: articles found, quotes with their articles."""
    hits = tuple(
        Hit(Passage(one, 0, 1, "x", (Span(0, 1),)), Source(id=one, title="T", language="de"), 1.0, 0.5, 1.0)
        for one in ranking
    )
    citations = tuple(
        Citation(f"[{n}]", Source(id=article, title="T", language="de"), Span(0, len(quote)), quote, 1.0)
        for n, (article, quote) in enumerate(quotes, start=1)
    )
    outcome: Answer | Abstention
    if answered:
        outcome = Answer("q", "de", "q", "t", "m", citations, (), hits, confidence, timings=Timings(10, 20))
    else:
        outcome = Abstention("q", "de", "q", "t", "r", hits, confidence, timings=Timings(10, 20))
    return Result(Case("q", "de", tuple(relevant), ("evidence",)), {}, outcome)


def test_figures_are_those_worked_out_by_hand() -> None:
    """Count four questions: found first, found second, wrongly abstained, rightly abstained."""
    report = figures([
        result(["right", "other"], [("right", "the evidence"), ("other", "the evidence")], ["right"], 0.9),
        result(["other", "other", "right"], [("right", "nothing"), ("right", "evidence")], ["right"], 0.8),
        result(["right"], [], ["right"], 0.2, answered=False),
        result(["other"], [], [], 0.3, answered=False),
    ])["all"]  # fmt: skip
    assert (report["answerable"], report["unanswerable"]) == (3, 1)
    assert report["recall@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["recall@5"] == 1.0
    assert report["mrr"] == pytest.approx((1 + 0.5 + 1) / 3, abs=1e-4)
    assert report["quote_hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert report["quote_hit@3"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["citation_precision"] == pytest.approx(0.5)
    assert report["answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["abstention_precision"] == pytest.approx(1 / 2)
    assert report["abstention_recall"] == 1.0
    assert report["abstention_auroc"] == pytest.approx(2 / 3, abs=1e-4)
    assert (report["retrieve_ms_p50"], report["total_ms_p95"]) == (10.0, 30.0)
    low, high = report["recall@1_95"]
    assert 0 <= low <= report["recall@1"] <= high <= 1


def test_figures_of_answerable_questions_alone() -> None:
    """Leave out what cannot be measured instead of calling it zero."""
    report = figures([result(["right"], [("right", "evidence")], ["right"], 0.9)])
    assert set(report) == {"all"}
    assert report["all"]["abstention_recall"] is None
    assert report["all"]["abstention_precision"] is None
    assert "–" in table(report)
