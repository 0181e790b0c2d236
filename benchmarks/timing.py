"""Calls → how long they took: wall-clock time, and processor time, which other programs disturb less."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np


@dataclass(slots=True)
class Times:
    """Milliseconds of repeated calls, in wall-clock and in processor time of all threads."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Time one call."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def percentiles(self, percents: Sequence[int] = (50, 95, 99)) -> dict[str, float]:
        """Return percentiles by name, in milliseconds: wall_p50, cpu_p50 and so on."""
        return {
            f"{name}_p{percent}": round(float(np.percentile(values, percent)), 2)
            for name, values in (("wall", self.wall), ("cpu", self.cpu))
            for percent in percents
        }


@contextmanager
def seconds(into: dict[str, float], name: str) -> Iterator[None]:
    """Note the wall-clock and processor seconds of a step as `name`_s and `name`_cpu_s."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    into[f"{name}_s"] = round(time.perf_counter() - wall, 3)
    into[f"{name}_cpu_s"] = round(time.process_time() - cpu, 3)
