"""A whole store → one file, and back: a gzipped tar whose first member lists the others with checksums."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

import rag
from rag import store
from rag.errors import StoreError
from rag.store import replacement, snapshot

FORMAT: Final = 1
_ABOUT: Final = "backup.json"
_MOST_ABOUT: Final = 50_000_000  # bytes of the list; a longer one is none of ours
_CHUNK: Final = 1 << 20
_DAMAGED_HINT: Final = "restore an earlier backup"
OnWait = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a backup."""

    name: str  # its path in the store, with slashes
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself."""

    format: int
    program: str  # version that made it
    made: str  # UTC, ISO 8601
    embedding_model: str
    chunking: str
    files: tuple[Entry, ...]

    @property
    def bytes(self) -> int:
        """Size of the store."""
        return sum(one.bytes for one in self.files)


def back_up(
    folder: Path, file: Path, timeout_s: float, on_wait: OnWait | None = None, *, overwrite: bool = False
) -> Backup:
    """Write a store to `file` as it stands between two writes, and read it back to check it.

    Others may ask meanwhile; who writes waits while the store is copied, not while it is packed.

    Raises:
        StoreError: `file` exists and `overwrite` is not set, it cannot be written, or the store is damaged.
        StoreBusyError: another process did not finish writing within `timeout_s` seconds.
    """
    file = file.expanduser().absolute()
    if file.exists() and not overwrite:
        raise StoreError(f"{file} exists already", hint="choose another name, or set --overwrite")
    work = file.with_name(file.name + ".partial")
    with _writing(file):
        _make_way(work)
        work.mkdir()
    try:
        names = snapshot.take(folder, _made(work / "store"), timeout_s, on_wait)
        with _writing(file):
            _pack(work / "store", names, work / "packed")
            about = check(work / "packed")
            (work / "packed").replace(file)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return about


def check(file: Path) -> Backup:
    """Read a backup to its end and return what it says of itself.

    Raises:
        StoreError: it cannot be read, is none, or differs from its checksums.
    """
    with _reading(file) as packed:
        about = _about(packed, file)
        for entry, content in _contents(packed, about, file):
            _drain(content, entry, file, None)
    return about


def restore(
    file: Path, folder: Path, timeout_s: float, on_wait: OnWait | None = None, *, replace: bool = False
) -> Backup:
    """Bring a store back as it was; it is there whole, or what was there before is.

    Raises:
        StoreError: `folder` holds a store and `replace` is not set, the backup is damaged, the disk full.
        StoreBusyError: another process did not finish writing within `timeout_s` seconds.
    """
    with _reading(file) as packed:
        about = _about(packed, file)
        store.make_folder(folder)
        with store.writing(folder, timeout_s, on_wait):
            replacement.settle(folder)
            _make_sure_of_room(about, folder, replace)
            with replacement.replacing(folder) as coming:
                for entry, content in _contents(packed, about, file):
                    target = coming / entry.name
                    with _writing(target):
                        target.parent.mkdir(parents=True, exist_ok=True)
                        with target.open("wb") as written:
                            _drain(content, entry, file, written)
                store.read_manifest(coming)
    return about


def _make_sure_of_room(about: Backup, folder: Path, replace: bool) -> None:
    if not replace and any(replacement.is_part(path.name) for path in folder.iterdir()):
        raise StoreError(
            f"{folder} holds a collection already",
            hint="choose another folder with --store, or set --replace to have it replaced",
        )
    if about.bytes > (free := shutil.disk_usage(folder).free):
        raise StoreError(
            f"the collection takes {about.bytes:,} bytes, {free:,} are free in {folder}",
            hint="choose another folder with --store",
        )


def _make_way(work: Path) -> None:
    """Delete what a killed backup left, and nothing that is somebody's own."""
    is_own = work.is_dir() and {path.name for path in work.iterdir()} <= {"store", "packed"}
    if work.exists() and not is_own:
        raise StoreError(f"{work} is in the way", hint="choose another name, or move it")
    replacement.discard(work)


# -- packing ----------------------------------------------------------------------------------------------


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _pack(folder: Path, names: list[Path], file: Path) -> None:
    manifest = store.read_manifest(folder)
    entries = tuple(_entry(folder, name) for name in names)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    about = Backup(FORMAT, rag.__version__, now, manifest.embedding_model, manifest.chunking, entries)
    listed = json.dumps(asdict(about), indent=1).encode()
    with tarfile.open(file, "w:gz", compresslevel=1) as packed:
        head = tarfile.TarInfo(_ABOUT)
        head.size = len(listed)
        packed.addfile(head, io.BytesIO(listed))
        for entry in entries:
            member = tarfile.TarInfo(entry.name)
            member.size = entry.bytes
            with (folder / entry.name).open("rb") as content:
                packed.addfile(member, content)


def _entry(folder: Path, name: Path) -> Entry:
    with (folder / name).open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    return Entry(name.as_posix(), (folder / name).stat().st_size, digest.hexdigest())


# -- reading ----------------------------------------------------------------------------------------------


def _about(packed: tarfile.TarFile, file: Path) -> Backup:
    """Read the list at the head of a backup."""
    head = packed.next()
    content = packed.extractfile(head) if head and head.name == _ABOUT and head.size <= _MOST_ABOUT else None
    if content is None:
        raise StoreError(f"{file} is no backup", hint="name a file that `rag backup` wrote")
    try:
        fields: dict[str, Any] = json.load(content)
        if fields["format"] != FORMAT:
            raise StoreError(
                f"{file} has format {fields['format']}, this version reads format {FORMAT}",
                hint="use the version that wrote it",
            )
        files = [Entry(str(one["name"]), int(one["bytes"]), str(one["sha256"])) for one in fields["files"]]
        return Backup(**{**fields, "files": tuple(files)})
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file} is damaged: its list cannot be read", hint=_DAMAGED_HINT) from error


def _contents(packed: tarfile.TarFile, about: Backup, file: Path) -> Iterator[tuple[Entry, IO[bytes]]]:
    """Yield each listed file with its content, in the list's order; nothing else may be in between."""
    for entry in about.files:
        parts = PurePosixPath(entry.name).parts
        if not parts or not replacement.is_part(parts[0]) or ".." in parts:
            raise StoreError(f"{file} holds {entry.name!r}, no part of a collection", hint=_DAMAGED_HINT)
        member = packed.next()
        content = packed.extractfile(member) if member and member.name == entry.name else None
        if content is None:
            raise StoreError(f"{file} is damaged: {entry.name} is missing", hint=_DAMAGED_HINT)
        yield entry, content


def _drain(content: IO[bytes], entry: Entry, file: Path, target: IO[bytes] | None) -> None:
    """Read a file of a backup to its end, into `target` if there is one, and compare it with its checksum."""
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    if (size, digest.hexdigest()) != (entry.bytes, entry.sha256):
        raise StoreError(f"{file} is damaged: {entry.name} differs from its checksum", hint=_DAMAGED_HINT)


@contextmanager
def _reading(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r|gz") as packed:
            yield packed
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise StoreError(f"{file} is damaged, or no backup: {error}", hint=_DAMAGED_HINT) from error
    except OSError as error:
        raise StoreError(
            f"{file} cannot be read: {error.strerror or error}", hint="name a file that `rag backup` wrote"
        ) from error


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="check free disk space and permissions",
        ) from error
