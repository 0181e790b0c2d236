"""Different figures for the same thing are noticed; roundings, other things and other days' words are not."""

from datetime import date

import pytest

from rag.answer.differences import differences
from rag.schema import Citation, Source, Span


def cited(marker: int, quote: str, day: int, article: str = "", language: str = "de") -> Citation:
    """Return a citation of an article published on a day of December 2021."""
    source = Source(article or f"{marker}.md", "T", language, published=date(2021, 12, day))
    return Citation(f"[{marker}]", source, Span(0, len(quote)), quote, 1.0)


SOLDIERS = "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."


def test_different_figures_are_told_with_the_earlier_first() -> None:
    later = "Inzwischen stehen an der Grenze zur Ukraine 175.000 russische Soldaten."
    (found,) = differences([cited(1, later, 9), cited(2, SOLDIERS, 7)])
    assert (found.earlier.marker, found.later.marker) == ("[2]", "[1]")
    assert (found.before, found.after) == ("94.000 russische", "175.000 russische")


@pytest.mark.parametrize(
    ("other", "article"),
    [
        ("An der Grenze zur Ukraine stehen rund 90.000 russische Soldaten.", ""),  # the same, rounded
        ("An der Grenze zur Ukraine stehen 175.000 russische Soldaten.", "1.md"),  # the same article
        ("An der Grenze zur Ukraine stehen 40 Panzer.", ""),  # something else
        ("In Syrien dienten 5.000 russische Männer.", ""),  # somewhere else
    ],
)
def test_what_is_no_difference(other: str, article: str) -> None:
    assert differences([cited(1, SOLDIERS, 7), cited(2, other, 8, article)]) == []
