"""Figures → a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_ROWS: Final = (
    "recall@1", "recall@5", "recall@10", "ndcg@10", "mrr", "quote_hit@1", "quote_hit@3", "citation_precision",
    "answered", "abstention_precision", "abstention_recall", "abstention_auroc", "retrieve_ms_p50",
    "retrieve_ms_p95", "total_ms_p50", "total_ms_p95",
)  # fmt: skip


def table(figures: Mapping[str, Any]) -> str:
    """Return the figures as aligned text: a row a figure, a column a group of questions."""
    groups = [name for name, value in figures.items() if isinstance(value, Mapping)]
    lines = [f"{'':22}" + "".join(f"{_title(name, figures[name]):>26}" for name in groups)]
    for row in _ROWS:
        lines.append(f"{row:22}" + "".join(f"{_cell(figures[name], row):>26}" for name in groups))
    return "\n".join([*lines, "", "in brackets: 95 % bootstrap intervals over questions"])


def _title(name: str, group: Mapping[str, Any]) -> str:
    return f"{name} ({group['answerable']}+{group['unanswerable']})"


def _cell(group: Mapping[str, Any], row: str) -> str:
    value = group.get(row)
    if value is None:
        return "–"
    if row.endswith(("p50", "p95")):
        return f"{value:.0f} ms"
    span = group.get(f"{row}_95")
    return f"{value:.3f}" + (f" [{span[0]:.2f}, {span[1]:.2f}]" if span else "")
