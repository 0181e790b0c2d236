"""Cited sentences → which of their articles calls itself a correction, and what it corrects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rag.answer.facts.spellings import level
from rag.answer.markers import number
from rag.schema import Citation, Source

_TITLE: Final = re.compile(
    r"^\W*(?:korrektur|berichtigung|richtigstellung|correction|corrigendum|erratum)\b", re.IGNORECASE
)
_NAMED: Final = re.compile(r"[„“”\"»«'‚‘]([^„“”\"»«]{12,200})[„“”\"»«'’‘]")


@dataclass(frozen=True, slots=True)
class Correction:
    """A cited article that corrects another; `corrected` is None where that is not cited."""

    by: Citation
    corrected: Citation | None


def corrections(citations: Sequence[Citation]) -> list[Correction]:
    """Return the cited articles that call themselves a correction, each with what it corrects if cited.

    Another article is meant where the correction names its headline, or else where it is the only earlier one
    of the same publisher that is cited.
    """
    firsts = {one.source.id: one for one in reversed(citations)}
    correcting = [one for one in firsts.values() if _TITLE.match(one.source.title)]
    found = []
    for by in sorted(correcting, key=_number):
        others = [one for one in firsts.values() if one not in correcting]
        found.append(Correction(by, _meant(by, others, citations)))
    return found


def _number(citation: Citation) -> int:
    return number(citation.marker)


def _meant(by: Citation, others: Sequence[Citation], citations: Sequence[Citation]) -> Citation | None:
    quoted = " ".join(one.quote for one in citations if one.source.id == by.source.id)
    headlines = {level(name) for name in _NAMED.findall(quoted)}
    for one in others:
        if level(one.source.title) in headlines:
            return one
    earlier = [one for one in others if _precedes(one.source, by.source)]
    return earlier[0] if len(earlier) == 1 else None


def _precedes(one: Source, other: Source) -> bool:
    """Tell whether one article appeared no later than another of the same publisher."""
    if one.published is None or other.published is None or one.publisher != other.publisher:
        return False
    return one.publisher is not None and one.published <= other.published
