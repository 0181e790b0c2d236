"""The people who may log in: one file of names, roles and salted password hashes (Argon2id).

As soon as the file names someone, the page asks for a login. It holds no password: Argon2id (RFC 9106, by
argon2-cffi) makes each guess cost 64 MiB of memory and some tens of milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from rag.errors import AccessError, SettingsError
from rag.settings import Settings

FOLDER: Final = "access"  # below the store, readable by its owner only
_FORMAT: Final = 1
_LEAST_CHARS: Final = 10
_MOST_CHARS: Final = 1_000  # a longer one would only cost time
NAME_CHARS: Final = 64
_NAME: Final = re.compile(rf"[\w.@-]{{1,{NAME_CHARS}}}")


class Role(StrEnum):
    """What a person may do: readers ask, editors also add, edit and remove articles."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may come in. `mark` changes with the password, and ends the sessions begun before."""

    name: str
    role: Role
    mark: str = ""

    @property
    def edits(self) -> bool:
        """Whether this person may add, edit and remove articles."""
        return self.role is Role.EDITOR


ANYONE: Final = Person("", Role.EDITOR)  # where nobody has to log in


class People:
    """The file of people; changes by another process are seen at the next look."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._seen: tuple[tuple[int, int, int], dict[str, dict[str, str]]] | None = None

    def known(self) -> list[Person]:
        """Return everyone, by name.

        Raises:
            SettingsError: the file cannot be read.
        """
        return [_person(name, entry) for name, entry in sorted(self._entries().items())]

    def person(self, name: str) -> Person | None:
        """Return the person of a name, None where there is none.

        Raises:
            SettingsError: the file cannot be read.
        """
        entry = self._entries().get(plain(name))
        return None if entry is None else _person(plain(name), entry)

    def add(self, name: str, password: str, role: Role) -> Person:
        """Let someone in from now on.

        Raises:
            AccessError: the name is taken or cannot be one, or the password is too weak.
            SettingsError: the file cannot be read or written.
        """
        known = plain(name)
        if not _NAME.fullmatch(known):
            raise AccessError(
                f"{name!r} cannot be a name", hint="use up to 64 letters, digits, and any of . @ - _"
            )
        entry = {"role": role.value, "password": _hashed(known, password)}
        with self._changing() as entries:
            if known in entries:
                raise AccessError(
                    f"there is a person named {known} already", hint="`rag user password` sets a new password"
                )
            entries[known] = entry
        return _person(known, entry)

    def remove(self, name: str) -> None:
        """Let someone in no more; sessions end at once.

        Raises:
            AccessError: nobody has the name.
            SettingsError: the file cannot be read or written.
        """
        with self._changing() as entries:
            del entries[_existing(entries, name)]

    def change(self, name: str, *, password: str | None = None, role: Role | None = None) -> None:
        """Give someone a new password, which ends the sessions begun before, or another role.

        Raises:
            AccessError: nobody has the name, or the password is too weak.
            SettingsError: the file cannot be read or written.
        """
        known = plain(name)
        hashed = None if password is None else _hashed(known, password)
        with self._changing() as entries:
            entry = entries[_existing(entries, name)]
            if hashed is not None:
                entry["password"] = hashed
            if role is not None:
                entry["role"] = role.value

    def check(self, name: str, password: str) -> Person | None:
        """Return the person whose name and password these are, or None.

        It takes as long for a name that nobody has, so that the time does not tell who is known.

        Raises:
            SettingsError: the file cannot be read.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        known = plain(name)
        entry = self._entries().get(known)
        hashed = _nobodys_hash() if entry is None else entry["password"]
        try:
            _hasher().verify(hashed, _typed(password)[: _MOST_CHARS + 1])
        except (VerificationError, InvalidHashError):
            return None
        return None if entry is None else _person(known, entry)

    def _entries(self) -> dict[str, dict[str, str]]:
        try:
            about = self.file.stat()
            version = (about.st_mtime_ns, about.st_size, about.st_ino)
            if self._seen is None or self._seen[0] != version:
                self._seen = (version, _parsed(self.file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SettingsError(
                f"the people in {self.file} cannot be read: {error.strerror}", hint="check its permissions"
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(
                f"{self.file} is no list of people", hint="restore it, or remove it and add them again"
            ) from error
        return self._seen[1]

    @contextmanager
    def _changing(self) -> Iterator[dict[str, dict[str, str]]]:
        """Give the entries to change, and write them in one step: a reader sees the old or the new file."""
        try:
            make_folder(self.file.parent)
            with FileLock(self.file.with_name(self.file.name + ".lock"), mode=0o600):
                entries = {name: dict(entry) for name, entry in self._entries().items()}
                yield entries
                content = {"format": _FORMAT, "people": dict(sorted(entries.items()))}
                write_private(self.file, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            raise SettingsError(
                f"the people in {self.file} cannot be written: {error.strerror}",
                hint="check the rights of its folder",
            ) from error


def file_of(settings: Settings) -> Path:
    """Return where the people of a collection are written down."""
    return settings.users or settings.store / FOLDER / "users.json"


def plain(name: str) -> str:
    """Return a name as it is kept: neither case nor the way an umlaut is typed makes another person."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner can look into, where it is missing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def write_private(file: Path, content: str) -> None:
    """Write a file that only its owner can read, in one step."""
    partial = file.with_name(file.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(file)


def _parsed(text: str) -> dict[str, dict[str, str]]:
    content = json.loads(text)
    if content["format"] != _FORMAT:
        raise ValueError(f"format {content['format']}")
    entries = content["people"]
    return {
        plain(name): {"role": Role(entry["role"]).value, "password": str(entry["password"])}
        for name, entry in entries.items()
    }


def _person(name: str, entry: dict[str, str]) -> Person:
    mark = hashlib.sha256(entry["password"].encode()).hexdigest()[:16]
    return Person(name, Role(entry["role"]), mark)


def _existing(entries: dict[str, dict[str, str]], name: str) -> str:
    if plain(name) not in entries:
        raise AccessError(f"nobody is named {plain(name)}", hint="`rag user list` names everyone")
    return plain(name)


def _hashed(name: str, password: str) -> str:
    if not _LEAST_CHARS <= len(password) <= _MOST_CHARS or plain(password) == name:
        raise AccessError(
            f"a password has {_LEAST_CHARS} to {_MOST_CHARS} characters and is not the name",
            hint="take a few words",
        )
    return str(_hasher().hash(_typed(password)))


def _typed(password: str) -> str:
    """Return a password whichever way the keyboard composed its letters (RFC 8265)."""
    return unicodedata.normalize("NFC", password)


def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher()


_NOBODY: list[str] = []


def _nobodys_hash() -> str:
    if not _NOBODY:
        _NOBODY.append(_hasher().hash(os.urandom(16).hex()))
    return _NOBODY[0]
