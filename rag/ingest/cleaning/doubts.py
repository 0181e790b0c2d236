"""Lines of a page that only sound like its own → back into the article: answers, headings, advice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rag.ingest.cleaning.boilerplate import addressed, calls_upon
from rag.ingest.cleaning.notices import ENDS_ARTICLE
from rag.ingest.text.lines import Line
from rag.ingest.text.phrases import known

_HEADING: Final = re.compile(
    r"^(?:(?:D(?:er|ie|as)|Eine?|The|An?) [A-ZÄÖÜ][^\W\d_]+|Empfehlungen|Recommendations|Überblick|Hilfe)$"
)
_QUESTIONS: Final = 3  # that make an interview
_ANSWER_WORDS: Final = 4
_SOUNDS: Final = frozenset({"navigation", "related", "comments", "login", "share", "consent", "advert"})
_OF_US: Final = re.compile(r"\b(?:uns|unser\w*|us|our)\b", re.IGNORECASE)
_OWN_CHARS: Final = 4  # of a word that says something
_ENDS: Final = re.compile(r"^[A-ZÄÖÜ].*(?<=[^\W\d_])[a-zäöüß][.?]$")
_LEADS_ON: Final = re.compile(  # "Mehr dazu hier.", "Jetzt lesen."
    r"\b(?:hier|here|weiterlesen|tap)\b|\b[kc]lick|\bjetzt \w+en\.$"
    r"|^(?:lesen|hören|sehen) sie (?:auch|dazu|mehr|im)\b.*[:,] (?:was|wie|warum|wer|welche|wo)\b",
    re.IGNORECASE,
)
_SPOKEN_TO: Final = 2  # lines with "you" that are no notices


def put_back(found: Sequence[Line], reasons: dict[int, str], asked: Sequence[int]) -> None:
    """Put back what is the article's for what stands around it; `asked` are the questions of an interview."""
    _answers(found, reasons, asked)
    _headings(found, reasons)
    _short_sentences(found, reasons)
    _advice(found, reasons)


def questions(found: Sequence[Line], reasons: Mapping[int, str]) -> list[int]:
    """Return the places of the questions of an interview, none where there are too few."""
    asked = [place for place, line in enumerate(found) if line.text.endswith("?") and place not in reasons]
    return asked if len(asked) >= _QUESTIONS else []


def first_answered(found: Sequence[Line], asked: Sequence[int], first: int) -> int:
    """Return where an interview begins, `first` where no question above that line is answered below it."""
    answered = (place for place in asked if place < first and found[place + 1].is_terminated)
    return next((place for place in answered if not found[place + 1].text.endswith("?")), first)


def _answers(found: Sequence[Line], reasons: dict[int, str], asked: Sequence[int]) -> None:
    """Put back what is an answer, though a button may say it: "Nein.", "Kein Kommentar."."""
    inside = range(asked[0] + 1, asked[-1] + _QUESTIONS + 1) if asked else range(0)
    for place in [place for place in reasons if place > 0 and place - 1 not in reasons]:
        line = found[place]
        if (
            line.text.endswith(".")
            and len(line.words) <= _ANSWER_WORDS
            and (place in inside or (found[place - 1].text.endswith("?") and not addressed(line.text)))
        ):
            del reasons[place]


def _headings(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Put back a heading of words that widgets have, too: an article and its noun between two paragraphs."""
    for place in range(1, len(found) - 1):
        if place in reasons and _HEADING.match(found[place].text):
            beside = (place - 1, place + 1)
            if all(one not in reasons and found[one].is_running_text for one in beside):
                del reasons[place]


def _short_sentences(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Put back a short sentence between two others, though its words are those of buttons: "Weiter so."."""
    for place in range(1, len(found) - 1):
        beside = (place - 1, place + 1)
        amid = all(one not in reasons and found[one].is_sentence for one in beside)
        if amid and reasons.get(place) in _SOUNDS and _may_be_told(found[place], reasons[place]):
            del reasons[place]


def _may_be_told(line: Line, reason: str) -> bool:
    """Tell whether a short line may be a sentence of an article: it ends as one and calls upon nobody."""
    asks = line.text.endswith("?") and reason == "related"
    of_sites = reason != "comments" and any(word in known().notice_words for word in line.words)
    of_sites = of_sites or any(start.match(line.text) for start in known().starts.values())
    calls = calls_upon(line.text) or _LEADS_ON.search(line.text)
    return bool(_ENDS.search(line.text)) and not asks and not of_sites and not calls


def _advice(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Put back what only sounds like a notice because the article itself speaks to its readers.

    Advice, letters and speeches say "you" in other lines, too; a notice among them names what is the site's.
    """
    running = [place for place, line in enumerate(found) if line.is_sentence and place not in reasons]
    boxes = (place for place, why in reasons.items() if why in ENDS_ARTICLE and not _advises(found[place]))
    end = next(
        (place for place in sorted(boxes) if running and place > running[len(running) // 2]), len(found)
    )
    own = [place for place in running if place < end]
    spoken = [place for place in own if not found[place].is_speech and addressed(found[place].text)]
    if len(spoken) < _SPOKEN_TO:
        return
    for place in range(own[0] + 1, own[-1]):
        if reasons.get(place) == "notice" and not known().of_the_site.search(found[place].text):
            del reasons[place]
    told = {
        place for place in range(own[0] + 1, end) if reasons.get(place) in _SOUNDS and _advises(found[place])
    }
    for place in told:
        if all(one in told or one == end or one not in reasons for one in (place - 1, place + 1)):
            del reasons[place]


def _advises(line: Line) -> bool:
    """Tell whether a call is the article's: most of its words are none of a site, and it says no "us"."""
    if not line.is_sentence or _OF_US.search(line.text) or _LEADS_ON.search(line.text):
        return False
    widgets = tuple(known().interface.values())
    common = frozenset().union(*known().function_words.values())
    words = [word for word in line.words if word not in common]
    of_sites = [(word in known().notice_words) + any(word in some for some in widgets) for word in words]
    own = sum(not said and len(word) >= _OWN_CHARS for word, said in zip(words, of_sites, strict=True))
    return own >= max(sum(of_sites), 1)
