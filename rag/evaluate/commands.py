"""What the commands `python -m rag.evaluate.…` share: their arguments, and what becomes of their errors."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.errors import QuellenchatError


def on_stores(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser of the arguments STORE=QUESTIONS …, for `stores`, and --out."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="STORE=QUESTIONS", help="a store and questions on it")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    return parser


def stores(parser: argparse.ArgumentParser, pairs: Sequence[str]) -> list[tuple[Path, Path]]:
    """Return each store with its file of questions; what is no such pair ends the command."""
    found = []
    for pair in pairs:
        store, _, questions = pair.partition("=")
        if not store or not questions:
            parser.error(f"{pair!r} is no STORE=QUESTIONS")
        found.append((Path(store).resolve(), Path(questions)))
    return found


def run(command: Callable[[], None]) -> None:
    """Run a command; a known error becomes its message and its hint, and exit code 1."""
    try:
        command()
    except QuellenchatError as error:
        sys.exit(f"{error}\n{error.hint}".rstrip())
