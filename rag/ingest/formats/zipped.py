"""A zip → its members, within bounds: nothing in it can fill memory or disk, or point outside."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Final

from rag.errors import InputError

MAX_BYTES: Final = 64_000_000  # of a file that holds pictures and type beside its text, packed or not
_MEMBERS: Final = 10_000
_TOTAL_BYTES: Final = 1_000_000_000
_RATIO: Final = 200  # text packs 3 to 10 times, whatever packs better is rather a bomb
_SMALL_BYTES: Final = 1_000_000


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip in memory after checking how much it claims to hold.

    Raises:
        InputError: it is no zip, a damaged one, or holds too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError("the file is damaged: it is no zip inside", hint="get it again") from error
    with archive:
        members = archive.infolist()
        total = sum(member.file_size for member in members)
        if len(members) > _MEMBERS:
            raise InputError(f"it holds {len(members):,} files, the limit is {_MEMBERS:,}", hint="unpack it")
        if total > _TOTAL_BYTES or (total > _SMALL_BYTES and total > _RATIO * max(len(content), 1)):
            raise InputError(
                f"it would unpack to {total / 1e6:,.0f} MB from {len(content) / 1e6:,.1f} MB, more than"
                " articles do",
                hint="unpack it yourself if you trust it",
            )
        yield archive


def read_member(archive: zipfile.ZipFile, name: str, limit: int = MAX_BYTES) -> bytes:
    """Return a member's bytes.

    Raises:
        InputError: it is missing, locked, damaged, or larger than any article.
    """
    try:
        with archive.open(name) as file:
            content = file.read(limit + 1)
    except KeyError as error:
        raise InputError(f"{name!r} is missing in it", hint="get the file again") from error
    except RuntimeError as error:  # encrypted
        raise InputError("it is locked with a password", hint="unpack it yourself") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise InputError(f"{name!r} in it is damaged", hint="get the file again") from error
    if len(content) > limit:
        raise InputError(f"{name!r} unpacks to more than {limit / 1e6:.0f} MB", hint="unpack it yourself")
    return content


def members(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the names of the files in a zip that stay inside it, in order.

    Raises:
        InputError: one of them points outside.
    """
    for member in sorted(archive.infolist(), key=lambda one: one.filename):
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
            raise InputError(f"it names a file outside itself: {member.filename!r}", hint="do not trust it")
        hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
        if not member.is_dir() and not hidden:
            yield member.filename
