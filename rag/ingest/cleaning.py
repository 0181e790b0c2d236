"""Text of a scraped page → the article in it, and every line that was taken out with the reason.

Lines are judged by general means: what they say (known phrases, words of buttons and menus), how they look
(lines.py), where they stand (above the first running text, below the last), their language, repetition.
When in doubt a line is kept; running text is only taken out for what it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rag import language
from rag.ingest.boilerplate import LINE_CHARS, NOTICE_WORDS, addressed, notice, reason_of
from rag.ingest.bylines import is_byline
from rag.ingest.dates import is_stamp, without_dates
from rag.ingest.lines import Line, lines
from rag.ingest.metadata import headline_line
from rag.ingest.phrases import known

_ITEM_WORDS: Final = 16
_ITEMS: Final = 12  # lines of a list of links
_BELOW_LEAD: Final = 4  # lines, with the lead, among which byline and date may stand
_HEADLINE_WORDS: Final = 20
_HEADING_WORDS: Final = 5
_DECK_WORDS: Final = 8  # a line below the headline with as many words says something
_CAPTION_LABELS: Final = frozenset(("image caption", "media caption", "bildunterschrift", "bildbeschreibung"))
_BOX_LINES: Final = 2  # of a newsletter's or an account's box, between its other lines
_BOX_WORDS: Final = 20
_QUOTES: Final = '„“»«"'
_ENDS_ARTICLE: Final = frozenset({"share", "comments", "related", "login"})
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


def clean(text: str, title: str | None = None, repeated: Collection[str] = ()) -> Cleaned:
    """Take out of a canonical text what belongs to the page and not to the article.

    `title` is the headline where it is known; `repeated` holds lines that other articles of the same
    publisher have too. A text without running text is left as it is.
    """
    found = lines(text)
    code = language.detect(text)
    reasons: dict[int, str] = {}
    for place, line in enumerate(found):
        if reason := reason_of(line, code) or ("repeated in other articles" if line.text in repeated else ""):
            reasons[place] = reason
    _repetitions(found, reasons)
    _split_bylines(found, reasons)
    body = [place for place, line in enumerate(found) if place not in reasons and line.is_running_text]
    if not body or len(found) < 3:
        return Cleaned(text)
    body = _without_notices(found, reasons, body)
    if not body:
        return Cleaned(text)
    _captions(found, reasons, body[0])
    _link_lists(found, reasons, body[0])
    _dates(found, reasons, body[0])
    _middle(found, reasons, body)
    headline = title or _headline(found, reasons, body)
    _head(found, reasons, body, headline)
    _tail(found, reasons, body[-1])
    return _result(text, found, reasons, headline)


# -- what stands around a line ------------------------------------------------------------------------------


def _repetitions(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out what was said word for word before: pull quotes, teasers, captions beside their picture."""
    seen: set[str] = set()
    for place, line in enumerate(found):
        key = " ".join(line.words)
        if place in reasons or len(line.words) < 4:
            continue
        if key in seen:
            reasons[place] = "repeated"
        seen.add(key)


def _split_bylines(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out "Von" that stands alone, with the name below it."""
    for place, line in enumerate(found[:-1]):
        if line.text.lower().rstrip(":") in ("von", "by") and is_byline(f"By {found[place + 1].text}"):
            reasons[place] = reasons[place + 1] = "byline"


def _without_notices(found: Sequence[Line], reasons: dict[int, str], body: list[int]) -> list[int]:
    """Take notices out at the edges of the article, where one word of theirs is enough; return the rest."""
    phrases = known()
    owners = {place for place in body if _of_the_owner(found[place])}
    size = sum(len(found[place].text) for place in body if place not in owners)
    read, read_lines = 0, 0
    ended = False
    for place, line in enumerate(found):
        if place in reasons:
            ended = ended or (reasons[place] in _ENDS_ARTICLE and read > size / 2)
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
    _appeal(found, reasons, body)
    return [place for place in body if place not in reasons]


def _of_the_owner(line: Line) -> str:
    """Name what a line at the edge of a text would be a notice of: an agency's or a disclaimer."""
    if line.text[0] in _QUOTES or len(line.words) > NOTICE_WORDS or len(line.text) > LINE_CHARS:
        return ""
    if known().notices["agency"].search(line.text) and not line.is_speech:
        return "agency"
    return "disclaimer" if known().notices["disclaimer"].search(line.text) else ""


def _appeal(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> None:
    """Take out the site's own words at the end: what follows a box speaks to the reader of site matters."""
    for start in sorted(place for place, reason in reasons.items() if reason in _ENDS_ARTICLE):
        before = [place for place in body if place < start and place not in reasons]
        after = [place for place in range(start, len(found)) if place not in reasons]
        told = [place for place in after if found[place].is_sentence]
        if len(before) < 2 or len(told) < 2 or any(found[place].text[0] in _QUOTES for place in told):
            continue
        of_the_site = sum(bool(notice(found[place], least=1)) for place in told)
        spoken_to = sum(addressed(found[place].text) for place in told)
        if 2 * of_the_site >= len(told) and 4 * spoken_to >= 3 * len(told):
            reasons.update(dict.fromkeys(after, "after the article"))
            return


def _captions(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out the line above a credit that stands alone, where it has the marks of a caption."""
    second = next((place for place in range(first + 1, len(found)) if found[place].is_running_text), first)
    for place, line in enumerate(found[1:], start=1):
        above = found[place - 1]
        if reasons.get(place) == "credit" and reasons.get(place - 1) == "repeated":
            if found[place - 2].text == above.text:  # once as the picture's text, once below it
                reasons[place - 2] = "caption"
            continue
        if reasons.get(place) != "credit" or place - 1 in reasons:
            continue
        if (
            len(line.words) > 10 and not first < place < second
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


def _is_the_headline(found: Sequence[Line], reasons: Mapping[int, str], first: int, place: int) -> bool:
    """Tell whether a picture's text is the headline, too: no other line above the running text is as good."""
    if place >= first:
        return False
    others = [found[other].text for other in range(first) if other not in reasons and other != place]
    body = "\n".join(line.text for line in found[first:] if line.is_running_text)
    return headline_line([*others, found[place].text], body) == found[place].text


def _link_lists(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out the headlines that follow a line such as "Read more:", up to the next running text."""
    for place, reason in sorted(reasons.items()):
        if reason != "related" or place < first or len(found[place].words) > 8:
            continue
        items = []
        for following in range(place + 1, min(place + 1 + _ITEMS, len(found))):
            line = found[following]
            if line.is_running_text or len(line.words) > _ITEM_WORDS or line.is_speech:
                break
            items.append(following)
        open_ones = [item for item in items if item not in reasons]
        ends = not items or items[-1] == len(found) - 1
        if len(open_ones) == 1 and not ends and len(found[open_ones[0]].words) <= _HEADING_WORDS:
            continue  # rather the heading of the text that follows
        reasons.update(dict.fromkeys(open_ones, "related"))


def _dates(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out dates that stand alone near the top; below they may be the headings of a chronicle."""
    told = [
        place for place in range(first, len(found)) if found[place].is_running_text and place not in reasons
    ]
    last = max(first + _BELOW_LEAD, told[1] if len(told) > 1 else 0)
    for place, line in enumerate(found[:last]):
        if place not in reasons and any(character.isdigit() for character in line.text):
            bare = without_dates(line.text)
            others = Line(line.number, bare, line.after_gap).words
            short = all(word in known().weekdays or len(word) < 4 for word in others)
            if bare != line.text and (short or (is_stamp(line.text) and not line.is_sentence)):
                reasons[place] = "date"


def _middle(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> None:
    """Take out counters, initials and section names that stand between lines of the page."""
    for place in range(body[0] + 1, body[-1]):
        line = found[place]
        if place in reasons or line.is_sentence or line.is_bullet:
            continue
        before, after = place - 1 in reasons, place + 1 in reasons
        if not line.words:
            if before or after:
                reasons[place] = "counter"
        elif before and after and len(line.words) <= 2:
            reasons[place] = "between"
    for first in [place for place in range(body[0] + 1, body[-1]) if reasons.get(place) == "login"]:
        _box(found, reasons, first)


def _box(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out what stands between two lines of one box: "Newsletter abonnieren", its name, "Anmelden"."""
    last = next((place for place in range(first + 1, first + _BOX_LINES + 2) if place in reasons), None)
    if last is None or reasons[last] != "login":
        return
    inside = range(first + 1, last)
    if sum(len(found[place].words) for place in inside) <= _BOX_WORDS and not any(
        found[place].is_speech or any(letter.isdigit() for letter in found[place].text) for place in inside
    ):
        reasons.update(dict.fromkeys(inside, "login"))


def _headline(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> str | None:
    """Return the line above the running text, or its first if that asks or exclaims, that is the headline."""
    text = "\n".join(found[place].text for place in body)
    above = [
        found[place].text
        for place in range(body[0])
        if place not in reasons
        and (reasons.get(place + 1) != "credit" or found[place].after_gap or len(found[place + 1].words) < 2)
    ]
    first = found[body[0]]
    if len(body) > 1 and first.text.endswith(("?", "!")) and len(first.words) <= _HEADLINE_WORDS:
        above.append(first.text)
    return headline_line(above, text)


def _head(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int], headline: str | None) -> None:
    """Keep of what stands above the running text the headline and what says something."""
    first = body[1] if len(body) > 1 and found[body[0]].text == headline else body[0]
    for place in range(first):
        line = found[place]
        if place in reasons or line.text == headline:
            continue
        says = len(line.words) >= _DECK_WORDS or (line.is_sentence and line.function_share > 0)
        says = says or line.text.startswith("+++")  # the first news of a ticker
        if not says or all(word in known().sections for word in line.words):
            reasons[place] = "above the article"


def _tail(found: Sequence[Line], reasons: dict[int, str], last: int) -> None:
    """Take out what follows the last running text: no heading can stand there; lists may."""
    previous = found[last]
    cut = False
    for place in range(last + 1, len(found)):
        line = found[place]
        if place in reasons:
            cut = cut or reasons[place] in _ENDS_ARTICLE
            continue
        item = (line.is_bullet and (previous.text.endswith(":") or previous.is_bullet)) or (
            line.text.endswith(":") and place + 1 < len(found) and found[place + 1].is_bullet
        )
        short = len(line.words) < _DECK_WORDS and not line.is_terminated
        if item or (not short and not cut):
            previous = line
        elif not (line.is_sentence and line.is_speech):
            reasons[place] = "after the article"


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
