"""Questions with known answers → what the library makes of them → figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from rag.errors import InputError, QuestionError
from rag.evaluate.cases import read_cases
from rag.evaluate.figures import compare as compared
from rag.evaluate.figures import figures
from rag.evaluate.results import Result, details, read_results, result, written
from rag.indexing import Progress
from rag.library import Library

__all__ = ["compare", "evaluate", "read_cases"]

Runs = dict[str, list[Result]]  # results by the name of their run


def evaluate(
    library: Library,
    questions: Path,
    details: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[dict[str, Any], Runs]:
    """Ask every question of a file; return the figures and the results they were made of.

    Each question's result is written to `details` as soon as it is there. `unknown_articles` are the ids
    that the questions name and the collection does not have: such questions cannot be answered rightly.

    Raises:
        InputError: the file holds no questions, one cannot be asked, or `details` cannot be written.
    """
    if details is not None and details.exists() and details.samefile(questions):
        raise InputError(
            f"{details} holds the questions themselves", hint="choose another file for --details"
        )
    results = _ask(library, questions, details, on_progress)
    known = {source.id for source in library.articles()}
    named = {article for one in results for article in one.case.articles}
    about = {
        "questions": str(questions),
        "model": library.model,
        "unknown_articles": sorted(named - known),
    }
    return about | figures(results), {"all": results}


def compare(first: Path, second: Path) -> tuple[dict[str, Any], Runs]:
    """Compare two files of details; return the figures side by side and both runs' results.

    Raises:
        InputError: one of the files is none of details, or they have no question in common.
    """
    runs = {"first": read_results(first), "second": read_results(second)}
    return {"first": str(first), "second": str(second), **compared(*runs.values())}, runs


def _ask(
    library: Library,
    questions: Path,
    to: Path | None,
    on_progress: Callable[[Progress], None] | None,
) -> list[Result]:
    cases = read_cases(questions)
    results = []
    with _opened(to) as file:
        for done, (case, line) in enumerate(cases):
            if on_progress is not None:
                on_progress(Progress(len(cases), done, done, ""))
            try:
                outcome = library.ask(case.question)
            except QuestionError as error:
                raise InputError(f"{questions}: {case.question[:80]!r}: {error}", hint=error.hint) from error
            made = details(case, line, outcome)
            results.append(result(made))
            if file is not None:
                file.write(written(made))
                file.flush()
    return results


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}", hint="choose another file for --details"
        ) from error
    with file:
        yield file
