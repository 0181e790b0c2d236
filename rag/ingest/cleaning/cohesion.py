"""Lines of a page → those that have nothing to do with the text around them, and say so: boxes, footers.

The paragraphs of an article share words; what a site says of itself shares none with them. Alone that takes
nothing out: an article changes its subject, too. Looked at are runs of short lines amid it, with a word of
sites in them, and what follows two kinds of the page's own lines at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rag.ingest.metadata.headlines import stems
from rag.ingest.text.lines import Line
from rag.ingest.text.phrases import known

_PARAGRAPH_WORDS: Final = 20  # at least: a shorter line may be a heading, an item or a box's
_STRANGE: Final = 0.15  # share of a line's words that the paragraphs have, too, at most
_RUN: Final = 2  # lines
_OWN_KINDS: Final = 2  # of the page's lines between the article and what follows it
_ENDS: Final = frozenset({"comments", "share", "agency", "disclaimer", "contact", "source", "date"})
_AMID: Final = frozenset({"credit", "caption", "advert", "repeated", "between", "counter"})


def clear_strangers(found: Sequence[Line], reasons: dict[int, str], body: Sequence[int]) -> list[int]:
    """Take out runs of lines amid the article and what follows it; return the places of what is left."""
    told = Counter(
        stem
        for place in body
        if place not in reasons and len(found[place].words) >= _PARAGRAPH_WORDS
        for stem in stems(found[place].text)
    )
    for run in _runs(found, reasons, body):
        _clear_run(found, reasons, run, told)
    left = [place for place in body if place not in reasons]
    while len(left) > _RUN and _is_below(found, reasons, left, told):
        reasons[left.pop()] = "after the article"
    return left


def _shared(line: Line, told: Mapping[str, int]) -> float:
    """Return the share of a line's words that other paragraphs have."""
    own = stems(line.text)
    least = 1 + (len(line.words) >= _PARAGRAPH_WORDS)  # it counted itself
    return sum(told.get(stem, 0) >= least for stem in own) / max(len(own), 1)


def _runs(found: Sequence[Line], reasons: Mapping[int, str], body: Sequence[int]) -> list[list[int]]:
    """Return the runs of lines between paragraphs, without what was taken out among them."""
    runs: list[list[int]] = [[]]
    for place in range(body[0] + 1, body[-1]):
        line = found[place]
        if place in reasons:
            continue
        calls = any(word in known().notice_words for word in line.words)
        short = len(line.words) < _PARAGRAPH_WORDS and (calls or not line.is_terminated)
        if short and not (
            line.is_bullet or line.is_speech or line.is_running_text or line.text.endswith(":")
        ):
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) >= _RUN and not found[run[0] - 1].text.endswith(":")]


def _clear_run(
    found: Sequence[Line], reasons: dict[int, str], run: Sequence[int], told: Mapping[str, int]
) -> None:
    lines = [found[place] for place in run]
    strange = all(_shared(line, told) <= _STRANGE for line in lines[:-1])
    calls = [line for line in lines if any(word in known().notice_words for word in line.words)]
    if not strange or not calls or any(sign.isdigit() for line in lines for sign in line.text):
        return
    heads = not lines[-1].is_terminated and lines[-1] not in calls  # the heading of what follows
    if heads and len(run) <= _RUN:
        return
    reasons.update(dict.fromkeys(run[:-1] if heads else run, "notice"))


def _is_below(
    found: Sequence[Line], reasons: Mapping[int, str], left: Sequence[int], told: Mapping[str, int]
) -> bool:
    """Tell whether the last running text stands below the page's own lines and is strange to the article."""
    between = {reasons.get(place) for place in range(left[-2] + 1, left[-1])} - _AMID - {None}
    last = found[left[-1]]
    ended = len(between) >= _OWN_KINDS and not between.isdisjoint(_ENDS)
    return ended and not last.is_speech and _shared(last, told) <= _STRANGE
