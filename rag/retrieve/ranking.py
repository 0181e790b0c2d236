"""Scored candidates → the order of the hits, with one article of those that tell the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rag.schema import Card

SAME: Final = 0.1  # difference of scores up to which two tellings of one text are equally good


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may become a hit: its key, its card and what speaks for it, as in `Hit`."""

    key: int
    card: Card
    score: float
    cosine: float = 0.0
    bm25: float = 0.0
    match: float = 0.0


def rank(candidate: Candidate) -> tuple[float, int, str, int]:
    """Return what is sorted by: best first, then newest (undated last), then by article and place."""
    card = candidate.card
    newest = -card.published.toordinal() if card.published else 0
    return -candidate.score, newest, card.article, card.start


def without_copies(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates, best first, of one article of each cluster only.

    That is the article with the best passage; among those as good the one of which most is known, then
    the earliest.
    """
    kept: dict[int, Candidate] = {}
    for one in ranked:
        if one.card.cluster is None:
            continue
        first = kept.setdefault(one.card.cluster, one)
        if one.score >= first.score - SAME and _original(one.card) < _original(first.card):
            kept[one.card.cluster] = replace(one, score=first.score)
    return [
        one
        for one in ranked
        if one.card.cluster is None or kept[one.card.cluster].card.article == one.card.article
    ]


def _original(card: Card) -> tuple[int, date, str]:
    return -card.known, card.published or date.max, card.article
