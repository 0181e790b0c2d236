"""The commands in the order of the help, and what becomes of their errors."""

from __future__ import annotations

import errno
import io
import sys
from typing import Annotated, Final

import typer

from rag import __version__, telemetry
from rag.cli import articles, evaluation, indexing, maintenance, people, questions, serving
from rag.cli.printing import say
from rag.errors import QuellenchatError

_INTERRUPTED: Final = 130  # what Typer makes of Ctrl-C
_OF_THE_SYSTEM: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM))
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Ask your own news articles, in German or English, and check every answer against its sentence.",
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        say(f"quellenchat {__version__}")
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
    if isinstance(sys.stdout, io.TextIOWrapper):  # a letter that it cannot take must not end the command
        sys.stdout.reconfigure(errors="replace")
    try:
        app([argument for argument in sys.argv[1:] if argument != "--debug"])
    except Exception as error:
        if debug:
            raise
        message, hint = _told(error)
        say(f"rag: {message}" + (f"\n     {hint}" if hint else ""), err=True)
        sys.exit(1)
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            say("rag: stopped; what was confirmed stays", err=True)
        raise


def _told(error: Exception) -> tuple[str, str]:
    """Return what is said of an error, and what to do."""
    if isinstance(error, QuellenchatError):
        return str(error), error.hint
    if isinstance(error, OSError) and error.errno in _OF_THE_SYSTEM:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}", "check free disk space and permissions"
    return (
        f"unexpected {type(error).__name__}: {error}",
        "run it again with --debug and report what it prints",
    )
