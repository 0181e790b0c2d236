"""Many people at one real page for a long time: what they were told wrong, what was lost, how memory grew.

python -m benchmarks.soak --people 20 --minutes 30

Each person asks, adds articles of their own and removes them again, over HTTP as a browser does. Every quote
of every answer is compared with its article's text, every article added must be found at once, and in the
end the store must hold exactly what nobody removed.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import httpx
import typer

from rag import settings
from rag.library import Library

QUESTIONS = (
    "Was forderte Putin bezüglich der NATO?", "What did the Kremlin say about the call?", "Wie hoch ist der Leitzins?",
    "Who won the Golden Bear?", "Wie viele Soldaten stehen an der Grenze?", "When does Notre-Dame reopen?",
    "Wer trifft sich in Riad?", "What is the price of a loaf of bread on Mars?", "Was kostet der Ausbau des Hafens?",
)  # fmt: skip
_PAUSE_S = (0.2, 3.0)
_SAMPLE_S = 5.0
_FLAT = 0.10


@dataclass
class Tally:
    """What has happened, told by all people together."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)  # id of an added article: its word
    memory_mb: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, name: str, number: int = 1) -> None:
        """Count something that went well."""
        with self.lock:
            self.counts[name] += number

    def note(self, problem: str) -> None:
        """Keep what went wrong."""
        with self.lock:
            self.problems.append(problem)


class Person:
    """A browser's tab: asks by the page's named endpoints, adds and removes by its collection view."""

    def __init__(self, number: int, address: str, tally: Tally) -> None:
        self._chance = random.Random(number)
        self._client = httpx.Client(base_url=address, timeout=300, trust_env=False)
        self._session = secrets.token_hex(6)
        self._number, self._tally = number, tally
        self._own: list[str] = []
        config = self._client.get("/config").raise_for_status().json()
        self._collection = next(
            one["id"] for one in config["components"] if one["props"].get("elem_id") == "qc-collection"
        )

    def live(self, until: float) -> None:
        """Do one thing after the other."""
        made = 0
        while time.monotonic() < until:
            what = self._chance.random()
            try:
                if what < 0.15 or (what < 0.3 and not self._own):
                    made += 1
                    self._add(made)
                elif what < 0.3:
                    self._remove(self._own.pop())
                else:
                    self._ask()
            except Exception as error:
                self._tally.note(f"person {self._number}: {type(error).__name__}: {str(error)[:300]}")
            time.sleep(self._chance.uniform(*_PAUSE_S))
        self._client.close()

    def _ask(self) -> None:
        question = self._chance.choice(QUESTIONS)
        started = time.monotonic()
        answer = self._call("ask", question, "", "", "", "")
        self._tally.count("asked")
        self._tally.count("milliseconds", round(1000 * (time.monotonic() - started)))
        if not answer["answered"]:
            self._tally.count("abstained")
        for citation in answer["citations"]:
            try:
                text = self._call("get_article", citation["article"])["text"]
            except LookupError:
                self._tally.count("articles gone between answer and look")
                continue
            self._tally.count("quotes")
            if text[citation["start"] : citation["end"]] != citation["quote"]:
                self._tally.note(f"inexact quote of {citation['article']}: {citation['quote'][:80]}")

    def _add(self, made: int) -> None:
        word = "Qu" + "".join("xkvzwjyfph"[int(digit)] + "a" for digit in f"{self._number:02}{made:04}")
        text = (
            f"Rostock: Bauvorhaben {word}\n\nDer Stadtrat von Rostock hat am Dienstag den Ausbau beschlossen. "
            f"Das Vorhaben trägt das Aktenzeichen {word}. Die Arbeiten kosten {1000 + made} Euro."
        )
        run = self._serve("add_text", {"text": text, "title": f"Bauvorhaben {word}"})["run"]
        while not self._serve("adding_progress", run)["finished"]:
            time.sleep(0.2)
        found = self._call("search", f"Aktenzeichen {word}", 3)["passages"]
        mine = [one["article"] for one in found if word in one["text"]]
        if not mine:
            self._tally.note(f"added but not found: {word}")
            return
        self._own.append(mine[0])
        with self._tally.lock:
            self._tally.kept[mine[0]] = word
        self._tally.count("added")

    def _remove(self, article: str) -> None:
        told = self._serve("remove_article", article)
        if "error" in told:
            self._tally.note(f"not removed: {told['error']}")
            return
        with self._tally.lock:
            word = self._tally.kept.pop(article)
        found = self._call("search", f"Aktenzeichen {word}", 3)["passages"]
        if any(one["article"] == article for one in found):
            self._tally.note(f"removed but still found: {word}")
        self._tally.count("removed")

    def _serve(self, function: str, data: Any) -> Any:
        """Call a function of the collection view."""
        asked = {
            "session_hash": self._session,
            "component_id": self._collection,
            "fn_name": function,
            "data": data,
        }
        reply = self._client.post("/gradio_api/component_server", json=asked).raise_for_status().json()
        if isinstance(reply, dict) and reply.get("error") and function != "remove_article":
            raise RuntimeError(reply["error"])
        return reply

    def _call(self, endpoint: str, *data: Any) -> Any:
        """Ask a named endpoint and return its result. Raises LookupError for an article that is not there."""
        place = f"/gradio_api/call/{endpoint}"
        event = self._client.post(place, json={"data": data}).raise_for_status().json()["event_id"]
        with self._client.stream("GET", f"{place}/{event}") as stream:
            kind = ""
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:") and kind == "complete":
                    return json.loads(line[5:])[0]
                elif line.startswith("data:") and kind == "error":
                    if endpoint == "get_article":
                        raise LookupError(line)
                    raise RuntimeError(line[:300])
        raise RuntimeError(f"{endpoint} ended without a result")


def run(people: int, minutes: float, folder: Path) -> tuple[Tally, list[str]]:
    """Serve a new store to people for some minutes; return what happened and what is wrong with the store."""
    port = _free_port()
    store, log = folder / "store", folder / "serve.log"
    command = "from rag.cli import main; main()"
    options = ["serve", "--store", str(store), "--port", str(port), "--llm", "none"]
    with log.open("wb") as output:
        served = subprocess.Popen([sys.executable, "-c", command, *options], stdout=output, stderr=output)
    address, tally = f"http://127.0.0.1:{port}", Tally()
    try:
        _wait_until_open(address, served)
        until = time.monotonic() + 60 * minutes
        lives = [
            threading.Thread(target=Person(n, address, tally).live, args=(until,)) for n in range(people)
        ]
        for life in lives:
            life.start()
        while any(life.is_alive() for life in lives):
            tally.memory_mb.append(_memory_mb(served.pid))
            time.sleep(min(_SAMPLE_S, 60 * minutes / 40))
    finally:
        served.send_signal(signal.SIGINT)
        code = served.wait(120)
    said = log.read_text(errors="replace")
    wrong = [f"the page ended with status {code}"] * (code != 0) + ["Traceback in its log"] * (
        "Traceback" in said
    )
    with Library.open(settings.load(store=store)) as library:
        there = {source.id for source in library.articles()}
    samples = 22
    lost = [one for one in tally.kept if one not in there]
    wrong += [f"acknowledged and lost: {one}" for one in lost]
    wrong += [f"{len(there)} articles, {samples + len(tally.kept)} expected"] * (
        len(there) != samples + len(tally.kept)
    )
    return tally, wrong


def growth(memory_mb: Sequence[float]) -> float:
    """Return by what share the last fifth's median lies above that of the second fifth, behind the start."""
    fifth = max(1, len(memory_mb) // 5)
    before, after = memory_mb[fifth : 2 * fifth] or memory_mb, memory_mb[-fifth:]
    return statistics.median(after) / statistics.median(before) - 1


def _wait_until_open(address: str, served: subprocess.Popen[bytes]) -> None:
    for _ in range(1_200):
        try:
            httpx.get(f"{address}/config", timeout=5, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            if served.poll() is not None:
                raise RuntimeError("the page did not open; see its log") from None
            time.sleep(0.25)
    raise RuntimeError("the page did not open in five minutes")


def _memory_mb(pid: int) -> float:
    resident = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(resident) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main(
    people: Annotated[int, typer.Option(min=1, max=200)] = 20,
    minutes: Annotated[float, typer.Option(min=0.1)] = 30.0,
    folder: Annotated[
        Path | None, typer.Option(help="Keep store and log here; default: a temporary one.")
    ] = None,
) -> None:
    """Let people use a page at once; the exit code is 1 where anything went wrong."""
    with TemporaryDirectory() as temporary:
        tally, wrong = run(people, minutes, folder or Path(temporary))
    grown = growth(tally.memory_mb)
    counts = dict(tally.counts)
    mean = counts.pop("milliseconds", 0) / max(counts.get("asked", 0), 1)
    for name, number in sorted(counts.items()):
        typer.echo(f"{name:40}{number:8}")
    typer.echo(f"{'mean wait for an answer, ms':40}{mean:8.0f}")
    memory = [round(one) for one in tally.memory_mb[:: max(1, len(tally.memory_mb) // 10)]]
    typer.echo(f"memory of the page, MB: {memory}; last fifth against second: {grown:+.1%}")
    for problem in [*tally.problems[:20], *wrong]:
        typer.echo(f"WRONG: {problem}")
    typer.echo(f"{'errors':40}{len(tally.problems) + len(wrong):8}")
    raise typer.Exit(int(bool(tally.problems or wrong or grown > _FLAT)))


if __name__ == "__main__":
    typer.run(main)
