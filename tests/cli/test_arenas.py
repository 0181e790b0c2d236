"""The arenas of the C library's allocator: how many a process of many threads has."""

import ctypes
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "malloc_info"),
    reason="the C library is not glibc",
)

THREADS = """
import ctypes, sys, threading
from rag.cli import arenas
if sys.argv[1] == "few":
    arenas.few()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(12)
def take():
    libc.malloc(1000)  # each thread picks its arena with its first piece
    together.wait()
threads = [threading.Thread(target=take) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


def arenas_of(wish: str) -> int:
    """Return how many arenas twelve threads got."""
    command = [sys.executable, "-c", THREADS, wish]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return len(re.findall("<heap nr=", told))


def test_threads_share_few_arenas() -> None:
    assert arenas_of("few") <= 2 < arenas_of("many")
