"""What stands around an article → the outlet it is from and the agencies it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from rag.ingest.metadata.dates import without_dates
from rag.ingest.metadata.sites import mailed, named_as_its_address, paper_of, site
from rag.ingest.text.phrases import known

_NAME: Final = (
    r"[A-ZÄÖÜ][\w&+'’-]*(?:\.[A-Za-z]{2,4})?(?: (?:[A-ZÄÖÜ][\w&+'’-]*|of|the|der|die|des|für)){0,4}"
)
_WHERE: Final = r"[A-ZÄÖÜ][\w./, -]{0,60}"
_DATELINE: Final = re.compile(  # "Berlin (dpa) – ", "MOSCOW, December 7. /TASS/. ", "(VOVWORLD) - ", "CNN — "
    rf"^(?:(?:{_WHERE}\s)?\((?P<wire>[A-Za-z][\w.+&/ -]{{1,25}})\)\s*(?:[-–—]{{1,2}}|:)\s"
    rf"|{_WHERE}\s/(?P<slashed>[A-Za-z][\w.+& -]{{1,25}})/[.:]?\s"
    r"|(?P<bare>[A-Z]{2,5}) — )"
)
_PLACE: Final = re.compile(
    rf"^(?:(?:{_WHERE}\s)?"
    r"(?:\([A-Za-z][\w.+&/ -]{1,25}\)\s*[-–—:.]{1,2}|/[A-Za-z][\w.+& -]{1,25}/[.:]?)"
    r"|[A-ZÄÖÜ][\w.]+(?:[/ -][A-ZÄÖÜ][\w.]+){0,2} [-–—](?=\s[A-ZÄÖÜ]))\s*"
)
_RIGHTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:©|\(c\)|[Cc]opyright)(?: ?©)?(?: by)? (?:(?:19|20)\d\d ?[-–] ?)?(?:(?:19|20)\d\d )(?:by )?"
        rf"(?P<name>{_NAME})",
        rf"^© (?P<name>{_NAME}) (?:19|20)\d\d\b",
        rf"^© (?P<name>{_NAME})\. (?:Alle Rechte|All rights)",
        r"^(?:Herausgeber(?:in)?|Herausgegeben von|Publisher|Published by):? "
        r"(?:der |die |das |the )?(?P<name>[A-ZÄÖÜ][^,;:|]{2,80})$",
        rf"^Original-Content von: (?P<name>{_NAME})",
    )
)
_OWNERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:Bei|At|Hier bei|Here at) (?P<name>{_NAME}),? (?:arbeiten|glauben|berichten|sind|wollen|we\b)",
        rf"^(?P<name>{_NAME})(?<! der| des)[- ]Redaktion",
        rf"^(?P<name>{_NAME}) (?:veröffentlicht|publishes|übernimmt|bietet)\b",
        rf"\b(?P<name>{_NAME})!? (?:is|are) not responsible\b",
        r"(?:nicht (?:unbedingt|notwendigerweise|zwingend)|not necessarily)\b.{0,60}"
        rf"\b(?:von|of) (?P<name>{_NAME})\W*$",
        r"^(?P<name>(?:[\w-]+\.){1,3}(?:de|com|net|org|at|ch|eu|info)) (?:ist|is) ",
        rf"^Durch die Sperrung von (?P<name>{_NAME})",
        r"^(?P<name>(?:[\w-]+\.){1,3}(?:de|com|net|org|at|ch|eu|info|uk|news|cn|vn|ru|ua|tr|cu|tv))$",
        rf"(?:[Ff]olgen Sie|[Ff]olge|[Ff]ollow) (?P<name>{_NAME}) (?:auf|on|bei)\b",
        rf"^(?!.*\b(?:[Uu]nser|[Oo]ur\b)).*?(?P<name>{_NAME})[- ](?:Newsletter|newsletters?)\b",
        rf"^(?:Mehr (?:von|bei)|(?:Read )?[Mm]ore from|Über|About) (?P<name>{_NAME}):?$",
        rf" - (?P<name>{_NAME}), \d{{3,4}}, \d",
        rf"(?:^|\. )(?:Quelle|Source): (?P<name>{_NAME})$",
        rf"\b(?:[Dd]ownload|[Gg]et|[Ii]nstall) the (?P<name>{_NAME}) [Aa]pp\b",
        rf"^(?P<name>{_NAME}) (?:auf|on) (?:WhatsApp|Facebook|Instagram|Telegram|LinkedIn|Google News)\b",
        rf"^(?P<name>{_NAME}) - (?:Startseite|Homepage|Home)$",
        rf"^Why you can trust (?P<name>{_NAME})$",
        rf"^(?P<name>{_NAME}) [–—|-] (?:[\w-]+ ){{0,5}}"
        r"(?:Nachrichten|News|Journalismus|Journalism|Magazin|Zeitung|Portal)\b",
    )
)  # fmt: skip
_NO_OWNER: Final = frozenset(
    """alle all unser unsere unseren ihr ihre ihren euer your mein my our uns autor author dies diese dieser
    artikel this jetzt zuerst ursprünglich erstmals originally first x.com facebook.com t.me facebook twitter
    instagram google youtube telegram whatsapp redaktion newsletter morning daily""".split()
)
_LEADING: Final = frozenset("der die das den the".split())
_LEAD: Final = 3  # lines of running text
_SIGN_OFF: Final = frozenset(
    """quelle source mit with material von from reporting und and der
    agentur agenturen nachrichtenagentur""".split()
)
MASTHEAD: Final = re.compile(  # "The Channel Post", "Neiße-Kurier", "Morgenblatt"
    r"(?:(?:The|Der|Die|Das) )?(?:[A-ZÄÖÜ][\w&'’-]*[ -]){0,3}(?:[A-ZÄÖÜ][a-zäöü]+)?"
    r"(?i:allgemeine|anzeiger|blatt|bote|chronicle|courier|echo|gazette|guardian|herald|journal|kurier|mail|merkur"
    r"|nachrichten|news|observer|post|presse|rundschau|telegraph|times|tribune|zeitung)"
    r"|(?:Báo|Diario|Gazeta|Jornal) .+"
)
_COMPANY: Final = re.compile(
    r"\b(?:Inc|LLC|Ltd|Co|Company|Limited|GmbH|AG|KG|plc|Corp|Group|Holdings?|Media|DAC|Verlag\w*)\b"
)
_YEARS: Final = re.compile(r"\b(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d\b")
_SPOKEN: Final = re.compile(rf"\b[Ff]or (?:the )?(?P<name>{_NAME}), I['’]m [A-Z]")  # a reporter signs off
_WITH: Final = re.compile(r" (?:with|mit) .*$")  # "Le Monde with AFP"
_DOMAIN: Final = re.compile(r"\.(?:de|com|at|ch|net|org)$")  # "MDR.DE"
_SIGN_OFF_END: Final = re.compile(r"\(([^()]{2,40})\)\W*$")
_SOURCE_LINE: Final = re.compile(
    r"\b(?:quelle|source|original|permalink|url|link)\b[^:]*:\s*(https?://\S+)", re.I
)
_SOURCED: Final = re.compile(r"^Quellen?: (?P<outlet>[^,:]{2,30}), (?P<rest>.{2,60})$")


def publisher(
    removed: Sequence[str], own: Sequence[str], running: Sequence[str], paper: str | None, headline: str = ""
) -> str | None:
    """Return who published an article, None where nothing tells it.

    `removed` are all lines that were taken out, `own` those in which the site speaks of itself, `running`
    the lines of running text, `paper` the newspaper of its byline.
    """
    wire = _dateline(running)
    place = not wire or wire.istitle()  # "(Berlin) – "
    station = None if place or _agencies_of(wire or "") else wire
    return (
        _outlet(removed)
        or _sourced(removed)
        or _owner([line for line in removed if not _COMPANY.search(line)], _RIGHTS)
        or named_as_its_address(own)
        or paper_of(own)
        or _owner(removed, _OWNERS)
        or _named(own)
        or paper
        or station
        or next((match["name"] for line in running if (match := _SPOKEN.search(line))), None)
        or site(own, headline)
        or _site(address(removed))
        or _host(removed)
        or _own_wire(running, removed)
        or _owner(removed, _RIGHTS)
        or mailed(own)
    )


def agency(removed: Sequence[str], running: Sequence[str], last: str) -> str | None:
    """Return the agencies whose text an article is, with commas; `last` is how the text ends."""
    named = ", ".join(_agencies_of(_dateline(running) or ""))
    return named or _agency(removed) or _signed(last)


def address(removed: Sequence[str]) -> str | None:
    """Return the address that a line names as the article's source."""
    return next((match[1] for line in removed if (match := _SOURCE_LINE.search(line))), None)


def _agencies_of(wire: str) -> list[str]:
    return [name for name in wire.replace("/", " ").split() if name in known().agencies]


def without_dateline(sentence: str) -> str:
    """Return a lead sentence without "Berlin (dpa) – " before it."""
    return _PLACE.sub("", sentence)


def _dateline(running: Sequence[str]) -> str | None:
    found = (_DATELINE.match(line) for line in running[:_LEAD])  # a lead may stand above it
    match = next((one for one in found if one), None)
    return next(name for name in match.groups() if name).strip() if match else None


def _outlet(lines: Iterable[str]) -> str | None:
    """Return the outlet of a line that names nothing else: "tagesschau", "BBC Homepage", "CNN —"."""
    for line in lines:
        name = line.strip(" -–—|:·>».").lower()
        for form in (name, known().beside_outlets.sub("", name), _DOMAIN.sub("", name), _WITH.sub("", name)):
            if form in known().outlets:
                return known().outlets[form]
    return None


def _sourced(lines: Iterable[str]) -> str | None:
    """Return the outlet that a line names before its agencies: "Quelle: ntv.de, mau/dpa"."""
    for line in lines:
        if (match := _SOURCED.match(line)) and match["outlet"].lower() in known().outlets:
            return known().outlets[match["outlet"].lower()]
    return None


def _named(own: Iterable[str]) -> str | None:
    """Return the outlet that the site's own lines name most, twice at least; some count twice."""
    votes: Counter[str] = Counter()
    for line in own:
        for match in known().outlet_names.finditer(line):
            disclaims = known().notices["disclaimer"].search(line) is not None
            votes[known().outlets[match[1].lower()]] += 1 + (match.start() == 0 or disclaims)
    name, most = max(votes.items(), key=lambda one: (one[1], len(one[0])), default=("", 0))
    return name if most > 1 else None


def _owner(lines: Iterable[str], patterns: Iterable[re.Pattern[str]]) -> str | None:
    """Return the name that most of the site's own lines give it."""
    votes: Counter[str] = Counter()
    for line in lines:
        for pattern in patterns:
            for match in pattern.finditer(line):
                name = match["name"].strip(" .-'’")
                named = [word for word in name.lower().split() if word not in _LEADING]
                section = len(named) == 1 and named[0] in known().sections
                own = not is_agency(name) or _YEARS.search(line)  # of an agency's own site, not of its text
                if named and named[0] not in _NO_OWNER and not section and own:
                    votes[name] += 1
    return max(votes, key=lambda name: (votes[name], -list(votes).index(name))) if votes else None


def is_agency(name: str) -> bool:
    return any(part in known().agencies for part in re.split(r"[\s/,]+", name)) or bool(
        known().photographers.fullmatch(name)
    )


def _agency(lines: Iterable[str]) -> str | None:
    """Return the agencies of a sign-off such as "Quelle: dpa" or "mit Material von AFP und dpa"."""
    spelt = {name.lower(): name for name in known().agencies}
    for line in lines:
        sourced = _SOURCED.match(line)
        words = [word.lower() for word in re.findall(r"[\w-]+", sourced["rest"] if sourced else line)]
        found = [spelt[word] for word in words if word in spelt]
        if found and all(word in spelt or len(word) <= 3 or word in _SIGN_OFF for word in words):
            return ", ".join(dict.fromkeys(found))
    return None


def _signed(last: str) -> str | None:
    """Return the agencies that the last line ends with: "… sagte sie. (APA, red, 7.12.2021)"."""
    match = _SIGN_OFF_END.search(last)
    return _agency([without_dates(match[1])]) if match else None


def _host(lines: Iterable[str]) -> str | None:
    """Return the outlet whose address stands alone in a line: "https://p.dw.com/p/3xyz1"."""
    for line in lines:
        if line.startswith(("http://", "https://")) and " " not in line:
            for label in (urlsplit(line).hostname or "").split(".")[:-1]:
                if label in known().outlets:
                    return known().outlets[label]
    return None


def _own_wire(running: Sequence[str], removed: Iterable[str]) -> str | None:
    """Return the agency on whose own site a text stands: it names itself beside its pictures or its rules."""
    wire = _dateline(running) or ""
    if wire not in known().agencies:
        return None
    name = re.escape(wire)
    own = re.compile(
        rf"\b(?:{name} trust principles|(?:access to|explore) {name}(?:net)?\b)|^©.*/{name}$", re.IGNORECASE
    )
    return wire if any(own.search(line) for line in removed) else None


def _site(url: str | None) -> str | None:
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else None
