"""Demand that the drawing of the architecture shows the arrows that the imports are held to."""

from __future__ import annotations

import re

from tests.docs.pages import blocks
from tests.test_architecture import ARROWS, NOUNS

PARTS = {
    name: {other for other in others if other not in NOUNS}
    for name, others in ARROWS.items()
    if name not in NOUNS
}


def reached(name: str) -> set[str]:
    """Return all that a part may come to import through others."""
    seen: set[str] = set()
    ahead = list(PARTS[name])
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += PARTS[one]
    return seen


def drawn() -> set[tuple[str, str]]:
    """Return the arrows to draw: those that do not follow from others."""
    return {
        ("api" if name == "__init__" else name, other)
        for name, others in PARTS.items()
        for other in others
        if not any(other in reached(between) for between in others - {other})
    }


def test_the_drawing_shows_the_arrows() -> None:
    """Compare every arrow, and demand that each part has a box."""
    (drawing,) = blocks("docs/architecture.md", "mermaid")
    assert set(re.findall(r"^\s+(\w+) --> (\w+)$", drawing, re.M)) == drawn()
    boxes = set(re.findall(r'^\s+(\w+)\["rag', drawing, re.M))
    assert boxes == {"api" if name == "__init__" else name for name in PARTS}
