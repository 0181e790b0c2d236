"""What stands above and below the running text of a page → the headline, and what is none of the article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Final

from rag.ingest.cleaning.boilerplate import has_its_link
from rag.ingest.cleaning.notices import ENDS_ARTICLE
from rag.ingest.metadata.bylines import names_writers
from rag.ingest.metadata.dates import is_stamp
from rag.ingest.metadata.headlines import headline_line, lone_headline, taken_up
from rag.ingest.text.lines import Line
from rag.ingest.text.phrases import known

_SPEECH_WORDS: Final = 4
_TITLE_MORE: Final = 40  # characters by which a page's title is longer than the headline
_TAKEN_UP: Final = 0.75  # share of the words of a line that the text goes on to use
_CAPTION_WORDS: Final = 4  # before the mark of a credit
_OVER_BYLINE: Final = 5  # words of a line above the byline, which then is the headline
_MENTIONED: Final = 0.3
_OPENS: Final = re.compile(r"^[A-ZÄÖÜ][^.!?:|]*[a-zäöüß]{2}[.!?]$")
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d\d\b(?![.\d])")
_TIME: Final = r"\d{1,2}(?:[.:]\d\d)? ?(?:Uhr|[ap]\.?m\b\.?)"
_ALONE_CLOCK: Final = re.compile(r"\d{1,2}[.:]\d\d(?: ?Uhr| ?[ap]\.?m\.?)?")
_TICKER: Final = 3  # times of day that stand alone
_ENTRY: Final = re.compile(  # "18 Uhr Eröffnung", "1960: Tod in Kempfenhausen"
    rf"(?:{_TIME}|(?:1\d|20)\d\d(?=[:,]| [–-]))[:,]?(?: [–-])? \W?[^\W\d_]{{2}}"
)
_MAILED: Final = re.compile(r"\S@[\w-]+\.\w")
_ROW: Final = re.compile(r"[A-ZÄÖÜ][^\W\d_]+(?: [^\W\d_]+)?: \S")
_SCORE: Final = re.compile(r"[^\W\d_]{2}.* \d{1,3}[:-]\d{1,3}\b(?! Uhr)")
_AMID: Final = frozenset({"credit", "caption", "advert", "repeated"})  # stand between paragraphs, too
_HEADLINE_WORDS: Final = 20
_LABELS: Final = frozenset({"related", "credit"})  # "Watch: …", "Video: …", "Fotos: …"
_DECK_WORDS: Final = 8  # a line below the headline with as many words says something


def headline_above(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> str | None:
    """Return the line above the running text, or its first if that asks or exclaims, that is the headline."""
    text = _told(found, reasons, body)
    above = [place for place in range(min(body[0], _entries(found, reasons))) if place not in reasons]
    first = found[body[0]]
    asks = len(body) > 1 and first.text.endswith(("?", "!")) and len(first.words) <= _HEADLINE_WORDS
    last = [first.text] if asks else []
    bare = [place for place in above if not above_a_credit(found, reasons, place)]
    signed = next((place for place in range(body[0]) if reasons.get(place) == "byline"), 0)
    over = headline_line([found[place].text for place in bare if place < signed], text)
    if over and len(over.split()) >= _OVER_BYLINE:
        return over
    told = [found[place].text for place in above]
    return (
        headline_line([*(found[place].text for place in bare), *last], text)
        or headline_line([*told, *last], text)
        or _labelled(found, reasons, body[0], text)
        or lone_headline(told, text)
    )


def _labelled(found: Sequence[Line], reasons: dict[int, str], first: int, text: str) -> str | None:
    """Return the line with a label such as "Video:" that is the headline of its own page, and put it back."""
    for place in range(first):
        label, _, told = found[place].text.partition(": ")
        labelled = reasons.get(place) in _LABELS and len(label.split()) == 1
        if labelled and not found[place].is_terminated and taken_up(told, text, _MENTIONED):
            del reasons[place]
            return found[place].text
    return None


def _entries(found: Sequence[Line], reasons: Mapping[int, str]) -> int:
    """Return where the entries of a live ticker begin, each below its time of day; far away without them.

    How long the videos of a page are is none: that went with its own lines.
    """
    clocks = [
        place
        for place, line in enumerate(found)
        if reasons.get(place) in (None, "date") and _ALONE_CLOCK.fullmatch(line.text)
    ]
    return clocks[0] if len(clocks) >= _TICKER else len(found)


def _told(found: Sequence[Line], reasons: Mapping[int, str], body: Sequence[int]) -> str:
    inside = range(body[0], body[-1] + 1)
    return "\n".join(found[place].text for place in inside if place not in reasons)


def above_a_credit(found: Sequence[Line], reasons: Mapping[int, str], place: int) -> bool:
    """Tell whether a line stands right above a credit, as captions do and few headlines."""
    credit = found[place + 1] if reasons.get(place + 1) == "credit" else None
    if credit is None or credit.after_gap or len(credit.words) < 2:
        return False
    mark = known().credit_end.search(credit.text)
    return mark is None or len(credit.text[: mark.start()].split()) < _CAPTION_WORDS  # it has one in it


def clear_head(
    found: Sequence[Line], reasons: dict[int, str], body: Sequence[int], headline: str | None
) -> None:
    """Keep of what stands above the running text the headline and what says something."""
    first = body[1] if len(body) > 1 and found[body[0]].text == headline else body[0]
    text = _told(found, reasons, body)
    above = [place for place in range(min(first, _entries(found, reasons))) if place not in reasons]
    titled = next((place for place in above if found[place].text == headline), -1)
    above = above[: len(above) - _opening(found, above, first)] if titled >= 0 else above
    for place in above:
        line = found[place]
        if place == titled or line.text == headline:
            continue
        if headline and headline in line.text and len(line.text) - len(headline) < _TITLE_MORE:
            reasons[place] = "repeated"  # "Headline - Outlet"
        elif names_writers(line.text) and names_writers(line.text, text.replace(line.text, "")):
            reasons[place] = "byline" if place > titled >= 0 else "above the article"
        elif not (
            (place - 1 == titled >= 0 and _is_deck(found, reasons, place, first))
            or _heads_points(found, place, first)
            or _stays_above(line, text, place - titled if titled >= 0 else 0)
        ):
            reasons[place] = "above the article"


def _opening(found: Sequence[Line], above: Sequence[int], first: int) -> int:
    """Return how many lines right above the running text are short sentences that begin it: "Es regnet."."""
    lone = takewhile(lambda one: one[1] == first - one[0], enumerate(reversed(above), start=1))
    return sum(1 for _ in takewhile(lambda one: _OPENS.search(found[one[1]].text), lone))


def _is_deck(found: Sequence[Line], reasons: Mapping[int, str], place: int, first: int) -> bool:
    """Tell whether a line between headline and byline or text says something, though it is short."""
    line, below = found[place], found[place + 1]
    signed = reasons.get(place + 1) == "byline" or (place + 1 not in reasons and names_writers(below.text))
    return (signed or place + 1 == first) and len(line.words) >= _OVER_BYLINE and line.function_share > 0


def _heads_points(found: Sequence[Line], place: int, first: int) -> bool:
    """Tell whether a line heads the points with which the article begins: "Darum geht es"."""
    return place + 1 == first and found[first].is_bullet and len(found[place].words) > 1


def _stays_above(line: Line, text: str, below: int) -> bool:
    """Tell whether a line above the running text is the article's, so many lines `below` its headline.

    Above it (a negative number) stands what is the page's; 0 says that the text has none.
    """
    if below >= 0:
        salutes = line.text.endswith(",") and len(line.words) > 1
        least = _TAKEN_UP if below else _MENTIONED  # it may be a headline of its own
        return salutes or says(line) or taken_up(line.text, text, least)
    return says(line) and (line.is_sentence or line.is_speech or taken_up(line.text, text, least=_MENTIONED))


def says(line: Line) -> bool:
    """Tell whether a line above the running text says something: a deck, a lead, news of a ticker, speech."""
    size = len(line.words)
    if all(word in known().sections for word in line.words):
        return False
    spoken = (line.is_speech and size >= _SPEECH_WORDS) or (
        line.is_sentence and (line.function_share > 0 or line.has_full_stop)
    )
    ticks = line.text.startswith("+++") or (_CLOCK.match(line.text) and size > 1)
    return size >= _DECK_WORDS or spoken or bool(ticks)


def clear_tail(found: Sequence[Line], reasons: dict[int, str], last: int, *, listed: bool = False) -> None:
    """Take out what follows the last running text: no heading can stand there; lists and figures may.

    `listed` says that an item is no link, and may stand there without a line that announces it.
    """
    previous = found[last]
    cut, apart = False, False
    announced = -1  # a line such as "Statistik:", which stays with what follows it
    for place in range(last + 1, len(found)):
        line = found[place]
        if place in reasons:
            cut = cut or (reasons[place] in ENDS_ARTICLE and not has_its_link(line.text))
            apart = apart or reasons[place] not in _AMID
            continue
        announced_by = previous.text.endswith(":") or previous.is_bullet or (listed and not apart)
        if _MAILED.search(line.text) and not line.is_sentence:
            reasons[place] = "contact"
            apart = True
            continue
        item = line.is_bullet and announced_by
        stamped = is_stamp(line.text) and not line.is_sentence and not _ENTRY.match(line.text)
        figures = line.has_figures and not stamped  # "Radio 4, 15.11.2023, 12:00 Uhr"
        figures = figures or _is_amid_figures(found, place, previous)
        item = item or (not apart and (figures or bool(_ENTRY.match(line.text))))
        short = stamped or (len(line.words) < _DECK_WORDS and not line.is_terminated)
        if item or (not short and not cut):
            previous = line
            if announced == place - 1:
                reasons.pop(announced, None)
        elif not _is_said(line, apart):
            reasons[place] = "after the article"
            heads = not apart and (line.text.endswith(":") or _heads_results(found, place))
            announced = place if heads else -1
            previous = line if heads else previous
            apart = apart or not heads


def _is_said(line: Line, apart: bool) -> bool:
    """Tell whether a line below the text quotes somebody; without a full stop only right below it."""
    return line.is_speech and (line.is_sentence or (not apart and len(line.words) >= _SPEECH_WORDS))


def _is_amid_figures(found: Sequence[Line], place: int, previous: Line) -> bool:
    """Tell whether a line says who or what between rows of figures: "Schiedsrichter: Ohm / Zahn"."""
    beside = (previous, *found[place + 1 : place + 2])
    return bool(_ROW.match(found[place].text)) and all(line.has_figures for line in beside)


def _heads_results(found: Sequence[Line], place: int) -> bool:
    """Tell whether a heading stands above results or a chronicle: "Statistik", "Rostock – Hamburg 2:1"."""
    below = [line.text for line in found[place + 1 : place + 3]]
    return any(_SCORE.search(text) for text in below[:1]) or (
        len(below) > 1 and all(_ENTRY.match(text) for text in below)
    )
