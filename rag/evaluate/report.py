"""Figures → tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rag.evaluate.figures import FIGURES

_WIDTH: Final = 26
_LEAST: Final = 6  # questions of a difference that may be called more than chance
_NOTE: Final = "in brackets: 95 % bootstrap intervals over questions"


def table(figures: Mapping[str, Any]) -> str:
    """Return a run's figures as aligned text: a row a figure, a column a group of questions."""
    groups = _groups(figures)
    lines = [_line("", [_title(name, figures[name]) for name in groups])]
    lines += [_line(row, [_cell(figures[name], row) for name in groups]) for row in FIGURES]
    return "\n".join([*lines, "", _NOTE])


def comparison(compared: Mapping[str, Any]) -> str:
    """Return two runs' figures as aligned text, a block a group: first, second and their difference.

    A difference whose interval leaves out zero is marked with an asterisk, unless it is one of fewer than six
    questions: that all of five change alike is no rarer by chance than once in 16 times (sign test).
    """
    blocks = []
    for name in _groups(compared):
        group = compared[name]
        lines = [_line(_title(name, group), ["first", "second", "second − first"])]
        lines += [_line(row, _compared(group[row], row)) for row in FIGURES]
        blocks.append("\n".join(lines))
    alone = compared["only_first"] + compared["only_second"]
    note = f"{compared['questions']} questions that both were asked; {alone} others left out\n" * bool(alone)
    return "\n\n".join([*blocks, f"{note}{_NOTE}, paired; * leaves out zero, on {_LEAST} questions or more"])


def _groups(figures: Mapping[str, Any]) -> list[str]:
    return [name for name, value in figures.items() if isinstance(value, Mapping)]


def _line(label: str, cells: Sequence[str]) -> str:
    return f"{label:22}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def _title(name: str, group: Mapping[str, Any]) -> str:
    return f"{name} ({group['answerable']}+{group['unanswerable']})"


def _cell(group: Mapping[str, Any], row: str) -> str:
    value = group.get(row)
    return "–" if value is None else _shown(value, row) + _span(group.get(f"{row}_95"), row)


def _compared(figure: Mapping[str, Any], row: str) -> list[str]:
    cells = ["–" if figure[side] is None else _shown(figure[side], row) for side in ("first", "second")]
    if "difference" not in figure:
        return [*cells, "–"]
    span = figure["difference_95"]
    differs = span is not None and (span[0] > 0 or span[1] < 0) and figure["questions"] >= _LEAST
    sign = "+" if figure["difference"] >= 0 else "−"
    shown = sign + _shown(abs(figure["difference"]), row) + _span(span, row)
    return [*cells, shown + ("*" if differs else " ")]


def _shown(value: float, row: str) -> str:
    return f"{value:.0f} ms" if _is_time(row) else f"{value:.3f}"


def _span(edges: Sequence[float] | None, row: str) -> str:
    if edges is None:
        return ""
    digits = 0 if _is_time(row) else 2
    return f" [{edges[0]:.{digits}f}, {edges[1]:.{digits}f}]"


def _is_time(row: str) -> bool:
    return row.endswith(("p50", "p95"))
