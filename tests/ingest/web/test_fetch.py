"""Check fetching against a real server: what it reaches, what it refuses, how it waits and what it bounds."""

import gzip
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest

from rag.errors import FetchError
from rag.ingest.web.fetch import Fetcher
from rag.ingest.web.network import is_any, is_public
from rag.ingest.web.visits import Validators
from tests.web_server import Asked, Served, WebServer

PAGE = Served("<html><body>Ein Artikel</body></html>", headers={"ETag": '"1"', "Last-Modified": "heute"})


@pytest.fixture
def slept() -> list[float]:
    """Return the list of waits, which take no time."""
    return []


@pytest.fixture
def fetcher(slept: list[float]) -> Iterator[Fetcher]:
    """Return a fetcher that may reach loopback and does not pause."""
    with Fetcher(may_reach=is_any, delay_s=0, sleep=slept.append, max_bytes=100_000, timeout_s=20) as made:
        yield made


def refusal(fetcher: Fetcher, url: str) -> str:
    """Return why an address is not fetched; there must be a hint too."""
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    return str(caught.value)


# -- who may be reached -----------------------------------------------------------------------------------

PUBLIC = [
    "93.184.215.14",
    "2606:4700::6810:84e5",
    "::ffff:93.184.215.14",
    "64:ff9b::5db8:d70e",
    "2a00:1450::1",
]
INSIDE = [
    "127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1",
    "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "::ffff:0:127.0.0.1",
    "2001::ffff:5601:203", "100::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    """Let every form of a public address pass."""
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_all_other_addresses_are_not(address: str) -> None:
    """See through every form in which a private address can hide."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0177.0.0.1",
        "017700000001",
        "0x7f000001",
        "127.0.0.1.",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "LOCALHOST",
    ],
)
def test_this_machine_is_not_reached_under_any_name(site: WebServer, host: str) -> None:
    """Refuse loopback however it is written, without a single request."""
    with Fetcher(delay_s=0) as fetcher:
        why = refusal(fetcher, f"http://{host}:{site.port}/")
    assert any(one in why for one in ("not on the public internet", "not an address", "is not known"))
    assert site.requests == []


def test_a_name_with_one_private_address_is_refused(site: WebServer) -> None:
    """Take no chance where only some of a name's addresses are public."""
    with Fetcher(delay_s=0, resolve=lambda *_: ["93.184.215.14", "127.0.0.1"]) as fetcher:
        assert "127.0.0.1" in refusal(fetcher, f"http://news.example:{site.port}/")
    assert site.requests == []


def stands_for_public(address: str) -> bool:
    """Let this machine's first address stand for a public one; all others are judged as always."""
    return address == "127.0.0.1" or is_public(address)


def test_the_checked_address_is_the_one_connected_to(site: WebServer) -> None:
    """Resolve once and go there under the name that was asked for: a second answer is never seen."""
    answers = [["127.0.0.1"], ["192.168.0.7"]]
    site.pages["/robots.txt"] = Served("User-agent: *\nAllow: /")
    site.pages["/a"] = PAGE
    with Fetcher(may_reach=stands_for_public, delay_s=0, resolve=lambda *_: answers.pop(0)) as fetcher:
        assert fetcher.fetch(f"http://news.example:{site.port}/a").content
    assert answers == [["192.168.0.7"]]
    assert {request.headers["Host"] for request in site.requests} == {f"news.example:{site.port}"}


def test_a_name_that_turns_private_is_refused_at_the_next_connection(site: WebServer) -> None:
    """Judge the address of every connection anew (DNS rebinding)."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    site.pages["/robots.txt"] = Served("", 404, {"Connection": "close"})
    site.pages["/a"] = PAGE
    with Fetcher(may_reach=stands_for_public, delay_s=0, resolve=lambda *_: answers.pop(0)) as fetcher:
        assert "127.0.0.2" in refusal(fetcher, f"http://news.example:{site.port}/a")
    assert site.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    "target",
    [
        "http://intern.example/",
        "http://10.0.0.8/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
    ],
)
def test_redirects_to_forbidden_hosts_are_refused(site: WebServer, target: str) -> None:
    """Follow a redirect only after its host was judged as the first one was."""
    known = {"news.example": ["127.0.0.1"], "intern.example": ["192.168.0.7"]}
    site.pages["/a"] = Served("", 302, {"Location": target})
    with Fetcher(
        may_reach=stands_for_public, delay_s=0, resolve=lambda host, _: known.get(host, [host])
    ) as fetcher:
        assert "public internet" in refusal(fetcher, f"http://news.example:{site.port}/a")
    assert site.paths == ["/robots.txt", "/a"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "gopher://a.example", "javascript:alert(1)", "https://",
            "//a.example/x", "http://user:pw@a.example/", "http://news.example@127.0.0.1/", "http://news.example:80@127.0.0.1/",
            "http://127.0.0.1@news.example/", "http://news.example%40127.0.0.1/ /",
            "http://[::1", "data:text/html,x", "http://a.example:99999/"]
)  # fmt: skip
def test_only_plain_web_addresses_are_fetched(fetcher: Fetcher, url: str) -> None:
    """Refuse other schemes, addresses with passwords and what is no address."""
    refusal(fetcher, url)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/", "http://["]
)
def test_redirects_stay_on_the_web(site: WebServer, fetcher: Fetcher, target: str) -> None:
    """Refuse in a redirect what is refused in an address."""
    site.pages["/a"] = Served("", 301, {"Location": target})
    refusal(fetcher, site.url + "/a")


def test_an_unknown_host_is_named(fetcher: Fetcher) -> None:
    """Say which host nobody knows."""
    assert "gibt-es-nicht.invalid" in refusal(fetcher, "http://gibt-es-nicht.invalid/")


def test_environment_proxies_are_not_used(
    site: WebServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never hand a name to a proxy, which would resolve it unseen."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.pages["/a"] = PAGE
    with Fetcher(may_reach=is_any, delay_s=0) as made:
        assert made.fetch(site.url + "/a").content


# -- bounds -----------------------------------------------------------------------------------------------


def test_redirects_are_followed_and_counted(site: WebServer, fetcher: Fetcher) -> None:
    """Follow five and say where the page was found; not six, nor a circle."""
    for hop in range(1, 7):
        site.pages[f"/{hop}"] = Served("", 302, {"Location": f"/{hop - 1}"})
    site.pages["/0"] = PAGE
    assert fetcher.fetch(site.url + "/5#anfang").url == site.url + "/0"
    assert "5 redirects" in refusal(fetcher, site.url + "/6")
    site.pages["/0"] = Served("", 302, {"Location": "/0"})
    assert "5 redirects" in refusal(fetcher, site.url + "/0")
    site.pages["/0"] = Served("", 302)
    assert "nowhere" in refusal(fetcher, site.url + "/0")


def test_large_pages_are_refused(site: WebServer, fetcher: Fetcher) -> None:
    """Stop at the limit, announced or not."""
    site.pages["/a"] = Served(b"x" * 100_000)
    assert len(fetcher.fetch(site.url + "/a").content) == 100_000
    site.pages["/a"] = Served(b"x" * 100_001)
    assert "larger than 0.1 MB" in refusal(fetcher, site.url + "/a")


def test_packed_pages_are_unpacked_within_the_limit(site: WebServer, fetcher: Fetcher) -> None:
    """Read gzip, and stop a bomb, damage and a broken end."""
    packed = {"Content-Encoding": "gzip"}
    site.pages["/gut"] = Served(gzip.compress(b"Artikel " * 1000), headers=packed)
    site.pages["/bombe"] = Served(gzip.compress(bytes(50_000_000)), headers=packed)
    site.pages["/ende"] = Served(gzip.compress(b"Artikel" * 99)[:-12], headers=packed)
    site.pages["/schlecht"] = Served(b"kein gzip", headers=packed)
    site.pages["/fremd"] = Served(b"xyz", headers={"Content-Encoding": "br"})
    assert fetcher.fetch(site.url + "/gut").content == b"Artikel " * 1000
    assert "larger" in refusal(fetcher, site.url + "/bombe")
    assert "broken off" in refusal(fetcher, site.url + "/ende")
    assert "damaged" in refusal(fetcher, site.url + "/schlecht")
    assert "br" in refusal(fetcher, site.url + "/fremd")


def test_a_dribbling_server_is_left(site: WebServer) -> None:
    """Give up when the time for a page is over, though every single byte comes in time."""
    site.pages["/robots.txt"] = Served("", 404)
    site.pages["/a"] = Served(b"x" * 2_000, drip_s=0.05)
    with Fetcher(may_reach=is_any, delay_s=0, timeout_s=0.5) as fetcher:
        assert "too long" in refusal(fetcher, site.url + "/a")


# -- manners ----------------------------------------------------------------------------------------------


def test_it_says_who_it_is(site: WebServer, fetcher: Fetcher) -> None:
    """Carry the project's name."""
    site.pages["/a"] = PAGE
    fetcher.fetch(site.url + "/a")
    assert all(request.headers["User-Agent"].startswith("Quellenchat/") for request in site.requests)


def test_robots_are_obeyed(site: WebServer, fetcher: Fetcher) -> None:
    """Ask once for each host, keep out where it says so, and after redirects too."""
    site.pages["/robots.txt"] = Served("User-agent: *\nDisallow: /geheim\n\nUser-agent: GPTBot\nDisallow: /")
    site.pages["/a"] = PAGE
    site.pages["/umweg"] = Served("", 302, {"Location": "/geheim/a"})
    assert fetcher.fetch(site.url + "/a").content
    assert "robots.txt" in refusal(fetcher, site.url + "/geheim/a")
    assert "robots.txt" in refusal(fetcher, site.url + "/umweg")
    assert site.paths == ["/robots.txt", "/a", "/umweg"]


@pytest.mark.parametrize(("status", "open_to_us"), [(404, True), (403, True), (500, False), (503, False)])
def test_missing_robots_allow_and_broken_ones_forbid(
    site: WebServer, fetcher: Fetcher, status: int, open_to_us: bool
) -> None:
    """Follow RFC 9309: no robots.txt opens a host, a failing server closes it."""
    site.pages["/robots.txt"] = Served("", status)
    site.pages["/a"] = PAGE
    if open_to_us:
        assert fetcher.fetch(site.url + "/a").content
    else:
        assert "robots.txt" in refusal(fetcher, site.url + "/a")
        asked = len(site.requests)
        refusal(fetcher, site.url + "/b")
        assert len(site.requests) == asked
        assert "/a" not in site.paths


def test_a_host_is_given_a_pause(site: WebServer, slept: list[float]) -> None:
    """Wait between two requests to a host, as long as its robots.txt wants but not for ever."""
    site.pages["/a"] = PAGE
    with Fetcher(may_reach=is_any, delay_s=5, sleep=slept.append) as fetcher:
        fetcher.fetch(site.url + "/a")
        assert [round(wait) for wait in slept] == [5]
    slept.clear()
    site.pages["/robots.txt"] = Served("User-agent: *\nCrawl-delay: 86400")
    with Fetcher(may_reach=is_any, delay_s=5, sleep=slept.append) as fetcher:
        fetcher.fetch(site.url + "/a")
        fetcher.fetch(site.url + "/a")
    assert [round(wait) for wait in slept] == [5, 30]


def replies(*served: Served) -> Callable[[Asked], Served]:
    """Return a page that gives one reply after the other, the last one for ever."""
    waiting = list(served)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def test_a_busy_server_is_asked_again_later(site: WebServer, fetcher: Fetcher, slept: list[float]) -> None:
    """Wait longer each time, or as long as the server says in seconds or as a date."""
    site.pages["/a"] = replies(Served("", 503), Served("", 503), PAGE)
    assert fetcher.fetch(site.url + "/a").content
    assert slept == [1, 2]
    site.pages["/a"] = replies(Served("", 429, {"Retry-After": "7"}), PAGE)
    assert fetcher.fetch(site.url + "/a").content
    assert slept[2:] == [7]
    site.pages["/a"] = replies(
        Served("", 503, {"Retry-After": formatdate(time.time() + 9, usegmt=True)}), PAGE
    )
    assert fetcher.fetch(site.url + "/a").content
    assert 5 < slept[3] <= 9


def test_a_wait_beyond_the_time_is_said(site: WebServer, fetcher: Fetcher, slept: list[float]) -> None:
    """Do not wait for an hour, but tell of it."""
    site.pages["/a"] = Served("", 429, {"Retry-After": "3600"})
    with pytest.raises(FetchError, match="429") as caught:
        fetcher.fetch(site.url + "/a")
    assert "3600 seconds" in caught.value.hint
    assert slept == []


def test_a_broken_connection_is_tried_again(site: WebServer, fetcher: Fetcher, slept: list[float]) -> None:
    """Try four times in all, then say so."""
    site.pages["/a"] = replies(Served(drop=True), PAGE)
    assert fetcher.fetch(site.url + "/a").content
    assert slept == [1]
    site.pages["/a"] = Served(drop=True)
    assert "cannot be reached" in refusal(fetcher, site.url + "/a")
    assert site.paths.count("/a") == 2 + 4


def test_an_unchanged_page_is_not_sent_again(site: WebServer, fetcher: Fetcher) -> None:
    """Send what the server said last time, and take a 304 for an answer."""

    def page(asked: Asked) -> Served:
        if asked.headers.get("If-None-Match") == '"1"' and asked.headers.get("If-Modified-Since") == "heute":
            return Served("", 304)
        return PAGE

    site.pages["/a"] = page
    first = fetcher.fetch(site.url + "/a")
    assert first.content
    assert not first.unchanged
    again = fetcher.fetch(site.url + "/a", first.validators)
    assert again.unchanged
    assert again.validators == first.validators == Validators('"1"', "heute")


@pytest.mark.parametrize("status", [201, 204, 304, 400, 401, 403, 404, 410, 418, 500])
def test_every_other_status_is_one_clear_line(site: WebServer, fetcher: Fetcher, status: int) -> None:
    """Name the status."""
    site.pages["/a"] = Served("", status)
    assert str(status) in refusal(fetcher, site.url + "/a")
