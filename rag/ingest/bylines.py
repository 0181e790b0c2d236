"""What stands around an article → its publisher, author, agency and address, as far as they can be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rag.ingest.dates import without_dates
from rag.ingest.phrases import known

_NAME: Final = (
    r"[A-ZÄÖÜ][\w&+'’-]*(?:\.[A-Za-z]{2,4})?(?: (?:[A-ZÄÖÜ][\w&+'’-]*|of|the|der|die|des|für)){0,4}"
)
_PERSON: Final = (
    r"[A-ZÄÖÜÁÉÓŁŠŽĐ][\w'’.-]+(?: (?:von|van|de|der|den|zu|al|el|di))?(?: [A-ZÄÖÜÁÉÓŁŠŽĐ][\w'’.-]*)+"
)
_CITY: Final = r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){0,2}"
_PEOPLE: Final = rf"{_PERSON}(?:(?:, | und | and | & |, and ){_PERSON})*"
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
_OWNERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:Bei|At|Hier bei|Here at) (?P<name>{_NAME}),? (?:arbeiten|glauben|berichten|sind|wollen|we\b)",
        rf"^(?P<name>{_NAME})[- ]Redaktion",
        rf"^(?P<name>{_NAME}) (?:veröffentlicht|publishes|übernimmt|bietet|is not responsible)\b",
        r"(?:nicht (?:unbedingt|notwendigerweise|zwingend)|not necessarily)\b.{0,60}"
        rf"\b(?:von|of) (?P<name>{_NAME})\W*$",
        r"(?:©|\(c\)|[Cc]opyright)(?: ?©)?(?: by)? (?:(?:19|20)\d\d ?[-–] ?)?(?:(?:19|20)\d\d )(?:by )?"
        rf"(?P<name>{_NAME})",
        rf"^© (?P<name>{_NAME}) (?:19|20)\d\d\b",
        r"^(?P<name>(?:[\w-]+\.){1,3}(?:de|com|net|org|at|ch|eu|info|uk|news|cn|vn|ru|ua|tr|cu|tv))$",
        rf"(?:[Ff]olgen Sie|[Ff]olge|[Ff]ollow) (?P<name>{_NAME}) (?:auf|on|bei)\b",
        rf"^(?!.*\b(?:[Uu]nser|[Oo]ur\b)).*?(?P<name>{_NAME})[- ](?:Newsletter|newsletters?)\b",
        rf"^(?:Mehr (?:von|bei|aus)|More from|Über|About) (?P<name>{_NAME})$",
        rf" - (?P<name>{_NAME}), \d{{3,4}}, \d",
        rf"(?:^|\. )(?:Quelle|Source): (?P<name>{_NAME})$",
        rf"^© (?P<name>{_NAME}) /",
        rf"^Original-Content von: (?P<name>{_NAME})",
    )
)  # fmt: skip
_NO_OWNER: Final = frozenset(
    """unser unsere unseren ihr ihre ihren euer your mein my our uns autor author dies diese dieser artikel
    this jetzt zuerst ursprünglich erstmals originally first x.com facebook.com t.me facebook twitter
    instagram google youtube telegram whatsapp redaktion newsletter morning daily""".split()
)
_NO_NAME: Final = frozenset(  # first words of salutations, headings and clubs
    """guten gute guter liebe lieber liebes dear hello hallo good happy schönen schöne schöner frohe neue
    neuer neues neuen new kalter kalte kaltes heißer heiße heißes großer große großes kleine kleiner kleines
    langer langes letzte letzter letztes erste erster erstes alte altes junge junges hohe hoher hohes viele
    wenige starke starker schwere schwerer exklusiv exklusives exclusive hansa borussia eintracht arminia
    fortuna dynamo""".split()
)
_JOINED: Final = re.compile(r" (?:und|and|&) ")
_LEADING: Final = frozenset("der die das den the".split())
_SIGN_OFF: Final = frozenset(
    """quelle source mit with material von from reporting und and der
    agentur agenturen nachrichtenagentur""".split()
)
_BY: Final = re.compile(
    r"^(?:[Vv]on:?|VON:?|[Bb]y:?|BY|[Aa]utor(?:in|en)?:?|[Jj]ournalist(?:in)?\s?[•:|]|[Tt]ext:|[Aa]uthors?:"
    r"|[Ii]nterview(?:ed)?(?: by)?:?|Das (?:Gespräch|Interview) führten?:?|Protokoll:"
    r"|(?:Ein )?(?:Gastk|K)ommentar von|(?:Ein )?(?:Gastbeitrag|Essay|Leitartikel|Bericht|Porträt) von"
    r"|(?:Eine )?(?:Analyse|Kolumne|Reportage|Glosse|Einordnung) von|(?:Analysis|Opinion|Comment(?:ary)?) by)"
    rf"\s+(?P<people>{_PEOPLE})(?=$|\s?[,|•·/(–]|\s(?:in|am|aus|mit|with)\b)"
)
_ALONE: Final = re.compile(
    rf"^(?P<people>{_PERSON}(?: (?:[|/&]|und|and) {_PERSON})*)"
    r"(?:,? (?:(?:in|aus) )?[A-ZÄÖÜ]\w+| (?:in|aus) [A-ZÄÖÜ]\w+(?: [A-ZÄÖÜ]\w+){1,2}"
    r"| (?:mit|with) [\w, -]+)?$"
)
_REPORTERS: Final = re.compile(  # "Anna Muster in Brussels and Tom Ellis in Moscow"
    rf"^(?P<people>{_PERSON} (?:in|aus) {_CITY}(?:(?:,| and| und|, and) {_PERSON} (?:in|aus) {_CITY})+)$"
)
_SIGNED: Final = re.compile(rf"^\((?P<people>{_PERSON})\)$")
_WRITES: Final = re.compile(
    rf"\b(?:schreib(?:t|en)|writes?|berichte(?:t|n)) (?P<people>{_PEOPLE})(?: in | aus |\.|$)"
)
_SHOUTED: Final = re.compile(r"[A-ZÄÖÜ]{2}[^a-zäöü]*(?: (?:and|und) [^a-zäöü]+)*$")
_BUREAU: Final = re.compile(r", [A-ZÄÖÜ]{3,}[\w-]*(?: [\w-]+)*$")  # "Anna Muster, ARD-Studio Wien"
_ABOUT: Final = re.compile(
    rf"^(?P<person>{_PERSON}),? (?:is|ist|arbeitet|schreibt|berichtet|covers|writes|reports)\b.{{0,80}}"
    r"(?:[Kk]orrespondent|[Rr]edakteur|[Rr]eporter|[Jj]ournalist|correspondent|editor|[Aa]utor|author|columnist)"
)
_MASTHEAD: Final = re.compile(  # "The Channel Post", "Neiße-Kurier", "Morgenblatt"
    r"(?:(?:The|Der|Die|Das) )?(?:[A-ZÄÖÜ][\w&'’-]*[ -]){0,3}(?:[A-ZÄÖÜ][a-zäöü]+)?"
    r"(?i:allgemeine|anzeiger|blatt|bote|chronicle|courier|echo|gazette|guardian|herald|journal|kurier|mail|merkur"
    r"|nachrichten|news|observer|post|presse|rundschau|telegraph|times|tribune|zeitung)"
    r"|(?:Báo|Diario|Gazeta|Jornal) .+"
)
_SIGN_OFF_END: Final = re.compile(r"\(([^()]{2,40})\)\W*$")
_SOURCE_LINE: Final = re.compile(
    r"\b(?:quelle|source|original|permalink|url|link)\b[^:]*:\s*(https?://\S+)", re.I
)


_SOURCED: Final = re.compile(r"^Quellen?: (?P<outlet>[^,:]{2,30}), (?P<rest>.{2,60})$")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who an article is from; None where nothing tells it."""

    publisher: str | None = None
    author: str | None = None
    agency: str | None = None
    url: str | None = None


def origin(
    above: Sequence[str],
    removed: Sequence[str],
    running: Sequence[str],
    own: Sequence[str] = (),
    last: str = "",
) -> Origin:
    """Tell who published and wrote an article.

    `above` are the lines between headline and running text, `removed` all that were taken out, `own` those
    in which the site speaks of itself, `running` the lines of running text, `last` is how the text ends.
    """
    url = next((match[1] for line in removed if (match := _SOURCE_LINE.search(line))), None)
    wire = _dateline(running)
    agencies = [name for name in (wire or "").replace("/", " ").split() if name in known().agencies]
    site = wire if wire and not agencies and not wire.istitle() else None  # "(Berlin) – " is a place
    publisher = (
        _outlet(removed)
        or _sourced(removed)
        or _owner(removed)
        or _named(own)
        or _masthead(above)
        or site
        or _site(url)
        or _host(removed)
        or _own_wire(running, removed)
    )
    author = _author(above, running, removed)
    agency = ", ".join(agencies) or _agency(removed) or _signed(last)
    return Origin(publisher, author if author != publisher else None, agency, url)


def is_byline(line: str) -> bool:
    """Tell whether a line only names who wrote the article: "Von Anna Muster, Rostock", "By AFP"."""
    by, _, name = line.partition(" ")
    if by.lower() in ("von", "by") and name in known().agencies:
        return True
    return bool(_BY.match(line)) and not line.rstrip().endswith((".", "!", "?", ":", "“", '"'))


def names_writers(line: str, body: str = "") -> bool:
    """Tell whether a line gives nothing but writers and where they report from; `body` is the text below."""
    alone = _ALONE.match(line)
    if alone and _JOINED.search(alone["people"]):  # or those of whom the text speaks
        return _may_be_person(alone["people"], body)
    return bool(_REPORTERS.match(line)) or (alone is not None and _may_be_person(alone["people"], ""))


def without_dateline(sentence: str) -> str:
    """Return a lead sentence without "Berlin (dpa) – " before it."""
    return _PLACE.sub("", sentence)


def _dateline(running: Sequence[str]) -> str | None:
    match = _DATELINE.match(running[0]) if running else None
    return next(name for name in match.groups() if name).strip() if match else None


def _outlet(lines: Iterable[str]) -> str | None:
    """Return the outlet of a line that names nothing else: "tagesschau", "BBC Homepage", "CNN —"."""
    for line in lines:
        name = line.strip(" -–—|:·>».").lower()
        for form in (name, known().beside_outlets.sub("", name)):
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
    """Return the outlet that the site's own lines name most, twice at least; the beginning counts twice."""
    votes: Counter[str] = Counter()
    for line in own:
        for match in known().outlet_names.finditer(line):
            votes[known().outlets[match[1].lower()]] += 1 + (match.start() == 0)
    name, most = max(votes.items(), key=lambda one: (one[1], len(one[0])), default=("", 0))
    return name if most > 1 else None


def _owner(lines: Iterable[str]) -> str | None:
    """Return the name that most of the site's own lines give it."""
    votes: Counter[str] = Counter()
    for line in lines:
        for pattern in _OWNERS:
            for match in pattern.finditer(line):
                name = match["name"].strip(" .-'’")
                named = [word for word in name.lower().split() if word not in _LEADING]
                if named and named[0] not in _NO_OWNER and not _is_agency(name):
                    votes[name] += 1
    return max(votes, key=lambda name: (votes[name], -list(votes).index(name))) if votes else None


def _masthead(above: Iterable[str]) -> str | None:
    """Return the newspaper of a byline: "By Anna Muster, The Channel Post, 3 May 2023"."""
    parts = (part.strip() for line in above if _BY.match(line) for part in line.split(",")[1:])
    return next((part for part in parts if _MASTHEAD.fullmatch(part)), None)


def _is_agency(name: str) -> bool:
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


def _author(above: Sequence[str], running: Sequence[str], removed: Sequence[str]) -> str | None:
    for line in above:
        if match := _BY.match(line):
            names = (one for one in match["people"].split(", ") if not _MASTHEAD.fullmatch(one))
            people = ", ".join(names)
            people = (
                re.sub(r"\b[A-ZÄÖÜ]{2,}\b", lambda word: word[0].title(), people)
                if _SHOUTED.match(people)
                else people
            )
            return _BUREAU.sub("", people)
    if several := next((match["people"] for line in above if (match := _REPORTERS.match(line))), None):
        return ", ".join(re.split(rf" (?:in|aus) {_CITY}(?:, and|,| and| und)? ?", several)).rstrip(", ")
    body = " ".join(running)
    for line in above:
        undated = without_dates(line)
        if undated != line:  # "Anna Muster | 07.12.2021 - Aktualisiert: 08.12.2021"
            undated = re.split(r"[|•·]", undated)[0]
        line = undated.strip(" ,|•·–—-")
        match = _ALONE.match(line)
        if match and len(match["people"].split()) <= 5 and _may_be_person(match["people"], body):
            return re.sub(r" [|/] ", ", ", match["people"])
    signed = (match["people"] for line in reversed(removed) if (match := _SIGNED.match(line)))
    if person := next((one for one in signed if _may_be_person(one, "")), None):
        return person
    found = _WRITES.search(" ".join(running[:2]))
    if found:
        return found["people"]
    about = [match["person"] for line in removed if (match := _ABOUT.match(line))]
    return ", ".join(dict.fromkeys(about)) or None


def _may_be_person(name: str, body: str) -> bool:
    """Tell whether capitalised words can be a writer's name: none of them is an agency's or the text's."""
    parts = [part for part in name.split() if part[0].isupper()]
    of_a_page = any(
        part.lower() in widget for part in parts for widget in (*known().interface.values(), known().sections)
    )
    return (
        not of_a_page
        and parts[0].lower() not in _NO_NAME
        and not _MASTHEAD.fullmatch(name)
        and not _is_agency(name)
        and not any(part in body for part in parts)
    )


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
    match = _DATELINE.match(running[0]) if running else None
    wire = (match["slashed"] or match["wire"] or "") if match else ""
    if wire not in known().agencies:
        return None
    own = re.compile(
        rf"\b(?:{re.escape(wire)} trust principles|access to {re.escape(wire)}\b|/{re.escape(wire)}$)", re.I
    )
    return wire if any(own.search(line) for line in removed) else None


def _site(url: str | None) -> str | None:
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else None
