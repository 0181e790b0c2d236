"""Text of a scraped page → the article in it, and every line that was taken out with the reason.

Lines are judged by general means: what they say (known phrases, words of buttons and menus), how they look
(text.lines), where they stand (above the first running text, below the last), their language, repetition.
When in doubt a line is kept; running text is only taken out for what it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rag import language
from rag.calendar import ANY_WEEKDAY
from rag.ingest.cleaning.boilerplate import has_its_link, reason_of
from rag.ingest.cleaning.boxes import clear_boxes, clear_calls, clear_small_boxes
from rag.ingest.cleaning.captions import clear_captions, clear_pictures
from rag.ingest.cleaning.cohesion import clear_strangers
from rag.ingest.cleaning.comments import clear_comments
from rag.ingest.cleaning.doubts import first_answered, put_back, questions
from rag.ingest.cleaning.edges import clear_head, clear_tail, headline_above
from rag.ingest.cleaning.notices import without_notices
from rag.ingest.metadata.bylines import is_byline, names_writers
from rag.ingest.metadata.dates import is_stamp, without_dates, without_days
from rag.ingest.metadata.headlines import taken_up
from rag.ingest.text.lines import Line, lines
from rag.ingest.text.phrases import known

_ITEM_WORDS: Final = 16
_LINK_WORDS: Final = 8
_ITEMS: Final = 12  # lines of a list of links
_CHRONICLE: Final = 3  # dates below the lead that make a chronicle
_BELOW_LEAD: Final = 4  # lines, with the lead, among which byline and date may stand
_COUNTED: Final = re.compile(r"\s\(\d+\)$")  # a topic and how many articles there are of it
_HEADING_WORDS: Final = 5
_TAKEN_UP: Final = 0.6  # share of a heading's words that the paragraph below it uses
_LABELLED: Final = re.compile(r"^[^\W\d_]+: ")
_CONTENTS: Final = 3  # lines
_BESIDE_BYLINES: Final = frozenset({"date", "share", "credit", "navigation"})
_BOXES: Final = frozenset({"notice", "login", "consent"})
_LEFT: Final = 0.2  # least share of the running text that must be left for cleaning to be believed


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that was taken out: its number in the canonical text (from 1), its text, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text that was kept and what was removed, in order."""

    text: str
    removed: tuple[Removed, ...] = ()
    headline: str | None = None  # the line of the text that is its headline, where one is


def clean(
    text: str, title: str | None = None, repeated: Collection[str] = (), links: Collection[str] = ()
) -> Cleaned:
    """Take out of a canonical text what belongs to the page and not to the article.

    `title` is the headline where it is known; `repeated` holds lines that other articles of the same
    publisher have too, `links` those that are links and nothing else, where the format tells. A text without
    running text is left as it is.
    """
    found = lines(text)
    code = language.detect(text)
    reasons: dict[int, str] = {}
    for place, line in enumerate(found):
        if reason := reason_of(line, code) or ("repeated in other articles" if line.text in repeated else ""):
            reasons[place] = reason
    _linked(found, reasons, links)
    _repetitions(found, reasons)
    _split_bylines(found, reasons)
    asked = questions(found, reasons)
    put_back(found, reasons, asked)
    clear_comments(found, reasons)
    body = [place for place, line in enumerate(found) if place not in reasons and line.is_running_text]
    if not body or len(found) < 3:
        return Cleaned(text)
    body = without_notices(found, reasons, body)
    if not body:
        return Cleaned(text)
    clear_captions(found, reasons, body[0])
    _link_lists(found, reasons, body[0])
    _dates(found, reasons, body[0])
    _middle(found, reasons, body)
    clear_boxes(found, reasons)
    body = clear_strangers(found, reasons, body)
    clear_calls(found, reasons, body)
    headline = title or headline_above(found, reasons, body)
    clear_pictures(found, reasons, body, headline)
    first = first_answered(found, asked, body[0])
    clear_head(found, reasons, [first, *body] if first < body[0] else body, headline)
    clear_tail(found, reasons, body[-1], listed=bool(links))
    clear_calls(found, reasons, body)
    return _result(text, found, reasons, headline)


# -- what stands around a line ------------------------------------------------------------------------------


def _linked(found: Sequence[Line], reasons: dict[int, str], links: Collection[str]) -> None:
    """Take out links that stand alone, unless they are sentences."""
    for place, line in enumerate(found):
        bare = line.text.removeprefix("- ")
        if bare in links and not line.is_terminated and len(line.words) <= _ITEM_WORDS:
            reasons.setdefault(place, "navigation")


def _repetitions(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out what was said word for word before: pull quotes, teasers, captions beside their picture."""
    seen: set[str] = set()
    _contents(found, reasons)
    for place, line in enumerate(found):
        key = " ".join(line.words)
        if place in reasons or len(line.words) < 4:
            continue
        if key in seen:
            reasons[place] = "repeated"
        seen.add(key)


def _contents(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out a table of contents: lines in a row that come again one by one, as headings."""
    last = {line.text: place for place, line in enumerate(found)}
    run: list[int] = []
    for place, line in enumerate([*found, Line(0, "", False)]):
        again = last.get(line.text, 0)
        if again > place and not line.is_running_text and (not run or last[found[run[-1]].text] < again):
            run.append(place)
            continue
        if len(run) >= _CONTENTS and last[found[run[0]].text] > run[-1]:
            reasons.update((one, "navigation") for one in run if one not in reasons)
        run = []


def _split_bylines(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out "Von" that stands alone, with the name below it."""
    for place, line in enumerate(found[:-1]):
        if line.text.lower().rstrip(":") in ("von", "by") and is_byline(
            f"By {found[place + 1].text.lstrip('•·-– ')}"
        ):
            reasons[place] = reasons[place + 1] = "byline"


def _link_lists(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out the headlines that follow a line such as "Read more:", up to the next running text."""
    for place, reason in sorted(reasons.items()):
        if reason != "related" or place < first or len(found[place].words) > 8:
            continue
        if has_its_link(found[place].text):
            continue
        items = []
        for following in range(place + 1, min(place + 1 + _ITEMS, len(found))):
            line = found[following]
            labelled = _LABELLED.match(line.text) and not line.is_terminated  # 'Interview: "I am glad"'
            if line.is_running_text or len(line.words) > _ITEM_WORDS or (line.is_speech and not labelled):
                break
            ends = line.has_full_stop or (line.text.endswith(".") and len(line.words) > _LINK_WORDS)
            if ends and following not in reasons:
                break  # links end without one
            items.append(following)
        if items and _heads(found, items[-1]):
            items.pop()
        open_ones = [item for item in items if item not in reasons]
        ends = not items or items[-1] == len(found) - 1
        alone = len(open_ones) == 1 and not ends and open_ones[0] + 1 not in reasons
        announced = found[place].text.endswith(":")  # and a link must follow it
        if alone and not announced and len(found[open_ones[0]].words) <= _HEADING_WORDS:
            continue  # rather the heading of the text that follows
        reasons.update(dict.fromkeys(open_ones, "related"))


def _heads(found: Sequence[Line], place: int) -> bool:
    """Tell whether a line is the heading of the running text right below it, which takes up its words."""
    below = found[place + 1] if place + 1 < len(found) else None
    return below is not None and below.is_running_text and taken_up(found[place].text, below.text, _TAKEN_UP)


def _dates(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out dates that stand alone near the top; below they may be the headings of a chronicle."""
    told = [
        place for place in range(first, len(found)) if found[place].is_running_text and place not in reasons
    ]
    near = [place for place in range(first, len(found)) if place not in reasons][: _BELOW_LEAD + 1]
    last = max(near[-1], told[1] if len(told) > 1 else 0)
    dated = [place for place, line in enumerate(found) if place not in reasons and _is_date(line)]
    clocks = [place for place in dated if without_days(found[place].text) == found[place].text]
    for alike in (clocks, [place for place in dated if place not in clocks]):
        chronicle = sum(place > first for place in alike) >= _CHRONICLE and alike[-1] >= last
        reasons.update((place, "date") for place in alike if place < (first if chronicle else last))


def _is_date(line: Line) -> bool:
    """Tell whether a line says no more than when something was."""
    bare = without_dates(line.text)
    if bare == line.text or not any(character.isdigit() for character in line.text):
        return False
    others = Line(line.number, bare, line.after_gap).words
    short = all(word in ANY_WEEKDAY or len(word) < 4 for word in others)
    return short or (is_stamp(line.text) and not line.is_sentence)


def _middle(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> None:
    """Take out counters, initials and section names that stand between lines of the page."""
    second = body[1] if len(body) > 1 else body[0]
    for place in range(body[0] + 1, body[-1]):
        line = found[place]
        if place in reasons or line.is_sentence or line.is_bullet:
            continue
        if reasons.get(place - 1) == reasons.get(place + 1) == "related" and len(line.words) <= _ITEM_WORDS:
            reasons[place] = "related"
            continue
        before, after = place - 1 in reasons, place + 1 in reasons
        if not line.words:
            if before or after:
                reasons[place] = "counter"
        elif before and _COUNTED.search(line.text):
            reasons[place] = reasons[place - 1]
        elif place < second and names_writers(line.text) and _is_by_a_byline(reasons, place):
            reasons[place] = "byline"
        elif before and after and len(line.words) <= 2:
            reasons[place] = "between"
        elif reasons.get(place + 1) in _BOXES and any(
            word in known().interface["login"] for word in line.words
        ):
            reasons[place] = reasons[place + 1]  # the heading of its box: "Newsletter: Der Tag"
    clear_small_boxes(found, reasons, range(body[0] + 1, body[-1]))


def _is_by_a_byline(reasons: Mapping[int, str], place: int) -> bool:
    """Tell whether a line stands where a writer's name may: above a byline's other lines, or below a date."""
    return reasons.get(place + 1) in _BESIDE_BYLINES or reasons.get(place - 1) == "date"


def _result(text: str, found: Sequence[Line], reasons: dict[int, str], headline: str | None) -> Cleaned:
    running = sum(len(line.text) for line in found if line.is_running_text)
    left = sum(
        len(line.text) for place, line in enumerate(found) if place not in reasons and line.is_running_text
    )
    if not reasons or left < _LEFT * running:
        return Cleaned(text, headline=headline)
    numbers = {found[place].number for place in reasons}
    rows = text.split("\n")
    kept = "\n".join("" if number in numbers else row for number, row in enumerate(rows, start=1))
    removed = tuple(
        Removed(found[place].number, found[place].text, reasons[place]) for place in sorted(reasons)
    )
    return Cleaned(re.sub(r"\n{3,}", "\n\n", kept).strip(), removed, headline)
