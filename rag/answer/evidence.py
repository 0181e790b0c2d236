"""Hits → the numbered sentences a language model is shown: `[2.3]` is sentence 3 of evidence 2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rag.schema import Hit, Source, Span

CHARS_PER_TOKEN: Final = 3  # of German and English news, for tokenizers that know both no better than one
# What a reply that repeats an article could be read to cite: the forms that `citations` understands.
_FAKE: Final = re.compile(
    r"[\[【［]\s*((?:Satz|sentence)?\s*\d{1,2}(?:\.\d{1,3})?(?:[\s,;.&–-]|und|and|\d)*)[\]】］]"
    r"|[\[【［]([^\[\]【】［］]{0,60}\d{1,2}(?:\.\d{1,3})?[^\[\]【】［］\d]{0,60})[\]】］]"
)
_LOOSE_FAKE: Final = re.compile(
    r"((?:\(|>|\b(?:Satz|Sätzen?|sentences?)\s)\s*)(\d{1,2}\.\d{1,3})(?![\d%]|\s*(?:%|Pro|per))",
    re.IGNORECASE,
)
# Signs by which chat templates set off who speaks; servers read them in any text: <|im_end|>, </s>, [/INST].
_TEMPLATE: Final = re.compile(
    r"<(?P<angle>[^<>\s][^<>\n]{0,60})>|\[(?P<square>/?[A-Z][A-Z_]{2,30})\]|(?P<pipe><\||\|>|<<|>>)"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """What a marker of a reply points to."""

    source: Source
    span: Span
    text: str
    before: str = ""  # the sentence before it in its passage: what says who "he" is
    read: str = ""  # all that was read of its article: what says whose president someone is


@dataclass(frozen=True, slots=True)
class Evidence:
    """Numbered sentences, and the text that shows them to the model."""

    text: str
    sentences: dict[tuple[int, int], Cited]

    @property
    def all(self) -> list[Cited]:
        """All sentences in order."""
        return list(self.sentences.values())

    @property
    def passages(self) -> int:
        """How many passages are shown."""
        return len({n for n, _ in self.sentences})

    def of_passage(self, number: int) -> list[Cited]:
        """Return all sentences of evidence `number`, for a marker that names no sentence."""
        return [cited for (n, _), cited in self.sentences.items() if n == number]


def within(hits: Sequence[Hit], tokens: int) -> Evidence:
    """Number as many of the hits, best first, as a number of tokens holds; the first one always."""
    shown = list(hits)
    while len(shown) > 1 and len(number(shown).text) > tokens * CHARS_PER_TOKEN:
        shown.pop()
    return number(shown)


def number(hits: Sequence[Hit]) -> Evidence:
    """Number the sentences of hits in the order given."""
    blocks: list[str] = []
    sentences: dict[tuple[int, int], Cited] = {}
    read: dict[str, str] = {}
    for hit in hits:
        read[hit.source.id] = f"{read.get(hit.source.id, '')}{hit.passage.text}\n"
    for n, hit in enumerate(hits, start=1):
        lines = [_head(n, hit.source)]
        before = ""
        for m, span in enumerate(hit.passage.sentences, start=1):
            text = hit.passage.quote(span)
            sentences[n, m] = Cited(hit.source, span, text, before, read[hit.source.id])
            before = text
            lines.append(f"[{n}.{m}] {_harmless(text)}")
        blocks.append("\n".join(lines))
    return Evidence("\n\n".join(blocks), sentences)


def _head(n: int, source: Source) -> str:
    about = [source.publisher or "", source.published.isoformat() if source.published else "", source.title]
    return f"--- {n}: " + _harmless(" · ".join(part for part in about if part))


def _harmless(text: str) -> str:
    """Return what an article says on one line, without what looks like a marker or a template's sign.

    Only the language model reads it so; a citation of the sentence stays word for word.
    """
    text = _FAKE.sub(lambda match: f"‹{match[1] or match[2]}›", " ".join(text.split()))
    return _TEMPLATE.sub(_quoted, _LOOSE_FAKE.sub(r"\1‹\2›", text))


def _quoted(match: re.Match[str]) -> str:
    inner = match["angle"] or match["square"]
    return f"‹{inner.replace('|', '¦')}›" if inner else {"<": "‹", "|": "›"}.get(match["pipe"][0], "›")
