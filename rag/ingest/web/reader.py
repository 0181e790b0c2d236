"""An address → its article; a feed's or sitemap's → the articles it lists, fetched one after the other."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from rag.errors import FetchError, InputError
from rag.ingest.formats import table
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read_page, unforeseen
from rag.ingest.text.characters import decoded_as
from rag.ingest.web import addresses
from rag.ingest.web.fetch import Fetcher, Page
from rag.ingest.web.listings import Link, Listing, listing
from rag.ingest.web.visits import Known, Visit

_SITEMAPS: Final = 50  # that one sitemap index can make it fetch


class Web:
    """Reads addresses through a fetcher, asking only for what changed since it was `known`."""

    def __init__(
        self,
        fetcher: Fetcher,
        known: Callable[[str], Known | None],
        max_chars: int,
        max_bytes: int,
        limit: int,
    ) -> None:
        """Make a reader.

        Args:
            known: what was noted of an address, None where nothing was.
            max_chars: of one article.
            max_bytes: of one page.
            limit: articles taken from one feed or sitemap, newest first.
        """
        self._fetcher = fetcher
        self._known = known
        self._max_chars = max_chars
        self._max_bytes = max_bytes
        self._limit = limit

    def read(self, url: str) -> Iterator[Visit]:
        """Yield what comes of an address; a feed or sitemap comes last, after what it lists.

        Nothing is raised: an address that cannot be read is a visit with a failure.
        """
        known = self._known(url)
        if known is not None and known.skip:
            yield Visit(url, None, known)
            return
        try:
            page = self._fetcher.fetch(url, known.validators if known else None)
            if page.unchanged:
                yield Visit(url, None, known)
                return
            found = listing(page.content, page.url, self._max_bytes)
        except InputError as error:
            yield _failed(url, error)
            return
        if found is None:
            yield self._article(Link(url), page)
        else:
            yield from self._listed(url, page, found)

    def _listed(self, url: str, page: Page, found: Listing) -> Iterator[Visit]:
        """Yield a visit for each article of a listing, then one for the listing itself."""
        links, failed = self._links(found)
        yield from failed
        whole = not failed
        for number, link in enumerate(links[: self._limit], start=1):
            visit = self._visit(link)
            whole = whole and visit.complete
            yield replace(visit, share=number / (min(len(links), self._limit) + 1))
        if not links and not failed:
            yield _failed(url, FetchError(f"the {found.kind} lists no article", hint="check the address"))
        left_out = len(links) - self._limit
        warning = f"{left_out} older addresses were left out (--limit)" if left_out > 0 else ""
        yield Visit(url, None, Known("", page.validators) if whole else None, found.kind, warning)

    def _links(self, found: Listing) -> tuple[list[Link], list[Visit]]:
        """Return the articles of a listing and of the sitemaps it names, and which of those failed.

        Sitemaps are fetched, newest first, until one address more than the limit is known.
        """
        links = {link.url: link for link in found.links}
        failed: list[Visit] = []
        waiting = list(found.maps)
        asked: set[str] = set()
        while waiting and len(links) <= self._limit and len(asked) < _SITEMAPS:
            one = waiting.pop(0).url
            if one in asked:
                continue
            asked.add(one)
            try:
                page = self._fetcher.fetch(one)
                inner = listing(page.content, page.url, self._max_bytes)
                if inner is None:
                    raise FetchError("no sitemap is there", hint="check the address")
            except InputError as error:
                failed.append(_failed(one, error))
                continue
            links |= {link.url: link for link in inner.links if link.url not in links}
            waiting += inner.maps
        return list(links.values()), failed

    def _visit(self, link: Link) -> Visit:
        """Fetch an article that a listing names, unless the listing says that it is as it was."""
        known = self._known(link.url)
        if known is not None and (known.skip or (link.stamp and link.stamp == known.stamp)):
            return Visit(link.url, None, known)
        try:
            page = self._fetcher.fetch(link.url, known.validators if known else None)
        except FetchError as error:
            return self._instead(link, error, known)
        if page.unchanged and known is not None:
            return Visit(link.url, None, replace(known, stamp=link.stamp))
        visit = self._article(link, page)
        if isinstance(visit.outcome, Failure):
            reason = InputError(visit.outcome.message, hint=visit.outcome.hint)
            return self._instead(link, reason, known)
        return visit

    def _article(self, link: Link, page: Page) -> Visit:
        suffix = _suffix(page)
        content = _in_utf8(page) if suffix in table.TEXTS else page.content
        own = addresses.canonical(content, page.url) if suffix == ".html" else addresses.plain(page.url)
        try:
            reading = self._reading(link, content, suffix, own, page.url)
        except InputError as error:
            return _failed(link.url, error)
        except Exception as error:
            return Visit(link.url, unforeseen(link.url, error), None, complete=False)
        return Visit(link.url, reading, Known(own, page.validators, link.stamp))

    def _instead(self, link: Link, error: InputError, known: Known | None) -> Visit:
        """Keep what is known of an article that cannot be had now, else take what the listing holds of it."""
        if known is not None:
            return Visit(link.url, None, known, warning=f"kept as it was: {error}", complete=False)
        if not link.content:
            return _failed(link.url, error)
        title = html.escape(str(link.fields.get("title") or ""))
        page = f"<html><body><article><h1>{title}</h1>{_paragraphs(link.content)}</article></body></html>"
        try:
            reading = self._reading(link, page.encode(), ".html", link.url, link.url)
        except InputError:
            return _failed(link.url, error)
        warning = f"only what the feed holds of it: {error}"
        reading = replace(reading, warnings=(*reading.warnings, warning))
        return Visit(link.url, reading, Known(link.url), complete=False)

    def _reading(self, link: Link, content: bytes, suffix: str, own: str, origin: str) -> Reading:
        certain = {"id": own, "url": own, "published": link.fields.get("published")}
        return read_page(content, suffix, certain, link.fields, origin, self._max_chars)


def _failed(url: str, error: InputError) -> Visit:
    return Visit(url, Failure(url, str(error), error.hint), None, complete=False)


def _paragraphs(content: str) -> str:
    return content if "<p" in content.lower() else f"<p>{content}</p>"


def _suffix(page: Page) -> str:
    """Return which of the known formats a page has, HTML where the server does not say."""
    if page.content.startswith(b"%PDF"):
        return ".pdf"
    suffix = table.of_media_type(page.media_type) or table.suffix(page.url)
    return suffix if table.is_article(suffix) else ".html"


def _in_utf8(page: Page) -> bytes:
    """Return a page's bytes as UTF-8 where they are in the encoding that the server names."""
    text = decoded_as(page.content, page.charset or "utf-8")
    return page.content if text is None else text.encode(errors="replace")
