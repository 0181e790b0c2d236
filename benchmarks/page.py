"""How long people wait who ask the page at once: a real server, real clients, on generated news.

Each person is a `gradio_client` in a thread that asks question after question without a pause. What is timed
is the whole way to the first text of an answer; without a language model that is the whole answer. All the
while someone opens the page anew, again and again, to see whether it stays responsive.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from benchmarks import corpus, retrieval
from benchmarks.timing import Times
from rag.retrieve.embedding.opening import open_embedder

_RAG: Final = "import sys; from rag.cli import main; sys.argv[0] = 'rag'; main()"
_PAUSE_S: Final = 0.25  # between two openings of the page
_START_S: Final = 180.0


def run(size: int, people: int, each: int, folder: Path) -> list[dict[str, Any]]:
    """Measure one person and then `people` at once, each with `each` questions, on `size` passages."""
    store = folder / f"ours-{size}"
    if not store.is_dir():
        retrieval.build(store, size, open_embedder(None))
    with _served(store) as address:
        return [{"passages": size, "people": count} | _asked(address, count, each) for count in (1, people)]


def _asked(address: str, people: int, each: int) -> dict[str, float]:
    from gradio_client import Client

    with ThreadPoolExecutor(people) as pool:
        # Without TLS no certificates are needed; gradio_client reads them anew for every call, which takes
        # twice the processor time of the answer, and people's own machines are not what is measured.
        clients = [Client(address, ssl_verify=False, verbose=False) for _ in range(people)]
        clients[0].predict("Wie wird das Wetter?", api_name="/ask")
        answers, pages, done = Times(), Times(), threading.Event()
        opening = threading.Thread(target=_open_again, args=(address, pages, done))
        opening.start()
        began = time.perf_counter()
        list(pool.map(lambda number: _ask(clients[number], number, each, answers), range(people)))
        took = time.perf_counter() - began
        done.set()
        opening.join()
    first = {f"answer_p{p}_ms": value for p, value in _wall(answers, (50, 95, 99)).items()}
    page = {f"page_p{p}_ms": value for p, value in _wall(pages, (50, 95)).items()}
    return first | page | {"answers_per_s": round(people * each / took, 1)}


def _ask(client: Any, number: int, each: int, times: Times) -> None:
    """Ask as one person does; everyone begins with another question."""
    for question in islice(cycle(corpus.questions()), number * 7, number * 7 + each):
        with times.taken():
            client.predict(question, api_name="/ask")


def _open_again(address: str, times: Times, done: threading.Event) -> None:
    while not done.wait(_PAUSE_S):
        with times.taken(), urllib.request.urlopen(address) as page:
            page.read()


def _wall(times: Times, percents: tuple[int, ...]) -> dict[int, float]:
    found = times.percentiles(percents)
    return {percent: found[f"wall_p{percent}"] for percent in percents}


@contextmanager
def _served(store: Path) -> Iterator[str]:
    """Run `rag serve` without a language model on a store and yield its address."""
    command = [sys.executable, "-c", _RAG, "serve", "--store", str(store), "--llm", "none"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = next(word for word in process.stdout.readline().split() if word.startswith("http://"))
        limit = time.monotonic() + _START_S
        while time.monotonic() < limit:
            try:
                urllib.request.urlopen(address).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)
