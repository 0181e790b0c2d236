"""`rag evaluate`: measure on questions with known answers, or compare two runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.cli.options import Json, Llm, RerankerName, Store, opened
from rag.cli.printing import print_json, progress, say

Questions = Annotated[
    Path | None, typer.Argument(metavar="QUESTIONS", help="JSONL file of questions.", show_default=False)
]
Details = Annotated[
    Path | None, typer.Option("--details", help="Write each question's result here (.jsonl).")
]
Plot = Annotated[
    Path | None, typer.Option("--plot", help="Draw false answers against false refusals (.svg .png).")
]
Compare = Annotated[
    tuple[Path, Path] | None,
    typer.Option("--compare", help="Compare two files of details instead of asking.", show_default=False),
]


def evaluate(
    questions: Questions = None,
    store: Store = None,
    llm: Llm = None,
    reranker: RerankerName = None,
    as_json: Json = False,
    details: Details = None,
    plot: Plot = None,
    compare: Compare = None,
) -> None:
    """Measure on questions with known answers. Retrieval, citations and abstention; or compare two runs."""
    if (questions is None) == (compare is None):
        raise typer.BadParameter("give either a file of questions or --compare FIRST SECOND")
    from rag.evaluate import plot as plotting
    from rag.evaluate import report, run

    if plot is not None:
        plotting.check(plot)
    threshold = None
    if compare is not None:
        made, runs = run.compare(*compare)
        shown = report.comparison(made)
    elif questions is not None:
        with (
            opened(store, llm=llm, reranker=reranker) as library,
            progress("Asking", quiet=as_json) as show,
        ):
            made, runs = run.evaluate(library, questions, details, show)
            threshold = library.settings.abstain_below
        shown = report.table(made)
        _say_unknown(made)
    if as_json:
        print_json(made)
    else:
        say(shown)
    if plot is not None:
        plotting.abstention(plot, runs, threshold)


def _say_unknown(made: Mapping[str, Any]) -> None:
    """Name what the questions want and the collection lacks."""
    if unknown := made["unknown_articles"]:
        say(f"note: the collection lacks articles that the questions name: {unknown}", err=True)
    if unknown := made["unknown_evidence"]:
        say(f"note: their evidence stands in none of their articles: {unknown}", err=True)
