"""Runs of neighbouring rows: what the student reads as one text, from a question to a whole passage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.training.corpus import Pair, RowChoice


@dataclass(frozen=True)
class Run:
    """The rows `first` … `first + count - 1`, joined to one text."""

    first: int
    count: int

    def rows(self) -> range:
        return range(self.first, self.first + self.count)


@dataclass(frozen=True)
class RunPlan:
    """How rows are joined: to passages of up to `max_tokens`, and to 2 … `max_joined_rows` rows."""

    max_tokens: int = 250
    max_joined_rows: int = 5
    seed: int = 0


def plan_runs(
    pairs: Sequence[Pair], lengths: NDArray[np.int64], choice: RowChoice, plan: RunPlan
) -> dict[str, list[Run]]:
    """Return the runs of each kind: `single`, `passage` and `joined`.

    Args:
        lengths: tokens of each row, the longer of its two sides, shape (rows,).
    """
    draws = np.random.default_rng(plan.seed)
    wanted = draws.integers(2, plan.max_joined_rows + 1, size=len(pairs))
    endless = np.full(len(pairs), len(pairs))
    return {
        "single": [Run(row, 1) for row, pair in enumerate(pairs) if choice.takes(pair)],
        "passage": _join(pairs, lengths, choice, endless, plan.max_tokens),
        "joined": _join(pairs, lengths, choice, wanted, plan.max_tokens),
    }


def _join(
    pairs: Sequence[Pair],
    lengths: NDArray[np.int64],
    choice: RowChoice,
    counts: NDArray[np.int64],
    max_tokens: int,
) -> list[Run]:
    """Cut ordered sources into runs that end at `counts[first]` rows, `max_tokens` or the source's end."""
    runs: list[Run] = []
    first = 0
    while first < len(pairs):
        end, tokens = first + 1, int(lengths[first])
        while (
            end < len(pairs)
            and end - first < counts[first]
            and pairs[end].source == pairs[first].source
            and tokens + lengths[end] <= max_tokens
        ):
            tokens += int(lengths[end])
            end += 1
        if end - first > 1 and not choice.is_unordered(pairs[first]):
            runs.append(Run(first, end - first))
        first = end
    return runs
