"""A store → a copy of it as it stands between two writes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rag.errors import StoreError
from rag.store import lock, manifest, replacement

_SQLITE: Final = b"SQLite format 3\0"
_BESIDE: Final = ("-wal", "-shm", "-journal")  # files of SQLite's own; a copy needs none of them


def take(
    folder: Path, target: Path, timeout_s: float, on_wait: Callable[[str], None] | None = None
) -> list[Path]:
    """Copy the parts of a store into `target`; return the files' paths in it.

    Writers wait as long as it takes; readers do not.

    Raises:
        StoreError: there is no store, a database in it is damaged, or the copy cannot be written.
        StoreBusyError: another process did not finish writing within `timeout_s` seconds.
    """
    manifest.read_manifest(folder)
    with lock.writing(folder, timeout_s, on_wait):
        replacement.settle(folder)
        return copy(folder, target)


def copy(folder: Path, target: Path, parts: Sequence[str] = replacement.PARTS) -> list[Path]:
    """Copy parts of a store that nobody writes to just now; raises as `take` does."""
    copied = []
    try:
        for part in parts:
            for path in _files(folder / part):
                name = path.relative_to(folder)
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                _copy_file(path, target / name)
                copied.append(name)
    except sqlite3.Error as error:
        raise StoreError(
            f"{path} cannot be copied: {error}", hint="`rag doctor` says what is wrong with the store"
        ) from error
    except OSError as error:
        raise StoreError(
            f"{path} cannot be copied: {error.strerror}", hint="check free disk space and permissions"
        ) from error
    return copied


def is_read_only(folder: Path) -> bool:
    """Tell whether a store is there that this person, or anyone on this medium, may only read."""
    return manifest.exists(folder) and not os.access(folder, os.W_OK)


@contextmanager
def writable(folder: Path) -> Iterator[Path]:
    """Yield the folder of a store that SQLite and Chroma can open: they write even where they only read.

    That of a read-only store is a copy in the system's temporary folder, as the store is now; it goes when
    the block ends. A log that a killed writer left is taken along.

    Raises:
        StoreError: the store cannot be read, or the copy not be written.
    """
    if not is_read_only(folder):
        yield folder
        return
    with TemporaryDirectory(prefix="quellenchat-", ignore_cleanup_errors=True) as place:
        try:
            with lock.unchanged(folder):
                for path in folder.iterdir():
                    if replacement.is_part(path.name) and path.is_dir():
                        shutil.copytree(path, Path(place, path.name), copy_function=shutil.copyfile)
                    elif replacement.is_part(path.name) and not path.name.endswith("-shm"):
                        shutil.copyfile(path, Path(place, path.name))
        except OSError as error:
            raise StoreError(
                f"the read-only store {folder} cannot be copied: {error.strerror or error}",
                hint="make room in the temporary folder, or copy the store and name the copy with --store",
            ) from error
        yield Path(place)


def _files(path: Path) -> list[Path]:
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [one for one in found if one.is_file() and not one.name.endswith(_BESIDE)]


def _copy_file(path: Path, target: Path) -> None:
    """Copy a file; a database as its readers see it, what is still in its log included."""
    with path.open("rb") as file:
        is_database = file.read(len(_SQLITE)) == _SQLITE
    if not is_database:
        shutil.copyfile(path, target)
        return
    with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(target)) as made:
        source.backup(made)
        problem = made.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise sqlite3.DatabaseError(f"it is damaged ({problem})")
