"""A reply with the model's markers → text with the house's markers, each resolved to an exact sentence.

Models write markers in many ways: [2.3], [2.3, 2.4], [2.3][4.1], [2], 【2.3】, (2.3), [2.1-2.3], [^2.3],
[Quelle 2.3], ([2.3]), <sup>2.3</sup>, Satz 2.3. Years and other numbers in brackets are not markers, and ids
that were never shown are dropped and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from rag.answer.evidence import Cited, Evidence

_END: Final = r"(?!\d|\.\d)"
_DOTTED: Final = r"\d{1,2}\.\d{1,3}" + _END
_ID: Final = r"\d{1,2}(?:\.\d{1,3})?" + _END
_BLANK: Final = r"[ \t\xa0]"
_TO: Final = rf"{_BLANK}*(?:[-–—]|bis|to){_BLANK}*"
_AND: Final = rf"{_BLANK}*(?:[,;/|+&]|(?:,{_BLANK}*)?(?:und|sowie|oder|and|or)\b){_BLANK}*"
# What may stand before ids: [Satz 1.2], [cite: 1.2], [#1.2], [^1.2], (vgl. 1.2).
_LABEL: Final = (
    rf"(?:(?:siehe|vgl\.?|laut|see|cf\.?){_BLANK}+)?(?:(?:s(?:atz|ätzen?|entences?|ources?)?|quellen?|artikel"
    r"|articles?|belege?|evidence|ref(?:erence)?s?|cit(?:e|ation)s?|doc(?:ument)?s?|passages?|stellen?|ids?"
    rf"|n[ro])(?![^\W\d_])\.?{_BLANK}*:?|[#^§])?{_BLANK}*"
)
_ONE: Final = rf"{_LABEL}{_ID}(?:{_TO}{_ID})?"
_IDS: Final = rf"{_ONE}(?:(?:{_AND}|{_BLANK}+(?={_DOTTED})){_ONE})*"
_ROUND: Final = rf"{_LABEL}{_DOTTED}(?:{_AND}{_LABEL}{_DOTTED})*"
_INSIDE: Final = r"[^\[\]【】［］\n]"
_FIGURE: Final = (
    rf"{_BLANK}*(?:[%€$£]|prozent|percent|m(?:illi|r|i)|billion|tausend|thousand|euro|dollar|grad|uhr|km)"
)
# The ids alone; or among other words one of a sentence: [SNA, 1.2], but not [plus 1.2 Prozent].
_ALONE: Final = (
    rf"{_BLANK}*{_IDS}(?:{_BLANK}|[,;:])*(?:(?<=\.\d)\.|(?<=\.\d\d)\.)?{_BLANK}*(?:†{_INSIDE}{{0,40}})?"
)
_AMONG: Final = rf"{_INSIDE}{{0,60}}?(?<![\d.,‹]){_DOTTED}(?!{_FIGURE}){_INSIDE}{{0,60}}"
_BRACKET: Final = rf"\\?[\[【［](?:{_ALONE}|{_AMONG})\\?[\]】］]"
_GAP: Final = r"[\s,;]{0,3}"
_RUN: Final = rf"{_BRACKET}(?:{_GAP}{_BRACKET})*"
_BEFORE: Final = r"(?:(?<!\s)\s+)?"  # begun nowhere but at its first blank, for a long one would take long
# Brackets, in whatever models put around them; ids of sentences in round brackets; "Satz 1.2" among words.
_MARKER: Final = re.compile(
    rf"(?P<before>{_BEFORE})(?:\[{_RUN}\]|\(\s*{_LABEL}{_RUN}\s*\)|(?P<around>\*\*?|`){_RUN}(?P=around)"
    rf"|<(?P<tag>sup|cite|ref)>{_BLANK}*(?:{_RUN}|{_IDS}){_BLANK}*</(?P=tag)>"
    rf"|{_RUN}(?:\((?:\#|https?://|www\.)[^\s()]{{0,200}}\))?"
    rf"|(?P<sure>\(\s*{_ROUND}\s*\)|(?<=\s)(?:Satz|Sätzen?|sentences?){_BLANK}+{_DOTTED}(?:{_AND}{_DOTTED})*))",
    re.IGNORECASE,
)
# What may still become a marker, or go on as one.
_BEGUN: Final = "|".join(w[:n] for w in ("satz", "sätzen", "sentences") for n in range(1, len(w) + 1))
_ANY: Final = rf"\\?[\[【［]{_INSIDE}{{0,250}}"
_OPEN: Final = re.compile(
    rf"{_BEFORE}(?:\[?(?:{_ANY}[\]】］]{_GAP})*(?:{_ANY}|\\)?|{_BRACKET}\([^\s()]{{0,200}}|\([^()\n]{{0,250}}"
    rf"|(?P<around>\*\*?|`)(?:[\[【［\\][^*`\n]{{0,250}}\*?)?|<[a-z]{{0,4}}(?:>[^<>\n]{{0,250}}(?:</?[a-z]{{0,4}})?)?"
    rf"|\b(?:{_BEGUN})|\b(?:satz|sätzen?|sentences?){_BLANK}[\d \t\xa0.,;/|+&undasowier]{{0,60}})$",
    re.IGNORECASE,
)
_PART: Final = re.compile(rf"(?<![\d.])({_ID})(?:{_TO}({_ID}))?")
_SENTENCE_ID: Final = re.compile(rf"(?<![\d.,‹])({_DOTTED})(?:{_TO}({_ID}))?")
_OF_IDS: Final = re.compile(rf"\\?[\[【［]{_ALONE}\\?[\]】］]", re.IGNORECASE)
_BRACKETS: Final = re.compile(_BRACKET, re.IGNORECASE)
_TEXT_FOLLOWS: Final = re.compile(r"[ \t:–-]*[^\s:–-]")
_MOST_HELD: Final = 500  # characters kept back; what is longer runs in a circle
_RANGE: Final = 5  # sentences of one range at most

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
        ready, self._pending = _decided(self._pending)
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
        """Return what stands for a marker: the numbers it is shown as, or itself where it is none."""
        sure, before = match["sure"], match["before"]
        if sure and not all(self._lookup(one, "") for one, _ in _SENTENCE_ID.findall(sure)):
            return match.group()  # a number in parentheses, not a marker
        marked = _BRACKETS.findall(match.group()) or [match.group()]
        found: list[int] = []
        others = ""
        for one in marked:
            ids = self._ids(one)
            found += [n for first, last in ids for n in self._numbers(first, last, self._shown[-400:])]
            others += "" if ids else one
        shown = "".join(f"[{n}]" for n in dict.fromkeys(found)) + others
        if others and not found:
            return match.group()
        leads = "\n" in before or not self._shown.strip()
        if leads and _TEXT_FOLLOWS.match(match.string, match.end()):
            return before + shown
        return f" {shown}" if shown else ""

    def _ids(self, marked: str) -> list[tuple[str, str]]:
        """Return the ids of a bracket, each with the end of its range or ""; none where it is no marker."""
        if not _BRACKETS.match(marked) or _OF_IDS.fullmatch(marked):
            return _PART.findall(marked.partition("†")[0])
        found: list[tuple[str, str]] = _SENTENCE_ID.findall(marked)
        return found if any(self._lookup(one, "") for one, _ in found) else []

    def _numbers(self, first: str, last: str, statement: str) -> list[int]:
        """Return the display numbers of an id, or of a range of sentences of one evidence, or of evidence."""
        ids = [first]
        if last:
            n, dot, m = first.rpartition(".")
            of, _, high = last.rpartition(".")
            through = range(int(m), min(int(high), int(m) + _RANGE - 1) + 1) if of in ("", n) else ()
            ids = [f"{n}{dot}{one}" for one in through] or [first, last]
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


def _decided(text: str) -> tuple[str, str]:
    """Cut a text where something begins that may still become a marker, or one whose line may go on."""
    tail = _OPEN.search(text)
    start = tail.start() if tail else len(text)
    for match in reversed(list(_MARKER.finditer(text))):
        if match.start() < start and not text[match.end() : start].strip(" \t:–-"):
            start = match.start()
    return (text, "") if len(text) - start > _MOST_HELD else (text[:start], text[start:])
