"""What the commands print: results on the output, remarks and progress on the error stream."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer

from rag.plural import counted

if TYPE_CHECKING:
    from rag.holdings import Holdings
    from rag.library import IndexReport, Progress
    from rag.schema import Abstention, Answer, Filter, Source

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # they would command the terminal


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, without the control characters that names of files and ids of dumps may hold."""
    typer.echo(_CONTROLS.sub("\ufffd", text), err=err, nl=nl)


@contextmanager
def progress(label: str, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Show a progress bar on the error stream, where that is a terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
        TextColumn("{task.fields[count]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(label, total=1.0, count="")
        began = time.monotonic()

        def show(progress: Progress) -> None:
            rate = progress.articles / max(time.monotonic() - began, 0.1)
            done = progress.done / max(progress.inputs, 1) if progress.share is None else progress.share
            current = escape(" ".join(progress.current.split())[-40:])
            bar.update(
                task,
                completed=done,
                description=f"{label} {current}",
                count=f"{counted(progress.articles, 'article')}, {rate:.1f}/s",
            )

        yield show


def show_report(report: IndexReport, total: int, as_json: bool) -> bool:
    """Print what a run did; return whether something failed."""
    if as_json:
        print_json(_report(report))
    else:
        _print_report(report, total)
    return bool(report.failed)


def _report(report: IndexReport) -> dict[str, Any]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "gone": report.gone,
        "failed": [{"input": f.where, "error": f.message, "hint": f.hint} for f in report.failed],
        "warnings": [{"input": where, "warning": warning} for where, warning in report.warnings],
    }


def _print_report(report: IndexReport, total: int) -> None:
    for where, warning in report.warnings:
        say(f"note: {where}: {warning}", err=True)
    for failure in report.failed:
        say(
            f"failed: {failure.where}: {failure.message}" + (f" ({failure.hint})" if failure.hint else ""),
            err=True,
        )
    for one in report.gone:
        say(f"gone: {one} (--prune removes it)", err=True)
    removed = f"{len(report.removed)} removed, " if report.removed else ""
    say(
        f"{len(report.added)} added, {len(report.updated)} updated, {len(report.unchanged)} unchanged, "
        f"{removed}{len(report.failed)} failed; the collection has {counted(total, 'article')}"
    )


def print_source(source: Source) -> None:
    for name in ("title", "publisher", "author", "agency", "published", "updated", "language", "url"):
        mark = "  (guessed)" if name in source.guessed else ""
        say(f"  {name:<10} {getattr(source, name) or 'not stated'}{mark}")


def print_answer(answer: Answer | Abstention) -> None:
    from rag.answer import texts
    from rag.answer.references import differing, doubtful

    say_query(answer.query, answer.question, answer.language)
    say(answer.text)
    if not answer.answered:
        say(getattr(answer, "reason", ""))
    for said, reason in doubtful(answer):
        say(f"\n{texts.say('doubtful', answer.language)}: {said} – {reason}")
    for told in differing(answer):
        say(f"\n{told}")
    for one in answer.citations:
        about = " · ".join(
            filter(
                None,
                (one.source.publisher, texts.day(one.source.published, answer.language), one.source.title),
            )
        )
        found = f" ({texts.say('found', answer.language)})" if one.found else ""
        say(
            f"\n{one.marker} {about}{found}\n    {one.quote}\n"
            f"    {one.source.id}, characters {one.span.start}–{one.span.end}"
        )
        say(also_in(one.also_in), nl=False)
    for warning in answer.warnings:
        say(f"\nnote: {warning}", err=True)
    say(f"\n({answer.model}, {answer.timings.total:.0f} ms)")


def say_query(query: str, question: str, language: str) -> None:
    """Say what was searched for where that is not what was typed."""
    from rag.answer import texts

    if query != question:
        say(f"({texts.say('searched', language, query=query)})\n")


def also_in(others: Sequence[Source]) -> str:
    """Return a line that names other articles that tell the same, "" where there are none."""
    return f"    also in: {', '.join(one.publisher or one.id for one in others)}\n" if others else ""


def print_json(value: object) -> None:
    """Print a value as JSON; in escapes of ASCII where the output takes no other letters."""
    takes_all = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    say(json.dumps(value, ensure_ascii=not takes_all, indent=2))


def say_undated(known: Holdings, chosen: Filter) -> None:
    if undated := known.undated(chosen):
        say(f"note: articles without a date, left out by --since and --until: {undated}", err=True)
