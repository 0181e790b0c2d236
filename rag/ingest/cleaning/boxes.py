"""Lines of a page of which some are known → what else stands in their boxes: lists of offers, calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from rag.ingest.cleaning.boilerplate import addressed, calls_upon
from rag.ingest.text.lines import Line
from rag.ingest.text.phrases import known

_OFFERS: Final = frozenset({"login", "notice", "consent"})
_CALLS: Final = _OFFERS | {"comments", "share", "advert", "after the article"}
_SMALL_LINES: Final = 2  # of a newsletter's or an account's box, between its other lines
_SMALL_WORDS: Final = 20
_BOX_LINES: Final = 7  # between two lines of one box
_ITEM_WORDS: Final = 12
_CALL_WORDS: Final = 25
_HEAD_WORDS: Final = 7
_SALUTES: Final = re.compile(r"(?:Dear|Liebe[rs]?|Hallo|Hello)\b.*(?:[Rr]eader|[Ll]eser|[Nn]utzer|[Uu]ser)")
_SPOKEN_TO: Final = 3  # lines in which an article speaks to its readers itself


def clear_small_boxes(found: Sequence[Line], reasons: dict[int, str], inside: range) -> None:
    """Take out the one or two lines of boxes amid an article that a line of a login begins and ends."""
    for first in [place for place in inside if reasons.get(place) == "login"]:
        _box(found, reasons, first)


def _box(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out what stands between two lines of one box: "Newsletter abonnieren", its name, "Anmelden"."""
    last = next((place for place in range(first + 1, first + _SMALL_LINES + 2) if place in reasons), None)
    if last is None or reasons[last] != "login":
        return
    inside = range(first + 1, last)
    if sum(len(found[place].words) for place in inside) <= _SMALL_WORDS and not any(
        found[place].is_speech or any(letter.isdigit() for letter in found[place].text) for place in inside
    ):
        reasons.update(dict.fromkeys(inside, "login"))


def clear_boxes(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out what stands between two lines of an offer."""
    offers = [place for place in range(len(found)) if reasons.get(place) in _OFFERS]
    for start, end in pairwise(offers):
        inside = range(start + 1, end)
        if 0 < len(inside) <= _BOX_LINES and all(
            _is_of_a_box(found[one], reasons.get(one)) for one in inside
        ):
            reasons.update((one, reasons[start]) for one in inside if one not in reasons)


def clear_calls(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> None:
    """Take out what calls upon the reader beside an offer, unless the article does so itself."""
    last = max(body, default=0)
    told = [line for place, line in enumerate(found[: last + 1]) if place not in reasons and line.is_sentence]
    if sum(addressed(line.text) and not line.is_speech for line in told) < _SPOKEN_TO:
        for place in [*range(len(found) - 1, -1, -1), *range(len(found))]:
            _call(found, reasons, place, last)


def _is_of_a_box(line: Line, reason: str | None) -> bool:
    """Tell whether a line can stand in an offer: an item of its list, or a sentence of what sites have."""
    if reason is not None:
        return reason in _CALLS
    of_sites = any(word in known().notice_words for word in line.words) or calls_upon(line.text)
    if line.is_speech or line.is_long or (any(sign.isdigit() for sign in line.text) and not of_sites):
        return False
    return len(line.words) <= _ITEM_WORDS if not line.is_sentence else of_sites


def _call(found: Sequence[Line], reasons: dict[int, str], place: int, last: int) -> None:
    """Take out a line that calls upon the reader right beside an offer: "Wollen Sie mehr wissen?"."""
    line = found[place]
    if place in reasons or line.is_speech or len(line.words) > _CALL_WORDS:
        return
    beside = (reasons.get(place - 1), reasons.get(place + 1))
    of_sites = any(word in known().notice_words for word in line.words)
    asks = line.text.endswith("?") and len(line.words) <= _HEAD_WORDS
    offered = any(one in _OFFERS for one in beside) and len(line.words) <= _ITEM_WORDS
    called = any(one in _CALLS for one in beside) and (of_sites or asks)
    called = called or (asks and place > last and place + 1 in reasons)
    calls = calls_upon(line.text) and (offered or called)
    opens = line.text.endswith("!") or bool(_SALUTES.match(line.text))
    heads = opens and len(line.words) <= _HEAD_WORDS and beside[1] in _OFFERS
    if calls or heads:
        reasons[place] = "notice"
