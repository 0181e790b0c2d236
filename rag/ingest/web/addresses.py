"""Addresses of the web: which of them name the same article, and which one is its own."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that say where a reader came from. Only names that never choose an article: two articles must
# not become one.
_TRACKING: Final = frozenset(
    """fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid mkt_tok
    _hsenc _hsmi vero_id oly_anon_id oly_enc_id wickedid wt_zmc xtor xng_share_origin s_cid cmpid ns_campaign
    ns_mchannel ns_source ns_linkname ns_fee guccounter guce_referrer guce_referrer_sig __twitter_impression
    at_medium at_campaign at_format at_link_id at_link_origin at_link_type at_ptr_name at_bbc_team
    sara_ref smid smtyp traffic_source ocid""".split()
)
_TRACKING_STARTS: Final = ("utm_", "pk_", "mtm_", "matomo_", "hsa_", "itm_")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def is_web(target: str) -> bool:
    """Tell whether what a person points at is an address of the web, not a path."""
    return target.lower().startswith(("http://", "https://"))


def plain(url: str) -> str:
    """Return an address without fragment, tracking parameters and default port, its host in lower case.

    >>> plain("HTTPS://News.example:443/a?utm_source=rss&id=3#top")
    'https://news.example/a?id=3'
    """
    parts = urlsplit(url.strip())
    scheme, host = parts.scheme.lower(), parts.netloc.lower()
    query = parts.query
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _is_tracking(name)]
    if len(kept) != len(pairs):
        query = urlencode(kept)
    return urlunsplit(
        (scheme, host.removesuffix(_DEFAULT_PORTS.get(scheme, "")), parts.path or "/", query, "")
    )


def canonical(content: bytes, url: str) -> str:
    """Return the address that a page found at `url` calls its own, `url` where it names none it may name.

    What `<link rel=canonical>` or `og:url` says counts only for the page's own site, else one site could
    replace another's articles; and not the front page, which careless sites name on every page.
    """
    for named in _named(content):
        try:
            found = urlsplit(urljoin(url, named))
        except ValueError:
            continue
        to_front = found.path in ("", "/") and not found.query
        is_front = urlsplit(url).path in ("", "/") and not urlsplit(url).query
        if is_web(found.geturl()) and same_site(found.geturl(), url) and (is_front or not to_front):
            return plain(found.geturl())
    return plain(url)


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses have the same host, or hosts below one registered name."""
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    if hosts[0] == hosts[1]:
        return bool(hosts[0])
    from courlan import extract_domain

    sites = [extract_domain(url) for url in (one, other)]
    return sites[0] is not None and sites[0] == sites[1]


def _named(content: bytes) -> list[str]:
    from lxml import html
    from lxml.etree import LxmlError

    try:
        tree = html.document_fromstring(content)
    except (LxmlError, ValueError):
        return []
    found = tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href")
    found += tree.xpath("//meta[@property = 'og:url']/@content")
    return [str(one).strip() for one in found if str(one).strip()]


def _is_tracking(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith(_TRACKING_STARTS)
