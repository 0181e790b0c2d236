"""Check that lines broken to a width become paragraphs again."""

import time

from rag.ingest.text.layout import joined, unwrapped
from tests.ingest.formats.files import FIRST, SECOND


def test_joined_lines() -> None:
    """Join what a line's end divided, and keep the hyphens that words have."""
    assert joined(["Die Ausga-", "ben für Ein-", "und Ausfuhr, die CDU-", "Politiker fordern"]) == (
        "Die Ausgaben für Ein- und Ausfuhr, die CDU-Politiker fordern"
    )


def test_many_joined_lines_take_linear_time() -> None:
    """Join a paragraph of 20,000 lines while the clock of the processor has hardly moved."""
    began = time.process_time()
    assert joined([SECOND, "ohne Ende und Tren-", "nung"] * 20_000).endswith(
        f"{SECOND} ohne Ende und Trennung"
    )
    assert time.process_time() - began < 5


def test_text_broken_to_a_width_becomes_paragraphs() -> None:
    """Unwrap paragraphs whose lines end in mid-sentence at a like length, and nothing else."""
    wrapped = (
        "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das\nLand am Dienstag in Schwerin "
        "mitteilte. Kritiker halten den Ausbau\nfür zu teuer, weil der Hafen schon heute nicht ausgelastet ist,\nwie sie sagen."
    )
    assert unwrapped(wrapped) == f"{FIRST} {SECOND}"
    column = (
        "Der Hafen von Rostock wird für\n30 Millionen Euro ausge-\nbaut, wie das Land am Dienstag in Schwe-\nrin "
        "mitteilte.\nKritiker halten den Ausbau für zu\nteuer, weil der Hafen schon heu-\nte nicht ausgelastet "
        "ist, wie\nsie sagen."
    )
    assert unwrapped(column) == f"{FIRST}\n{SECOND}"
    head = "Rostock baut seinen Hafen groß aus\nVon Anna Muster\n"
    assert unwrapped(head + column) == f"{head}{FIRST}\n{SECOND}"
    poem = "Erste Zeile\nZweite Zeile\nDritte Zeile"
    assert unwrapped(poem) == poem
    assert unwrapped(f"{FIRST}\n{SECOND}\n{FIRST}") == f"{FIRST}\n{SECOND}\n{FIRST}"
