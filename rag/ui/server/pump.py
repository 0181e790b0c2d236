"""Between threads and the event loop: a blocking iterator as an asynchronous one that can be abandoned.

Gradio closes a stopped generator inside its event loop. Closing the stream of a language model can take
as long as the model goes on, and all visitors would wait for that.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

Item = TypeVar("Item")


def in_event_loop(make: Callable[[], Item]) -> Item:
    """Return what `make` returns, called where an event loop is running.

    Without one Gradio opens a new loop for every lock it makes, and never closes it.
    """

    async def made() -> Item:
        return make()

    with ThreadPoolExecutor(1) as elsewhere:  # this thread may have a loop of its own
        return elsewhere.submit(lambda: asyncio.run(made())).result()


async def from_thread(start: Callable[[], Iterator[Item]]) -> AsyncIterator[Item]:
    """Yield what the iterator made by `start` yields, in a thread; its exception is raised here.

    When the consumer stops early, the thread ends at the iterator's next item.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[tuple[Item] | BaseException | None] = asyncio.Queue()
    abandoned = threading.Event()

    def put(message: tuple[Item] | BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop was closed while the iterator was still working
            loop.call_soon_threadsafe(arrived.put_nowait, message)

    def work() -> None:
        try:
            for item in start():
                if abandoned.is_set():
                    return
                put((item,))
            put(None)
        except BaseException as error:
            put(error)

    threading.Thread(target=work, name="answering", daemon=True).start()
    try:
        while (message := await arrived.get()) is not None:
            if isinstance(message, BaseException):
                raise message
            yield message[0]
    finally:
        abandoned.set()
