"""Lines of a scraped page → those in which the site's owner speaks, at its edges and amid the article."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from rag.ingest.cleaning.boilerplate import LINE_CHARS, addressed, notice
from rag.ingest.text.lines import Line
from rag.ingest.text.phrases import known

ENDS_ARTICLE: Final = frozenset({"share", "comments", "related", "login"})
_QUOTES: Final = '„“»«"'
_OWNER_WORDS: Final = 200
_SPOKEN: Final = ("notice", "after the article")
_END_MARK: Final = re.compile(r"(?:[-–#*\s(]*)(?:ENDE|ENDS?|Ends|###|# # #|- ?30 ?-)(?:[-–#*\s)]*)$")
_ABOUT: Final = re.compile(r"(?:Über|About) (?:(?:die|den|das|the) )?(?P<name>[A-ZÄÖÜ][^.!?]{1,50})")
_BEGINNING: Final = 120  # characters
_ENDED, _MOSTLY = 0.5, 0.7  # shares of the text above them
_DEAR_READERS: Final = re.compile(
    r"(?:Dear|Liebe) (?:\w+ ){0,2}(?:[Rr]eaders?|Leser\w*)\b|A [Mm]essage from "
)
_FEW: Final = 2
_SPOKEN_TO: Final = 2  # sentences in which an article speaks to its readers itself
_NAME_WORDS: Final = 4
_WHO_IS: Final = re.compile(
    r"^(?:(?:Dr|Prof|Ms|Mr|Mrs|Mx)\.? )*(?P<name>[^\W\d_a-z][\w'’.-]+(?: [^\W\d_a-z][\w'’.-]+){0,3}),?"
    r" (?:is|was|ist|war|arbeitet|schreibt|lehrt|forscht|berichtet|works|writes|teaches|covers|reports"
    r"|leitet|leads|chairs|heads|runs)\b"
)


def without_notices(found: Sequence[Line], reasons: dict[int, str], body: list[int]) -> list[int]:
    """Take notices out at the edges of the article, where one word of theirs is enough; return the rest."""
    phrases = known()
    _ended(found, reasons, body)
    body = [place for place in body if place not in reasons]
    owners = {place for place in body if _of_the_owner(found[place])}
    size = sum(len(found[place].text) for place in body if place not in owners)
    read, read_lines = 0, 0
    ended = False
    for place, line in enumerate(found):
        if place in reasons:
            ended = ended or (reasons[place] in ENDS_ARTICLE and read > size / 2)
            continue
        if len(line.text) > LINE_CHARS:
            read += len(line.text)
            continue
        late = read + len(line.text) > 0.75 * size
        reason = _of_the_owner(line)
        if reason and (late or read == 0 or (reason == "agency" and read_lines == 1)):
            reasons[place] = reason
        if late and place not in reasons and phrases.notices["about"].match(line.text):
            reasons[place] = "after the article"
        if ended and place not in reasons and read > 0.75 * size and line.is_sentence:
            told = phrases.notices["about"].search(line.text) or notice(line, least=1)
            if told:
                reasons[place] = "after the article"
        if place not in reasons and line.is_running_text:
            read += len(line.text)
            read_lines += 1
    _introductions(found, reasons, body)
    _appeal(found, reasons, body)
    return [place for place in body if place not in reasons]


def _ended(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> None:
    """Take out what follows the mark that ends a press release, or its "Über den Verband" at the end."""
    size = sum(len(found[place].text) for place in body)
    read = 0
    for place in range(body[0], len(found)):
        line = found[place]
        read += len(line.text) if place in body else 0
        marked = _END_MARK.match(line.text) and read > _ENDED * size
        if marked or (read > _MOSTLY * size and _describes(found, place)):
            reasons.update(
                (one, "after the article") for one in range(place, len(found)) if one not in reasons
            )
            return


def _describes(found: Sequence[Line], place: int) -> bool:
    """Tell whether a heading such as "Über die Hafenwerke" stands above what these are."""
    name = _ABOUT.fullmatch(found[place].text)
    below = found[place + 1].text[:_BEGINNING] if place + 1 < len(found) else ""
    return name is not None and bool(
        re.search(rf"\b{re.escape(name['name'])}\b.{{0,40}} (?:ist|sind|is|are|wurde|was)\b", below)
    )


def _introductions(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> None:
    """Take out who the writer of the byline is, first or last: "Ms. Muster is an economist"."""
    named = {
        word for place, reason in reasons.items() if reason == "byline" for word in found[place].text.split()
    }
    kept = [place for place in body if place not in reasons]
    below = [place for place in kept if reasons.get(place - 1) == "byline"]
    if len(kept) <= _FEW:
        return
    behind = range(kept[-1] + 1, len(found))
    short = [place for place in behind if place not in reasons and found[place].is_sentence]
    for place in dict.fromkeys((kept[0], *below, kept[-1], *short)):
        match = _WHO_IS.match(found[place].text)
        signs = found[place - 1].text.split() if place == kept[-1] else []
        signed = 1 < len(signs) <= _NAME_WORDS and named.issuperset(signs)
        introduced = match is not None and match["name"].split()[-1] in named
        if (signed or introduced) and not found[place].is_speech:
            reasons[place] = "byline"


def _of_the_owner(line: Line) -> str:
    """Name what a line at the edge of a text would be a notice of: an agency's or a disclaimer."""
    if line.text[0] in _QUOTES or len(line.words) > _OWNER_WORDS or len(line.text) > LINE_CHARS:
        return ""
    if known().notices["agency"].search(line.text) and not line.is_speech:
        return "agency"
    return "disclaimer" if known().notices["disclaimer"].search(line.text) else ""


def _appeal(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> None:
    """Take out the site's own words at the end: what follows a box speaks to the reader of site matters."""
    starts = sorted(
        {place for place, reason in reasons.items() if reason in ENDS_ARTICLE}
        | {place for place, line in enumerate(found) if _DEAR_READERS.match(line.text)}
    )
    kept = [place for place in body if place not in reasons]
    below = range(starts[0], len(found)) if starts else range(0)
    after = [place for place in below if reasons.get(place) in (None, *_SPOKEN)]
    told = [place for place in after if found[place].is_sentence]
    of_the_site = [0, *accumulate(bool(notice(found[place], least=1)) for place in told)]
    spoken_to = [0, *accumulate(addressed(found[place].text) for place in told)]
    quoted = max((place for place in told if found[place].text[0] in _QUOTES), default=-1)
    for start in starts:
        at = bisect(told, start)
        size = len(told) - at
        if bisect(kept, start) < 2 or size < 2 or quoted > start:
            continue
        if (
            2 * (of_the_site[-1] - of_the_site[at]) >= size
            and 4 * (spoken_to[-1] - spoken_to[at]) >= 3 * size
        ):
            above = [found[place] for place in kept if place < start and not found[place].is_speech]
            advises = sum(addressed(line.text) for line in above) >= _SPOKEN_TO
            own = {place for place in told if advises and not notice(found[place], least=1)}
            reasons.update(
                (place, "after the article")
                for place in after
                if place > start and place not in reasons and place not in own
            )
            return
