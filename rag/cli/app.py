"""The commands in the order of the help, and what becomes of their errors."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from rag import __version__, telemetry
from rag.cli import articles, evaluation, indexing, maintenance, people, questions, serving
from rag.errors import QuellenchatError

_INTERRUPTED: Final = 130  # what Typer makes of Ctrl-C
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Ask your own news articles, in German or English, and check every answer against its sentence.",
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quellenchat {__version__}")
        raise typer.Exit


@app.callback()
def shared(
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Declare --debug for the help; `main` takes it out wherever it stands."""


for command in (
    indexing.index,
    indexing.sync,
    articles.articles,
    articles.edit,
    articles.remove,
    questions.search,
    questions.ask,
    evaluation.evaluate,
    serving.serve,
    maintenance.doctor,
    maintenance.rebuild,
    maintenance.backup,
    maintenance.restore,
):
    app.command()(command)
app.add_typer(indexing.sources_app, name="sources")
app.add_typer(people.user_app, name="user")


def main() -> None:
    """Run the command line; a known error becomes one line and its hint, and exit code 1."""
    debug = "--debug" in sys.argv
    telemetry.switch_off_tracing()
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
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            typer.echo("rag: stopped; what was confirmed stays", err=True)
        raise
