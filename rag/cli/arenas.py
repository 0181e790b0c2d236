"""The C library's allocator → the same with few arenas, so that a server's memory stays flat."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of glibc's malloc.h
_FEW: Final = 2


def few() -> None:
    """Have threads share two arenas; nothing where the C library is not glibc.

    Every answer is written by a thread of its own, and glibc has up to eight arenas for each processor. What
    one thread frees in an arena is of no use to another, so that all of them grow for hours. Call it before
    there are threads: arenas that are there already stay.
    """
    with suppress(OSError, AttributeError, TypeError):  # musl, macOS, Windows
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _FEW)
