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

from rag.errors import InputError, LimitError
from rag.indexing import IndexReport, Progress

FOLDER: Final = "added"
_KEPT: Final = 50  # runs whose outcome can still be asked for
_MOST: Final = 200  # unfinished runs, of everyone together: each holds a thread
_NAME_BYTES: Final = 160  # file systems take 255, with suffix and number
_SUFFIX_BYTES: Final = 40
_TEXT_HINT: Final = "give a file with the text of an article"
_NO_NAME: Final = re.compile(r"[^\w.\- ]+")
_FIELDS: Final = ("title", "publisher", "author", "published", "url")


class Indexing(Protocol):
    """What adding needs of a library."""

    def index(self, targets: Sequence[str | Path], progress: Any = None) -> IndexReport:
        """Index files and addresses."""


@dataclass(slots=True)
class Run:
    """One run of adding: how far it is, and in the end what it did or why it failed.

    `key` is by what the limits of its person are counted, None where there are none.
    """

    key: str | None = None
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

    `work` is held while one runs; `at_once` is how many of each person may be unfinished.
    """

    def __init__(
        self,
        library: Indexing,
        store: Path,
        work: Callable[[], AbstractContextManager[None]] = nullcontext,
        at_once: int = _MOST,
    ) -> None:
        self._library = library
        self._hold = work
        self._folder = store / FOLDER
        self._at_once = at_once
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()

    def start(self, gather: Callable[[], Sequence[str | Path]], key: str | None = None) -> str:
        """Begin to index what `gather` brings; return the name under which the run can be asked for.

        Nothing is gathered where there is no place for another run of this `key`.

        Raises:
            LimitError: too many runs are unfinished.
            InputError: as `gather` does.
        """
        name, run = secrets.token_urlsafe(12), Run(key)
        with self._lock:
            self._admit(key)
            for old in [known for known, one in self._runs.items() if one.finished.is_set()][:-_KEPT]:
                del self._runs[old]
            self._runs[name] = run
        try:
            targets = list(gather())
        except BaseException:
            del self._runs[name]
            raise
        threading.Thread(target=self._work, args=(run, targets), name="adding", daemon=True).start()
        return name

    def _admit(self, key: str | None) -> None:
        unfinished = [run for run in self._runs.values() if not run.finished.is_set()]
        if key is not None and sum(run.key == key for run in unfinished) >= self._at_once:
            raise LimitError(
                f"{self._at_once} of your runs of adding are not finished",
                hint="wait until one of them is finished",
            )
        if len(unfinished) >= _MOST:
            raise LimitError("too much is being added at once", hint="add it again in a minute")

    def run(self, name: str) -> Run | None:
        """Return a run, None where it is not known (any more)."""
        return self._runs.get(name)

    def keep(self, uploaded: Path, name: str) -> Path:
        """Move an uploaded file below the store; a name that another text has already gets a number."""
        suffix = _cut(_NO_NAME.sub("", Path(name).suffix.lower()), _SUFFIX_BYTES)
        place = self._free(_safe(Path(name).stem) + suffix, uploaded)
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
    return _cut(_NO_NAME.sub(" ", name).strip(". "), _NAME_BYTES).strip() or "article"


def _cut(text: str, most_bytes: int) -> str:
    return text.encode(errors="ignore")[:most_bytes].decode(errors="ignore")
