"""A finished reply → its statements, each held against the sentences it cites, and its citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.answer.checks.support import Checker, plain
from rag.answer.evidence import Cited
from rag.answer.markers import number
from rag.answer.reply.statements import statements
from rag.answer.texts import say
from rag.schema import Citation, Statement

_WORDS: Final = 3  # fewer are a heading, for which no sentence is sought
_STOPS: Final = ".!?…"


@dataclass(frozen=True, slots=True)
class Judged:
    """A reply's text with the markers of citations that were found, its citations and statements."""

    text: str
    citations: tuple[Citation, ...]
    statements: tuple[Statement, ...]


def judged(
    text: str, language: str, cited: Sequence[Cited], shown: Sequence[Cited], checker: Checker
) -> Judged:
    """Judge every statement; one without a citation gets the sentence shown that carries it best."""
    text, known = _completed(text, language, list(cited), shown, checker)
    support = [0.0] * len(known)
    made = []
    for one in statements(text, language):
        said = text[one.span.start : one.span.end]
        places = [number(marker) - 1 for marker in one.markers]
        if not places and _is_heading(text, one):
            continue
        if not places:
            made.append(replace(one, support=0.0, reason=say("support_none", language)))
            continue
        verdict = checker.check(said, language, [known[n] for n in places])
        made.append(replace(one, support=verdict.support, reason=verdict.reason(language)))
        for n in places:
            alone = checker.alone(said, language, known[n]) if len(places) > 1 else verdict.support
            support[n] = max(support[n], min(alone, 1.0 if verdict.supported else verdict.support))
    citations = tuple(
        Citation(f"[{n}]", one.source, one.span, one.text, carried, found=n > len(cited))
        for n, (one, carried) in enumerate(zip(known, support, strict=True), start=1)
    )
    return Judged(text, citations, tuple(made))


def _is_heading(text: str, statement: Statement) -> bool:
    """Tell whether what cites nothing states nothing: a heading, a table's head, a line that leads on."""
    line = text[text.rfind("\n", 0, statement.span.start) + 1 : statement.span.end].strip("* ")
    said = text[statement.span.start : statement.span.end].strip("* ")
    short = len(plain(said).split()) <= _WORDS and not said.endswith(tuple(_STOPS))
    return short or line.startswith(("#", "|")) or said.endswith(":")


def _completed(
    text: str, language: str, known: list[Cited], shown: Sequence[Cited], checker: Checker
) -> tuple[str, list[Cited]]:
    """Return the text with a marker set into each statement that a sentence carries, and all cited."""
    places: list[tuple[int, int]] = []
    for one in statements(text, language):
        said = text[one.span.start : one.span.end]
        if one.markers or len(plain(said).split()) < _WORDS:
            continue
        best = checker.find(said, language, shown)
        if best is None:
            continue
        if best[0] not in known:
            known.append(best[0])
        places.append((one.span.start + len(said.rstrip(_STOPS + " ")), known.index(best[0]) + 1))
    for at, place in reversed(places):
        text = f"{text[:at]} [{place}]{text[at:]}"
    return text, known
