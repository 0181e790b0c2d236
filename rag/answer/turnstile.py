"""A few at a time, the others in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turnstile:
    """A semaphore that hands each turn on to who has waited longest.

    With `threading.Semaphore` a newcomer can pass one that was just woken, who then waits behind all others.
    """

    def __init__(self, at_once: int) -> None:
        """Let so many go on at the same time."""
        self._free = at_once
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            mine = threading.Event()
            self._waiting.append(mine)
        try:
            mine.wait()
        except BaseException:  # Ctrl-C: a turn that was given, or will be, is another's
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                else:
                    self._hand_on()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._hand_on()

    def _hand_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1
