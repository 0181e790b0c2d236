"""How often and how much: delays after wrong passwords, questions in a minute, answers at once.

All of it is counted in this process; several processes of one page count each for itself.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import Final, NamedTuple

from rag.errors import LimitError

Clock = Callable[[], float]
_WINDOW_S: Final = 60.0
_KEPT: Final = 10_000  # keys counted at the same time; the longest unused make way
_FORGOTTEN_S: Final = 3_600.0  # after this long without a failure all is forgiven


class _Rule(NamedTuple):
    free: int  # failures without a delay
    longest_s: float


# A name that many addresses try is slowed down, but not where it has logged in before: nobody can shut
# someone else out by guessing.
_NAME_AND_ADDRESS: Final = _Rule(free=3, longest_s=900)
_ADDRESS: Final = _Rule(free=20, longest_s=900)
_NAME: Final = _Rule(free=20, longest_s=30)


class Delays:
    """Wrong passwords, by name and address: each doubles the wait before the next attempt."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[Hashable, tuple[int, float]] = OrderedDict()
        self._known: OrderedDict[Hashable, None] = OrderedDict()  # names at addresses that were right once

    def attempt(self, name: str, address: str) -> float:
        """Return 0 and count an attempt as failed until `passed` says otherwise, or the seconds to wait.

        Counting before the password is checked leaves nothing to gain from many attempts at once.
        """
        now = self._clock()
        with self._lock:
            keys = _keys(name, address)
            slowing = keys[:-1] if keys[0][0] in self._known else keys
            wait = max(self._until(key, rule) - now for key, rule in slowing)
            if wait > 0:
                return wait
            for key, _ in keys:
                self._failed[key] = (self._failures(key) + 1, now)
                self._failed.move_to_end(key)
            while len(self._failed) > _KEPT:
                self._failed.popitem(last=False)
        return 0.0

    def passed(self, name: str, address: str) -> None:
        """Forget the failures of someone whose password was right; the address and the name keep theirs.

        Else an attacker with a login of their own could reset the count of their address.
        """
        with self._lock:
            (both, _), *others = _keys(name, address)
            self._failed.pop(both, None)
            self._known[both] = None
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
            for key, _ in others:
                if key in self._failed:
                    failures, at = self._failed[key]
                    self._failed[key] = (failures - 1, at)

    def _failures(self, key: Hashable) -> int:
        failures, at = self._failed.get(key, (0, 0.0))
        return failures if self._clock() - at < _FORGOTTEN_S else 0

    def _until(self, key: Hashable, rule: _Rule) -> float:
        failures = self._failures(key)
        if failures < rule.free:
            return 0.0
        delay = min(2.0 ** min(failures - rule.free, 30), rule.longest_s)
        return self._failed[key][1] + delay


class Pace:
    """How often each key may come within a minute."""

    def __init__(self, most: int, clock: Clock = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._came: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def come(self, key: Hashable) -> float:
        """Count one more and return 0, or return the seconds after which there is room again."""
        now = self._clock()
        with self._lock:
            times = self._came.setdefault(key, deque())
            self._came.move_to_end(key)
            while times and times[0] <= now - _WINDOW_S:
                times.popleft()
            if len(times) >= self._most:
                return times[0] + _WINDOW_S - now
            times.append(now)
            while len(self._came) > _KEPT:
                self._came.popitem(last=False)
        return 0.0


class Quota:
    """How many questions each person may put: in a minute, and at once."""

    def __init__(self, in_a_minute: int, at_once: int, clock: Clock = time.monotonic) -> None:
        self._most, self._at_once = in_a_minute, at_once
        self._pace = Pace(in_a_minute, clock)
        self._lock = threading.Lock()
        self._open: dict[Hashable, int] = {}

    @contextmanager
    def question(self, key: Hashable) -> Iterator[None]:
        """Hold a place while a question is answered.

        Raises:
            LimitError: this person's places or questions are used up.
        """
        with self._lock:
            if self._open.get(key, 0) >= self._at_once:
                raise LimitError(
                    f"{self._at_once} of your questions are being answered",
                    hint="wait for one of the answers, or stop it",
                )
            if wait := self._pace.come(key):
                raise LimitError(
                    f"you have put {self._most} questions within a minute",
                    hint=f"ask again in {ceil(wait)} seconds",
                )
            self._open[key] = self._open.get(key, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._open[key] -= 1
                if not self._open[key]:
                    del self._open[key]


def neighbourhood(address: str) -> str:
    """Return what one visitor can choose freely as one key: an IPv4 address, the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def _keys(name: str, address: str) -> list[tuple[Hashable, _Rule]]:
    near = neighbourhood(address)
    return [
        (("both", name, near), _NAME_AND_ADDRESS),
        (("address", near), _ADDRESS),
        (("name", name), _NAME),
    ]
