"""The command line of the benchmarks: each prints a table, or JSON."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks import report

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Measure speed and scale on generated news. Needs: pip install -e '.[benchmark]'",
)

Passages = Annotated[int, typer.Option("--passages", min=200, help="How many passages to generate.")]
Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where stores are built, and kept; default: a temporary one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def benchmarks() -> None:
    """Keep the name of the benchmark a command, however many there are."""


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
    beside: Annotated[bool, typer.Option(help="Measure LangChain's ensemble too.")] = True,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Time one question, embedding included, beside LangChain's BM25Retriever and Chroma."""
    from benchmarks.retrieval import run

    with TemporaryDirectory() as temporary:
        rows = run(sizes or [1_000, 10_000, 100_000], folder or Path(temporary), beside)
    _print("retrieval", rows, as_json)


@app.command()
def indexing(
    source: Annotated[
        Path, typer.Argument(help="Articles as .jsonl or .jsonl.xz, varied as often as needed.")
    ],
    articles: Annotated[int, typer.Option(min=1, help="How many articles to index.")] = 1_000,
    pipeline: Annotated[list[str] | None, typer.Option(help="Only these pipelines.")] = None,
    as_json: Json = False,
) -> None:
    """Index articles, beside LangChain's splitter, embedder and Chroma with the same model."""
    from benchmarks.indexing import PIPELINES, run

    _print("indexing", run(source, articles, pipeline or PIPELINES), as_json)


def _print(name: str, rows: report.Rows, as_json: bool) -> None:
    typer.echo(report.as_json(name, rows) if as_json else report.table(rows))


if __name__ == "__main__":
    app()
