"""Who may write to a store now: one process at a time, under a lock of the operating system."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from rag.errors import StoreBusyError, StoreError
from rag.process import this_process

_SOON_S: Final = 0.05  # a wait that nobody needs to be told of


@contextmanager
def writing(folder: Path, timeout_s: float, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the store's write lock; while another process holds it, say for whom one waits.

    The lock is the operating system's: it goes when its process does, however that ends.

    Raises:
        StoreBusyError: the other process did not finish within `timeout_s` seconds.
    """
    lock = FileLock(folder / "write.lock")
    owner = folder / "write.owner"
    try:
        try:
            lock.acquire(timeout=min(_SOON_S, timeout_s))
        except Timeout:
            if on_wait is not None:
                on_wait(_holder(owner))
            lock.acquire(timeout=max(timeout_s - _SOON_S, 0))
    except Timeout:
        raise StoreBusyError(
            f"the store {folder} is being written by {_holder(owner)}, for more than {timeout_s:g} s",
            hint="wait until it is done, then try again",
        ) from None
    except OSError as error:
        raise StoreError(
            f"the store {folder} cannot be locked: {error.strerror}", hint="check that it is writable"
        ) from error
    try:
        with suppress(OSError):
            owner.write_text(this_process())
        yield
    finally:
        lock.release()


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Keep writers out of a store that may only be read, as far as the system lets who cannot write."""
    with ExitStack() as held:
        with suppress(ImportError, FileNotFoundError):  # on Windows, or a medium that nobody writes to
            import fcntl

            lock = held.enter_context((folder / "write.lock").open("rb"))
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _holder(owner: Path) -> str:
    try:
        return owner.read_text() or "another process"
    except OSError:
        return "another process"
