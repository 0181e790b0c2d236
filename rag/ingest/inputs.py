"""What the user points at → the files to read, each with the article id it will get."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rag.ingest.formats import table
from rag.ingest.outcomes import Failure
from rag.ingest.text.characters import encodable

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_OF_A_COLLECTION: Final = {"store.json", "write.lock"}
_DESCRIBES_ITS_FOLDER: Final = ("readme", "license", "licence", "changelog")


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read and the id of its article: its path relative to the indexed folder."""

    path: Path
    article_id: str
    root: Path


def find(target: str) -> Iterator[Input | Failure]:
    """Yield the files under a path, in order; folders are walked, hidden ones and README files left out.

    So is the folder of a collection, which may lie in one that is indexed: what it holds are no articles.
    A file that is named itself is always taken.
    """
    try:
        yield from _find(target)
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, an unknown ~user, a zero byte
        reason = error.strerror if isinstance(error, OSError) else error
        yield Failure(encodable(target), f"no path this system can follow: {reason}", "check the path")


def _find(target: str) -> Iterator[Input | Failure]:
    if not target.strip():
        yield Failure(target, "no path is given", "name a file, a folder or an address")
        return
    if scheme := _SCHEME.match(target):
        message = f"{scheme[1]} scheme: only http and https addresses are fetched"
        yield Failure(encodable(target), message, "write it like https://example.org/news")
        return
    path = Path(target).expanduser()
    if path.is_dir():
        yield from _walk(path.resolve())
    elif not path.exists():
        yield Failure(encodable(target), "there is no such file or folder", "check the path")
    else:
        yield Input(path.resolve(), path.name, path.resolve().parent)


def _walk(root: Path) -> Iterator[Input | Failure]:
    found = False
    closed: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=closed.append):
        if set(names) >= _OF_A_COLLECTION:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder) / name
            if table.suffix(name) and not left_out(name):
                found = True
                yield Input(path, path.relative_to(root).as_posix(), root)
    for error in closed:
        yield Failure(
            encodable(str(error.filename)), f"cannot be read: {error.strerror}", "check its permissions"
        )
    if not found and not closed:
        yield Failure(encodable(str(root)), "the folder holds no article", f"it reads {table.KNOWN}")


def left_out(name: str) -> bool:
    """Tell whether a file of a folder is hidden or tells of the folder, such as its README."""
    return name.startswith(".") or name.lower().split(".")[0] in _DESCRIBES_ITS_FOLDER
