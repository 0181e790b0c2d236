"""Lines above and below an article → who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rag.ingest.metadata.dates import without_dates
from rag.ingest.metadata.outlets import MASTHEAD, is_agency
from rag.ingest.text.phrases import known

_CAPITAL: Final = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ]"
_PERSON: Final = rf"{_CAPITAL}[\w'’.-]+(?: (?:von|van|de|der|den|zu|al|el|di))?(?: {_CAPITAL}[\w'’.-]*)+"
_CITY: Final = r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){0,2}"
_PEOPLE: Final = rf"{_PERSON}(?:(?:, | und | and | & |, and ){_PERSON})*"
_NO_NAME: Final = frozenset(  # first words of salutations, headings and clubs
    """guten gute guter liebe lieber liebes dear hello hallo good happy schönen schöne schöner frohe neue
    neuer neues neuen new kalter kalte kaltes heißer heiße heißes großer große großes kleine kleiner kleines
    langer langes letzte letzter letztes erste erster erstes alte altes junge junges hohe hoher hohes viele
    wenige starke starker schwere schwerer exklusiv exklusives exclusive hansa borussia eintracht arminia
    fortuna dynamo
    peer-reviewed thứ""".split()
)
_JOINED: Final = re.compile(r"(?: (?:und|and|&)|,) ")
_BY: Final = re.compile(
    r"^(?:[Vv]on:?|VON:?|[Bb]y:?(?: [—–-])?|BY|[Aa]utor(?:in|en)?:?"
    r"|[Jj]ournalist(?:in)?\s?[•:|]|[Tt]ext:|[Aa]uthors?:"
    r"|[Ii]nterview(?:ed)?(?: by)?:?|Das (?:Gespräch|Interview) führten?:?|Protokoll:"
    r"|(?:Ein )?(?:Gastk|K)ommentar von"
    r"|(?:Ein )?(?:Gastbeitrag|Essay|Leitartikel|Bericht|Porträt|Interview|Gespräch) von"
    r"|(?:Eine )?(?:Analyse|Kolumne|Reportage|Glosse|Einordnung) von|(?:Analysis|Opinion|Comment(?:ary)?) by)"
    rf"\s+(?P<people>{_PEOPLE})(?=$|\s?[,;|•·/(–]|\s(?:in|am|aus|mit|with)\b)"
)
_ROLE: Final = re.compile(  # "Transport correspondent", "Chief Reporter"
    r",? (?:[\w-]+ )?(?:[Cc]orrespondent|[Ee]ditor|[Rr]eporter|[Ww]riter|[\w-]*[Kk]orrespondent|[Rr]edakteur)"
    r"(?:in)?$"
)
_DESK: Final = re.compile(
    r" (?:[Dd]esk|[Ss]taff|[Nn]ewsroom|[Tt]eam|[Rr]eporters?|[Ww]riters?)$"
)  # "Sports Desk"
_POSTED: Final = re.compile(rf"\b(?:by|von) (?P<people>{_PEOPLE}|[A-ZÄÖÜ][a-zäöü]+)$")
_ALONE: Final = re.compile(
    rf"^(?P<people>{_PERSON}(?:(?: (?:[|/&]|und|and)|,) {_PERSON})*?)"
    r"(?:,? (?:(?:in|aus) )?[A-ZÄÖÜ]\w+| (?:in|aus) [A-ZÄÖÜ]\w+(?: [A-ZÄÖÜ]\w+){1,2}"
    r"| (?:mit|with) [\w, -]+)?$"
)
_BY_OUTLET: Final = re.compile(r"^(?:[Vv]on|[Bb]y|VON|BY):? (?P<name>[^,]+?)(?: (?:mit|with|und|and)\b|,|$)")
_OF_OUTLET: Final = re.compile(  # "FOCUS-online-Redakteurin Anna Muster"
    rf"^(?:(?P<name>[\w-]+)-)?(?:Redakteur|Reporter|Korrespondent|Autor)(?:in)? (?P<people>{_PEOPLE})$"
)
_AGENCY: Final = re.compile(r"([\w-]+)(?:, ?|/| und | and | mit | with |$)")
_MAIL: Final = re.compile(r"\S+@\S+")
_LIST: Final = re.compile(rf"{_PERSON}(?:, {_PERSON})+")
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


def is_byline(line: str) -> bool:
    """Tell whether a line only names who wrote the article: "Von Anna Muster, Rostock", "By AFP"."""
    told = _without_agencies(line)
    if told != line and not told.partition(" ")[2]:
        return True
    return bool(_BY.match(told)) and not told.rstrip().endswith((".", "!", "?", ":", "“", '"'))


def _without_agencies(line: str) -> str:
    """Return a byline without the agencies before its people: "Von dpa, Anna Muster"."""
    by, _, names = line.partition(" ")
    if by.lower() not in ("von", "by"):
        return line
    while (match := _AGENCY.match(names)) and match[1] in known().agencies:
        names = names[match.end() :]
    return f"{by} {names}".rstrip()


def names_writers(line: str, body: str = "") -> bool:
    """Tell whether a line gives nothing but writers and where they report from; `body` is the text below."""
    alone = _ALONE.match(_ROLE.sub("", line))
    if alone and _JOINED.search(alone["people"]):  # or those of whom the text speaks
        return _may_be_person(alone["people"], body)
    return bool(_REPORTERS.match(line)) or (alone is not None and _may_be_person(alone["people"], ""))


def lists_people(line: str) -> bool:
    """Tell whether a line is nothing but names with commas: "Anna Muster, Ben Beispiel"."""
    return bool(_LIST.fullmatch(line))


def masthead(above: Iterable[str]) -> str | None:
    """Return the newspaper of a byline: "By Anna Muster, The Channel Post, 3 May 2023"."""
    for line in above:
        parts = line.split(",")[1:] if _BY.match(line) else []
        if named := next((part.strip() for part in parts if MASTHEAD.fullmatch(part.strip())), None):
            return named
        match = _BY_OUTLET.match(line) or _OF_OUTLET.match(line)
        outlet = _DESK.sub("", match["name"]).replace("-", " ").lower() if match else ""
        if outlet in known().outlets:
            return known().outlets[outlet]
    return None


def author(above: Sequence[str], running: Sequence[str], removed: Sequence[str]) -> str | None:
    """Return who wrote an article, several with commas, None where nothing tells it.

    `above` are the lines between headline and running text, `running` the lines of running text, `removed`
    all that were taken out.
    """
    above = [line for line in above if not ((by := _BY.match(line)) and _DESK.search(by["people"]))]
    return (
        _by(above)
        or _posted(above)
        or _reporters(above)
        or _alone(above, " ".join(running))
        or _signed(removed)
        or _said_to_write(running)
        or _described(removed)
    )


def _by(above: Iterable[str]) -> str | None:
    """Return the people of a byline: "Von Anna Muster, ARD-Studio Wien"."""
    for line in above:
        if match := _BY.match(_without_agencies(line)) or _OF_OUTLET.match(line):
            people = ", ".join(one for one in match["people"].split(", ") if not MASTHEAD.fullmatch(one))
            if _SHOUTED.match(people):
                people = re.sub(r"\b[A-ZÄÖÜ]{2,}\b", lambda word: word[0].title(), people)
            return _BUREAU.sub("", people)
    return None


def _posted(above: Iterable[str]) -> str | None:
    """Return whom a line with a date names: "Posted on 12 May 2020 by Anna"."""
    dated = (undated for line in above if (undated := without_dates(line)) != line)
    return next((match["people"] for line in dated if (match := _POSTED.search(line))), None)


def _reporters(above: Iterable[str]) -> str | None:
    """Return those who report from several places: "Anna Muster in Brussels and Tom Ellis in Moscow"."""
    several = next((match["people"] for line in above if (match := _REPORTERS.match(line))), None)
    if several is None:
        return None
    return ", ".join(re.split(rf" (?:in|aus) {_CITY}(?:, and|,| and| und)? ?", several)).rstrip(", ")


def _alone(above: Iterable[str], body: str) -> str | None:
    """Return who stands alone in a line, or before its dates: "Anna Muster | 07.12.2021"."""
    for line in above:
        undated = without_dates(line)
        if undated != line:  # "Anna Muster | 07.12.2021 - Aktualisiert: 08.12.2021"
            undated = re.split(r"[|•·]", undated)[0]
        match = _ALONE.match(_ROLE.sub("", _MAIL.sub("", undated).strip(" ,|•·–—-")))
        if match and len(match["people"].split()) <= 5 and _may_be_person(match["people"], body):
            return re.sub(r" [|/] ", ", ", match["people"])
    return None


def _signed(removed: Sequence[str]) -> str | None:
    """Return who signs below the text: "(Anna Muster)"."""
    signed = (match["people"] for line in reversed(removed) if (match := _SIGNED.match(line)))
    return next((one for one in signed if _may_be_person(one, "")), None)


def _said_to_write(running: Sequence[str]) -> str | None:
    """Return whom the text itself says to write: "…, schreibt Anna Muster"."""
    found = _WRITES.search(" ".join(running[:2]))
    return found["people"] if found else None


def _described(removed: Iterable[str]) -> str | None:
    """Return whom the page introduces as a journalist: "Anna Muster is our correspondent in Vienna"."""
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
        and not MASTHEAD.fullmatch(name)
        and not is_agency(name)
        and not any(part in body for part in parts)
    )
