"""Rows of measurements → drawings of cost against size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Rows

_COSTS: Final[Mapping[str, str]] = {
    "wall_p50": "milliseconds, median",
    "wall_p95": "milliseconds, 95th percentile",
    "disk_mb": "megabytes on disk",
}


def draw(rows: Rows, folder: Path) -> list[Path]:
    """Draw each cost of retrieval against the number of passages, a line a retriever, and return the files.

    Needs matplotlib: `pip install -e '.[benchmark]'`.
    """
    from matplotlib.figure import Figure

    made = []
    for name, label in _COSTS.items():
        figure = Figure(figsize=(6, 4), layout="constrained")
        axes = figure.subplots()
        for side in dict.fromkeys(row["retriever"] for row in rows):
            points = sorted((row["passages"], row[name]) for row in _of(rows, side) if row.get(name))
            axes.plot(*zip(*points, strict=True), marker="o", label=side)
        axes.set(xscale="log", yscale="log", xlabel="passages", ylabel=label)
        axes.grid(alpha=0.3)
        axes.legend()
        path = folder / f"retrieval-{name}.svg"
        figure.savefig(path)
        made.append(path)
    return made


def _of(rows: Rows, side: Any) -> Rows:
    return [row for row in rows if row["retriever"] == side]
