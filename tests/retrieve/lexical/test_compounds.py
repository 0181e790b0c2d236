"""Check that German compounds are cut into words that are known, and nothing else is."""

import pytest

from rag.retrieve.lexical.analysis import stem
from rag.retrieve.lexical.compounds import parts

KNOWN = {
    stem(word, "de") for word in "sicherheit garantie grenze truppe gipfel video treffen energie".split()
}


@pytest.mark.parametrize(
    ("word", "made"),
    [
        ("sicherheitsgarantien", ["sicherheit", "garantie"]),
        ("grenztruppen", None),
        ("videogipfel", ["video", "gipfel"]),
        ("videogipfeltreffen", ["video", "gipfel", "treffen"]),
        ("gipfel", []),
        ("sicherheit", []),
        ("garantien", []),
        ("gipfelstürmer", []),
        ("", []),
    ],
)
def test_parts(word: str, made: list[str] | None) -> None:
    """Find the stems of known parts, through linking letters."""
    found = parts(word, KNOWN.__contains__)
    if made is None:
        assert set(found) <= KNOWN
    else:
        assert found == tuple(stem(one, "de") for one in made)
