"""The command line: thin commands over `Library`; errors are one clear line with a hint."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from rag.errors import QuellenchatError

if TYPE_CHECKING:
    from rag.library import IndexReport, Library, Progress
    from rag.schema import Abstention, Answer, Filter, Source

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Ask your own news articles, in German or English, and check every answer against its sentence.",
)
SOME_FAILED: Final = 3


class Form(StrEnum):
    """How `rag ask` prints an answer."""

    TEXT = "text"
    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    CSL = "csl"
    JSON = "json"


Store = Annotated[Path | None, typer.Option("--store", help="Folder of the collection (RAG_STORE).")]
Llm = Annotated[
    str | None, typer.Option("--llm", help="Language model such as ollama:qwen3:8b, or none (RAG_LLM).")
]
RerankerName = Annotated[
    str | None,
    typer.Option("--reranker", help="CrossEncoder, name or folder, that reorders passages (RAG_RERANKER)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Since = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Only articles published on this day or later."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="Only articles published on this day or earlier."),
]
Publishers = Annotated[
    list[str] | None, typer.Option("--publisher", help="Only articles of this publisher; may be repeated.")
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", help="Only articles in this language (de, en); may be repeated."),
]
Question = Annotated[str, typer.Argument(help="A question in German or English.", show_default=False)]


Watch = Annotated[bool, typer.Option("--watch", help="Go on looking for changes until Ctrl-C.")]
Every = Annotated[str, typer.Option(help="How often --watch looks, such as 90s, 15m or 2h.")]
sources_app = typer.Typer(help="The folders and addresses that `rag sync` refreshes.", rich_markup_mode=None)
app.add_typer(sources_app, name="sources")


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")] = False,
) -> None:
    """Declare --debug for the help; `main` takes it out wherever it stands."""


@app.command("index")
def index_command(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL…",
            help="Files and folders (.txt .md .html .mhtml .pdf .docx .odt .epub .eml .jsonl .csv .zip), "
            "addresses of articles, feeds and sitemaps.",
            show_default=False,
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, help="Articles taken from one feed or sitemap.")] = 100,
    watch: Watch = False,
    every: Every = "15m",
    store: Store = None,
    as_json: Json = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what would be left out and guessed; index nothing.")
    ] = False,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Column of a dump for a field, as in text=body."),
    ] = None,
) -> None:
    """Add articles to the collection: new ones are added, changed ones replaced, the rest left alone.

    Folders and addresses are remembered; `rag sync` looks at them again.
    """
    if explain:
        _explain(paths, as_json, _columns(mapping))
        return
    pause_s = _seconds(every)

    def look(again: bool = True) -> bool:
        with _library(store, create=True) as library, _progress("Indexing", quiet=as_json) as show:
            report = library.index(paths, show, _columns(mapping), limit=limit, again=again)
            total = library.count()
        return _show(report, total, as_json)

    failed = look(again=False)
    if watch:
        _keep_watching(look, pause_s, waiting=True)
    elif failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def sync(
    targets: Annotated[
        list[str] | None, typer.Argument(help="Only these of the sources.", show_default=False)
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles whose file is gone from its folder.")
    ] = False,
    watch: Watch = False,
    every: Every = "15m",
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Look again at the folders, pages, feeds and sitemaps that were indexed, and take over what changed."""
    pause_s = _seconds(every)

    def look() -> bool:
        with _library(store) as library, _progress("Looking", quiet=as_json) as show:
            if not targets and not library.watched():
                typer.echo("no sources yet: index a folder or an address first", err=True)
            report = library.sync(targets or [], show, prune=prune)
            total = library.count()
        return _show(report, total, as_json)

    if watch:
        _keep_watching(look, pause_s, waiting=False)
    elif look():
        raise typer.Exit(SOME_FAILED)


@sources_app.callback(invoke_without_command=True)
def sources(context: typer.Context, store: Store = None, as_json: Json = False) -> None:
    """List the folders and addresses that `rag sync` refreshes."""
    if context.invoked_subcommand is not None:
        return
    with _library(store) as library:
        watched = library.watched()
    if as_json:
        _print_json(
            [
                {
                    "target": one.target, "kind": one.kind, "limit": one.max_articles, "problem": one.problem,
                    "added": one.added.isoformat(), "checked": one.checked.isoformat(),
                }
                for one in watched
            ]
        )  # fmt: skip
        return
    for one in watched:
        problem = f"\n          {one.problem}" if one.problem else ""
        typer.echo(f"{one.kind:<8}  {one.target}  (checked {one.checked:%Y-%m-%d %H:%M} UTC){problem}")
    typer.echo(f"{len(watched)} sources")


@sources_app.command("remove")
def sources_remove(
    targets: Annotated[
        list[str], typer.Argument(help="Sources, as `rag sources` lists them.", show_default=False)
    ],
    store: Store = None,
) -> None:
    """Refresh these no longer; their articles stay."""
    with _library(store) as library:
        library.forget(targets)
        typer.echo(f"{len(set(targets))} forgotten, {len(library.watched())} sources left")


@app.command()
def articles(
    since: Since = None,
    until: Until = None,
    publisher: Publishers = None,
    language: Languages = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """List the articles of the collection, newest first."""
    from rag.answer import export

    chosen = _filter(since, until, publisher, language)
    with _library(store) as library:
        sources = library.articles(chosen)
        _say_undated(library, chosen)
    if as_json:
        _print_json([export.source(one) for one in sources])
        return
    for one in sources:
        day = one.published.isoformat() if one.published else "undated   "
        typer.echo(
            f"{day}  {one.language}  {one.id}\n"
            f"            {one.title} ({one.publisher or 'publisher unknown'})"
            + (f"\n            guessed: {', '.join(sorted(one.guessed))}" if one.guessed else "")
        )
    typer.echo(f"{len(sources)} articles")


@app.command()
def edit(
    article_id: Annotated[
        str, typer.Argument(metavar="ID", help="Article id, as `rag articles` lists it.", show_default=False)
    ],
    title: Annotated[str | None, typer.Option(help="Headline.")] = None,
    publisher: Annotated[
        str | None, typer.Option(help="Who published it; an empty text clears a field.")
    ] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    agency: Annotated[str | None, typer.Option(help="News agency it is from.")] = None,
    published: Annotated[str | None, typer.Option(help="Day it appeared, as in 2021-12-07.")] = None,
    updated: Annotated[str | None, typer.Option(help="Day of its last correction.")] = None,
    url: Annotated[str | None, typer.Option(help="Its address.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language: de or en.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Correct what is known of an article; it stays corrected when its file is indexed again."""
    from rag.answer import export

    given = {
        "title": title, "publisher": publisher, "author": author, "agency": agency, "published": published,
        "updated": updated, "url": url, "language": language,
    }  # fmt: skip
    with _library(store) as library:
        source = library.edit(article_id, {name: value for name, value in given.items() if value is not None})
    if as_json:
        _print_json(export.source(source))
    else:
        _print_source(source)


@app.command()
def remove(
    ids: Annotated[
        list[str], typer.Argument(help="Article ids, as `rag articles` lists them.", show_default=False)
    ],
    store: Store = None,
) -> None:
    """Remove articles from the collection."""
    with _library(store) as library:
        library.remove(ids)
        typer.echo(f"removed {len(set(ids))}, {library.count()} articles left")


@app.command()
def search(
    question: Question,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Number of passages.")] = 10,
    since: Since = None,
    until: Until = None,
    publisher: Publishers = None,
    language: Languages = None,
    store: Store = None,
    reranker: RerankerName = None,
    as_json: Json = False,
) -> None:
    """Show the passages that fit a question best."""
    from rag.answer import export

    chosen = _filter(since, until, publisher, language)
    with _library(store, reranker=reranker) as library:
        hits = library.search(question, k, chosen)
        named = export.periods(library.periods(question))
        _say_undated(library, chosen)
    if as_json:
        _print_json({"question": question, "periods": named, "passages": export.passages(hits)})
        return
    for rank, hit in enumerate(hits, start=1):
        typer.echo(f"{rank:>2}. {hit.score:+.2f}  {hit.source.id}  {hit.passage.start}–{hit.passage.end}")
        typer.echo(f"    {hit.source.title}\n    {' '.join(hit.passage.text.split())[:300]}")
        typer.echo(_also_in(hit.also_in))


@app.command()
def ask(
    question: Question,
    since: Since = None,
    until: Until = None,
    publisher: Publishers = None,
    language: Languages = None,
    store: Store = None,
    llm: Llm = None,
    reranker: RerankerName = None,
    as_json: Json = False,
    form: Annotated[
        Form, typer.Option("--format", help="Markdown has footnotes; bibtex and csl list what is cited.")
    ] = Form.TEXT,
) -> None:
    """Answer a question from the collection, with the sentences the answer rests on."""
    from rag.answer import export, references

    chosen = _filter(since, until, publisher, language)
    with _library(store, llm=llm, reranker=reranker) as library:
        answer = library.ask(question, filter=chosen)
    match Form.JSON if as_json else form:
        case Form.JSON:
            _print_json(export.outcome(answer))
        case Form.CSL:
            _print_json(references.csl(answer))
        case Form.BIBTEX:
            typer.echo(references.bibtex(answer), nl=False)
        case Form.MARKDOWN:
            typer.echo(references.markdown(answer), nl=False)
        case Form.TEXT:
            _print_answer(answer)


@app.command()
def evaluate(
    questions: Annotated[
        Path | None, typer.Argument(help="JSONL file of questions with known answers.", show_default=False)
    ] = None,
    store: Store = None,
    llm: Llm = None,
    reranker: RerankerName = None,
    as_json: Json = False,
    details: Annotated[
        Path | None, typer.Option("--details", help="Write each question's result here (.jsonl).")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw false answers against false refusals (.svg .png).")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", help="Compare two files of details instead of asking.", show_default=False),
    ] = None,
) -> None:
    """Measure retrieval, citations and abstention on questions with known answers, or compare two runs."""
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
            _library(store, llm=llm, reranker=reranker) as library,
            _progress("Asking", quiet=as_json) as show,
        ):
            made, runs = run.evaluate(library, questions, details, show)
            threshold = library.settings.abstain_below
        shown = report.table(made)
        if unknown := made["unknown_articles"]:
            typer.echo(f"note: the collection lacks articles that the questions name: {unknown}", err=True)
    if as_json:
        _print_json(made)
    else:
        typer.echo(shown)
    if plot is not None:
        plotting.abstention(plot, runs, threshold)


@app.command()
def serve(
    store: Store = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; the default is this machine only.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port; the first free one from 7860 on.")
    ] = None,
    llm: Llm = None,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Be an MCP server, too, for assistants that may ask the collection.")
    ] = False,
    reranker: RerankerName = None,
) -> None:
    """Open the page; an empty collection is filled with the sample articles first."""
    with _library(store, llm=llm, reranker=reranker, create=True) as library:
        if not library.count():
            typer.echo(
                f"The collection in {library.settings.store} is empty: adding the sample articles.", err=True
            )
            with _progress("Indexing", quiet=False) as show:
                library.index_samples(show)
        from rag.ui.app import serve as serve_page

        _warn_if_open(host)

        def ready(url: str) -> None:
            typer.echo(f"Quellenchat is open at {url} (Ctrl-C ends it)")
            if mcp:
                typer.echo(f"MCP server: {url}gradio_api/mcp/")

        Thread(target=library.warm_up, daemon=True).start()
        serve_page(library, host, port, ready, mcp=mcp)


def main() -> None:
    """Run the command line; a known error becomes one line and its hint, and exit code 1."""
    debug = "--debug" in sys.argv
    try:
        app([argument for argument in sys.argv[1:] if argument != "--debug"])
    except QuellenchatError as error:
        if debug:
            raise
        typer.echo(f"rag: {error}" + (f"\n     {error.hint}" if error.hint else ""), err=True)
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        typer.echo(
            f"rag: unexpected {type(error).__name__}: {error}\n"
            "     run it again with --debug and report what it prints",
            err=True,
        )
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("rag: stopped; what was confirmed stays", err=True)
        sys.exit(130)


@contextmanager
def _library(
    store: Path | None, *, llm: str | None = None, reranker: str | None = None, create: bool = False
) -> Iterator[Library]:
    """Open the collection the options and the environment name."""
    from rag import settings
    from rag.library import Library

    chosen = settings.load(store=store, llm=llm, reranker=reranker)
    with Library.open(chosen, create=create, on_wait=_say_who) as library:
        yield library


def _filter(
    since: datetime | None, until: datetime | None, publishers: list[str] | None, languages: list[str] | None
) -> Filter:
    """Return the filter that the options name; dates in the wrong order are a usage error."""
    from rag.schema import Filter

    first, last = (None if moment is None else moment.date() for moment in (since, until))
    try:
        return Filter(first, last, tuple(publishers or ()), tuple(languages or ()))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since, --until") from error


def _say_undated(library: Library, chosen: Filter) -> None:
    if undated := library.undated(chosen):
        typer.echo(f"note: articles without a date, left out by --since and --until: {undated}", err=True)


def _say_who(holder: str) -> None:
    typer.echo(f"waiting: {holder} is writing to this collection", err=True)


def _warn_if_open(host: str) -> None:
    if host not in ("127.0.0.1", "localhost", "::1"):
        typer.echo(
            f"warning: listening on {host}: anyone who reaches this machine can read and change "
            "the collection",
            err=True,
        )


@contextmanager
def _progress(label: str, quiet: bool) -> Iterator[Callable[[Progress], None]]:
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
                count=f"{progress.articles} articles, {rate:.1f}/s",
            )

        yield show


def _show(report: IndexReport, total: int, as_json: bool) -> bool:
    """Print what a run did; return whether something failed."""
    if as_json:
        _print_json(_report(report))
    else:
        _print_report(report, total)
    return bool(report.failed)


def _keep_watching(look: Callable[[], object], pause_s: float, *, waiting: bool) -> None:
    """Look again and again, a pause before each look but perhaps the first, until Ctrl-C."""
    try:
        while True:
            if waiting:
                time.sleep(pause_s)
            waiting = True
            try:
                look()
            except QuellenchatError as error:  # such as a store that is busy: it may not be the next time
                typer.echo(f"rag: {error}", err=True)
    except KeyboardInterrupt:
        typer.echo("stopped watching", err=True)


def _seconds(text: str) -> float:
    """Return the seconds of a duration such as 90s, 15m, 2h or 1d."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", text.strip().lower())
    seconds = (
        float(match.group(1)) * {"s": 1, "": 1, "m": 60, "h": 3600, "d": 86400}[match.group(2)]
        if match
        else 0
    )
    if seconds <= 0:
        raise typer.BadParameter(
            f"{text!r} is no duration; write it like 90s, 15m or 2h", param_hint="--every"
        )
    return seconds


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
        typer.echo(f"note: {where}: {warning}", err=True)
    for failure in report.failed:
        typer.echo(
            f"failed: {failure.where}: {failure.message}" + (f" ({failure.hint})" if failure.hint else ""),
            err=True,
        )
    for one in report.gone:
        typer.echo(f"gone: {one} (--prune removes it)", err=True)
    removed = f"{len(report.removed)} removed, " if report.removed else ""
    typer.echo(
        f"{len(report.added)} added, {len(report.updated)} updated, {len(report.unchanged)} unchanged, "
        f"{removed}{len(report.failed)} failed; the collection has {total} articles"
    )


def _print_source(source: Source) -> None:
    for name in ("title", "publisher", "author", "agency", "published", "updated", "language", "url"):
        mark = "  (guessed)" if name in source.guessed else ""
        typer.echo(f"  {name:<10} {getattr(source, name) or 'not stated'}{mark}")


def _columns(mapping: list[str] | None) -> dict[str, str]:
    """Return the column of each field that --map names."""
    from rag.ingest.dumps import FIELDS

    columns = {}
    for one in mapping or ():
        field, _, column = one.partition("=")
        if field not in FIELDS or not column:
            raise typer.BadParameter(
                f"{one!r} is not FIELD=COLUMN with a FIELD of {', '.join(sorted(FIELDS))}"
            )
        columns[field] = column
    return columns


def _explain(paths: list[str], as_json: bool, columns: dict[str, str]) -> None:
    """Show of every article what is known of it and which lines of its page are left out, and why."""
    from rag import settings
    from rag.answer import export
    from rag.ingest.reading import Failure
    from rag.intake import explain

    failed = False
    rows: list[dict[str, Any]] = []
    for one in explain(paths, int(settings.load().article_mb * 1_000_000), columns):
        if isinstance(one, Failure):
            failed = True
            typer.echo(
                f"failed: {one.where}: {one.message}" + (f" ({one.hint})" if one.hint else ""), err=True
            )
            continue
        about = export.source(one.article.source)
        removed = [{"line": cut.line, "reason": cut.reason, "text": cut.text} for cut in one.removed]
        if as_json:
            rows.append({**about, "text": one.article.text, "removed": removed})
            continue
        typer.echo(f"{one.where}")
        _print_source(one.article.source)
        typer.echo(f"  {'left out':<10} {len(removed)} lines")
        for cut in one.removed:
            typer.echo(f"    line {cut.line}, {cut.reason}: {cut.text[:150]}")
        typer.echo("")
    if as_json:
        _print_json(rows)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _print_answer(answer: Answer | Abstention) -> None:
    from rag.answer.texts import day

    typer.echo(answer.text)
    if not answer.answered:
        typer.echo(getattr(answer, "reason", ""))
    for one in answer.citations:
        about = " · ".join(
            filter(None, (one.source.publisher, day(one.source.published, answer.language), one.source.title))
        )
        typer.echo(
            f"\n{one.marker} {about}\n    {one.quote}\n"
            f"    {one.source.id}, characters {one.span.start}–{one.span.end}"
        )
        typer.echo(_also_in(one.also_in), nl=False)
    for warning in answer.warnings:
        typer.echo(f"\nnote: {warning}", err=True)
    typer.echo(f"\n({answer.model}, {answer.timings.total:.0f} ms)")


def _also_in(others: Sequence[Source]) -> str:
    """Return a line that names other articles that tell the same, "" where there are none."""
    return f"    also in: {', '.join(one.publisher or one.id for one in others)}\n" if others else ""


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
