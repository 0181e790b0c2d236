"""Check figures and comparisons against those worked out by hand."""

import pytest

from rag.errors import InputError
from rag.evaluate.cases import Case
from rag.evaluate.figures import FIGURES, compare, figures
from rag.evaluate.report import comparison, table
from rag.evaluate.results import Result


def result(
    ranking: list[str],
    quotes: list[bool],
    relevant: list[str],
    confidence: float,
    answered: bool = True,
    question: str = "q",
    language: str = "de",
    evidence: tuple[str, ...] = ("evidence",),
    total_ms: float = 30,
) -> Result:
    """Make the result of a question by hand."""
    case = Case(question, language, tuple(relevant), evidence)
    return Result(case, tuple(ranking), tuple(quotes), answered, confidence, 10, total_ms)


FOUR = [
    result(["right", "other"], [True, False], ["right"], 0.9, question="1"),
    result(["other", "right"], [False, True], ["right"], 0.8, question="2"),
    result(["right"], [], ["right"], 0.2, answered=False, question="3"),
    result(["other"], [], [], 0.3, answered=False, question="4"),
]


def test_figures_are_those_worked_out_by_hand() -> None:
    """Count four questions: found first, found second, wrongly abstained, rightly abstained."""
    report = figures(FOUR)["all"]
    assert (report["answerable"], report["unanswerable"]) == (3, 1)
    assert report["success@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["success@5"] == 1.0
    assert report["mrr"] == pytest.approx((1 + 0.5 + 1) / 3, abs=1e-4)
    assert report["quote_hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert report["quote_hit@3"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["citation_precision"] == pytest.approx(0.5)
    assert report["answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["abstention_precision"] == pytest.approx(1 / 2)
    assert report["abstention_recall"] == 1.0
    assert report["abstention_auroc"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["false_answers@5%"] == 1.0  # a threshold that refuses nobody is 0.2
    assert (report["retrieve_ms_p50"], report["total_ms_p95"]) == (10.0, 30.0)
    for name in FIGURES:
        low, high = report[f"{name}_95"]
        assert low <= report[name] <= high


def test_figures_of_answerable_questions_alone() -> None:
    """Leave out what cannot be measured instead of calling it zero."""
    report = figures([result(["right"], [True], ["right"], 0.9)])
    assert set(report) == {"all"}
    for name in ("abstention_recall", "abstention_precision", "abstention_auroc", "false_answers@5%"):
        assert report["all"][name] is None
    assert "–" in table(report)


def test_quotes_are_not_counted_where_the_right_ones_are_unknown() -> None:
    """Measure retrieval alone on questions without evidence."""
    report = figures([result(["right"], [False], ["right"], 0.9, evidence=())])["all"]
    assert (report["success@1"], report["quote_hit@1"], report["citation_precision"]) == (1.0, None, None)


def test_each_language_has_its_column() -> None:
    """Group by the language of the question where there are several."""
    report = figures([result(["a"], [], ["a"], 0.9), result(["b"], [], ["a"], 0.9, language="en")])
    assert [report[name]["success@1"] for name in ("all", "de", "en")] == [0.5, 1.0, 0.0]
    assert [cell.split()[0] for cell in table(report).splitlines()[0].split(")")[:3]] == ["all", "de", "en"]


def test_two_runs_are_compared_question_by_question() -> None:
    """Pair the questions by what they ask, in whatever order; leave out those asked once only."""
    better = [result(["right"], [True], ["right"], 0.9, question=name) for name in "123"]
    report = compare([*FOUR, result([], [], ["x"], 0.1, question="alone")], [*reversed(better), FOUR[3]])
    assert (report["questions"], report["only_first"], report["only_second"]) == (4, 1, 0)
    gain = report["all"]["quote_hit@1"]
    assert (gain["first"], gain["second"]) == (pytest.approx(1 / 3, abs=1e-4), 1.0)
    assert gain["difference"] == pytest.approx(2 / 3, abs=1e-4)
    assert 0 <= gain["difference_95"][0] <= gain["difference"] <= gain["difference_95"][1] <= 1
    same = report["all"]["success@5"]
    assert (same["difference"], same["difference_95"]) == (0.0, [0.0, 0.0])
    text = comparison(report)
    assert "4 questions that both were asked; 1 others left out" in text
    assert next(row for row in text.splitlines() if row.startswith("quote_hit@1")).split()[1:4] == [
        "0.333", "1.000", "+0.667",
    ]  # fmt: skip


def test_a_certain_difference_is_marked() -> None:
    """Mark what leaves out zero, of slower answers too, and nothing of a run compared with itself."""
    slow, fast = (
        [result(["a"], [True], ["a"], 0.9, question=str(n), total_ms=ms + n) for n in range(30)]
        for ms in (100, 50)
    )
    rows = {row.split()[0]: row for row in comparison(compare(slow, fast)).splitlines() if row.strip()}
    assert rows["total_ms_p50"].rstrip().endswith("−50 ms [-50, -50]*")
    assert not any("*" in row for row in comparison(compare(slow, slow)).splitlines()[:-1])


@pytest.mark.parametrize(("questions", "marked"), [(1, False), (5, False), (6, True)])
def test_a_difference_of_a_few_questions_is_not_marked(questions: int, marked: bool) -> None:
    """Call no change more than chance that too few questions show, however many there are in all."""
    runs = [
        [result(["a"], [], ["a"], 0.9, question=str(n)) for n in range(20)]
        + [result(["a"], [], [], 0.9, answered, question=f"none {n}") for n in range(questions)]
        for answered in (True, False)
    ]
    compared = compare(*runs)
    assert compared["all"]["abstention_recall"]["questions"] == questions
    rows = {row.split()[0]: row for row in comparison(compared).splitlines() if row.strip()}
    assert rows["abstention_recall"].rstrip().endswith("*") == marked


def test_runs_of_other_questions_cannot_be_compared() -> None:
    """Say so."""
    with pytest.raises(InputError, match="no question in common"):
        compare(FOUR, [result([], [], ["a"], 0.5, question="another")])
