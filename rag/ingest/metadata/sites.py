"""Lines of a page that are none of its article → the site they belong to, by its addresses and its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from rag.ingest.metadata.dates import without_days
from rag.ingest.text.phrases import known

_HOST: Final = re.compile(
    r"(?:https?://|(?P<mail>\S@)|(?<![\w@.-]))(?P<host>(?:[a-z0-9](?:[\w-]{0,60}[a-z0-9])?\.){1,4}"
    r"(?:de|com|net|org|at|ch|eu|info|co\.uk|uk|news|ie|au|ca|cn|vn|ru|ua|tr|cu|tv|example))(?![\w.-]*@|\w)",
    re.IGNORECASE,
)
_TITLE_PARTS: Final = re.compile(r"(?P<title>.{10,}) (?:-|–|—|\|) (?P<site>[^|]{3,40})$")
_URL: Final = re.compile(r"https?://\S+")
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_ELSEWHERE: Final = frozenset(  # services that pages link to, and where anybody has a mailbox
    """facebook twitter x t instagram youtube google whatsapp telegram linkedin tiktok pinterest reddit
    xing apple spotify gmail googlemail gmx web t-online yahoo outlook hotmail example proton protonmail
    icloud www p m de en bit""".split()
)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LEADING: Final = re.compile(r"^(?:the|der|die|das)(?=.)")
_SHORTEST: Final = 3  # letters of a label that tells a name
_LINKS: Final = 4  # to one host, before it is taken for the page's own
_NAME_WORDS: Final = 5
_SHARED: Final = 3  # words of a headline that the article's own address has, too
_RUNNING_HEAD: Final = re.compile(
    r"^(?P<name>[A-ZÄÖÜ][^\d|–—•·,]{2,40}?)\s*[|–—•·,-]\s.*\b(?:Seite|Page|page|S\.|p\.) ?\d{1,3}\W*$"
)
_PAPER: Final = re.compile(  # names that are none of a section: "Allgäuer Bote", not "Taiwan News"
    r"(?:[A-ZÄÖÜ][\w'’-]+ ){1,3}(?:Allgemeine|Anzeiger|Bote|Chronicle|Courier|Dispatch|Echo|Examiner|Gazette"
    r"|Herald|Inquirer|Journal|Kurier|Ledger|Merkur|Observer|Rundschau|Sentinel|Tagblatt|Tageblatt|Telegraph|Tribune"
    r"|Volksblatt|Zeitung)"
    r"|KURIER|MERKUR|(?:[A-ZÄÖÜ][a-zäöüß]+-){1,3}(?:Anzeiger|Bote|Kurier|Rundschau|Zeitung)"
    r"|[A-ZÄÖÜ][a-zäöüß-]{3,}er (?:Neueste )?Nachrichten"
    r"|[A-ZÄÖÜ][a-zäöüß]+(?:anzeiger|bote|kurier|rundschau|tagblatt|zeitung)"
)


def is_running_head(line: str) -> bool:
    """Tell whether a line is the head of a printed page: its paper, a day and the number of the page."""
    return bool(_RUNNING_HEAD.match(line)) and without_days(line) != line


def site(lines: Sequence[str], headline: str = "") -> str | None:
    """Return what the lines of a page call it: a name, or its host where they give no name."""
    heads = (
        match["name"] for line in lines if is_running_head(line) and (match := _RUNNING_HEAD.match(line))
    )
    own = own_address(lines, headline)
    return next(heads, None) or (host_name(own) if own else None)


def without_site(title: str, links: Iterable[str]) -> tuple[str, str | None]:
    """Split a page's title such as "Headline - The Outlet", where links of the page spell that name."""
    parts = _TITLE_PARTS.match(title)
    hosts = {urlsplit(link).hostname or "" for link in links if _URL.match(link)}
    if parts and _spelt(parts["site"]) in {_spelt(label) for host in hosts for label in _labels(host)}:
        return parts["title"], parts["site"]
    return title, None


def linked_site(lines: Sequence[str], links: Sequence[str]) -> str | None:
    """Return the site that most of a page's links lead to: its name where a line spells it, else its host."""
    hosts = Counter(host for link in links if _URL.match(link) and (host := urlsplit(link).hostname))
    host, count = hosts.most_common(1)[0] if hosts else ("", 0)
    if count < _LINKS or 2 * count <= hosts.total() or not _labels(host):
        return None
    return named_as_its_address([*lines, host]) or host_name(f"https://{host}")


def own_address(lines: Iterable[str], headline: str) -> str | None:
    """Return the address that has the words of the headline in it: that of the article itself."""
    words = {_spelt(word) for word in _WORD.findall(headline)}
    for match in (found for line in lines for found in _URL.finditer(line)):
        path = _spelt(urlsplit(match[0]).path)
        if len({word for word in words if word in path}) >= _SHARED:
            return match[0].rstrip(".,)")
    return None


def host_name(url: str) -> str | None:
    """Return the outlet that an address belongs to: its name where it is known, else its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = (_outlets().get(_spelt(label)) for label in host.split(".")[:-1])
    return next((name for name in names if name), None) or host or None


def paper_of(lines: Iterable[str]) -> str | None:
    """Return the line that is a newspaper's name and nothing else: "Allgäuer Bote"."""
    return next((line for line in lines if _PAPER.fullmatch(line.title() if line.isupper() else line)), None)


def named_as_its_address(lines: Sequence[str]) -> str | None:
    """Return the line that spells a host that the page names: "Allgäuer Bote", "allgaeuer-bote.de"."""
    hosts = [match["host"] for line in lines for match in _HOST.finditer(line)]
    labels = {_spelt(label) for host in hosts for label in _labels(host)}
    for line in lines:
        name = line.strip(" -–—|:·»«›")
        spelt = _spelt(name)
        short = len(name.split()) <= _NAME_WORDS and "." not in name
        if short and {spelt, _LEADING.sub("", spelt)} & labels and name.casefold() != name:
            return name
    return None


def mailed(lines: Iterable[str]) -> str | None:
    """Return the host of the one domain that a page takes its mail at."""
    hosts = {match["host"].lower() for line in lines for match in _HOST.finditer(line) if match["mail"]}
    own = {host for host in hosts if _labels(host)}
    return host_name(f"https://{own.pop()}") if len(own) == 1 else None


def _labels(host: str) -> list[str]:
    agencies = {name.lower() for name in known().agencies}
    labels = host.lower().removesuffix(".co.uk").split(".")
    labels = labels if host.lower().endswith(".co.uk") else labels[:-1]
    own = [label for label in labels if len(label) >= _SHORTEST and label not in _ELSEWHERE]
    return [] if agencies & set(labels) or _ELSEWHERE & set(labels[-1:]) else own


@cache
def _outlets() -> dict[str, str]:
    return {_spelt(name): name for name in known().outlets.values()}


def _spelt(name: str) -> str:
    """Return a name as an address spells it."""
    return "".join(sign for sign in name.lower().translate(_UMLAUTS) if sign.isalnum())
