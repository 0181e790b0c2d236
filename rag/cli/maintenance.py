"""Looking after the collection: `rag backup` and `rag restore`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import Json, Store, say_who
from rag.cli.printing import print_json

if TYPE_CHECKING:
    from rag.maintenance.backup import Backup


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, such as news.tar.gz.", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Write the whole collection to a file with checksums; it may be in use."""
    from rag import settings
    from rag.maintenance.backup import back_up

    chosen = settings.load(store=store)
    about = back_up(chosen.store, file, chosen.lock_timeout_s, say_who, overwrite=overwrite)
    _print(f"{chosen.store} is in {file}, read back and checked", about, as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="File that `rag backup` wrote.", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the collection that is there; it is lost.")
    ] = False,
    only_check: Annotated[
        bool, typer.Option("--check", help="Compare the file with its checksums; restore nothing.")
    ] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Bring a collection back from a backup, whole or not at all."""
    from rag import settings
    from rag.maintenance.backup import check
    from rag.maintenance.backup import restore as bring_back

    if only_check:
        _print(f"{file} is whole", check(file), as_json)
        return
    chosen = settings.load(store=store)
    about = bring_back(file, chosen.store, chosen.lock_timeout_s, say_who, replace=replace)
    _print(f"{file} is restored in {chosen.store}", about, as_json)


def _print(message: str, about: Backup, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(about), "bytes": about.bytes})
    else:
        typer.echo(f"{message}: made {about.made}, {len(about.files)} files, {about.bytes:,} bytes")
