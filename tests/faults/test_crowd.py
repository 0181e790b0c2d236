"""Let two processes index and a third read and upload at once: afterwards a fresh process finds every vector.

FAULT_ROUNDS=20 python -m pytest tests/faults/test_crowd.py   repeats it as often as wanted.
"""

import os
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from rag import settings
from rag.library import Library
from rag.retrieve.vectors.chroma import Folder
from rag.retrieve.vectors.passages import Vectors
from rag.store import read_manifest
from tests import processes
from tests.stores import agree, found, write_news

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))
EACH = 40


def read_and_upload(store: Path, uploads: Path, ready: Event, done: Event) -> None:
    """Do what an open page does: ask from two threads, and index what a person drops.

    The exit code is the number of errors, and of articles that this process does not find in the end.
    """
    errors: list[BaseException] = []

    def ask(library: Library) -> None:
        try:
            while not done.is_set():
                for hit in library.search("Was kostet der Ausbau des Hafens?"):
                    text = library.article(hit.source.id).text
                    assert text[hit.passage.start : hit.passage.end] == hit.passage.text
        except BaseException as error:
            errors.append(error)
            raise

    with Library.open(settings.load(store=store, lock_timeout_s=120), create=True) as library:
        threads = [threading.Thread(target=ask, args=(library,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        ready.set()
        for path in sorted(uploads.iterdir()):
            assert library.index([path]).added == [path.name]
        done.wait(240)
        for thread in threads:
            thread.join(60)
        unseen = [n for n in (*range(EACH), *range(100, 100 + EACH)) if not found(library, n)]
    raise SystemExit(len(errors) + len(unseen))


def count_lost(store: Path) -> None:
    """Exit with the number of vectors that are not their own nearest neighbour."""
    vectors = Vectors(Folder(store / "chroma"), read_manifest(store).dimension)
    stored = vectors._chroma.read("read", lambda collection: collection.get(include=["embeddings"]))
    lost = [
        key
        for key, vector in zip(stored["ids"], stored["embeddings"], strict=True)
        if int(key) not in vectors.nearest(np.asarray(vector, dtype=np.float32), 10)
    ]
    raise SystemExit(min(len(lost), 100))


def test_two_writers_and_a_page_at_once(tmp_path: Path) -> None:
    """Let all finish; the page and a fresh process find every article, and no vector is lost."""
    for number in range(ROUNDS):
        store = tmp_path / f"round-{number}"
        folders = [
            write_news(tmp_path / f"a{number}", range(EACH)),
            write_news(tmp_path / f"b{number}", range(100, 100 + EACH), "Wismar"),
        ]
        uploads = write_news(tmp_path / f"c{number}", range(200, 205), "Lübeck")
        mp = processes.context()
        ready, done = mp.Event(), mp.Event()
        page = mp.Process(target=read_and_upload, args=(store, uploads, ready, done))
        page.start()
        assert ready.wait(120)
        writers = [mp.Process(target=processes.index, args=(store, [folder])) for folder in folders]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(240)
        done.set()
        page.join(240)
        assert [process.exitcode for process in (*writers, page)] == [0, 0, 0]
        assert processes.run(count_lost, store) == 0
        with Library.open(settings.load(store=store)) as library:
            assert library.count() == 2 * EACH + 5
            numbers = (*range(EACH), *range(100, 100 + EACH), *range(200, 205))
            assert [n for n in numbers if not found(library, n)] == []
        assert agree(store)
