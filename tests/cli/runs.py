"""The command line run as a script runs it: in this process or in one of its own, and what came of it."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests import processes

NATO = "Was forderte Putin bezüglich der NATO?"
UNANSWERABLE = "Wie viele Einwohner hat die Hauptstadt von Peru?"
# The fields that scripts rely on, at least.
PASSAGE = {"article", "start", "end", "text", "score"}
CITATION = {"marker", "article", "title", "publisher", "published", "url", "start", "end", "quote", "support"}
ANSWER = {"question", "language", "query", "answered", "text", "model", "citations", "passages", "warnings",
          "timings_ms"}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


Rag = Callable[..., Run]


def script(*arguments: object, **environment: str) -> Run:
    """Run a command line in a process of its own."""
    done = subprocess.run(
        [*processes.RAG, *map(str, arguments)],
        capture_output=True, timeout=120, env=os.environ | environment,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def check_error(run: Run, code: int = 1) -> None:
    """Demand one line that says what is wrong, one that says what to do, and nothing else."""
    assert run.code == code
    assert run.out == ""
    first, *hints = run.err.rstrip("\n").split("\n")
    assert first.startswith("rag: ")
    assert len(hints) == 1
    assert hints[0].startswith("     ")
    assert "Traceback" not in run.err
