"""What the process that writes takes while others index an archive, beside what they take.

    python -m benchmarks.bulk --articles 640 --processes 2

Writing is one after another, so the processor time of the workers divided by that of the writer, the start of
both included, is the number of workers from which on they wait. Articles are generated, four passages each.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.indexing import generated
from rag import settings
from rag.library import Library


def main() -> None:
    """Index generated text files by processes, and print who took how much processor time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=640)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name, "archive")
        archive.mkdir()
        for number, article in enumerate(islice(generated(given.articles), given.articles)):
            (archive / f"{number:06}.txt").write_text(article["text"], encoding="utf-8")
        with Library.open(settings.load(store=Path(name, "store")), create=True) as library:
            wall, own = time.monotonic(), time.process_time()
            report = library.index([archive], processes=given.processes, watch=False)
            wall, own = time.monotonic() - wall, time.process_time() - own
            passages = library.count_passages()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    workers = used.ru_utime + used.ru_stime
    print(f"{len(report.added)} articles, {passages} passages, {given.processes} processes: {wall:.1f} s")
    print(f"processor time: workers {workers:.1f} s, writer {own:.1f} s, {workers / own:.1f} to one")


if __name__ == "__main__":
    main()
