"""A store → what is wrong with it, in plain words, and what mends it; nothing is changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from rag import store
from rag.archive import Archive, audit
from rag.collection import embedder_of, manifest_of
from rag.errors import ModelError, StoreBusyError, StoreError, StoreMismatchError
from rag.maintenance import parts, probe
from rag.plural import counted
from rag.retrieve.embedding.embedder import Embedder
from rag.retrieve.lexical import lexicon
from rag.retrieve.lexical.index import LexicalIndex
from rag.settings import Settings
from rag.store import replacement

Remedy = Literal["", "repair", "rebuild", "restore"]

_LEAST_FREE: Final = 100_000_000  # bytes; below that the next indexing may stop half-way
_NAMED: Final = 5  # ids in a message
_PATIENCE_S: Final = 10.0  # for a writer; who repairs waits as long as other writers do
_COMMANDS: Final[dict[Remedy, str]] = {
    "repair": "rag doctor --repair",
    "rebuild": "rag rebuild",
    "restore": "rag restore FILE --replace",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part of a store."""

    part: str
    message: str
    well: bool = True
    remedy: Remedy = ""  # what mends it, where something does
    hint: str = ""

    @property
    def advice(self) -> str:
        """What to do, "" where nothing has to be done."""
        return self.hint or _COMMANDS.get(self.remedy, "")


def examine(chosen: Settings, on_wait: Callable[[str], None] | None = None) -> list[Finding]:
    """Look at every part of a store; writers wait meanwhile, so that the parts can be compared.

    Raises:
        StoreError: there is no store.
    """
    folder = chosen.store
    is_store = folder.is_dir() and any(replacement.is_part(path.name) for path in folder.iterdir())
    if not is_store and not replacement.unfinished(folder):
        store.read_manifest(folder)  # tells what is missing
    found = [_rights(folder), _space(folder), *_interrupted(folder)]
    try:
        with store.writing(folder, min(chosen.lock_timeout_s, _PATIENCE_S), on_wait):
            return [*found, Finding("lock", "nobody is writing"), *_parts(chosen)]
    except StoreBusyError as error:
        hint = "ask again when it is done; the parts cannot be compared before"
        return [*found, Finding("lock", str(error), well=False, hint=hint)]
    except StoreError as error:
        return [*found, Finding("lock", str(error), well=False, hint=error.hint)]


def well(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing is wrong."""
    return all(one.well for one in findings)


# -- the folder -------------------------------------------------------------------------------------------


def _rights(folder: Path) -> Finding:
    paths = [folder, *(path for path in folder.rglob("*") if replacement.is_part(path.name) or path.is_dir())]
    unreadable = [path for path in paths if not os.access(path, os.R_OK)]
    unwritable = [path for path in paths if not os.access(path, os.W_OK)]
    if unreadable:
        return Finding("rights", f"{unreadable[0]} cannot be read", well=False, hint="change its rights")
    if unwritable:
        return Finding("rights", f"{unwritable[0]} cannot be written", well=False, hint="change its rights")
    return Finding("rights", "all files can be read and written")


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    taken = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    message = f"the collection takes {_megabytes(taken)}, {_megabytes(free)} are free"
    if free < _LEAST_FREE:
        return Finding("disk", message, well=False, hint="make room before you index more")
    return Finding("disk", message)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _interrupted(folder: Path) -> Iterator[Finding]:
    if replacement.unfinished(folder) or replacement.remnants(folder):
        message = "a restore or a rebuild was interrupted; no article is lost by that"
        yield Finding("folder", message, well=False, remedy="repair")


# -- what a store consists of -----------------------------------------------------------------------------


def _parts(chosen: Settings) -> Iterator[Finding]:
    """Yield what is found of the parts, from the articles to what is derived from them."""
    folder = chosen.store
    try:
        encoder = embedder_of(chosen)
    except ModelError as error:
        yield Finding("model", str(error), well=False, hint=error.hint)
        return
    making = _manifest(folder, chosen, encoder)
    yield making
    try:
        archive = Archive.in_folder(folder, create=False)
    except StoreError as error:
        yield Finding("articles", str(error), well=False, remedy="restore")
        return
    try:
        yield from _articles(archive)
        if making.well:
            wanted = set(archive.passage_keys())
            yield _tokens(archive, encoder.token_dimension)
            yield _lexical(folder, wanted)
            yield _vectors(folder, encoder.dimension, wanted)
    except StoreError as error:
        yield Finding("articles", str(error), well=False, remedy="restore")
    finally:
        archive.close()


def _manifest(folder: Path, chosen: Settings, encoder: Embedder) -> Finding:
    wanted = manifest_of(chosen, encoder)
    try:
        store.check_manifest(folder, wanted)
    except StoreMismatchError as error:
        newer = store.format_of(folder) > store.FORMAT
        return Finding("version", str(error), well=False, remedy="" if newer else "rebuild", hint=error.hint)
    except StoreError as error:
        return Finding("version", str(error), well=False, remedy="rebuild")
    return Finding("version", f"built by {wanted.embedding_model}, {wanted.chunking}")


def _articles(archive: Archive) -> Iterator[Finding]:
    if damage := audit.damage(archive.engine):
        only_indexes = all("index" in one for one in damage)
        remedy: Remedy = "repair" if only_indexes else "restore"
        yield Finding("articles", f"the database is damaged: {damage[0]}", well=False, remedy=remedy)
    else:
        yield Finding("articles", f"{counted(archive.count(), 'article')} in an undamaged database")
    if half := audit.half_written(archive.engine):
        yield Finding("articles", f"written half: {_listed(half)}", well=False, remedy="repair")
    elif archive.unfinished():
        yield Finding("articles", "the last write was not finished", well=False, remedy="repair")
    if cut := audit.badly_cut(archive.engine):
        yield Finding(
            "passages", f"without passages, or cut wrongly: {_listed(cut)}", well=False, remedy="repair"
        )
    else:
        yield Finding("passages", f"{counted(archive.passage_count(), 'passage')}, all within their articles")


def _tokens(archive: Archive, dimension: int) -> Finding:
    if not dimension:
        return Finding("token vectors", "this embedding model has none")
    if missing := audit.without_token_vectors(archive.engine, dimension):
        message = f"missing or damaged for {counted(len(missing), 'passage')}"
        return Finding("token vectors", message, well=False, remedy="repair")
    return Finding("token vectors", "complete")


def _lexical(folder: Path, wanted: set[int]) -> Finding:
    if damage := parts.lexical_damage(folder):
        return Finding("lexical index", damage[0], well=False, remedy="repair")
    if not (folder / "lexical.sqlite").exists():
        return Finding("lexical index", "it is missing", well=False, remedy="repair")
    index = LexicalIndex(folder / "lexical.sqlite", lexicon.bundled())
    try:
        return _compared("lexical index", set(index.keys()), wanted)
    finally:
        index.close()


def _vectors(folder: Path, dimension: int, wanted: set[int]) -> Finding:
    if not (folder / "chroma" / "chroma.sqlite3").exists():
        return Finding("vectors", "they are missing", well=False, remedy="repair")
    seen = probe.look(folder / "chroma", dimension, len(wanted))
    if seen.problem:
        return Finding("vectors", seen.problem, well=False, remedy="repair")
    if seen.lost:
        message = f"{len(seen.lost)} of {len(seen.keys)} are no longer found by a search"
        return Finding("vectors", message, well=False, remedy="repair")
    return _compared("vectors", set(seen.keys), wanted)


def _compared(part: str, keys: set[int], wanted: set[int]) -> Finding:
    missing, stale = len(wanted - keys), len(keys - wanted)
    if missing or stale:
        message = f"{counted(missing, 'passage')} missing, {stale} of articles that are gone"
        return Finding(part, message, well=False, remedy="repair")
    return Finding(part, f"complete, {counted(len(keys), 'passage')}")


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"{counted(len(ids), 'article')}: {', '.join(ids[:_NAMED])}{more}"
