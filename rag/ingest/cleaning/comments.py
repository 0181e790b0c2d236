"""Lines of a scraped page → those below the article that readers wrote, and the teasers of other articles."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from rag.ingest.cleaning.boilerplate import has_its_link
from rag.ingest.text.lines import Line

_MOST: Final = 0.4  # of the text that stands above comments and teasers at least
_TEASER_WORDS: Final = 14
_POST_WORDS: Final = 8
_POSTED: Final = re.compile(
    r"\b(?:schrieb|schreibt|sagt|wrote|says|said)\b.{0,12}(?:\d{1,2}\.\d{1,2}\.|\d{4}|:$)"
    r"|\bvor \d+ (?:minute|stunde|tag|woche|monat|jahr)|\b\d+ (?:minute|hour|day|week|month|year)s? ago\b",
    re.IGNORECASE,
)
_REPLY: Final = re.compile(r"^(?:antwort(?:en)?|reply|melden|report)\b(?: \W?\w+){0,2}$", re.IGNORECASE)


def clear_comments(found: Sequence[Line], reasons: dict[int, str]) -> None:
    """Take out what readers wrote below the article, and the teasers below it that are sentences.

    Comments are known by who wrote them when, or by "Reply" below each; teasers by the headings of several
    lists, between which nothing is as long as a paragraph. An article that goes on after them stays.
    """
    running = [place for place, line in enumerate(found) if line.is_running_text and place not in reasons]
    read = [0, *accumulate(len(found[place].text) for place in running)]
    posted = [place for place, line in enumerate(found) if _is_post(line)]
    for start in sorted(place for place, reason in reasons.items() if reason in ("comments", "related")):
        after = range(start + 1, len(found))
        if read[bisect(running, start)] < _MOST * read[-1] or has_its_link(found[start].text):
            continue
        if reasons[start] == "comments":
            posts = posted[bisect(posted, start) :]
            told = bool(posts) and bisect(running, posts[0]) < bisect(running, posts[-1])
            ends = told and len(running) - bisect(running, posts[-1]) < 2
        else:
            lists = sum(reasons.get(place) == "related" and len(found[place].words) < 4 for place in after)
            open_ended = sum(not found[place].is_terminated for place in after if place not in reasons)
            longest = max((len(found[place].words) for place in after if place not in reasons), default=0)
            ends = lists > 0 and open_ended > 1 and longest <= _TEASER_WORDS
        if ends and not any(found[place].is_speech for place in after if place not in reasons):
            reasons.update((place, reasons[start]) for place in after if place not in reasons)
            return


def _is_post(line: Line) -> bool:
    """Tell whether a line says who wrote a comment when, or offers to answer it."""
    short = len(line.words) <= _POST_WORDS and not line.is_running_text
    return short and bool(_POSTED.search(line.text) or _REPLY.match(line.text))
