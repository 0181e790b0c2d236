"""The command line of the benchmarks: all of them, or one, which prints a table or JSON."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks import report

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Measure speed and scale on generated news. Needs: pip install -e '.[benchmark]'",
)

Passages = Annotated[int, typer.Option("--passages", min=200, help="How many passages to generate.")]
Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where stores are built, and kept; default: a temporary one.")
]
Beside = Annotated[bool, typer.Option("--beside/--alone", help="Measure what one would use instead, too.")]
Rounds = Annotated[int, typer.Option("--rounds", min=1, help="How often; the median is reported.")]
Source = Annotated[
    Path | None,
    typer.Option("--source", exists=True, help="Articles to index, .jsonl or .jsonl.xz; default: generated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def benchmarks(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="Folder of the results.")] = Path("benchmark-results"),
    sizes: Annotated[
        list[int] | None, typer.Option("--passages", min=200, help="Sizes of retrieval; 1,000 and 10,000.")
    ] = None,
    articles: Annotated[int, typer.Option("--articles", min=1, help="How many articles to index.")] = 300,
    source: Source = None,
    rounds: Rounds = 3,
) -> None:
    """Without a command: run all of them; JSON, tables and drawings are left in a folder."""
    if context.invoked_subcommand is None:
        from benchmarks.suite import run

        typer.echo(run(out, sizes or [1_000, 10_000], articles, source, rounds))


@app.command()
def startup(rounds: Rounds = 3, beside: Beside = True, folder: Folder = None, as_json: Json = False) -> None:
    """Time new processes: --help, a first question, a page that answers; memory of an idle page."""
    from benchmarks.startup import run

    with TemporaryDirectory() as temporary:
        _print("startup", run(rounds, folder or Path(temporary), beside), as_json)


@app.command()
def embedding(
    passages: Annotated[int, typer.Option("--passages", min=8, help="How many passages to embed.")] = 64,
    rounds: Rounds = 3,
    beside: Beside = True,
    as_json: Json = False,
) -> None:
    """Compare the bundled model with multilingual-e5-small's architecture and with the floor."""
    from benchmarks.embedding import run

    _print("embedding", run(passages, rounds, beside), as_json)


@app.command()
def operators(
    passages: Annotated[int, typer.Option("--passages", min=1, help="How many passages to embed.")] = 32,
    as_json: Json = False,
) -> None:
    """Show where the embedding model spends its time, operator by operator."""
    from benchmarks.operators import run

    _print("operators", run(passages), as_json)


@app.command()
def people(
    passages: Passages = 10_000, beside: Beside = True, folder: Folder = None, as_json: Json = False
) -> None:
    """Let ten people ask at once."""
    from benchmarks.people import run

    with TemporaryDirectory() as temporary:
        _print("people", run(passages, folder or Path(temporary), beside), as_json)


@app.command()
def answers(rounds: Rounds = 3, as_json: Json = False) -> None:
    """Time whole answers: quotations, and around a scripted model on loopback that answers at once."""
    from benchmarks.overhead import run

    _print("answers", run(rounds), as_json)


@app.command()
def lexical(passages: Passages = 100_000, folder: Folder = None, as_json: Json = False) -> None:
    """Compare SQLite, tantivy and bm25s as the lexical index."""
    from benchmarks.lexical import run

    with TemporaryDirectory() as temporary:
        _print("lexical", run(passages, folder or Path(temporary)), as_json)


@app.command()
def retrieval(
    sizes: Annotated[
        list[int] | None, typer.Option("--passages", min=200, help="Sizes; 1,000, 10,000 and 100,000.")
    ] = None,
    beside: Beside = True,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Time one question, embedding included, beside LangChain's BM25Retriever and Chroma."""
    from benchmarks.retrieval import run

    with TemporaryDirectory() as temporary:
        rows = run(sizes or [1_000, 10_000, 100_000], folder or Path(temporary), beside)
    _print("retrieval", rows, as_json)


@app.command()
def page(
    passages: Passages = 100_000,
    at_once: Annotated[int, typer.Option("--people", min=1, help="How many people ask at once.")] = 10,
    each: Annotated[int, typer.Option(min=1, help="Questions that each of them asks.")] = 10,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Time answers of the page, extractive, while people ask it at once through gradio_client."""
    from benchmarks.page import run

    with TemporaryDirectory() as temporary:
        _print("page", run(passages, at_once, each, folder or Path(temporary)), as_json)


@app.command()
def indexing(
    source: Source = None,
    articles: Annotated[int, typer.Option(min=1, help="How many articles to index.")] = 1_000,
    pipeline: Annotated[list[str] | None, typer.Option(help="Only these pipelines.")] = None,
    rounds: Rounds = 1,
    as_json: Json = False,
) -> None:
    """Index articles, beside LangChain's splitter, embedder and Chroma with the same model."""
    from benchmarks.indexing import PIPELINES, run

    _print("indexing", run(source, articles, pipeline or PIPELINES, rounds), as_json)


def _print(name: str, rows: report.Rows, as_json: bool) -> None:
    typer.echo(report.as_json(name, rows) if as_json else report.table(rows))


if __name__ == "__main__":
    app()
