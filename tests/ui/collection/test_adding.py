"""Runs of adding: how many of a person may be unfinished, and of everyone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rag.errors import InputError, LimitError
from rag.indexing import IndexReport
from rag.ui.collection import adding
from rag.ui.collection.adding import Adding


class Busy:
    """A library whose writing goes on until it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.seen: list[str | Path] = []

    def index(self, targets: Sequence[str | Path], progress: Any = None) -> IndexReport:
        assert self.let.wait(30)
        self.seen += targets
        return IndexReport()


@pytest.fixture
def busy() -> Iterator[Busy]:
    """Return a library that is writing; in the end it is done."""
    library = Busy()
    yield library
    library.let.set()


def finish(runs: Adding, name: str) -> None:
    run = runs.run(name)
    assert run is not None and run.finished.wait(30)


def test_a_person_has_so_many_runs_and_another_has_them_too(busy: Busy, tmp_path: Path) -> None:
    runs = Adding(busy, tmp_path, at_once=2)
    names = [runs.start(lambda: ["a"], "anna"), runs.start(lambda: ["b"], "anna")]
    with pytest.raises(LimitError, match="2 of your runs of adding") as caught:
        runs.start(lambda: pytest.fail("what is refused is not gathered"), "anna")
    assert caught.value.hint == "wait until one of them is finished"
    names.append(runs.start(lambda: ["c"], "bert"))
    busy.let.set()
    for name in names:
        finish(runs, name)
    finish(runs, runs.start(lambda: ["d"], "anna"))
    assert sorted(map(str, busy.seen)) == ["a", "b", "c", "d"]


def test_who_sits_at_the_machine_is_only_held_to_what_it_bears(
    busy: Busy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "_MOST", 5)
    runs = Adding(busy, tmp_path, at_once=2)
    for _ in range(5):
        runs.start(lambda: ["a"])
    with pytest.raises(LimitError, match="too much is being added at once"):
        runs.start(lambda: ["a"])
    assert sum(thread.name == "adding" for thread in threading.enumerate()) == 5


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Bericht?.TXT", "Bericht.txt"),
        ("../../etc/passwd.md", "passwd.md"),
        ("\U0001d504" * 90 + ".md", "\U0001d504" * 40 + ".md"),
        ("a." + "b" * 250, "a." + "b" * 39),
        ("\ud800 x.md", "x.md"),
        ("a.\x00|m", "a.m"),
    ],
)
def test_an_upload_is_kept_under_a_name_that_every_file_system_takes(
    busy: Busy, tmp_path: Path, name: str, kept: str
) -> None:
    uploaded = tmp_path / "upload"
    uploaded.write_text("Text", encoding="utf-8")
    assert Adding(busy, tmp_path).keep(uploaded, name) == tmp_path / "added" / kept


def test_what_cannot_be_gathered_takes_no_place(busy: Busy, tmp_path: Path) -> None:
    runs = Adding(busy, tmp_path, at_once=1)
    for _ in range(3):
        with pytest.raises(InputError):
            runs.start(lambda: [runs.write(" ", {})], "anna")
    assert runs.start(lambda: ["a"], "anna")
    with pytest.raises(LimitError):
        runs.start(lambda: ["a"], "anna")


def test_the_outcomes_of_the_last_runs_are_kept(
    busy: Busy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "_KEPT", 3)
    busy.let.set()
    runs = Adding(busy, tmp_path)
    names = []
    for _ in range(8):
        names.append(runs.start(lambda: ["a"]))
        finish(runs, names[-1])
    assert [runs.run(name) is not None for name in names] == [False] * 4 + [True] * 4
