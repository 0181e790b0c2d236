"""A whole store put in the place of another one, so that a killed process leaves the old or the new.

The new store is made in a folder inside the old one's (which may be a mount point and cannot be renamed
itself) and counts from the moment that folder takes the name `replacement`. From then on whoever opens the
store finishes the change, by steps that can be done twice.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from rag.errors import StoreError

# All that a store consists of, the manifest last: a folder is a store once it has one.
PARTS: Final = ("articles.sqlite", "lexical.sqlite", "chroma", "feedback", "store.json")
_COMING: Final = "incoming"  # being made, and worth nothing yet
_MADE: Final = "replacement"  # whole: the old parts go
_MOVING: Final = "arriving"  # the old parts are gone, the new ones move to their place


def unfinished(folder: Path) -> bool:
    """Tell whether a store is being replaced, or was when a process was killed."""
    return (folder / _MADE).exists() or (folder / _MOVING).exists()


def remnants(folder: Path) -> bool:
    """Tell whether what a killed process had begun to make lies in a store, for nothing."""
    return (folder / _COMING).exists()


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to make a store in; it replaces that of `folder` when the block ends well.

    To be called with the store's write lock held. What is in `folder` but no part of a store stays.

    Raises:
        StoreError: the disk is full, or the folder cannot be written; the old store stays.
    """
    settle(folder)
    clear(folder)
    coming = folder / _COMING
    with _telling(folder):
        coming.mkdir()
    try:
        yield coming
        with _telling(folder):
            _flush(coming)
            coming.rename(folder / _MADE)
            _flush_names(folder)
    except BaseException:
        with suppress(OSError):
            discard(coming)
        raise
    settle(folder)


def settle(folder: Path) -> None:
    """Finish replacing a store, wherever it stopped; to be called with the write lock held.

    Raises:
        StoreError: the folder cannot be written.
    """
    made, moving = folder / _MADE, folder / _MOVING
    with _telling(folder):
        if made.exists():
            for old in folder.iterdir():
                if is_part(old.name):
                    discard(old)
            made.rename(moving)
        if moving.exists():
            for new in sorted(moving.iterdir(), key=lambda path: path.name == PARTS[-1]):
                discard(folder / new.name)  # as an open reader may have made it meanwhile
                new.rename(folder / new.name)
            moving.rmdir()
            _flush_names(folder)


def clear(folder: Path) -> None:
    """Delete what a killed process had begun to make; to be called with the write lock held.

    Raises:
        StoreError: the folder cannot be written.
    """
    with _telling(folder):
        discard(folder / _COMING)


def is_part(name: str) -> bool:
    """Tell whether a file or folder belongs to a store; SQLite keeps files beside its own."""
    return any(name == part or name.startswith((f"{part}-", f"{part}.")) for part in PARTS)


def discard(path: Path) -> None:
    """Delete a file, or a folder with all that is in it, where it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"the store {folder} cannot be replaced: {error.strerror or error}",
            hint="check free disk space and that the store's folder is writable",
        ) from error


def _flush(folder: Path) -> None:
    """Have the system write all files of a folder to the disk, not only to its memory."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            _flush_names(path)
    _flush_names(folder)


def _flush_names(folder: Path) -> None:
    with suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
