"""Kill a process that is indexing, at any moment: nothing complete is lost, the next run completes the rest.

FAULT_ROUNDS=50 python -m pytest tests/faults   repeats it as often as wanted.
"""

import os
import random
import shutil
import signal
import time
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

import rag.intake
from rag import settings
from rag.library import Library
from tests import processes
from tests.stores import agree, news, write_news

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "4"))
ARTICLES = 40


def index_in_small_steps(store: Path, folder: Path, started: Event) -> None:
    """Index a folder with a confirmation after every few articles."""
    rag.intake._BATCH = 4
    with Library.open(settings.load(store=store), create=True) as library:
        started.set()
        library.index([folder])


def begin(store: Path, folder: Path) -> tuple[BaseProcess, float]:
    """Start indexing in another process; return it and the moment at which it reads its first file."""
    started = processes.context().Event()
    process = processes.context().Process(target=index_in_small_steps, args=(store, folder, started))
    process.start()
    assert started.wait(120)
    return process, time.monotonic()


def state(store: Path) -> list[tuple[str, str, list[tuple[str, int, int, float]]]]:
    """Return every article with its text and what a search for it finds."""
    with Library.open(settings.load(store=store)) as library:
        found = []
        for source in library.articles():
            text = library.article(source.id).text
            hits = library.search(text[-120:], 3)
            ranked = [(h.source.id, h.passage.start, h.passage.end, round(h.score, 5)) for h in hits]
            found.append((source.id, text, ranked))
    return sorted(found)


@pytest.fixture
def before(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return a store with some articles, the folder it was made of as it is now, and an undisturbed store."""
    folder = write_news(tmp_path / "news", range(10))
    store, undisturbed = tmp_path / "before", tmp_path / "undisturbed"
    with Library.open(settings.load(store=store), create=True) as library:
        library.index([folder])
    write_news(folder, range(10, ARTICLES))
    for number in range(5):
        (folder / f"{number:03}.txt").write_text(news(100 + number), encoding="utf-8")
    shutil.copytree(store, undisturbed)
    return store, folder, undisturbed


def test_kill_at_any_moment(before: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """Open after each kill with all that was there; complete it to what an undisturbed run gives."""
    old, folder, undisturbed = before
    moments = random.Random(20260101)
    process, began = begin(undisturbed, folder)
    process.join(300)
    whole_s = time.monotonic() - began
    assert process.exitcode == 0
    expected = state(undisturbed)
    assert len(expected) == ARTICLES
    known = {article_id: text for article_id, text, _ in state(old)}
    new = {article_id: text for article_id, text, _ in expected}
    killed = 0
    while killed < ROUNDS:
        store = Path(shutil.copytree(old, tmp_path / "round"))
        process, began = begin(store, folder)
        process.join(moments.uniform(0, whole_s))
        if process.exitcode is None:
            process.kill()
            process.join(60)
            killed += process.exitcode == -signal.SIGKILL
        else:
            whole_s = min(whole_s, time.monotonic() - began)  # it was too quick: draw earlier moments
        with Library.open(settings.load(store=store)) as library:
            held = {source.id: library.article(source.id).text for source in library.articles()}
            assert set(known) <= set(held)
            assert all(text in (known.get(one), new[one]) for one, text in held.items())
            assert not library.index([folder]).failed
        assert agree(store)
        assert state(store) == expected
        shutil.rmtree(store)
