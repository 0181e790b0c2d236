"""Visitors who connect and do not ask: their number, their silence, and heads of requests that never end."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from rag.library import Library
from rag.ui.door import connections
from rag.ui.door.connections import Crowd
from tests.browser.conftest import running

STRANGER = "127.0.0.2"  # no proxy that the page trusts


@pytest.fixture(scope="module")
def port(samples: Library) -> Iterator[int]:
    """Return the port of a page that hangs up after half a second of silence, and takes 20 of one visitor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "SILENCE_S", 0.5)
        patch.setattr(connections, "_MOST_OF_ONE", 20)
        with running(samples) as address:
            yield urlsplit(address).port or 0


def connected(port: int, stack: ExitStack, source: str = STRANGER) -> socket.socket:
    """Return a connection that ends with the test."""
    return stack.enter_context(socket.create_connection(("127.0.0.1", port), 10, source_address=(source, 0)))


def hung_up(one: socket.socket, seconds: float = 10.0) -> bool:
    """Tell whether the page ends a connection within some seconds."""
    one.settimeout(seconds)
    try:
        while one.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST /gradio_api/cancel HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n{",
    ],
)
def test_who_falls_silent_is_hung_up_on(port: int, said: bytes) -> None:
    with ExitStack() as stack:
        one = connected(port, stack)
        one.sendall(said)
        assert hung_up(one)


def test_a_head_that_dribbles_is_not_waited_for(port: int) -> None:
    with ExitStack() as stack:
        one = connected(port, stack)
        one.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        until = time.monotonic() + 10
        with pytest.raises(ConnectionError):
            while time.monotonic() < until:
                one.sendall(b"x")
                time.sleep(0.05)


def test_a_head_that_never_ends_fills_no_memory(port: int) -> None:
    """Send header lines for ever; the page ends it before it has taken a megabyte."""
    sent = 0
    with ExitStack() as stack:
        one = connected(port, stack)
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        with pytest.raises(ConnectionError):
            while sent < 50_000_000:
                one.sendall(b"X-More: %s\r\n" % (b"x" * 8_000))
                sent += 8_012
    assert sent < 10_000_000  # what the kernel takes off a sender's hands is part of it


def test_who_waits_for_an_answer_may_be_silent(port: int) -> None:
    """Hold a page's stream open, as a browser does, for several times the silence."""
    with ExitStack() as stack:
        one = connected(port, stack)
        one.sendall(b"GET /gradio_api/heartbeat/quiet HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert one.recv(65_536).startswith(b"HTTP/1.1 200")
        assert not hung_up(one, 2.0)


def test_one_visitor_holds_so_many_and_others_come_in(port: int) -> None:
    with ExitStack() as stack:
        mine = [connected(port, stack) for _ in range(40)]
        refused = sum(hung_up(one, 0.1) for one in mine[20:])
        assert refused == 20
        answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=10)
        assert answer.status_code == 200
    time.sleep(0.3)
    with ExitStack() as stack:  # what has ended counts no more
        one = connected(port, stack)
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert one.recv(100).startswith(b"HTTP/1.1 200")


def test_the_crowd_is_half_of_what_the_process_may_open() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1_024), hard))
    try:
        crowd = Crowd("127.0.0.1")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert sum(crowd.enter("127.0.0.1") for _ in range(2_000)) == 512
    assert not crowd.enter("192.0.2.1")
    crowd.leave("127.0.0.1")
    assert crowd.enter("192.0.2.1")


def test_addresses_that_one_visitor_can_choose_are_one() -> None:
    crowd = Crowd("", most=1_000)
    assert sum(crowd.enter(f"2001:db8::{n:x}") for n in range(1_000)) == connections._MOST_OF_ONE
    assert crowd.enter("2001:db8:0:1::1")
