"""Text of a scraped page → the article in it, and every line that was taken out with the reason.

Lines are judged by general means: what they say (known phrases, words of buttons and menus), how they look
(lines.py), where they stand (above the first running text, below the last), their language, repetition.
When in doubt a line is kept; running text is only taken out for what it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from rag import language
from rag.ingest.bylines import is_byline
from rag.ingest.dates import without_dates
from rag.ingest.lines import Line, lines
from rag.ingest.metadata import headline_line
from rag.ingest.phrases import known

_LINE_CHARS: Final = 1_500  # a longer line is running text, and would cost the patterns their time
_INTERFACE_WORDS: Final = 9
_START_WORDS: Final = 30
_CAPTION_WORDS: Final = 60
_NOTICE_WORDS: Final = 120
_ITEM_WORDS: Final = 16
_ITEMS: Final = 12  # lines of a list of links
_BYLINE_WORDS: Final = 12
_BELOW_LEAD: Final = 4  # lines, with the lead, among which byline and date may stand
_HEADLINE_WORDS: Final = 20
_HEADING_WORDS: Final = 5
_DECK_WORDS: Final = 8  # a line below the headline with as many words says something
_URL: Final = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]+\.[a-z]{2,6}/\S+", re.IGNORECASE)
_HANDLE: Final = re.compile(r"^[—–-]\s.{2,60}\(@\w+\)|^(?:[#@]\w+[\s,]*)+$")
_MENU: Final = re.compile(r"\s(?:[|·•›»>]|/{1,2})\s")
_DATE_END: Final = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d$|\b(?:19|20)\d\d-\d\d-\d\d$")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:…]['\"“”»«)]*\s)$")
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
        if reason := _own_reason(line, code) or (
            "repeated in other articles" if line.text in repeated else ""
        ):
            reasons[place] = reason
    _repetitions(found, reasons)
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


# -- what a line says -------------------------------------------------------------------------------------


def _own_reason(line: Line, code: str) -> str:
    """Return why a line is none of an article's whatever stands around it, "" where it may be one."""
    if len(line.text) > _LINE_CHARS:
        return ""
    return (
        _interface(line)
        or _credit(line)
        or _address(line)
        or _known_start(line)
        or _menu(line)
        or ("byline" if is_byline(line.text) and len(line.words) <= _BYLINE_WORDS else "")
        or _notice(line, least=2)
        or _foreign(line, code)
    )


def _interface(line: Line) -> str:
    """Name the widget of a short line that has only words of widgets, function words and numbers."""
    said = Line(line.number, without_dates(line.text), line.after_gap).words
    words = [part for word in said for part in re.split(r"[-.]", word) if part]
    if not 0 < len(words) <= _INTERFACE_WORDS:
        return ""
    phrases = known()
    reason, widgets = "", 0
    for word in words:
        of = next((name for name, widget in phrases.interface.items() if word in widget), "")
        reason, widgets = reason or of, widgets + bool(of)
        if not of and not any(word in commonest for commonest in phrases.function_words.values()):
            return ""
    if (
        line.is_speech
        or 2 * widgets < len(words)
        or (line.is_sentence and len(words) > 5 and not _addressed(line.text))
    ):
        return ""
    return reason


def _credit(line: Line) -> str:
    if len(line.words) > _CAPTION_WORDS:
        return ""
    phrases = known()
    end = phrases.credit_end.search(line.text)
    if phrases.starts["credit"].match(line.text) or (end and not _is_sign_off(end.group())):
        return "credit"
    if not line.is_terminated and (
        phrases.credit_inside.search(line.text) or phrases.photographers.fullmatch(line.text)
    ):
        return "credit"
    return "credit" if not line.is_sentence and _DATE_END.search(line.text) and "," in line.text else ""


def _is_sign_off(end: str) -> bool:
    """Tell whether a line ends with the agencies of its text, "(dpa/AFP)", and not with a credit."""
    return (
        end[0] in "(["
        and "©" not in end
        and all(word in known().agencies for word in re.findall(r"[\w-]+", end))
    )


def _address(line: Line) -> str:
    if _HANDLE.match(line.text):
        return "share"
    rest = _URL.sub("", line.text)
    return "source" if rest != line.text and len(rest.split()) <= 4 else ""


def _known_start(line: Line) -> str:
    if len(line.words) > _START_WORDS or line.text.startswith(("„", "“", '"', "»", "«")):
        return ""
    for reason, pattern in known().starts.items():
        if pattern.match(line.text):
            return reason
    return ""


def _menu(line: Line) -> str:
    parts = _MENU.split(line.text)
    if len(parts) >= 3 and not line.is_sentence and all(len(part.split()) <= 3 for part in parts):
        return "navigation"
    words = line.words
    if len(words) >= 3 and not line.is_terminated and all(word in known().sections for word in words):
        return "navigation"
    return ""


def _notice(line: Line, least: int) -> str:
    """Recognise a site owner speaking to the reader of things such as newsletters, accounts, cookies."""
    if len(line.words) > _NOTICE_WORDS or line.is_speech or not _addressed(line.text):
        return ""
    spoken = {word[:6] for word in line.words if word in known().notice_words}
    return "notice" if len(spoken) >= least + (len(line.words) > 35) else ""


def _addressed(text: str) -> bool:
    """Tell whether the reader is addressed; German "Sie" that begins a sentence may mean anybody."""
    return any(
        match.group() not in ("Sie", "Ihr", "Ihre") or not _SENTENCE_START.search(text[: match.start()])
        for match in known().address.finditer(text)
    )


def _foreign(line: Line, code: str) -> str:
    """Recognise a scrap in a third language; what is quoted or mixed with the article's own stays."""
    if line.is_speech or not line.words:
        return ""
    letters = [character for character in line.text if character.isalpha()]
    if sum(ord(character) > 0x24F and not 0x1E00 <= ord(character) < 0x1F00 for character in letters) > (
        len(letters) / 2
    ):
        return "language"
    if 4 <= len(line.words) <= _CAPTION_WORDS and line.function_share < 0.1:
        other = language.foreign(line.text)
        return "language" if other not in (None, code) else ""
    return ""


# -- what stands around it --------------------------------------------------------------------------------


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


def _without_notices(found: Sequence[Line], reasons: dict[int, str], body: list[int]) -> list[int]:
    """Take notices out at the edges of the article, where one word of theirs is enough; return the rest."""
    phrases = known()
    size = sum(len(found[place].text) for place in body)
    read = 0
    ended = False
    for place, line in enumerate(found):
        if place in reasons:
            ended = ended or (reasons[place] in _ENDS_ARTICLE and read > size / 2)
            continue
        if len(line.text) > _LINE_CHARS:
            read += len(line.text)
            continue
        late = read + len(line.text) > 0.75 * size
        if (late or read == 0) and not line.is_speech:
            for reason in ("agency", "disclaimer"):
                if len(line.words) <= _NOTICE_WORDS and phrases.notices[reason].search(line.text):
                    reasons[place] = reason
        if late and place not in reasons and phrases.notices["about"].match(line.text):
            reasons[place] = "after the article"
        if ended and place not in reasons and read > 0.75 * size and line.is_sentence:
            told = phrases.notices["about"].search(line.text) or _notice(line, least=1)
            if told:
                reasons[place] = "after the article"
        if place not in reasons and line.is_running_text:
            read += len(line.text)
    return [place for place in body if place not in reasons]


def _captions(found: Sequence[Line], reasons: dict[int, str], first: int) -> None:
    """Take out the line above a credit that stands alone, where it has the marks of a caption."""
    for place, line in enumerate(found[1:], start=1):
        above = found[place - 1]
        if reasons.get(place) != "credit" or place - 1 in reasons or len(line.words) > 10:
            continue
        if len(above.words) > 35 or above.is_speech:
            continue
        marked = known().caption_marks.search(above.text)
        if marked or (
            place > first and not line.after_gap and not above.is_terminated and len(above.words) > 3
        ):
            reasons[place - 1] = "caption"
    for place, line in enumerate(found):
        if place not in reasons and not line.is_running_text and known().caption_marks.search(line.text):
            reasons[place] = "caption"


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
    for place, line in enumerate(found[: first + _BELOW_LEAD]):
        if place not in reasons and any(character.isdigit() for character in line.text):
            rest = Line(line.number, without_dates(line.text), line.after_gap).words
            if rest != line.words and all(word in known().weekdays or len(word) < 4 for word in rest):
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


def _headline(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> str | None:
    """Return the line above the running text, or its first if that asks or exclaims, that is the headline."""
    above = [found[place].text for place in range(body[0]) if place not in reasons]
    first = found[body[0]]
    if len(body) > 1 and first.text.endswith(("?", "!")) and len(first.words) <= _HEADLINE_WORDS:
        above.append(first.text)
    return headline_line(above, "\n".join(found[place].text for place in body))


def _head(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int], headline: str | None) -> None:
    """Keep of what stands above the running text the headline and what says something."""
    first = body[1] if len(body) > 1 and found[body[0]].text == headline else body[0]
    for place in range(first):
        line = found[place]
        if place in reasons or line.text == headline:
            continue
        says = len(line.words) >= _DECK_WORDS or (line.is_sentence and line.function_share > 0)
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
