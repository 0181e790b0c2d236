"""Hits → the numbered sentences a language model is shown: `[2.3]` is sentence 3 of evidence 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.schema import Hit, Source, Span


@dataclass(frozen=True, slots=True)
class Cited:
    """What a marker of a reply points to."""

    source: Source
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Numbered sentences, and the text that shows them to the model."""

    text: str
    sentences: dict[tuple[int, int], Cited]

    def of_passage(self, number: int) -> list[Cited]:
        """Return all sentences of evidence `number`, for a marker that names no sentence."""
        return [cited for (n, _), cited in self.sentences.items() if n == number]


def number(hits: Sequence[Hit]) -> Evidence:
    """Number the sentences of hits in the order given."""
    blocks: list[str] = []
    sentences: dict[tuple[int, int], Cited] = {}
    for n, hit in enumerate(hits, start=1):
        lines = [_head(n, hit.source)]
        for m, span in enumerate(hit.passage.sentences, start=1):
            text = hit.passage.quote(span)
            sentences[n, m] = Cited(hit.source, span, text)
            lines.append(f"[{n}.{m}] {text}")
        blocks.append("\n".join(lines))
    return Evidence("\n\n".join(blocks), sentences)


def _head(n: int, source: Source) -> str:
    about = [source.publisher or "", source.published.isoformat() if source.published else "", source.title]
    return f"--- {n}: " + " · ".join(part for part in about if part)
