"""A reply with the model's markers → text with the house's markers, each resolved to an exact sentence.

Models write markers in many ways: [2.3], [2.3, 2.4], [2.3][4.1], [2], 【2.3】, (2.3), [2.1-2.3]. Years and
other numbers in brackets are not markers, and ids that were never shown are dropped and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from rag.answer.evidence import Cited, Evidence
from rag.ingest.sentences import sentences
from rag.schema import Span, Statement

_ID: Final = r"\d{1,2}(?:\.\d{1,3})?"
_IDS: Final = rf"{_ID}(?:\s*[-–]\s*{_ID})?(?:\s*(?:[,;]|und|and|&)\s*{_ID}(?:\s*[-–]\s*{_ID})?)*"
_MARKER: Final = re.compile(
    rf"\s*(?:\[\s*(?:Satz|Sätze|sentences?)?\s*(?P<square>{_IDS})\s*\]|【\s*(?P<lens>{_IDS})[^】\d]{{0,40}}】"
    rf"|\(\s*(?P<round>\d{{1,2}}\.\d{{1,3}}(?:\s*[,;]\s*\d{{1,2}}\.\d{{1,3}})*)\s*\))",
    re.IGNORECASE,
)
# What may still become a marker: ids and what joins them, between at most 40 characters of anything else.
_OPEN: Final = re.compile(
    r"\s*[\[【(](?:\s*s\w{0,8}\s)?[\d\s.,;&–\-unda]{0,240}[^\]】)\[【(\d]{0,40}$|\s+$", re.IGNORECASE
)
_PART: Final = re.compile(rf"({_ID})(?:\s*[-–]\s*({_ID}))?")
_RANGE: Final = 5  # sentences of one range at most


_SHOWN: Final = re.compile(r"\[\d{1,2}\]")  # the house's own markers; [2024] is a year
_MARKUP: Final = re.compile(r"\[\d{1,2}\]|\*+")  # markers and bold type are no part of a sentence
Chooser = Callable[[str, Sequence[Cited]], Cited]


@dataclass
class Resolver:
    """Resolves a reply as it streams; `cited` numbers the sentences in the order of their first marker.

    `choose` picks the sentence that best carries a statement, for markers that name only a passage.
    """

    evidence: Evidence
    choose: Chooser
    cited: list[Cited] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    _pending: str = ""
    _shown: str = ""

    def feed(self, delta: str) -> str:
        """Take the next piece of the reply and return the text that is ready to be shown.

        What may still grow into a marker is kept back until it is decided.
        """
        self._pending += delta
        tail = _OPEN.search(self._pending)
        ready = self._pending[: tail.start()] if tail else self._pending
        self._pending = self._pending[len(ready) :]
        return self._resolve(ready)

    def finish(self) -> str:
        """Return what was kept back: the reply is over, so an open bracket stays as it is."""
        ready, self._pending = self._pending, ""
        return self._resolve(ready).rstrip()

    def _resolve(self, text: str) -> str:
        before, position = len(self._shown), 0
        for match in _MARKER.finditer(text):
            self._shown += text[position : match.start()]
            self._shown += self._replace(match)
            position = match.end()
        self._shown += text[position:]
        return self._shown[before:]

    def _replace(self, match: re.Match[str]) -> str:
        ids = match.group("square") or match.group("lens") or match.group("round")
        if match.group("round") and self._lookup(_PART.search(ids).group(1), "") is None:  # type: ignore[union-attr]
            return match.group()  # a number in parentheses, not a marker
        found = [
            n
            for part in _PART.finditer(ids)
            for n in self._numbers(part.group(1), part.group(2), self._shown[-400:])
        ]
        unique = sorted(set(found), key=found.index)
        return " " + "".join(f"[{number}]" for number in unique) if unique else ""

    def _numbers(self, first: str, last: str | None, statement: str) -> list[int]:
        """Return the display numbers of an id, or of a range of sentences of one evidence."""
        ids = [first]
        if last is not None and "." in first:
            n, low = map(int, first.split("."))
            high = int(last.split(".")[-1])
            ids = [f"{n}.{m}" for m in range(low, min(high, low + _RANGE - 1) + 1)] or [first, last]
        numbers = []
        for one in ids:
            cited = self._lookup(one, statement)
            if cited is None:
                self.dropped.append(one)
            else:
                numbers.append(self._number(cited))
        return numbers

    def _lookup(self, one: str, statement: str) -> Cited | None:
        n, _, m = one.partition(".")
        if m:
            return self.evidence.sentences.get((int(n), int(m)))
        passage = self.evidence.of_passage(int(n))
        return self.choose(statement, passage) if passage else None

    def _number(self, cited: Cited) -> int:
        if cited not in self.cited:
            self.cited.append(cited)
        return self.cited.index(cited) + 1


def statements(text: str, language: str) -> list[Statement]:
    """Cut an answer's text into its statements, each with the markers in it or right behind it."""
    masked = _MARKUP.sub(lambda match: " " * len(match.group()), text)
    spans = sentences(masked, language)
    found = []
    for span, following in zip_longest(spans, spans[1:]):
        until = following.start if following else len(text)
        behind = text[span.end : until].rstrip()
        whole = Span(span.start, span.end + len(behind))
        markers = [match.group() for match in _SHOWN.finditer(text[whole.start : whole.end])]
        if any(character.isalnum() for character in masked[span.start : span.end]):
            found.append(Statement(whole, tuple(dict.fromkeys(markers))))
    return found
