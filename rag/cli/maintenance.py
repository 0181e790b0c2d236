"""Looking after the collection: `rag doctor`, `rag rebuild`, `rag backup` and `rag restore`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import SOME_FAILED, Json, Store, say_who
from rag.cli.printing import print_json, progress, say
from rag.errors import SettingsError
from rag.plural import counted
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.maintenance.backup import Backup
    from rag.maintenance.doctor import Finding


def doctor(
    mend: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended; no article is lost by it.")
    ] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Say what is wrong with the collection. Exit code 3 if something is."""
    from rag import settings
    from rag.maintenance.doctor import examine, well
    from rag.maintenance.repair import repair

    chosen = _in_folder(settings.load(store=store))
    findings, done = examine(chosen, say_who), list[str]()
    if mend and any(one.remedy == "repair" for one in findings):
        done = repair(chosen, say_who)
        findings = examine(chosen, say_who)
    if as_json:
        print_json({"well": well(findings), "findings": list(map(_as_json, findings)), "done": done})
    else:
        _print_findings(findings, done)
    if not well(findings):
        raise typer.Exit(SOME_FAILED)


def rebuild(store: Store = None, as_json: Json = False) -> None:
    """Cut and embed all articles anew. For another embedding model, cutting or version of this program."""
    from rag import settings
    from rag.maintenance.rebuild import rebuild as build_anew

    chosen = _in_folder(settings.load(store=store))
    with progress("Rebuilding", quiet=as_json) as show:
        count = build_anew(chosen, show, say_who)
    if as_json:
        print_json({"articles": count})
    else:
        made = f"{counted(count, 'article')} cut and embedded anew"
        say(f"{made}; start programs again that had it open")


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="To be written, such as news.tar.gz.", show_default=False)
    ],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Write the whole collection to a file. The file has checksums; the collection may be in use."""
    from rag import settings
    from rag.maintenance.backup import back_up

    chosen = _in_folder(settings.load(store=store))
    about = back_up(chosen.store, file, chosen.lock_timeout_s, say_who, overwrite=overwrite)
    _print(f"{chosen.store} is in {file}, read back and checked", about, as_json)


def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="That `rag backup` wrote.", show_default=False)
    ],
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
    chosen = _in_folder(settings.load(store=store))
    about = bring_back(file, chosen.store, chosen.lock_timeout_s, say_who, replace=replace)
    _print(f"{file} is restored in {chosen.store}", about, as_json)


def _in_folder(chosen: Settings) -> Settings:
    """Refuse a collection that servers keep: half of it would be looked at.

    Raises:
        SettingsError: RAG_DATABASE_URL or RAG_CHROMA_URL is set.
    """
    if chosen.database_url or chosen.chroma_url:
        raise SettingsError(
            "this works on a collection that lies in its folder, not on servers",
            hint="use the servers' own tools, such as pg_dump: all but the articles is made anew from them",
        )
    return chosen


def _as_json(one: Finding) -> dict[str, object]:
    return {
        "part": one.part, "well": one.well, "message": one.message, "remedy": one.remedy, "advice": one.advice
    }  # fmt: skip


def _print_findings(findings: Sequence[Finding], done: Sequence[str]) -> None:
    for one in done:
        say(f"repaired       {one}")
    for finding in findings:
        say(f"{'well' if finding.well else 'WRONG':<6} {finding.part:<14} {finding.message}")
        if finding.advice and not finding.well:
            say(f"{'':<21} → {finding.advice}")
    wrong = sum(not one.well for one in findings)
    say("nothing is wrong" if not wrong else f"{wrong} of {len(findings)} are wrong")


def _print(message: str, about: Backup, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(about), "bytes": about.bytes})
    else:
        say(f"{message}: made {about.made}, {counted(len(about.files), 'file')}, {about.bytes:,} bytes")
