"""The folder of a store, and its manifest: what built it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rag.errors import StoreError, StoreMismatchError

FORMAT: Final = 1
_MANIFEST: Final = "store.json"
_FINGERPRINT: Final = re.compile(r"@[0-9a-f]{8}$")  # behind the name of a model's folder


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store was built with; a difference means that its vectors or cuts would not fit."""

    format: int
    embedding_model: str
    dimension: int
    chunking: str


def exists(folder: Path) -> bool:
    """Tell whether a folder holds a store."""
    return (folder / _MANIFEST).is_file()


def stamp(folder: Path) -> tuple[int, int] | None:
    """Return what tells a store from another one in the same folder, None where there is none."""
    try:
        found = (folder / _MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def make_folder(folder: Path) -> None:
    """Make the store's folder where it is missing.

    Raises:
        StoreError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the store {folder} cannot be made: {error.strerror}", hint="choose another folder with --store"
        ) from error
    if not os.access(folder, os.W_OK):
        raise StoreError(
            f"the store {folder} is not writable",
            hint="choose another folder with --store, or change its rights",
        )


def read_manifest(folder: Path) -> Manifest:
    """Read what built the store.

    Raises:
        StoreError: there is no store, or its manifest is damaged.
        StoreMismatchError: a newer version of the program wrote it.
    """
    try:
        fields = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if fields["format"] != FORMAT:
            raise StoreMismatchError(
                f"the store {folder} has format {fields['format']}, this version reads format {FORMAT}",
                hint="use the version that wrote it, or index your articles into a new store",
            )
        return Manifest(**fields)
    except FileNotFoundError as error:
        raise StoreError(
            f"there is no collection in {folder}", hint="add articles first: rag index PATH"
        ) from error
    except OSError as error:
        raise StoreError(
            f"the store {folder} cannot be read: {error.strerror}", hint="check its permissions"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{folder / _MANIFEST} is damaged ({error})",
            hint="`rag rebuild` makes the store anew from the articles in it",
        ) from error


def format_of(folder: Path) -> int:
    """Return the format a store's manifest names, 0 where it names none."""
    try:
        found = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["format"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return found if isinstance(found, int) else 0


def settle_manifest(folder: Path, noted: dict[str, str], wanted: Manifest, *, create: bool) -> bool:
    """Make the folder of a process fit the store that a server keeps; tell whether the store is new.

    What lies in such a folder is derived from the articles. `noted` is the manifest that the server has.

    Raises:
        StoreError: the server keeps no store, and none is to be made.
        StoreMismatchError: another model or chunking built it.
    """
    if not noted and not create:
        raise StoreError("the database holds no collection", hint="add articles first: rag index PATH")
    if noted:
        make_folder(folder)
        found = Manifest(
            int(noted["format"]), noted["embedding_model"], int(noted["dimension"]), noted["chunking"]
        )
        if not exists(folder) or read_manifest(folder) != found:
            write_manifest(folder, found)
        check_manifest(folder, wanted)
    return not noted


def as_fields(manifest: Manifest) -> dict[str, str]:
    """Return a manifest as texts by name."""
    return {name: str(value) for name, value in asdict(manifest).items()}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest in one step: a reader sees the old one or the new one."""
    partial = folder / (_MANIFEST + ".partial")
    partial.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    partial.replace(folder / _MANIFEST)


def _mark(model: str) -> str:
    """Return what tells a model from others: of a folder "name@fingerprint" the latter, else the name."""
    found = _FINGERPRINT.search(model)
    return found[0] if found else model


def check_manifest(folder: Path, wanted: Manifest) -> None:
    """Compare the store's manifest with what the settings want.

    Raises:
        StoreMismatchError: model, dimension or chunking differ; the message names both sides.
    """
    found = read_manifest(folder)
    if (_mark(found.embedding_model), found.dimension) != (_mark(wanted.embedding_model), wanted.dimension):
        raise StoreMismatchError(
            f"the store {folder} was built with the embedding model {found.embedding_model} "
            f"({found.dimension} dimensions), not with {wanted.embedding_model} ({wanted.dimension})",
            hint="set RAG_EMBEDDING_MODEL to the model that built it (leave it unset for quellenchat-de-en), "
            "or build it anew with `rag rebuild`",
        )
    if found.chunking != wanted.chunking:
        as_long = found.chunking.split(", ")[0] == wanted.chunking.split(", ")[0]
        raise StoreMismatchError(
            f"the store {folder} was cut with {found.chunking}, not with {wanted.chunking}",
            hint="build it anew with `rag rebuild`"
            if as_long
            else "set RAG_PASSAGE_WORDS to the value that built it, or build it anew with `rag rebuild`",
        )
