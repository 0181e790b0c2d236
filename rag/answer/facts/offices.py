"""Whose office a text says someone holds: "US-Präsident Biden" speaks of Biden, not of the United States.

Articles give the office once, and go on with the name; whoever sums them up writes both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from rag.answer.facts.names import TITLES, WORD, Name
from rag.answer.facts.spellings import alike, bare

_OFFICE: Final = re.compile(
    rf"(?:-[A-ZÄÖÜ][a-zäöüß]+|(?:['’]s?)?(?:\s(?:{'|'.join(sorted(TITLES))}|leader|head|director|envoy|of))+)\s(?:(?:von|van|de|der|zu)\s)*",
    re.IGNORECASE,
)
_CLAUSES: Final = re.compile(r"[.!?,;:„“”\"»«–]")
_BEFORE: Final = 5  # words before a surname in which an office and whose it is may stand


def holders(text: str, named: Sequence[Name]) -> dict[Name, Name]:
    """Return which of a text's names, in order, tell whose office the next one holds, and that next one."""
    found, end = {}, 0
    places = []
    for one in named:
        start = text.find(one.text, end)
        if start >= 0:
            end = start + len(one.text)
            places.append((one, start, end))
    for (body, _, after), (person, start, _) in pairwise(places):
        if _OFFICE.fullmatch(text, after, start):
            found[body] = person
    return found


def phrases(person: Name, text: str) -> Iterator[str]:
    """Yield the places where a text names a person, each with the words before that may tell of what office.

    >>> list(phrases(Name("Merz", ("Merz",)), "In Berlin lehnte, so heißt es, CDU-Chef Friedrich Merz ab."))
    ['CDU-Chef Friedrich Merz']
    """
    words = list(WORD.finditer(text))
    surname = bare(person.words[-1])
    for index, word in enumerate(words):
        if alike(bare(word.group()), surname):
            before = text[words[max(0, index - _BEFORE)].start() : word.end()]
            yield _CLAUSES.split(before)[-1].strip()
