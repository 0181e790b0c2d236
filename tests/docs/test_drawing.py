"""Demand that the drawings of the architecture show the arrows that the imports are held to."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.arrows import ARROWS, INSIDE, NOUNS
from tests.docs.pages import blocks

Parts = Mapping[str, set[str]]
WHOLE = {
    name: {other for other in others if other not in NOUNS}
    for name, others in ARROWS.items()
    if name not in NOUNS
}


def reached(name: str, parts: Parts) -> set[str]:
    """Return all that a part may come to import through others."""
    seen: set[str] = set()
    ahead = list(parts[name])
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += parts[one]
    return seen


def drawn(parts: Parts) -> set[tuple[str, str]]:
    """Return the arrows to draw: those that do not follow from others."""
    return {
        (box(name), box(other))
        for name, others in parts.items()
        for other in others
        if not any(other in reached(between, parts) for between in others - {other})
    }


def box(name: str) -> str:
    """Return what a part is called in a drawing."""
    return {"__init__": "api"}.get(name, name.replace(".", "_"))


@pytest.mark.parametrize(("place", "parts"), enumerate([WHOLE, *INSIDE.values()]))
def test_the_drawings_show_the_arrows(place: int, parts: Parts) -> None:
    """Compare every arrow, and demand that each part has a box."""
    drawing = blocks("docs/architecture.md", "mermaid")[place]
    assert set(re.findall(r"^\s+(\w+) --> (\w+)$", drawing, re.M)) == drawn(parts)
    assert set(re.findall(r'^\s+(\w+)\["rag', drawing, re.M)) == {box(name) for name in parts}


def test_there_are_no_more_drawings() -> None:
    """Demand that a further drawing is held to something, too."""
    assert len(blocks("docs/architecture.md", "mermaid")) == 1 + len(INSIDE)
