"""Questions with known answers → what the library makes of them → figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rag.errors import InputError
from rag.evaluate.cases import Case, read_cases
from rag.evaluate.figures import compare as compared
from rag.evaluate.figures import figures
from rag.evaluate.metrics import holds
from rag.evaluate.results import Result, details, read_results, result, written

if TYPE_CHECKING:  # to compare two files takes neither
    from rag.indexing import Progress
    from rag.library import Library

Runs = dict[str, list[Result]]  # results by the name of their run


def evaluate(
    library: Library,
    questions: Path,
    details: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[dict[str, Any], Runs]:
    """Ask every question of a file; return the figures and the results they were made of.

    Each question's result is written to `details` as soon as it is there. `unknown_articles` are the ids
    that the questions name and the collection does not have, `unknown_evidence` the questions whose evidence
    stands in none of their articles: such questions cannot be answered rightly.

    Raises:
        InputError: the file holds no questions, one cannot be asked, or `details` cannot be written.
    """
    cases = read_cases(questions, library.checked)
    if details is not None and details.exists() and details.samefile(questions):
        raise InputError(
            f"{details} holds the questions themselves", hint="choose another file for --details"
        )
    results = _ask(library, cases, details, on_progress)
    about = {"questions": str(questions), "model": library.model, **_unknown(library, results)}
    return about | figures(results), {"all": results}


def _unknown(library: Library, results: Sequence[Result]) -> dict[str, list[str]]:
    """Return what the questions name and the collection lacks: articles, and evidence by its question."""
    known = {source.id for source in library.articles()}
    named = {article for one in results for article in one.case.articles}
    texts = {article: library.article(article).text for article in named & known}
    lacking = [
        case.question
        for case in dict.fromkeys(one.case for one in results)
        if case.evidence and known.issuperset(case.articles) and case.articles
        if not any(holds(texts[article], case.evidence) for article in case.articles)
    ]
    return {"unknown_articles": sorted(named - known), "unknown_evidence": lacking}


def compare(first: Path, second: Path) -> tuple[dict[str, Any], Runs]:
    """Compare two files of details; return the figures side by side and both runs' results.

    Raises:
        InputError: one of the files is none of details, or they have no question in common.
    """
    runs = {"first": read_results(first), "second": read_results(second)}
    return {"first": str(first), "second": str(second), **compared(*runs.values())}, runs


def _ask(
    library: Library,
    cases: Sequence[tuple[Case, dict[str, Any]]],
    to: Path | None,
    on_progress: Callable[[Progress], None] | None,
) -> list[Result]:
    from rag.indexing import Progress

    results = []
    with _opened(to) as file:
        for done, (case, line) in enumerate(cases):
            if on_progress is not None:
                on_progress(Progress(len(cases), done, done, ""))
            made = details(case, line, library.ask(case.question))
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
