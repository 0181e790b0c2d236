"""Results → figures with intervals: of one run, or of two over the same questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from rag.errors import InputError
from rag.evaluate.bootstrap import Statistic, interval, paired_interval
from rag.evaluate.metrics import Floats, auroc, false_answers, ndcg, reciprocal_rank, rounded, success
from rag.evaluate.results import Result

Columns = Mapping[str, Floats]  # for each name a value a question, NaN where it has none
Figure = Callable[[Columns], float | None]


def _mean(name: str) -> Figure:
    def mean(columns: Columns) -> float | None:
        values = columns[name][~np.isnan(columns[name])]
        return float(values.mean()) if len(values) else None

    return mean


def _percentile(name: str, percent: float) -> Figure:
    def percentile(columns: Columns) -> float | None:
        return float(np.percentile(columns[name], percent)) if len(columns[name]) else None

    return percentile


def _of_confidences(figure: Callable[[Floats, Floats], float | None]) -> Figure:
    def of_confidences(columns: Columns) -> float | None:
        answerable = columns["answerable"] > 0
        return figure(columns["confidence"][answerable], columns["confidence"][~answerable])

    return of_confidences


# The means are of a column of the same name; those of abstention are shares of the declined questions, and
# of the unanswerable ones.
FIGURES: Final[Mapping[str, Figure]] = {
    **{
        name: _mean(name)
        for name in (
            "success@1", "success@5", "success@10", "ndcg@10", "mrr", "quote_hit@1", "quote_hit@3",
            "citation_precision", "answered", "abstention_precision", "abstention_recall",
        )
    },
    "abstention_auroc": _of_confidences(auroc),
    "false_answers@5%": _of_confidences(false_answers),
    **{
        f"{name}_ms_p{percent}": _percentile(f"{name}_ms", percent)
        for name in ("retrieve", "total")
        for percent in (50, 95)
    },
}  # fmt: skip


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """Return all figures: of all questions, and of each question language where there are several."""
    return {name: _figures([results[row] for row in rows]) for name, rows in _groups(results).items()}


def compare(first: Sequence[Result], second: Sequence[Result]) -> dict[str, Any]:
    """Return both runs' figures and their paired differences, over the questions both were asked.

    Raises:
        InputError: no question stands in both.
    """
    pairs = _pairs(first, second)
    if not pairs:
        raise InputError(
            "the two runs have no question in common", hint="compare details of the same questions"
        )
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    report: dict[str, Any] = {
        "questions": len(pairs),
        "only_first": len(first) - len(pairs),
        "only_second": len(second) - len(pairs),
    }
    for name, rows in _groups(left).items():
        report[name] = _compared([left[row] for row in rows], [right[row] for row in rows])
    return report


def confidences(results: Sequence[Result]) -> tuple[list[float], list[float]]:
    """Return the confidences of the answerable and of the unanswerable questions."""
    return (
        [one.confidence for one in results if one.case.articles],
        [one.confidence for one in results if not one.case.articles],
    )


def _groups(results: Sequence[Result]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for row, one in enumerate(results):
        groups[one.case.language or "unknown"].append(row)
    by_language = {name: groups[name] for name in sorted(groups)} if len(groups) > 1 else {}
    return {"all": list(range(len(results)))} | by_language


def _figures(results: Sequence[Result]) -> dict[str, Any]:
    columns = _columns(results)
    report = _sizes(results)
    for name, figure in FIGURES.items():
        value = figure(columns)
        report[name] = rounded(value)
        if value is not None:
            edges = interval(len(results), _statistic(figure, columns))
            report[f"{name}_95"] = edges and [rounded(edge) for edge in edges]
    return report


def _compared(first: Sequence[Result], second: Sequence[Result]) -> dict[str, Any]:
    left, right = _columns(first), _columns(second)
    report = _sizes(first)
    for name, figure in FIGURES.items():
        a, b = figure(left), figure(right)
        row: dict[str, Any] = {"first": rounded(a), "second": rounded(b)}
        if a is not None and b is not None:
            edges = paired_interval(len(first), _statistic(figure, left), _statistic(figure, right))
            row["questions"] = min(_measured(name, left), _measured(name, right))
            row["difference"] = rounded(b - a)
            row["difference_95"] = edges and [rounded(edge) for edge in edges]
        report[name] = row
    return report


def _measured(name: str, columns: Columns) -> int:
    """Return how many questions a figure is made of; one of two kinds of questions has those of the rarer."""
    if name in columns:
        return int((~np.isnan(columns[name])).sum())
    answerable = int((columns["answerable"] > 0).sum())
    size = len(columns["answerable"])
    return size if name.endswith(("p50", "p95")) else min(answerable, size - answerable)


def _sizes(results: Sequence[Result]) -> dict[str, Any]:
    answerable = sum(bool(one.case.articles) for one in results)
    return {"answerable": answerable, "unanswerable": len(results) - answerable}


def _statistic(figure: Figure, columns: Columns) -> Statistic:
    return lambda rows: figure({name: values[rows] for name, values in columns.items()})


def _columns(results: Sequence[Result]) -> Columns:
    rows = [_row(one) for one in results]
    return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}


def _row(one: Result) -> dict[str, float]:
    """Return a question's values; quotes are only counted where it is known what a right one contains."""
    right, nothing = one.case.articles, float("nan")
    quotable = bool(right and one.case.evidence)
    ranking = {
        **{f"success@{k}": success(one.ranking, right, k) for k in (1, 5, 10)},
        "ndcg@10": ndcg(one.ranking, right),
        "mrr": reciprocal_rank(one.ranking, right),
        "answered": float(one.answered),
    }
    return {
        **{name: value if right else nothing for name, value in ranking.items()},
        **{f"quote_hit@{k}": float(any(one.quotes[:k])) if quotable else nothing for k in (1, 3)},
        "citation_precision": float(np.mean(one.quotes)) if quotable and one.quotes else nothing,
        "abstention_precision": nothing if one.answered else float(not right),
        "abstention_recall": nothing if right else float(not one.answered),
        "answerable": float(bool(right)),
        "confidence": one.confidence,
        "retrieve_ms": one.retrieve_ms,
        "total_ms": one.total_ms,
    }


def _pairs(first: Sequence[Result], second: Sequence[Result]) -> list[tuple[Result, Result]]:
    """Pair the results of the same case, one by one where a question stands there several times."""
    waiting: dict[object, list[Result]] = defaultdict(list)
    for one in second:
        waiting[one.case].append(one)
    return [(one, waiting[one.case].pop(0)) for one in first if waiting[one.case]]
