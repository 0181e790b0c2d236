"""All benchmarks, one after the other: a process each, so that none finds what another loaded or cached."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import plots, report


def run(out: Path, sizes: Sequence[int], articles: int, source: Path | None, rounds: int) -> str:
    """Measure everything and leave JSON, a report of tables and drawings in `out`; return the report."""
    out.mkdir(parents=True, exist_ok=True)
    stores = ["--folder", str(out / "stores")]
    each = [argument for size in sizes for argument in ("--passages", str(size))]
    turns = ["--rounds", str(rounds)]
    plan: dict[str, list[str]] = {
        "startup": [*turns],
        "embedding": [*turns],
        "operators": [],
        "indexing": [*(["--source", str(source)] if source else []), "--articles", str(articles), *turns],
        "retrieval": [*each, *stores],
        "people": ["--passages", str(sizes[0]), *stores],
        "answers": [*turns],
        "lexical": ["--passages", str(sizes[0])],
    }
    tables = []
    for name, arguments in plan.items():
        sys.stderr.write(f"{name} …\n")
        made = _measured(name, arguments)
        (out / f"{name}.json").write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")
        tables.append(f"{name}, {_told(made['machine'])}\n\n{report.table(made['rows'])}\n")
        if name == "retrieval":
            plots.draw(made["rows"], out)
    whole = "\n".join(tables)
    (out / "report.txt").write_text(whole, "utf-8")
    return whole


def _measured(name: str, arguments: Sequence[str]) -> Any:
    command = [sys.executable, "-m", "benchmarks", name, *arguments, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def _told(machine: dict[str, Any]) -> str:
    return f"{machine['cores']} cores at load {machine['load']}, Python {machine['python']}"
