"""What a recipe leaves on the disk: whole files or none, and what they were made with."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from rag.errors import SettingsError

NEW = ".new"


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to write, which takes the place of `path` in one move when all of it is on the disk.

    So an interruption at any moment leaves what was there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + NEW)
    with new.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def write_json(path: Path, content: object) -> None:
    with written(path) as file:
        file.write((json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def keep_to(path: Path, settings: dict[str, Any], *, begun: bool, hint: str) -> None:
    """Record the settings that the files beside `path` are made with, or see that they are these.

    Where nothing was begun that depends on them, what was recorded before does not bind.

    Raises:
        SettingsError: they were made with others; the message names each.
    """
    wanted = json.loads(json.dumps(settings))
    if not (begun and path.exists()):
        write_json(path, wanted)
        return
    before, now = (_flat(one) for one in (read_json(path), wanted))
    names = [name for name in before | now if before.get(name) != now.get(name)]
    if names:
        changes = (f"{name} was {before.get(name)!r} and is now {now.get(name)!r}" for name in names)
        raise SettingsError(f"{path.parent} was made with other settings: {'; '.join(changes)}", hint=hint)


def _flat(settings: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested settings by their dotted names."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return flat
