"""A person who has logged in → a signed token for the browser's cookie, and back, until it ends.

A token is signed by a key that lies beside the people, says who it is for, and names the password it was
begun with by a mark: another password, or removing the person, ends it. What was logged out is remembered
as an empty file until the token would have ended anyway, so every process of one store knows it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from itsdangerous import BadSignature, URLSafeTimedSerializer

from rag.access.people import People, Person, make_folder
from rag.errors import SettingsError

_KEY: Final = "session.key"
_ENDED: Final = "ended"


class Sessions:
    """The sessions of the people of one file, `seconds` long; `mark` tells one store's from another's.

    Raises:
        SettingsError: the folder of keys cannot be written.
    """

    def __init__(self, people: People, folder: Path, hours: float) -> None:
        self.seconds = int(hours * 3600)
        self._people = people
        self._ended = folder / _ENDED
        try:
            make_folder(folder)
            self._ended.mkdir(mode=0o700, exist_ok=True)
            key = _key(folder / _KEY)
            self._signed = URLSafeTimedSerializer(key, salt="session")
            self.mark = hashlib.sha256(key.encode()).hexdigest()[:8]
        except OSError as error:
            raise SettingsError(
                f"the sessions in {folder} cannot be kept: {error.strerror}",
                hint="check the rights of the folder",
            ) from error

    def begin(self, person: Person) -> str:
        """Return a new token for someone who has just logged in."""
        return self._signed.dumps([person.name, person.mark, secrets.token_urlsafe(16)])

    def person(self, token: str) -> Person | None:
        """Return whose token this is, with the role of now; None where it is forged, old or ended.

        Raises:
            SettingsError: the file of people cannot be read.
        """
        found = self._read(token)
        if found is None:
            return None
        name, mark, number = found
        person = self._people.person(name)
        if person is None or person.mark != mark or (self._ended / number).exists():
            return None
        return person

    def end(self, token: str) -> None:
        """Log out: the token is worth nothing from now on."""
        found = self._read(token)
        with suppress(OSError):  # a full disk: the browser forgets the token all the same
            self._ended.mkdir(mode=0o700, exist_ok=True)
            self._forget_old()
        if found is not None:
            with suppress(OSError):
                (self._ended / found[2]).touch(mode=0o600)

    def _read(self, token: str) -> tuple[str, str, str] | None:
        try:
            name, mark, number = self._signed.loads(token, max_age=self.seconds)
        except (BadSignature, ValueError):
            return None
        return str(name), str(mark), str(number)

    def _forget_old(self) -> None:
        for file in self._ended.iterdir():
            with suppress(OSError):
                if file.stat().st_mtime < time.time() - self.seconds:
                    file.unlink()


def _key(file: Path) -> str:
    """Return the signing key, made by whichever process comes first."""
    with suppress(FileExistsError):
        partial = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_hex(32))
        try:
            os.link(partial, file)  # never over a key that another process has just made
        finally:
            partial.unlink()
    key = file.read_text(encoding="ascii").strip()
    if len(key) < 32:
        raise SettingsError(f"{file} holds no key", hint="remove it; everyone then logs in again")
    return key
