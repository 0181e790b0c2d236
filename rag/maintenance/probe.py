"""Whether a folder of vectors can be read, found out in a process of its own: damaged files can end it.

Chroma reads its index files without checking them; a wrong number in one of them is an error, an answer
that lacks vectors, a crash of the whole process, or a loop without end.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rag.errors import StoreError

_SAMPLE: Final = 5_000  # vectors that are searched for by themselves
_WHOLE_S: Final = 120.0
_EACH_S: Final = 0.005  # more time for each vector


@dataclass(frozen=True, slots=True)
class Probe:
    """What a reader found: all keys, those whose vectors are lost, or why it could not look."""

    keys: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    problem: str = ""


def look(folder: Path, dimension: int, expected: int) -> Probe:
    """Read the vectors in `folder` in another process; `expected` of them are thought to be there."""
    call = [sys.executable, "-c", _CODE, json.dumps(sys.path), str(folder), str(dimension)]
    limit_s = _WHOLE_S + _EACH_S * expected
    try:
        done = subprocess.run(call, capture_output=True, text=True, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return Probe(problem=f"reading them does not end within {limit_s:.0f} s")
    if done.returncode < 0:
        return Probe(problem=f"reading them crashes (signal {-done.returncode})")
    try:
        return Probe(**json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, IndexError, TypeError):
        return Probe(problem=(done.stderr.strip().splitlines() or ["no answer"])[-1])


_CODE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from rag.maintenance.probe import main; main(*sys.argv[2:])"
)


def main(folder: str, dimension: str) -> None:
    """Print what is found, as JSON."""
    from rag.retrieve.vectors.chroma import Folder
    from rag.retrieve.vectors.passages import Vectors

    found: dict[str, object]
    try:
        vectors = Vectors(Folder(Path(folder)), int(dimension))
        keys = sorted(vectors.keys())
        lost = vectors.lost(random.Random(0).sample(keys, min(len(keys), _SAMPLE)))
        found = {"keys": keys, "lost": sorted(lost)}
    except StoreError as error:
        found = {"problem": str(error)}
    sys.stdout.write(json.dumps(found))
