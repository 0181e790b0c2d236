"""Check that whoever has waited longest goes next."""

import threading
import time
from collections.abc import Callable

import pytest

from rag.answer.turnstile import Turnstile


def test_turns_are_given_in_the_order_of_coming() -> None:
    """Let thirty wait for two places, and one who has just left wait behind them all."""
    turns, order, arrived = Turnstile(2), list[int](), threading.Semaphore(0)

    def come(number: int) -> None:
        arrived.release()
        with turns:
            order.append(number)

    waiting = []
    with turns:
        with turns:
            for number in range(30):
                waiting.append(threading.Thread(target=come, args=(number,)))
                waiting[-1].start()
                arrived.acquire()
                _until(lambda: len(turns._waiting) == len(waiting))
            assert not order
        with turns:  # two places again: who left has come last
            assert len(order) >= 29
    for thread in waiting:
        thread.join()
    assert order == sorted(order)


def test_a_turn_ends_with_an_error_too() -> None:
    """Let the next one go on where a question failed."""
    turns = Turnstile(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="failed"), turns:
            raise ValueError("failed")
    with turns:
        pass


def _until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.001)
