"""A feed (RSS, Atom) or a sitemap → the addresses it lists, with what it says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin

from rag.errors import FetchError
from rag.ingest.web.addresses import is_web, plain
from rag.ingest.web.client import gunzip
from rag.ingest.web.visits import Kind

_GZIP: Final = b"\x1f\x8b"
_ROOT: Final = re.compile(rb"<(?![?!])\s*(?:[\w.-]+:)?([\w.-]+)")
_SAMPLE_BYTES: Final = 65_536
_FEEDS: Final = (b"rss", b"feed", b"rdf")
_SITEMAPS: Final = (b"urlset", b"sitemapindex")


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a listing names."""

    url: str
    stamp: str = ""  # changes when the listing says that the page did; "" where it never says
    fields: Mapping[str, Any] = field(default_factory=dict)  # title, author, publisher, published
    content: str = ""  # HTML, as far as the listing holds the text itself


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap lists: articles, and further sitemaps."""

    kind: Kind
    links: tuple[Link, ...] = ()
    maps: tuple[Link, ...] = ()


def listing(content: bytes, url: str, max_bytes: int) -> Listing | None:
    """Return what a page lists if its content is a feed or a sitemap (packed or not), else None.

    Raises:
        FetchError: a packed or broken one that cannot be read.
    """
    if content.startswith(_GZIP):
        content = gunzip([content], max_bytes)
    root = _ROOT.search(_without_comments(content[:_SAMPLE_BYTES]))
    name = root.group(1).lower() if root else b""
    if name in _FEEDS:
        return _feed(content, url)
    if name in _SITEMAPS:
        return _sitemap(content, url)
    return None


def _without_comments(head: bytes) -> bytes:
    return re.sub(rb"<!--.*?(?:-->|\Z)", b"", head.replace(b"\x00", b""), flags=re.DOTALL)


# -- feeds ------------------------------------------------------------------------------------------------


def _feed(content: bytes, url: str) -> Listing:
    import feedparser

    parsed = feedparser.parse(content, response_headers={"content-location": url})
    about = parsed.feed
    links: dict[str, Link] = {}
    for entry in parsed.entries:
        link = _entry(entry, url, about)
        if link is not None:
            links.setdefault(link.url, link)
    if not links and parsed.bozo:
        raise FetchError("a feed that cannot be read", hint="open it in a browser and check it")
    return Listing("feed", tuple(links.values()))


def _entry(entry: Any, url: str, about: Any) -> Link | None:
    address = _address(entry.get("link") or entry.get("id") or "", url)
    if address is None:
        return None
    bodies = [one.get("value", "") for one in entry.get("content", [])] + [entry.get("summary", "")]
    return Link(
        address,
        stamp=str(entry.get("updated", "")) if entry.get("updated") != entry.get("published") else "",
        fields={
            "title": _unmarked(entry.get("title")),
            "author": _unmarked(entry.get("author")),
            "publisher": _unmarked(about.get("title")),
            "published": _day(entry.get("published") or entry.get("updated")),
        },
        content=max(bodies, key=len),
    )


def _unmarked(text: str | None) -> str | None:
    """Return a title as plain text; feeds put markup into theirs."""
    return re.sub(r"<[^>]*>", "", text) if text else None


# -- sitemaps ---------------------------------------------------------------------------------------------


def _sitemap(content: bytes, url: str) -> Listing:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(content, parser)
    if root is None:
        raise FetchError("a sitemap that cannot be read", hint="open it in a browser and check it")
    found: dict[str, Link] = {}
    for node in root:
        values = dict(_values(node))
        address = _address(values.get("loc", ""), url)
        if address is not None:
            found.setdefault(address, _mapped(address, values))
    newest = sorted(found.values(), key=lambda link: link.stamp, reverse=True)
    if etree.QName(root).localname.lower() == "sitemapindex":
        return Listing("sitemap", maps=tuple(newest))
    return Listing("sitemap", links=tuple(newest))


def _mapped(address: str, values: Mapping[str, str]) -> Link:
    fields = {
        "title": values.get("title"),
        "publisher": values.get("name"),
        "published": _day(values.get("publication_date")),
    }
    return Link(address, stamp=values.get("lastmod") or values.get("publication_date") or "", fields=fields)


def _values(node: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of an entry and of the news entry in it, by local name; pictures have their own."""
    from lxml import etree

    for child in node.iterdescendants():
        if isinstance(child.tag, str) and "image" not in child.tag and "video" not in child.tag:
            text = (child.text or "").strip()
            if text:
                yield etree.QName(child).localname.lower(), text


def _address(found: str, base: str) -> str | None:
    try:
        address = urljoin(base, found.strip())
        return plain(address) if found.strip() and is_web(address) else None
    except ValueError:
        return None


def _day(value: str | None) -> date | None:
    """Return the day of a date as feeds write it, in its own time zone: the day its readers saw."""
    if not value:
        return None
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return parse(value.strip()).date()
        except (ValueError, OverflowError):
            continue
    return None
