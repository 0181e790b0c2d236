"""Check measuring: asking the questions of a file, writing and reading what came of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import InputError
from rag.evaluate.cases import read_cases
from rag.evaluate.results import read_results
from rag.evaluate.run import compare, evaluate
from rag.indexing import Progress
from rag.library import Library


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
            line("Wie viele Einwohner hat die Hauptstadt von Peru?", [], [], kind="far"),
        ])
        + "\n",
        encoding="utf-8",
    )  # fmt: skip
    return path


def test_evaluating_counts_what_came_of_the_questions(
    samples: Library, questions: Path, tmp_path: Path
) -> None:
    """Demand figures for all questions and for each language, and a line of details for each question."""
    details = tmp_path / "details.jsonl"
    steps: list[Progress] = []
    report, runs = evaluate(samples, questions, details, steps.append)
    assert (report["model"], report["questions"]) == ("extractive", str(questions))
    assert report["unknown_articles"] == []
    assert (report["all"]["answerable"], report["all"]["unanswerable"]) == (2, 1)
    assert report["all"]["success@1"] == report["all"]["mrr"] == 1.0
    assert report["all"]["abstention_recall"] == 1.0
    assert (report["de"]["answerable"], report["en"]["unanswerable"]) == (1, 0)
    assert report["en"]["abstention_auroc"] is None
    assert [step.inputs for step in steps] == [3] * len(steps)
    written = [json.loads(text) for text in details.read_text(encoding="utf-8").splitlines()]
    assert [one["question"] for one in written] == [case.question for case, _ in read_cases(questions)]
    assert (written[2]["answer"]["answered"], written[2]["kind"]) == (False, "far")
    assert read_results(details) == runs["all"]


def test_details_are_compared(samples: Library, questions: Path, tmp_path: Path) -> None:
    """Find no difference but time between two runs of the same."""
    files = (tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    for file in files:
        evaluate(samples, questions, file)
    report, runs = compare(*files)
    assert (report["first"], report["second"], report["questions"]) == (*map(str, files), 3)
    assert set(runs) == {"first", "second"}
    for group in ("all", "de", "en"):
        for name, figure in report[group].items():
            if isinstance(figure, dict) and not name.startswith(("retrieve", "total")):
                assert figure["first"] == figure["second"]
                assert figure.get("difference", 0.0) == 0.0


def test_articles_that_are_not_there_are_named(samples: Library, tmp_path: Path) -> None:
    """Tell a typing error in an id from a bad retriever."""
    path = tmp_path / "q.jsonl"
    path.write_text(line("Wer gewann den Goldenen Bären?", ["weg.md"], ["Goldene"]))
    assert evaluate(samples, path)[0]["unknown_articles"] == ["weg.md"]


def test_evidence_that_stands_nowhere_is_named(samples: Library, questions: Path, tmp_path: Path) -> None:
    """Tell evidence with a typing error from quotes that miss it."""
    assert evaluate(samples, questions)[0]["unknown_evidence"] == []
    path = tmp_path / "q.jsonl"
    path.write_text(
        line("Wer gewann den Goldenen Bären?", ["2025-02-23-berlinale-goldener-baer.md"], ["Silberne Robbe"])
    )
    assert evaluate(samples, path)[0]["unknown_evidence"] == ["Wer gewann den Goldenen Bären?"]


def test_half_characters_do_not_end_a_run(samples: Library, tmp_path: Path) -> None:
    """Write the details of a question that was cut within a character, and read them again."""
    path, details = tmp_path / "q.jsonl", tmp_path / "d.jsonl"
    path.write_text(
        '{"question": "Wer gewann \\ud83d den Goldenen Bären?", "articles": [], "note": "\\ud83d"}\n'
    )
    evaluate(samples, path, details)
    assert read_results(details)[0].case.question == "Wer gewann \ufffd den Goldenen Bären?"


def test_what_cannot_be_asked_or_written_is_named(samples: Library, questions: Path, tmp_path: Path) -> None:
    """Name the question, or the file, before anything is asked."""
    with pytest.raises(InputError, match="cannot be written"):
        evaluate(samples, questions, tmp_path / "weg" / "details.jsonl")
    path = tmp_path / "long.jsonl"
    path.write_text(line("Warum? " * 1000, [], []))
    with pytest.raises(InputError, match=r"long\.jsonl.*Warum.*the limit is"):
        evaluate(samples, path)
    details = tmp_path / "details.jsonl"
    path.write_text(line("Wer gewann den Goldenen Bären?", [], []) + "\n" + line("???", [], []))
    with pytest.raises(InputError, match=r"long\.jsonl:2 cannot be asked: '\?\?\?': the question is empty"):
        evaluate(samples, path, details)
    assert not details.exists()
    details.touch()
    with pytest.raises(InputError, match=r"weg\.jsonl cannot be read"):
        evaluate(samples, tmp_path / "weg.jsonl", details)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no result"),
        (line("Wer?", [], []), r"d\.jsonl:1 is no line of details.*answer"),
        (line("Wer?", [], [], retrieved=[{}], answer={}), r"d\.jsonl:1 is no line of details"),
        ('{\n  "questions": "q.jsonl"\n}', r"d\.jsonl:1 is no line of details: it is no JSON"),
        ('{"success@1": 1.0}', r"d\.jsonl:1 is no line of details"),
    ],
)
def test_what_is_no_file_of_details_is_named(tmp_path: Path, content: str, message: str) -> None:
    """Say so when questions are compared instead of results."""
    path = tmp_path / "d.jsonl"
    path.write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        compare(path, path)
    assert "--details" in caught.value.hint


def test_details_do_not_overwrite_the_questions(samples: Library, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "Was?", "language": "de", "articles": []}\n', encoding="utf-8")
    with pytest.raises(InputError, match="holds the questions"):
        evaluate(samples, questions, questions)
    assert questions.read_text(encoding="utf-8").startswith("{")
