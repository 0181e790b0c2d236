"""What came of a question ↔ its line of details: the one form in which results are counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rag.answer import export
from rag.errors import InputError
from rag.evaluate.cases import Case, case, read_lines
from rag.evaluate.metrics import holds
from rag.ingest.text.characters import encodable
from rag.schema import Abstention, Answer

_RETRIEVED: Final = 10
_NOUN: Final = "line of details"
_HINT: Final = "give a file that --details has written"


@dataclass(frozen=True, slots=True)
class Result:
    """A question with what came of it, as far as it is counted."""

    case: Case
    ranking: tuple[str, ...]  # ids of the articles found, best first, each once
    quotes: tuple[bool, ...]  # for each citation in order: whether it holds the evidence in a right article
    answered: bool
    confidence: float  # the estimated probability that the articles answer the question
    retrieve_ms: float
    total_ms: float


def details(one: Case, line: dict[str, Any], outcome: Answer | Abstention) -> dict[str, Any]:
    """Return a question's line of details: as it was read, what was retrieved, and the answer."""
    return line | {
        "language": one.language,
        "articles": list(one.articles),
        "evidence": list(one.evidence),
        "retrieved": export.passages(outcome.hits[:_RETRIEVED]),
        "answer": export.outcome(outcome),
    }


def result(line: dict[str, Any], where: str = "a line of details") -> Result:
    """Return the result that a line of details describes.

    Raises:
        InputError: it is no line of details.
    """
    try:
        one = case(line, where)
        answer = line["answer"]
        return Result(
            one,
            tuple(dict.fromkeys(str(passage["article"]) for passage in line["retrieved"])),
            tuple(
                quote["article"] in one.articles and holds(quote["quote"], one.evidence)
                for quote in answer["citations"]
            ),
            bool(answer["answered"]),
            float(answer["confidence"]),
            float(answer["timings_ms"]["retrieve"]),
            float(answer["timings_ms"]["total"]),
        )
    except (InputError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where} is no {_NOUN}: {error!r}", hint=_HINT) from error


def read_results(path: Path) -> list[Result]:
    """Read a file that `--details` has written.

    Raises:
        InputError: the file cannot be read, or a line is none of details; the message names it.
    """
    results = [result(line, where) for where, line in read_lines(path, _NOUN, _HINT)]
    if not results:
        raise InputError(f"{path} holds no result", hint=_HINT)
    return results


def written(line: dict[str, Any]) -> str:
    """Return a line of details as it stands in its file."""
    return encodable(json.dumps(line, ensure_ascii=False)) + "\n"
