"""Check that the text of a PDF is read as it is meant: columns, hyphens, running heads."""

from pathlib import Path

import pytest

from rag.ingest.outcomes import Failure
from tests.ingest.formats.files import FIRST, MORE, SECOND, TITLE, everything, one
from tests.ingest.printed import column, pdf

LEFT = [
    "Der Hafen von Rostock wird für 30 Millio-",
    "nen Euro ausgebaut, wie das Land am",
    "Dienstag in Schwerin mitteilte.",
]
RIGHT = [
    "Kritiker halten den Ausbau für zu teuer,",
    "weil der Hafen schon heute nicht ausge-",
    "lastet ist, wie sie sagen.",
]
LATER = [
    "Der Minister widersprach am Mittwoch:",
    "In wenigen Jahren rechne sich der Aus-",
    "bau, weil größere Schiffe anlegen.",
]
LAST = [
    "Die Arbeiten sollen im Frühjahr begin-",
    "nen und zwei Jahre dauern, wenn die",
    "Stadt dem Plan zustimmt.",
]


def sheet(number: int, left: list[str], right: list[str]) -> list[tuple[float, float, float, str]]:
    """Return a page of two columns with a running head and a page number; its rows come mixed up."""
    page = column(50, 700, left) + column(310, 700, right)
    head = [(50, 800, 8, "Küstenblatt vom 7. Dezember 2021"), (290, 30, 8, f"– {number} –")]
    return [*page[::2], *head, *page[1::2]]


def test_pdf_columns_hyphens_and_running_heads(tmp_path: Path) -> None:
    """Read column after column, make divided words whole, leave heads and page numbers out."""
    pages = [[*sheet(1, LEFT, RIGHT), (50, 740, 20, TITLE)], sheet(2, LATER, LAST)]
    made = one(tmp_path / "a.pdf", pdf(pages))
    assert made.article.text == "\n\n".join([TITLE, FIRST, SECOND, *MORE])
    assert made.article.source.title == TITLE


def test_pdf_rows_written_in_pieces(tmp_path: Path) -> None:
    """Read what a browser prints: kerned letters in pieces that overlap, a full stop as a piece of its own."""
    pieces = [(50, 740, 20, TITLE), (50, 700, 10, "Die Nachricht kam vom W"), (161.5, 700, 10, "erftchef T")]
    pieces += [(203.5, 700, 10, "om Hale am Dienstag"), (297.5, 700, 10, "."), (303, 700, 10, "A"),
               (308.5, 700, 10, "m Mittwoch widersprach er ihr schon wieder."), (50, 688, 10, LAST[0]),
               (50, 676, 10, LAST[1]), (50, 664, 10, LAST[2])]  # fmt: skip
    made = one(tmp_path / "a.pdf", pdf([pieces]))
    first = (
        "Die Nachricht kam vom Werftchef Tom Hale am Dienstag. Am Mittwoch widersprach er ihr schon wieder."
    )
    assert made.article.text == f"{TITLE}\n\n{first} {MORE[1]}"


def test_pdf_with_few_lines_keeps_its_paragraphs_apart(tmp_path: Path) -> None:
    """Print a short report: a byline, and paragraphs of which most have one line."""
    lines = [(50, 740, 20, TITLE), (50, 700, 10, "Von Tom Hale, Neiße-Kurier, 3. Mai 2023"), (50, 675, 10, FIRST[:75]),
             (50, 663, 10, FIRST[76:]), (50, 638, 10, "Der Rat stimmt im Juni ab.")]  # fmt: skip
    source = one(tmp_path / "a.pdf", pdf([lines])).article.source
    assert (source.author, source.publisher, str(source.published)) == (
        "Tom Hale",
        "Neiße-Kurier",
        "2023-05-03",
    )


def test_pdf_in_justified_columns(tmp_path: Path) -> None:
    """Print a column as newspapers do: words apart, an initial, paragraphs set in, a headline of two rows."""
    page = [(50, 790, 8, "Dienstag, 7. Dezember 2021"), (50, 750, 22, "Rostock baut seinen"), (50, 726, 22, "Hafen aus"),
            (50, 705, 10, "Von Tom Hale"),
            (50, 672, 24, "D"), (70, 684, 10, "er Hafen von Rostock wird"), (70, 672, 10, "für 30"), (125, 672, 10, "Millionen Euro"),
            (50, 660, 10, "ausgebaut,"), (115, 660, 10, "wie das Land sagt."),
            (62, 648, 10, "Verbände rügen die Planung"), (50, 636, 10, "gegen"), (95, 636, 10, "Hochwasser und Erweite-"),
            (50, 624, 10, "rung."), (95, 624, 10, "Die Schiffe fahren mit Öl,"), (50, 612, 10, "wie sie sagen."),
            (62, 600, 10, "Der Rat stimmt im Juni ab."), (50, 588, 10, "Bis dahin"), (110, 588, 10, "ruht"), (150, 588, 10, "alle Arbeit.")]  # fmt: skip
    source = one(tmp_path / "a.pdf", pdf([page])).article
    assert source.text.split("\n\n") == [
        "Rostock baut seinen Hafen aus",
        "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das Land sagt.",
        "Verbände rügen die Planung gegen Hochwasser und Erweiterung. Die Schiffe fahren mit Öl, wie sie sagen.",
        "Der Rat stimmt im Juni ab. Bis dahin ruht alle Arbeit.",
    ]
    assert (source.source.author, str(source.source.published)) == ("Tom Hale", "2021-12-07")


def test_the_day_in_a_running_head_tells_of_the_article(tmp_path: Path) -> None:
    """Take the day from the first page's head, which stands on every page and is left out."""
    made = one(tmp_path / "a.pdf", pdf([sheet(1, LEFT, RIGHT), sheet(2, LATER, LAST)])).article
    assert str(made.source.published) == "2021-12-07"
    assert "Küstenblatt" not in made.text


def test_a_scanned_pdf_is_named_as_such(tmp_path: Path) -> None:
    """Tell pictures of text from a file without any."""
    (scanned,) = everything(tmp_path / "a.pdf", pdf([[], []], picture=True))
    assert isinstance(scanned, Failure)
    assert "scanned" in scanned.message
    assert "text recognition" in scanned.hint
    (empty,) = everything(tmp_path / "b.pdf", pdf([[]]))
    assert isinstance(empty, Failure)
    assert "no text" in empty.message


@pytest.mark.parametrize("content", [b"%PDF-1.4 broken", b"no pdf", pdf([[(50, 700, 10, FIRST)]])[:300]])
def test_a_damaged_pdf_is_one_failure(tmp_path: Path, content: bytes) -> None:
    """Name the file and go on."""
    (failure,) = everything(tmp_path / "a.pdf", content)
    assert isinstance(failure, Failure)
    assert failure.hint
