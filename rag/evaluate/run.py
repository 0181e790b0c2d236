"""Questions with known answers → what the library makes of them → figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.answer import export
from rag.errors import InputError
from rag.evaluate import metrics
from rag.indexing import Progress
from rag.library import Library
from rag.schema import Abstention, Answer

_RETRIEVED = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the articles that answer it (none: it must abstain) and strings a right quote contains."""

    question: str
    language: str
    articles: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A question with what came of it."""

    case: Case
    line: dict[str, Any]  # as read, with fields of the user's own
    outcome: Answer | Abstention

    @property
    def ranking(self) -> list[str]:
        """The ids of the articles found, best first, each once."""
        return list(dict.fromkeys(hit.source.id for hit in self.outcome.hits[:_RETRIEVED]))

    @property
    def quotes(self) -> list[bool]:
        """For each citation in order whether its quote holds the evidence in a right article."""
        return [
            one.source.id in self.case.articles and metrics.holds(one.quote, self.case.evidence)
            for one in self.outcome.citations
        ]


def read_cases(path: Path) -> list[tuple[Case, dict[str, Any]]]:
    """Read a file of questions, one JSON object a line.

    Raises:
        InputError: the file cannot be read, or a line is no question; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", hint="give a .jsonl file of questions") from error
    cases = []
    for number, text in enumerate(lines, start=1):
        if text.strip():
            cases.append(_case(text, f"{path}:{number}"))
    if not cases:
        raise InputError(f"{path} holds no question", hint="see data/questions for the form")
    return cases


def _case(text: str, where: str) -> tuple[Case, dict[str, Any]]:
    try:
        line = json.loads(text)
        case = Case(
            str(line["question"]), str(line.get("language") or ""),
            tuple(map(str, line["articles"])), tuple(map(str, line.get("evidence", ()))),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{where} is no question: {error!r}",
            hint='write {"question": "…", "language": "de", "articles": ["id"], "evidence": ["…"]}',
        ) from error
    return case, line


def evaluate(
    library: Library,
    questions: Path,
    details: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """Ask every question of a file and return the figures; `details` gets each question's result."""
    cases = read_cases(questions)
    results = []
    for done, (case, line) in enumerate(cases):
        if on_progress is not None:
            on_progress(Progress(len(cases), done, done, ""))
        results.append(Result(case, line, library.ask(case.question)))
    if details is not None:
        details.write_text("".join(_details(result) for result in results), encoding="utf-8")
    return {"questions": str(questions), "model": library.model, **figures(results)}


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """Return all figures: of all questions, and of each question language where there are two."""
    languages = sorted({result.case.language for result in results})
    report: dict[str, Any] = {"all": _figures(results)}
    if len(languages) > 1:
        for language in languages:
            report[language or "unknown"] = _figures([r for r in results if r.case.language == language])
    return report


def _figures(results: Sequence[Result]) -> dict[str, Any]:
    answerable = [r for r in results if r.case.articles]
    unanswerable = [r for r in results if not r.case.articles]
    per_question = {
        **{
            f"recall@{k}": [metrics.recall(r.ranking, r.case.articles, k) for r in answerable]
            for k in (1, 5, 10)
        },
        "ndcg@10": [metrics.ndcg(r.ranking, r.case.articles) for r in answerable],
        "mrr": [metrics.reciprocal_rank(r.ranking, r.case.articles) for r in answerable],
        "quote_hit@1": [float(any(r.quotes[:1])) for r in answerable],
        "quote_hit@3": [float(any(r.quotes[:3])) for r in answerable],
        "citation_precision": [float(np.mean(r.quotes)) for r in answerable if r.quotes],
        "answered": [float(r.outcome.answered) for r in answerable],
    }
    report: dict[str, Any] = {"answerable": len(answerable), "unanswerable": len(unanswerable)}
    for name, values in per_question.items():
        report[name] = _rounded(np.mean(values)) if values else None
        report[f"{name}_95"] = [_rounded(edge) for edge in metrics.interval(values)] if values else None
    return report | _abstention(answerable, unanswerable) | _latency(results)


def _abstention(answerable: Sequence[Result], unanswerable: Sequence[Result]) -> dict[str, Any]:
    right = sum(not r.outcome.answered for r in unanswerable)
    wrong = sum(not r.outcome.answered for r in answerable)
    area = metrics.auroc(
        [r.outcome.confidence for r in answerable], [r.outcome.confidence for r in unanswerable]
    )
    return {
        "abstention_precision": _rounded(right / (right + wrong)) if right + wrong else None,
        "abstention_recall": _rounded(right / len(unanswerable)) if unanswerable else None,
        "abstention_auroc": None if area is None else _rounded(area),
    }


def _latency(results: Sequence[Result]) -> dict[str, Any]:
    retrieve = [r.outcome.timings.retrieve for r in results]
    total = [r.outcome.timings.total for r in results]
    if not results:
        return {}
    return {
        "retrieve_ms_p50": round(float(np.percentile(retrieve, 50)), 1),
        "retrieve_ms_p95": round(float(np.percentile(retrieve, 95)), 1),
        "total_ms_p50": round(float(np.percentile(total, 50)), 1),
        "total_ms_p95": round(float(np.percentile(total, 95)), 1),
    }


def _details(result: Result) -> str:
    line = (
        result.line
        | asdict(result.case)
        | {
            "retrieved": export.passages(result.outcome.hits[:_RETRIEVED]),
            "answer": export.outcome(result.outcome),
        }
    )
    return json.dumps(line, ensure_ascii=False) + "\n"


def _rounded(value: Any) -> float:
    return round(float(value), 4)
