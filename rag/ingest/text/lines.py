"""Canonical text → its lines with the shallow features that tell running text from the rest of a page.

The features are those of Kohlschütter, Fankhauser and Nejdl, Boilerplate Detection using Shallow Text
Features (WSDM 2010), and of jusText (Pomikálek 2011): length, punctuation, share of function words, position.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rag.ingest.text.phrases import known

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’.&+][^\W\d_]+)*\+?")
_GLUED: Final = re.compile(
    r"(?<=[a-zäöüß])(?<!\bWhats)(?<!\bYou)(?<!\bLinked)(?<!\bTik)(?<!\bPay)(?=[A-ZÄÖÜ])"
)  # "Neueste obenÄlteste oben"
_TERMINAL: Final = re.compile(r"""[.!?…](?:['"“”»«’)\]/|\s]|\[\d+\])*(?:\s\([\w/, .]{2,30}\))?$""")
_FULL_STOP: Final = re.compile(r"[^\W\d_][a-zäöüß]{2}\.$")
_SPEECH: Final = re.compile(r"""[„“"»«‚‘'](?:[^„“”"»«]{12,1500}?)[“”"«»‘’']""")
_QUOTE_FIRST: Final = re.compile(r"""^[„“"»«‚‘]""")
_BULLET: Final = re.compile(r"^(?:[-–—•*▪‣·]\s|\(?\d{1,2}[.)]\s)")
_FIGURE: Final = re.compile(r"\s\(?[$€£]?\d")
_LONG: Final = 25  # words: running text, however it ends
_FUNCTION_SHARE: Final = 0.15


@dataclass(frozen=True)
class Line:
    """A line that is not blank: its number in the text (from 1), its text, and whether a gap precedes it."""

    number: int
    text: str
    after_gap: bool

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in lower case, those glued together by a scraper apart."""
        return tuple(word.lower() for word in _WORD.findall(_GLUED.sub(" ", self.text)))

    @cached_property
    def function_share(self) -> float:
        """Return the share of its words that are function words, in the language where they are more."""
        if not self.words:
            return 0.0
        counts = [sum(w in words for w in self.words) for words in known().function_words.values()]
        return max(counts) / len(self.words)

    @cached_property
    def is_terminated(self) -> bool:
        """Whether it ends as a sentence does."""
        return bool(_TERMINAL.search(self.text))

    @cached_property
    def has_full_stop(self) -> bool:
        """Whether it ends with a word and a full stop, as links and names of sections do not."""
        return bool(_FULL_STOP.search(self.text))

    @cached_property
    def is_running_text(self) -> bool:
        """Whether it reads like at least one sentence of some length."""
        size = len(self.words)
        ends = self.is_terminated or (self.text.endswith((":", "“", '"', "«", "»")) and size >= 10)
        return (size >= 7 and ends and self.function_share >= _FUNCTION_SHARE) or (
            size >= _LONG and self.function_share >= _FUNCTION_SHARE
        )

    @cached_property
    def is_long(self) -> bool:
        """Whether it is as long as running text, however it ends."""
        return len(self.words) >= _LONG

    @cached_property
    def has_figures(self) -> bool:
        """Whether it gives figures of something: "Zuschauer: 21.300"."""
        return len(self.words) >= 1 and self.text[0].isalpha() and bool(_FIGURE.search(self.text))

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it reads like a sentence, however short."""
        return self.is_running_text or (len(self.words) >= 3 and self.is_terminated)

    @cached_property
    def is_speech(self) -> bool:
        """Whether it quotes somebody: what is said in quotation marks is no notice of the site."""
        return bool(_SPEECH.search(self.text) or _QUOTE_FIRST.match(self.text))

    @cached_property
    def is_bullet(self) -> bool:
        """Whether it is marked as an item of a list."""
        return bool(_BULLET.match(self.text))


def lines(text: str) -> list[Line]:
    """Return the lines of a canonical text that are not blank."""
    found, gap = [], True
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if stripped:
            found.append(Line(number, stripped, gap))
        gap = not stripped
    return found
