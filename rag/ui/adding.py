"""What a person drops, pastes or names on the page → articles in the library, with progress, file by file.

What was uploaded or pasted is kept below the store, in `added/`, so that an article still has its origin.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from filecmp import cmp
from pathlib import Path
from typing import Any, Final, Protocol

import yaml

from rag.errors import InputError
from rag.indexing import IndexReport, Progress

FOLDER: Final = "added"
_KEPT: Final = 50  # runs whose outcome can still be asked for
_NAME_CHARS: Final = 80
_TEXT_HINT: Final = "give a file with the text of an article"
_NO_NAME: Final = re.compile(r"[^\w.\- ]+")
_FIELDS: Final = ("title", "publisher", "author", "published", "url")


class Indexing(Protocol):
    """What adding needs of a library."""

    def index(self, targets: Sequence[str | Path], progress: Any = None) -> IndexReport:
        """Index files and addresses."""


@dataclass(slots=True)
class Run:
    """One run of adding: how far it is, and in the end what it did or why it failed."""

    done: int = 0  # files and addresses read
    total: int = 0
    articles: int = 0  # found in them so far; a feed is one address
    share: float = 0.0  # of the whole that is done, 0 to 1
    current: str = ""
    report: IndexReport | None = None
    error: Exception | None = None
    finished: threading.Event = field(default_factory=threading.Event)


class Adding:
    """The runs of adding of one page; each has a thread, and the library lets one write at a time.

    `work` is held while one runs.
    """

    def __init__(
        self,
        library: Indexing,
        store: Path,
        work: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._library = library
        self._hold = work
        self._folder = store / FOLDER
        self._runs: dict[str, Run] = {}

    def start(self, targets: Sequence[str | Path]) -> str:
        """Begin to index files and addresses; return the name under which the run can be asked for."""
        name, run = secrets.token_urlsafe(12), Run()
        for old in [key for key, one in self._runs.items() if one.finished.is_set()][:-_KEPT]:
            del self._runs[old]
        self._runs[name] = run
        threading.Thread(target=self._work, args=(run, list(targets)), name="adding", daemon=True).start()
        return name

    def run(self, name: str) -> Run | None:
        """Return a run, None where it is not known (any more)."""
        return self._runs.get(name)

    def keep(self, uploaded: Path, name: str) -> Path:
        """Move an uploaded file below the store; a name that another text has already gets a number."""
        place = self._free(_safe(Path(name).stem) + Path(name).suffix.lower(), uploaded)
        shutil.move(uploaded, place)
        return place

    def write(self, text: str, fields: Mapping[str, str]) -> Path:
        """Write a pasted text with what is known of it as a Markdown file below the store.

        Raises:
            InputError: the text is blank.
        """
        if not text.strip():
            raise InputError("it holds no text", hint=_TEXT_HINT)
        given = {name: fields[name].strip() for name in _FIELDS if fields.get(name, "").strip()}
        front = yaml.safe_dump(given, allow_unicode=True, sort_keys=False) if given else ""
        content = f"---\n{front}---\n{text.strip()}\n" if given else text.strip() + "\n"
        self._folder.mkdir(exist_ok=True)
        first_line = given.get("title") or text.strip().splitlines()[0]
        draft = self._folder / f".{secrets.token_hex(8)}.md"
        draft.write_text(content, encoding="utf-8")
        return draft.replace(self._free(_safe(first_line) + ".md", draft))

    def _free(self, name: str, same: Path) -> Path:
        """Return a path for a file: one that is not taken, or that holds the very same."""
        self._folder.mkdir(exist_ok=True)
        place, number = self._folder / name, 1
        while place.exists() and not cmp(place, same, shallow=False):
            number += 1
            place = self._folder / f"{Path(name).stem} {number}{Path(name).suffix}"
        return place

    def _work(self, run: Run, targets: list[str | Path]) -> None:
        def show(progress: Progress) -> None:
            run.done, run.total, run.current = progress.done, progress.inputs, progress.current
            run.articles, run.share = progress.articles, progress.share or 0.0

        try:
            with self._hold():
                run.report = self._library.index(targets, show)
        except Exception as error:
            run.error = error
        finally:
            run.finished.set()


def _safe(name: str) -> str:
    """Return a file name without what a path or a shell would understand."""
    return _NO_NAME.sub(" ", name).strip(". ")[:_NAME_CHARS].strip() or "article"
