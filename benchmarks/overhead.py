"""What the chain costs around a language model: `python -m benchmarks.overhead [--rounds 3]`.

A server on loopback that answers at once, quoting three sentences it was shown and saying one thing without
a citation, takes the model's place: all that is left is ours, HTTP included. The extractive answer is timed
too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from rag import resources, settings
from rag.evaluate.cases import read_cases
from rag.library import Library
from tests.llm_server import MODEL, LanguageModelServer, Reply

_LINE = re.compile(r"^\[(\d+\.\d+)\] (.{30,})$", re.MULTILINE)


def quoting(request: Mapping[str, Any]) -> str:
    """Return a reply made of three of the sentences in a prompt, and one without a citation."""
    shown = _LINE.findall("\n".join(str(message["content"]) for message in request["messages"]))[:4]
    said = [f"{text.rstrip('.!?')} [{number}]." for number, text in shown[:3]]
    return " ".join([*said, *(text for _, text in shown[3:])])


def run(rounds: int) -> list[dict[str, Any]]:
    """Ask the answerable sample questions `rounds` times each way and return percentiles in milliseconds."""
    cases, _ = zip(*read_cases(resources.folder("data") / "questions" / "samples.jsonl"), strict=True)
    questions = [case.question for case in cases if case.articles]
    with TemporaryDirectory() as temporary, LanguageModelServer() as server:
        store = Path(temporary) / "store"
        with Library.open(settings.load(store=store, llm="none"), create=True) as library:
            library.index_samples()
            extractive = _timed(library, questions, rounds)
        with Library.open(settings.load(store=store, llm=MODEL, llm_url=server.url)) as library:
            server.say(*[Reply(quoting, delta_chars=12)] * (len(questions) * (rounds + 1)))
            written = _timed(library, questions, rounds)
    return [{"answer": "extractive", **extractive}, {"answer": "around a model", **written}]


def _timed(library: Library, questions: list[str], rounds: int) -> dict[str, float]:
    for question in questions:  # once for warming up
        library.ask(question)
    timings, cpu = [], []
    for question in questions * rounds:
        started = time.process_time()
        outcome = library.ask(question)
        if outcome.answered:
            cpu.append((time.process_time() - started) * 1000)
            timings.append(outcome.timings)
    ways = {
        "processor": cpu,  # of all threads, the server too; other programs disturb it less
        "first": [t.rewrite + t.retrieve + t.first for t in timings],
        "total": [t.total for t in timings],
        "check": [t.check for t in timings],
    }
    return {
        f"{name}_ms_p{percent}": round(float(np.percentile(values, percent)), 1)
        for name, values in ways.items()
        for percent in (50, 95)
    }


def main() -> None:
    """Print a line for each kind of answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is asked")
    for row in run(parser.parse_args().rounds):
        sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
