"""Labelled pairs of sentences: different figures for the same thing are told, everything else is not."""

from datetime import date

import pytest

from rag.answer.checks.corrections import corrections
from rag.answer.checks.differences import Difference, differences, unexplained
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
    return [(before.text, after.text) for before, after in (found.figures for found in differences(pair))]


def listed(found: Difference) -> list[tuple[str, str]]:
    """Return the figures of a difference with the markers of those who give them."""
    return [(one.text, "".join(cited.marker for cited in one.citations)) for one in found.figures]


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
    assert listed(found) == [("94.000 russische Soldaten", "[2]"), ("175.000 russische Soldaten", "[1]")]
    same = [cited(1, first[1], article="a.md"), cited(2, second[1], article="a.md")]
    assert differences(same) == []


AT_THE_BORDER = "An der Grenze zur Ukraine stehen {} russische Soldaten."


def test_three_figures_for_the_same_thing_are_one_difference() -> None:
    """List each figure once, by the days of the articles, in both languages."""
    english = "Near the border with Ukraine there are 120,000 Russian soldiers."
    (found,) = differences(
        [
            cited(1, AT_THE_BORDER.format("175.000"), 9),
            cited(2, AT_THE_BORDER.format("94.000"), 7),
            cited(3, english, 8, language="en"),
            cited(4, AT_THE_BORDER.format("94.000"), 10),
        ]
    )
    assert listed(found) == [
        ("94.000 russische Soldaten", "[2][4]"),
        ("120,000 Russian soldiers", "[3]"),
        ("175.000 russische Soldaten", "[1]"),
    ]


def test_other_things_are_differences_of_their_own() -> None:
    """Do not put together what each differs from a third, but speaks of another place."""
    first, last = "In Auenbach sind 300 Häuser beschädigt.", "In Birkental sind 450 Häuser beschädigt."
    between = (
        "Das Hochwasser hat am Fluss 600 Häuser beschädigt, sagte der Landrat in Auenbach und Birkental."
    )
    houses = [cited(1, first), cited(2, between, 8), cited(3, last, 9)]
    assert [listed(found) for found in differences(houses)] == [
        [("300 Häuser", "[1]"), ("600 Häuser", "[2]")],
        [("600 Häuser", "[2]"), ("450 Häuser", "[3]")],
    ]


def test_what_a_correction_puts_right_is_left_out() -> None:
    """Name the corrected figure no more, and nothing where only the right one is left."""
    quotes = [AT_THE_BORDER.format(count) for count in ("94.000", "175.000", "20.000")]
    titles = ["Lage an der Grenze", "Korrektur: Lage an der Grenze", "Abzug"]
    all_three = [
        cited(number, quote, 6 + number, title=title, publisher="Blatt" if number < 3 else "Anderes")
        for number, (quote, title) in enumerate(zip(quotes, titles, strict=True), start=1)
    ]
    (found,) = unexplained(all_three)
    assert listed(found) == [("175.000 russische Soldaten", "[2]"), ("20.000 russische Soldaten", "[3]")]
    assert unexplained(all_three[:2]) == []


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
