"""Check the plot of the abstention curve: its formats, its labels, and what it cannot draw."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from rag.errors import InputError, SettingsError
from rag.evaluate import plot
from rag.evaluate.cases import Case
from rag.evaluate.results import Result


def results() -> list[Result]:
    """Return two answerable and two unanswerable questions, one of each decided wrongly."""
    rows = [(("a",), 0.9, True), (("a",), 0.3, False), ((), 0.7, True), ((), 0.1, False)]
    return [
        Result(Case("q", "de", articles, ()), (), (), answered, confidence, 1, 2)
        for articles, confidence, answered in rows
    ]


def test_an_svg_says_what_it_shows(tmp_path: Path) -> None:
    """Draw the curve of each run with the point where it ran; the same results make the same file."""
    path = tmp_path / "curve.svg"
    plot.abstention(path, {"first": results(), "second": results()}, threshold=0.4)
    first = path.read_bytes()
    texts = " ".join(node.text or "" for node in ElementTree.fromstring(first).iter())
    for expected in ("false refusals", "false answers", "first, AUROC 0.750 (2+2 questions)", "second",
                     "threshold 0.4: 50.0% false refusals, 50.0% false answers"):  # fmt: skip
        assert expected in texts
    plot.abstention(path, {"first": results(), "second": results()}, threshold=0.4)
    assert path.read_bytes() == first


def test_a_png_is_one(tmp_path: Path) -> None:
    """Choose the format by the ending."""
    plot.abstention(tmp_path / "curve.PNG", {"all": results()})
    assert (tmp_path / "curve.PNG").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Say which ending, which questions, which folder, which package."""
    with pytest.raises(InputError, match=r"ends in \.txt"):
        plot.check(tmp_path / "curve.txt")
    with pytest.raises(InputError, match="got 2 with and 0 without"):
        plot.abstention(tmp_path / "curve.svg", {"all": results()[:2]})
    with pytest.raises(InputError, match="cannot be written"):
        plot.abstention(tmp_path / "weg" / "curve.svg", {"all": results()})
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SettingsError, match="needs matplotlib") as caught:
        plot.check(tmp_path / "curve.svg")
    assert "quellenchat[plot]" in caught.value.hint
