"""Check which addresses name the same article."""

import pytest

from rag.ingest.web.addresses import canonical, plain, same_site


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
        ("HTTPS://A.Example:443/X?id=3&fbclid=Q#top", "https://a.example/X?id=3"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("https://a.example/x?b=2&a=1&leer=", "https://a.example/x?b=2&a=1&leer="),
        ("https://a.example/x?cid=5&source=7&ref=1", "https://a.example/x?cid=5&source=7&ref=1"),
        ("https://a.example/ä?q=%C3%A4&utm_id=1", "https://a.example/ä?q=%C3%A4"),
    ],
)
def test_plain_drops_only_what_never_chooses_an_article(url: str, expected: str) -> None:
    """Drop tracking, fragment and default port; keep every other parameter as it stands."""
    assert plain(url) == expected
    assert plain(expected) == expected


def page(*lines: str) -> bytes:
    """Return a page with these lines in its head."""
    return f"<html><head>{''.join(lines)}</head><body>x</body></html>".encode()


LINK = '<link rel="canonical" href="{}">'
OG = '<meta property="og:url" content="{}">'
HERE = "https://www.blatt.example/politik/a?utm_source=x"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ([], "https://www.blatt.example/politik/a"),
        ([LINK.format("https://www.blatt.example/a-1")], "https://www.blatt.example/a-1"),
        ([LINK.format("/a-1?utm_campaign=y#c")], "https://www.blatt.example/a-1"),
        ([LINK.format("https://blatt.example/a-1")], "https://blatt.example/a-1"),
        ([OG.format("https://www.blatt.example/a-2")], "https://www.blatt.example/a-2"),
        ([OG.format("/a-2"), LINK.format("/a-1")], "https://www.blatt.example/a-1"),
        ([LINK.format("https://fremd.example/a")], "https://www.blatt.example/politik/a"),
        ([LINK.format("https://fremd.example/a"), OG.format("/a-2")], "https://www.blatt.example/a-2"),
        ([LINK.format("https://www.blatt.example/")], "https://www.blatt.example/politik/a"),
        ([LINK.format("javascript:x"), OG.format("http://[")], "https://www.blatt.example/politik/a"),
        ([LINK.format("")], "https://www.blatt.example/politik/a"),
    ],
)
def test_a_page_may_name_its_address_on_its_own_site(head: list[str], expected: str) -> None:
    """Believe a page about its own site only, and not that it is the front page."""
    assert canonical(page(*head), HERE) == expected


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"kein HTML", b"<html>", b"<?xml version='1.0'?>"])
def test_what_names_no_address_keeps_its_own(content: bytes) -> None:
    """Never fail on a broken page."""
    assert canonical(content, HERE) == "https://www.blatt.example/politik/a"


def test_sites_are_told_apart_by_their_registered_name() -> None:
    """Take subdomains together, and not the customers of one host or of one country."""
    assert same_site("https://www.spiegel.de/a", "https://m.spiegel.de/b")
    assert same_site("http://127.0.0.1:1/a", "http://127.0.0.1:1/b")
    assert not same_site("https://bbc.co.uk/a", "https://guardian.co.uk/a")
    assert not same_site("https://a.github.io/", "https://b.github.io/")
    assert not same_site("https://a.example/", "https://b.example/")
