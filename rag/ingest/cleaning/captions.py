"""Lines of a page → which of them say what its pictures show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rag.ingest.cleaning.edges import above_a_credit, says
from rag.ingest.metadata.bylines import names_writers
from rag.ingest.metadata.headlines import headline_line
from rag.ingest.text.lines import Line
from rag.ingest.text.phrases import known

_CAPTION_WORDS: Final = 12
_CREDIT_WORDS: Final = 10  # a longer credit has the caption in it
_SENTENCES: Final = re.compile(r"[a-zäöüß][.!?] [A-ZÄÖÜ]")
_STAMPS: Final = frozenset({"byline", "date"})
_BARE: Final = 6  # words of a credit that has no caption in it
_ITEM_WORDS: Final = 16
_PHOTOGRAPHY: Final = re.compile(  # "by Anna Muster; photography by Jens Ohm"
    r"\b(?:[Pp]hotograph(?:y|s)|[Pp]hotos|[Ff]otos?|[Bb]ilder) (?:by|von):? "
    r"(?P<name>[^\W\d_]+(?: [^\W\d_]+){1,2})$"
)
_CAPTION_LABELS: Final = frozenset(("image caption", "media caption", "bildunterschrift", "bildbeschreibung"))


def clear_captions(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out the line above a credit that stands alone, where it has the marks of a caption."""
    _named_photographers(found, reasons)
    second = next((place for place in range(first + 1, len(found)) if found[place].is_running_text), first)
    for place, line in enumerate(found[1:], start=1):
        above = found[place - 1]
        if reasons.get(place) == "credit" and reasons.get(place - 1) == "repeated":
            twice = place > 1 and found[place - 2].text == above.text  # as the picture's text, and below it
            if twice and not _is_the_headline(found, reasons, first, place - 2, alone=True):
                reasons[place - 2] = "caption"
            continue
        if reasons.get(place) != "credit" or place - 1 in reasons:
            continue
        if (
            len(line.words) > _CREDIT_WORDS and not first < place < second
        ):  # a whole caption: what is above may be a heading
            continue
        if len(above.words) > 35 or above.is_speech:
            continue
        marked = known().caption_marks.search(above.text)
        if marked or (
            place > first and not line.after_gap and not above.is_terminated and len(above.words) > 3
        ):
            reasons[place - 1] = "caption"
    credits = [found[place].text for place, reason in reasons.items() if reason == "credit"]
    for place, line in enumerate(found):
        told_again = len(line.words) > 3 and any(one.startswith(line.text) for one in credits)
        if place not in reasons and told_again and not _is_the_headline(found, reasons, first, place):
            reasons[place] = "caption"  # the picture's text, which stands with its credit again
        if place not in reasons and not line.is_running_text and known().caption_marks.search(line.text):
            reasons[place] = "caption"
        labelled = found[place - 1].text.lower().rstrip(" ,:") in _CAPTION_LABELS if place else False
        if labelled and len(line.words) <= 2 * _ITEM_WORDS and not line.is_speech:
            reasons.setdefault(place, "caption")


def _named_photographers(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out whom a byline names as photographer, where the name stands alone below a picture."""
    lines = [found[place].text for place, reason in reasons.items() if reason in ("byline", "credit")]
    names = {match["name"].casefold() for line in lines if (match := _PHOTOGRAPHY.search(line))}
    for place, line in enumerate(found):
        if line.text.casefold() in names:
            reasons.setdefault(place, "credit")


def _is_the_headline(
    found: Sequence[Line], reasons: Mapping[int, str], first: int, place: int, *, alone: bool = False
) -> bool:
    """Tell whether a picture's text is the headline, too: no other line above the running text is as good.

    With `alone` no other line there may be a headline at all.
    """
    if place >= first:
        return False
    others = [found[other].text for other in range(first) if other not in reasons and other != place]
    body = "\n".join(line.text for line in found[first:] if line.is_running_text)
    if alone and headline_line(others, body):
        return False
    return headline_line([*others, found[place].text], body) == found[place].text


def clear_pictures(
    found: Sequence[Line], reasons: dict[int, str], body: Sequence[int], headline: str | None
) -> None:
    """Take out captions near the headline: they stand above a credit, amid the page's own lines.

    A sentence there may be the lead: it counts as a caption only where it is short or a lead stands above.
    """
    until = body[1] if len(body) > 1 else body[0]
    led, stamped = False, False
    for place in range(until + 1):
        line = found[place]
        if line.text == headline:
            led = stamped = False  # what was said above it is the page's
        elif place in reasons:
            stamped = stamped or (headline is not None and reasons[place] in _STAMPS)
        elif _is_of_a_picture(found, reasons, place, led, stamped, body[0]):
            reasons[place] = "caption"
        else:
            stamped = stamped or names_writers(line.text)
            led = led or says(line)


def _is_of_a_picture(
    found: Sequence[Line], reasons: Mapping[int, str], place: int, led: bool, stamped: bool, first: int
) -> bool:
    line = found[place]
    short = len(line.words) <= _CAPTION_WORDS and not _SENTENCES.search(line.text)
    amid = place > 0 and (place - 1 in reasons or names_writers(found[place - 1].text))
    if line.is_speech:
        return False
    if above_a_credit(found, reasons, place) and len(found[place + 1].words) <= _CREDIT_WORDS:
        open_ended = place < first and not line.is_terminated and not line.is_running_text
        short = short and (led or stamped or place + 2 in reasons)
        return (
            open_ended or (short and stamped and not led) or (amid and (short or (led and not line.is_long)))
        )
    if place == 0 or reasons.get(place - 1) != "credit" or len(found[place - 1].words) > _BARE:
        return False
    heads = place + 1 < len(found) and found[place + 1].is_bullet  # "Darum geht es", above points
    return short and place + 1 in reasons if line.is_terminated else place < first and not heads
