"""Articles in: `rag index`, `rag sync` and `rag sources`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from rag.cli.options import SOME_FAILED, Json, Store, holdings, opened
from rag.cli.printing import print_json, print_source, progress, say, show_report
from rag.errors import QuellenchatError
from rag.ingest.formats.table import KNOWN
from rag.plural import counted

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH|URL",
        help=f"Files and folders ({KNOWN}), addresses of articles, feeds and sitemaps.",
        show_default=False,
    ),
]
Limit = Annotated[int, typer.Option(min=1, help="Articles taken from one feed or sitemap.")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show what would be left out and guessed; index nothing.")
]
Mapping = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Column of a dump for a field, as in text=body."),
]
Processes = Annotated[
    int | None,
    typer.Option(min=1, help="Read and embed in so many processes, for a large archive (extra `bulk`)."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Or on the machines of a Dask cluster, as tls://host:8786."),
]
Watch = Annotated[bool, typer.Option("--watch", help="Go on looking for changes until Ctrl-C.")]
Every = Annotated[str, typer.Option(help="How often --watch looks, such as 90s, 15m or 2h.")]
_LONGEST_S: Final = 366 * 86_400.0  # between two looks
sources_app = typer.Typer(help="The folders and addresses that `rag sync` refreshes.", rich_markup_mode=None)


def index(
    paths: Paths,
    limit: Limit = 100,
    watch: Watch = False,
    every: Every = "15m",
    store: Store = None,
    as_json: Json = False,
    explain: Explain = False,
    mapping: Mapping = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
) -> None:
    """Add articles to the collection. New ones are added, changed ones replaced, the rest left alone.

    Folders and addresses are remembered; `rag sync` looks at them again.
    """
    if processes and scheduler:
        raise typer.BadParameter("name processes of this machine or a cluster, not both")
    if explain:
        _explain(paths, as_json, _columns(mapping))
        return
    pause_s = _seconds(every)

    def look(again: bool = True) -> bool:
        with opened(store, create=True) as library, progress("Indexing", quiet=as_json) as show:
            report = library.index(
                paths, show, _columns(mapping), limit=limit, again=again,
                processes=processes, scheduler=scheduler,
            )  # fmt: skip
            total = library.count()
        return show_report(report, total, as_json)

    failed = look(again=False)
    if watch:
        _keep_watching(look, pause_s, waiting=True)
    elif failed:
        raise typer.Exit(SOME_FAILED)


def sync(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Only these of the sources.", show_default=False),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles whose file is in none of the sources any more.")
    ] = False,
    watch: Watch = False,
    every: Every = "15m",
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Look again at what was indexed. What changed in folders, pages, feeds and sitemaps is taken over."""
    pause_s = _seconds(every)

    def look() -> bool:
        with opened(store) as library, progress("Looking", quiet=as_json) as show:
            if not targets and not library.watched():
                say("no sources yet: index a folder or an address first", err=True)
            report = library.sync(targets or [], show, prune=prune)
            total = library.count()
        return show_report(report, total, as_json)

    if watch:
        _keep_watching(look, pause_s, waiting=False)
    elif look():
        raise typer.Exit(SOME_FAILED)


@sources_app.callback(invoke_without_command=True)
def sources(context: typer.Context, store: Store = None, as_json: Json = False) -> None:
    """List the folders and addresses that `rag sync` refreshes."""
    if context.invoked_subcommand is not None:
        return
    with holdings(store) as known:
        watched = known.watched()
    if as_json:
        print_json(
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
        say(f"{one.kind:<8}  {one.target}  (checked {one.checked:%Y-%m-%d %H:%M} UTC){problem}")
    say(counted(len(watched), "source"))


@sources_app.command("remove")
def sources_remove(
    context: typer.Context,
    targets: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="As `rag sources` lists them.", show_default=False)
    ],
    store: Store = None,
) -> None:
    """Refresh these no longer; their articles stay."""
    before_the_name = context.parent.params["store"] if context.parent else None
    with holdings(store or before_the_name) as known:
        known.forget(targets)
        say(f"{len(set(targets))} forgotten, {counted(len(known.watched()), 'source')} left")


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
                say(f"rag: {error}", err=True)
    except KeyboardInterrupt:
        say("stopped watching", err=True)


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
    if seconds > _LONGEST_S:
        raise typer.BadParameter(f"{text!r} is more than a year", param_hint="--every")
    return seconds


def _columns(mapping: list[str] | None) -> dict[str, str]:
    """Return the column of each field that --map names."""
    from rag.ingest.formats.fields import NAMES

    columns = {}
    for one in mapping or ():
        field, _, column = one.partition("=")
        if field not in NAMES or not column:
            raise typer.BadParameter(
                f"{one!r} is not FIELD=COLUMN with a FIELD of {', '.join(sorted(NAMES))}"
            )
        columns[field] = column
    return columns


def _explain(paths: list[str], as_json: bool, columns: dict[str, str]) -> None:
    """Show of every article what is known of it and which lines of its page are left out, and why."""
    from rag import settings
    from rag.answer import export
    from rag.ingest.outcomes import Failure
    from rag.intake import explain

    failed = False
    rows: list[dict[str, Any]] = []
    for one in explain(paths, int(settings.load().article_mb * 1_000_000), columns):
        if isinstance(one, Failure):
            failed = True
            say(f"failed: {one.where}: {one.message}" + (f" ({one.hint})" if one.hint else ""), err=True)
            continue
        about = export.source(one.article.source)
        removed = [{"line": cut.line, "reason": cut.reason, "text": cut.text} for cut in one.removed]
        if as_json:
            rows.append({**about, "text": one.article.text, "removed": removed})
            continue
        say(f"{one.where}")
        print_source(one.article.source)
        say(f"  {'left out':<10} {counted(len(removed), 'line')}")
        for cut in one.removed:
            say(f"    line {cut.line}, {cut.reason}: {cut.text[:150]}")
        say("")
    if as_json:
        print_json(rows)
    if failed:
        raise typer.Exit(SOME_FAILED)
