"""Article → passages: runs of whole sentences, a heading kept with what follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rag.ingest.text.sentences import sentences
from rag.schema import Article, Passage, Span

VERSION: Final = 3  # raise when the same settings cut differently than before
_TERMINAL: Final = re.compile(r"""[.!?…:;,]["'“”»«’)\]]*$""")
_HEADING_WORDS: Final = 14
_HEADINGS: Final = 3  # in a row: title, section, subsection
_SENTENCE_CHARS: Final = 1_200  # a "sentence" beyond this (a table, a list) is cut at white space
_CONTEXT_CHARS: Final = 160


@dataclass(frozen=True, slots=True)
class _Block:
    """A line of the text: its sentences, and the headings above it, which stay with it."""

    lead: tuple[Span, ...]
    sentences: tuple[Span, ...]


def passages(article: Article, passage_words: int) -> list[Passage]:
    """Cut an article into passages of about `passage_words` words, 1.5 times that at most.

    Passages are disjoint, in order, made of whole sentences, and together hold every sentence. A
    paragraph is kept whole where it fits. A heading starts a passage when the one before is half full,
    and always stands in the passage of what follows it. Only a single sentence may exceed the limit.
    """
    cuts: list[list[Span]] = []
    headings: list[str] = []
    heading, words = "", 0
    for block in _blocks(article):
        if block.lead:
            heading = _quote(article.text, block.lead[-1:])
        led = _words(article.text, block.lead)
        size = led + _words(article.text, block.sentences)
        full = words + size > passage_words * 1.15 or (block.lead and words > passage_words / 2)
        if not cuts or (full and words > 0):
            cuts.append([])
            headings.append(heading)
            words = 0
        cuts[-1].extend(block.lead)
        words += led
        for span in block.sentences:
            size = _words(article.text, [span])
            if words > led and words + size > passage_words * 1.5:
                cuts.append([])
                headings.append(heading)
                words = led = 0
            cuts[-1].append(span)
            words += size
    return [_passage(article, spans, head) for spans, head in zip(cuts, headings, strict=True) if spans]


def context(title: str, passage: Passage, before: Passage | None) -> str:
    """Return what is embedded for a passage: title, heading and the end of what stands before it.

    None of it becomes part of the quoted text; it says what the passage is about.
    """
    lead = [title.strip()]
    if passage.heading and passage.heading not in passage.text and passage.heading != title:
        lead.append(passage.heading)
    if before is not None:
        last = before.quote(before.sentences[-1])
        if len(last) <= _CONTEXT_CHARS and last not in lead:
            lead.append(last)
    return "\n".join([part for part in lead if part] + [passage.text])


def _blocks(article: Article) -> Iterator[_Block]:
    """Yield the lines of an article, headings as the lead of the line below them.

    Of many short lines in a row (a menu, a list) only the last few can be headings of what follows.
    """
    lead: list[tuple[Span, ...]] = []
    for line in _lines(article):
        if _is_heading(_quote(article.text, line), _words(article.text, line)):
            lead.append(line)
            if len(lead) > _HEADINGS:
                yield _Block((), lead.pop(0))
        else:
            yield _Block(tuple(span for heading in lead for span in heading), line)
            lead = []
    for line in lead:
        yield _Block((), line)


def _lines(article: Article) -> Iterator[tuple[Span, ...]]:
    line: list[Span] = []
    for span in _bounded(article.text, sentences(article.text, article.source.language)):
        if line and "\n" in article.text[line[-1].end : span.start]:
            yield tuple(line)
            line = []
        line.append(span)
    if line:
        yield tuple(line)


def _is_heading(line: str, words: int) -> bool:
    return words <= _HEADING_WORDS and not _TERMINAL.search(line) and any(c.isalpha() for c in line)


def _bounded(text: str, spans: list[Span]) -> Iterator[Span]:
    """Cut spans that no reader would call a sentence at the last white space before the limit."""
    for span in spans:
        start = span.start
        while span.end - start > _SENTENCE_CHARS:
            window = text[start : start + _SENTENCE_CHARS]
            cut = max(window.rfind(" "), window.rfind("\t"))
            end = start + (cut if cut > 0 else _SENTENCE_CHARS)
            yield Span(start, end)
            start = end + (len(text[end : span.end]) - len(text[end : span.end].lstrip()))
        if start < span.end:
            yield Span(start, span.end)


def _passage(article: Article, spans: list[Span], heading: str) -> Passage:
    start, end = spans[0].start, spans[-1].end
    return Passage(article.id, start, end, article.text[start:end], tuple(spans), heading)


def _quote(text: str, spans: Sequence[Span]) -> str:
    return text[spans[0].start : spans[-1].end] if spans else ""


def _words(text: str, spans: Sequence[Span]) -> int:
    return sum(text.count(" ", span.start, span.end) + 1 for span in spans)
