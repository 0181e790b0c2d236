"""The state of all training processes at one step: that of all of them, or of the step before.

Each process writes its part into a folder of that step. When all have done so, the first one names the step
in `checkpoint.json`: parts of another step, which processes left that were stopped meanwhile, do not count.
"""

import shutil
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from rag.training.files import read_json, write_json, written


class Checkpoints:
    """Checkpoints of one work folder, as the process of number `rank` sees them."""

    def __init__(self, folder: Path, rank: int) -> None:
        self._newest = folder / "checkpoint.json"
        self._steps = folder / "checkpoints"
        self._part = f"process-{rank}.pt"
        self._is_first = rank == 0

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Write this process's state; returns when those of all others are written too."""
        with written(self._steps / str(step) / self._part) as file:
            torch.save(state, file)
        if dist.is_initialized():
            dist.barrier()
        if self._is_first:
            write_json(self._newest, {"step": step})
            for older in self._steps.iterdir():
                if older.name != str(step):
                    shutil.rmtree(older)

    def load(self, device: torch.device) -> dict[str, Any] | None:
        """Return what this process saved last, if anything, on `device`."""
        if not self._newest.exists():
            return None
        path = self._steps / str(read_json(self._newest)["step"]) / self._part
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
        return state
