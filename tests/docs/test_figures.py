"""Demand that the figures of the README are what the program gives."""

from __future__ import annotations

import json
import re
from pathlib import Path

from docs.figures import COLUMNS, END, QUESTIONS, START, measured
from rag.library import Library
from tests.docs.pages import ROOT, read


def test_the_figures_of_the_sample_questions_are_measured_ones(samples: Library) -> None:
    """Measure them again; one question may come out otherwise on another processor."""
    written = read("README.md").partition(START)[2].partition(END)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in written]
    assert rows[0][1:] == list(COLUMNS)
    found = measured(samples)
    assert [row[0].split()[0] for row in rows[2:]] == list(found)
    for row, one in zip(rows[2:], found.values(), strict=True):
        assert row[0].split(" ", 1)[1] == f"({one['answerable']} + {one['unanswerable']})"
        for cell, figure in zip(row[1:], COLUMNS.values(), strict=True):
            asked = one["unanswerable" if figure == "abstention_recall" else "answerable"]
            assert abs(float(cell) - one[figure]) <= 1 / asked + 0.005, (
                f"{row[0]}, {figure}: {one[figure]:.3f} measured; run `python -m docs.figures`"
            )


def test_what_is_counted_is_what_there_is() -> None:
    """Count the sample articles, the questions and those without an answer."""
    text = " ".join(read("README.md").split())
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    articles = list((QUESTIONS.parents[1] / "articles").glob("*.md"))
    assert f"{len(articles)} sample articles" in text
    assert f"The {len(questions)} sample questions" in text
    assert f"of the {sum(not one['articles'] for one in questions)} questions without an answer" in text


def test_the_figures_of_the_check_are_those_of_its_calibration() -> None:
    """Compare precision and recall of "supported" with what the calibration noted."""
    text = " ".join(read("README.md").split())
    noted = json.loads((ROOT / "data/model/support.json").read_text(encoding="utf-8"))["cross_validated"]
    match = re.search(r"on (\d+) labelled pairs .*? right in (\d+) % of .*? finds (\d+) % of", text)
    assert match is not None
    assert [int(one) for one in match.groups()] == [
        noted["pairs"], round(100 * noted["precision"]), round(100 * noted["recall"]),
    ]  # fmt: skip
    unseen = Path(ROOT / "data/questions/support-unseen.jsonl").read_text(encoding="utf-8").splitlines()
    assert f"on {len(unseen)} pairs written afterwards" in text
