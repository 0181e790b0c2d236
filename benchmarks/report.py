"""Rows of measurements → a table for the terminal, or JSON with what they were measured on."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def table(rows: Rows) -> str:
    """Return the rows as columns of aligned text: a line a measured value."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[name, *(_shown(row.get(name)) for row in rows)] for name in names]
    widths = [max(len(line[column]) for line in cells) for column in range(len(rows) + 1)]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        )
        for line in cells
    )


def as_json(name: str, rows: Rows) -> str:
    """Return the rows with the machine they were measured on."""
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }
    return json.dumps({"benchmark": name, "machine": machine, "rows": rows}, ensure_ascii=False, indent=2)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if value >= 10 else f"{value:.3g}"
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
