"""Feeding an asynchronous iterator from a thread: order, errors, and leaving early without waiting."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from rag.ui.server.pump import from_thread

Result = TypeVar("Result")


def _run(coroutine: Coroutine[None, None, Result]) -> Result:
    """Run a coroutine in a thread of its own: a browser test leaves an event loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_items_arrive_in_order_from_another_thread() -> None:
    threads = set()

    def count() -> Iterator[int]:
        threads.add(threading.current_thread())
        yield from range(5)

    async def collect() -> list[int]:
        return [item async for item in from_thread(count)]

    assert _run(collect()) == [0, 1, 2, 3, 4]
    assert threading.main_thread() not in threads


def test_an_error_is_raised_where_the_items_are_read() -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    async def collect() -> list[int]:
        return [item async for item in from_thread(fail)]

    with pytest.raises(ValueError, match="no more"):
        _run(collect())


def test_leaving_early_does_not_wait_for_a_blocked_iterator() -> None:
    blocked, closed = threading.Event(), threading.Event()

    def endless() -> Iterator[int]:
        try:
            yield 1
            blocked.wait(10)
            yield 2
        finally:
            closed.set()

    async def first() -> float:
        items = from_thread(endless)
        assert await anext(items) == 1
        waiting = asyncio.ensure_future(anext(items))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return time.monotonic() - began

    assert _run(first()) < 1
    blocked.set()
    assert closed.wait(5), "the iterator was not closed in its thread"
