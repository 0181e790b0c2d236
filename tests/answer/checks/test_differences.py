"""Labelled pairs of sentences: different figures for the same thing are told, everything else is not."""

from datetime import date

import pytest

from rag.answer.checks.differences import corrections, differences
from rag.schema import Citation, Source, Span


def cited(
    marker: int, quote: str, day: int = 7, *, article: str = "", language: str = "de", title: str = "T",
    publisher: str | None = None,
) -> Citation:  # fmt: skip
    """Return a citation of an article published on a day of December 2021."""
    published = date(2021, 12, day)
    source = Source(article or f"{marker}.md", title, language, publisher=publisher, published=published)
    return Citation(f"[{marker}]", source, Span(0, len(quote)), quote, 1.0)


def told(one: tuple[str, str], other: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the differing figures of two sentences, each with its language, the first the earlier one."""
    pair = [cited(1, one[1], 7, language=one[0]), cited(2, other[1], 8, language=other[0])]
    return [(found.before, found.after) for found in differences(pair)]


DIFFERENT = [
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("de", "Inzwischen stehen an der Grenze zur Ukraine 175.000 russische Soldaten."),
     ("94.000 russische Soldaten", "175.000 russische Soldaten")),
    (("de", "Bei dem Erdbeben in der Türkei starben 41 Menschen."),
     ("de", "In der Türkei kamen bei dem Erdbeben 53 Menschen ums Leben."),
     ("41 Menschen", "53 Menschen")),
    (("en", "About 94,000 soldiers were massed near the border with Ukraine."),
     ("en", "Officials counted 70,000 soldiers near the border with Ukraine."),
     ("94,000 soldiers", "70,000 soldiers")),
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("en", "Near the border with Ukraine there are 120,000 Russian soldiers."),
     ("94.000 russische Soldaten", "120,000 Russian soldiers")),
    (("en", "The talks in Riyadh between Rubio and Lavrov took 4 hours in all, said Rubio."),
     ("en", "The talks in Riyadh between Rubio and Lavrov took 6 hours in all."),
     ("4 hours", "6 hours")),
    (("en", "The flood in Auenbach damaged 300 houses beside the river."),
     ("de", "Das Hochwasser in Auenbach beschädigte 450 Häuser am Fluss."),
     ("300 houses", "450 Häuser")),
]  # fmt: skip

# The same thing said alike or rounded, other things, places, days, bounds and parts of a whole.
ALIKE = [
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("de", "An der Grenze zur Ukraine stehen rund 90.000 russische Soldaten.")),
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("en", "Near the border with Ukraine there are 94,000 Russian soldiers.")),
    (("de", "An der Grenze zur Ukraine stehen 94 Tsd. russische Soldaten."),
     ("en", "Near the border with Ukraine there are 94,000 Russian soldiers.")),
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("de", "An der Grenze zur Ukraine stehen 40 russische Panzer.")),
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("de", "In Syrien dienten 5.000 russische Soldaten.")),
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("de", "An der Grenze zu Polen stehen 5.000 deutsche Soldaten.")),
    (("de", "Am 3. Dezember standen 94.000 russische Soldaten an der Grenze zur Ukraine."),
     ("de", "Am 9. Dezember standen 120.000 russische Soldaten an der Grenze zur Ukraine.")),
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("de", "An der Grenze zur Ukraine stehen bis zu 175.000 russische Soldaten.")),
    (("de", "An der Grenze zur Ukraine stehen 94.000 russische Soldaten."),
     ("de", "An die Grenze zur Ukraine kommen weitere 10.000 russische Soldaten.")),
    (("en", "The talks in Riyadh between Rubio and Lavrov took 4 hours."),
     ("en", "The talks in Riyadh between Rubio and Lavrov took 240 minutes.")),
    (("en", "The bank cut its rate by 25 basis points in January."),
     ("en", "The bank had cut its rate by 50 basis points in September.")),
    (("de", "Der Gipfel in Genf begann um 10 Uhr."), ("de", "Der Gipfel in Genf begann um 12 Uhr.")),
    (("de", "Die Partei gewann 12 Sitze im Landtag von Bayern."),
     ("de", "Die Partei gewann 8 Sitze im Landtag von Hessen.")),
    (("de", "Am Tag 5 der Beratung über die Ukraine in Genf gab es Streit um Getreide."),
     ("de", "Am Tag 6 der Beratung über die Ukraine in Genf gab es Streit um Gefangene.")),
    (("en", "The festival showed 19 films from Asia in Berlin."),
     ("en", "The festival gave 3 prizes to films from Asia in Berlin.")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "figures"), DIFFERENT)
def test_different_figures_for_the_same_thing_are_told(
    one: tuple[str, str], other: tuple[str, str], figures: tuple[str, str]
) -> None:
    assert told(one, other) == [figures]
    assert told(other, one) == [figures[::-1]]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_is_no_difference_is_not_told(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert told(one, other) == told(other, one) == []


def test_the_earlier_article_stands_first_and_one_article_never_differs_from_itself() -> None:
    first, second, _ = DIFFERENT[0]
    (found,) = differences([cited(1, second[1], 9), cited(2, first[1], 7)])
    assert (found.earlier.marker, found.later.marker) == ("[2]", "[1]")
    same = [cited(1, first[1], article="a.md"), cited(2, second[1], article="a.md")]
    assert differences(same) == []


PREVIEW = "Vor dem Gipfel: Was beide besprechen wollen"


def test_a_correction_names_what_it_corrects() -> None:
    wrong = cited(1, "Seit Juni haben sie nicht gesprochen.", 6, title=PREVIEW, publisher="Blatt")
    other = cited(2, "Der Gipfel begann um zehn.", 7, title="Der Gipfel", publisher="Blatt")
    words = f"In unserem Artikel „{PREVIEW}“ vom 6. Dezember stand ein Fehler."
    right = cited(3, words, 9, title="Korrektur: Sie telefonierten im Juli", publisher="Blatt")
    (found,) = corrections([wrong, other, right])
    assert (found.by, found.corrected) == (right, wrong)


@pytest.mark.parametrize(
    ("title", "publisher", "day", "named"),
    [
        ("Korrektur: Sie telefonierten im Juli", "Blatt", 9, True),
        ("Correction: they spoke in July", "Blatt", 9, True),
        ("Korrektur: Sie telefonierten im Juli", "Post", 9, False),  # another paper's
        ("Korrektur: Sie telefonierten im Juli", "Blatt", 5, False),  # it came before
    ],
)
def test_without_its_headline_only_the_one_earlier_article_of_its_paper_is_meant(
    title: str, publisher: str, day: int, named: bool
) -> None:
    wrong = cited(1, "Seit Juni haben sie nicht gesprochen.", 6, title=PREVIEW, publisher="Blatt")
    right = cited(2, "Richtig ist: Sie telefonierten im Juli.", day, title=title, publisher=publisher)
    (found,) = corrections([wrong, right])
    assert found.corrected == (wrong if named else None)


def test_an_article_about_corrections_is_none() -> None:
    assert (
        corrections([cited(1, "Die Börse erwartet eine Korrektur.", title="Börse vor einer Korrektur")]) == []
    )
