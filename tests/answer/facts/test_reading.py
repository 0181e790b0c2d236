"""Check that figures and dates come out the same however German and English write them."""

from datetime import date

import pytest

from rag.answer.facts.reading import Facts, missing_figures, missing_moments, read

TUESDAY = date(2021, 12, 8)  # a Wednesday: the day after "on Tuesday"


def given(text: str, language: str) -> list[tuple[Facts, date | None]]:
    """Return what a sentence of an article of 8 December 2021 says."""
    return [(read(text, language), TUESDAY)]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("100.000 Soldaten", "100,000 troops"),
        ("94 Tsd. Soldaten", "94,000 troops"),
        ("1,5 Milliarden Euro", "€1.5 billion"),
        ("1,5 Mrd. Euro", "1.5bn euros"),
        ("eine halbe Million", "half a million"),
        ("zwei Billionen Dollar", "$2 trillion"),
        ("zwölf Punkte", "12 points"),
        ("12 Prozent", "12%"),
        ("12,5 Prozent", "12.5 per cent"),
        ("einundzwanzig Staaten", "twenty-one states"),
        ("ein zweistündiges Gespräch", "a two-hour call"),
        ("8 Stunden", "8 hrs"),
        ("zweieinhalb Jahre", "two and a half years"),
        ("um 19.45 Uhr", "at 7:45 p.m."),
        ("100 000 Soldaten", "100,000 troops"),
        ("100'000 Franken", "CHF 100,000"),
        ("3 Mio. Franken", "CHF 3m"),
        ("1,5 Mrd. Euro", "EUR 1.5 bn"),
        ("anderthalb Stunden", "90 minutes"),
        ("die Hälfte der Soldaten", "50 percent of the soldiers"),
        ("ein Drittel der Stimmen", "a third of the votes"),
        ("zwei Drittel der Stimmen", "two-thirds of the votes"),
        ("das zweite Treffen", "the second meeting"),
        ("0,25 Prozentpunkte", "0.25 percentage points"),
        ("zweihundert Soldaten", "200 soldiers"),
        ("dreitausend Soldaten", "three thousand soldiers"),
        ("einhundertfünfzig Soldaten", "a hundred and fifty soldiers"),
        ("hundertzwanzigtausendfünf Soldaten", "120,005 soldiers"),
        ("drei Dutzend Soldaten", "three dozen soldiers"),
        ("36 Soldaten", "three dozen soldiers"),
        ("ein halbes Dutzend Soldaten", "half a dozen soldiers"),
        ("500 Schweizer Franken", "CHF 500"),
        ("500 Millionen US Dollar", "500 million U.S. dollars"),
        ("100 Quadratkilometer", "100 km²"),
        ("30 Grad", "30 °C"),
        ("8 Uhr abends", "8 p.m."),
        ("am Dienstagabend um 8 Uhr", "at 8 p.m."),
        ("20 Uhr", "at 8:00"),
        ("1,2 Kilometer", "1,200 metres"),
        ("300 Hektar", "3 square kilometres"),
        ("2,5 Tonnen", "2,500 kg"),
        ("1,5 Gigawatt", "1,500 MW"),
        ("0,5 Terawattstunden", "500 GWh"),
    ],
)
def test_figures_are_the_same_in_both_languages(german: str, english: str) -> None:
    """Find the one's figures in the other, both ways."""
    one, other = read(german, "de"), read(english, "en")
    assert one.figures
    assert missing_figures(one, [other]) == missing_figures(other, [one]) == []


@pytest.mark.parametrize(
    ("claimed", "held"),
    [
        ("95.000 Soldaten", "94.000 Soldaten"),
        ("12 Prozent", "12 Soldaten"),
        ("zwei Tage", "zwei Stunden"),
        ("1,5 Milliarden Euro", "1,5 Millionen Euro"),
        ("5 Euro", "5 Dollar"),
        ("19.45 Uhr", "19.15 Uhr"),
        ("2 Prozent", "2 Prozentpunkte"),
        ("ein Viertel der Stimmen", "ein Drittel der Stimmen"),
        ("die Hälfte der Stimmen", "30 Prozent der Stimmen"),
        ("das dritte Treffen", "das zweite Treffen"),
        ("zwei Stunden", "90 Minuten"),
        ("zweihundert Soldaten", "500 Soldaten"),
        ("um 8 Uhr", "um 20 Uhr"),
        ("8 a.m.", "8 p.m."),
        ("5 Meter", "5 Kilometer"),
        ("5 Kilowatt", "5 Kilowattstunden"),
        ("2 Kilometer", "200 Meter"),
        ("2 Hektar", "20.000 Meter"),
        ("500 Panzer", "500 Euro"),
        ("500 Euro", "500 Panzer"),
    ],
)
def test_another_figure_is_missing(claimed: str, held: str) -> None:
    """Name the figure as it is written."""
    assert missing_figures(read(claimed, "de"), [read(held, "de")])


def test_a_rounded_figure_stands_for_the_exact_one_only_where_it_says_so() -> None:
    """Accept "knapp 100.000" for 98,700, and not "100.000"."""
    exact = [read("98,700 troops", "en")]
    assert missing_figures(read("knapp 100.000 Soldaten", "de"), exact) == []
    assert missing_figures(read("100.000 Soldaten", "de"), exact) == ["100.000"]


@pytest.mark.parametrize(
    ("claimed", "held", "same"),
    [
        ("mehr als 5 Millionen", "5,4 Millionen", True),
        ("mehr als 5 Millionen", "über 5 Millionen", True),
        ("mehr als 5 Millionen", "4,6 Millionen", False),
        ("mehr als 5 Millionen", "80 Millionen", False),
        ("at least 50 people", "48 people", False),
        ("no fewer than 50 people", "52 people", True),
        ("bis zu 50 Menschen", "48 Menschen", True),
        ("nicht mehr als 50 Menschen", "52 Menschen", False),
        ("mindestens 50 Menschen", "bis zu 50 Menschen", False),
        ("rund 50 Milliarden Euro", "49,6 Milliarden Euro", True),
        ("rund 5 Billionen Euro", "4,96 Billionen Euro", True),
        ("rund 5 Billionen Euro", "4,3 Billionen Euro", False),
        ("500", "500 Euro", True),
        ("500 Euro", "500", True),
    ],
)
def test_bounds_and_rounding_hold_for_the_figures_within_them(claimed: str, held: str, same: bool) -> None:
    """Take "more than" as a lower bound, "up to" as an upper, and "about" as rounding, whatever the size."""
    language = "en" if "people" in claimed else "de"
    assert (missing_figures(read(claimed, language), [read(held, language)]) == []) is same


def test_what_is_told_loosely_is_wrong_only_beside_another_of_its_kind() -> None:
    """Take "the second" and "half" for no claim where the sentence counts nothing like it."""
    assert missing_figures(read("Half of the guests left.", "en"), [read("Viele Gäste gingen.", "de")]) == []
    assert (
        missing_figures(read("Das zweite Treffen endete.", "de"), [read("Das Treffen endete.", "de")]) == []
    )
    hours = read("zwei Stunden und 5 Minuten", "de")
    assert missing_figures(read("125 minutes", "en"), [hours]) == []
    assert read("They had a third shot.", "en").figures[0].unit == "th"


def test_articles_are_no_figures() -> None:
    """Count nothing in "a", "ein" and "one"."""
    assert read("Ein Sprecher sah eine Frau.", "de").figures == ()
    assert read("A spokesman saw one of them.", "en").figures == ()


@pytest.mark.parametrize(
    ("claimed", "held"),
    [
        ("am 7. Dezember 2021", "on December 7"),
        ("am 7. Dezember", "on 7 December 2021"),
        ("am 07.12.2021", "on Tuesday"),
        ("am 7. Dezember", "yesterday"),
        ("am Dienstag", "on December 7"),
        ("im Dezember 2021", "on Dec. 7"),
        ("2021", "on Tuesday"),
        ("am 8. Dezember", "No day is named."),
        ("gestern", "on December 7"),
        ("gestern", "yesterday"),
    ],
)
def test_dates_are_the_same_however_they_are_told(claimed: str, held: str) -> None:
    """Count weekdays and missing years from the day of publication."""
    assert missing_moments(read(claimed, "de"), given(held, "en")) == []


@pytest.mark.parametrize(
    ("claimed", "held"),
    [
        ("am 9. Dezember", "on December 7"),
        ("am 7. Dezember 2020", "on December 7"),
        ("am Freitag", "on Tuesday"),
        ("am 7. Dezember", "in December"),
        ("2019", "on Tuesday"),
        ("gestern", "on 3 May 2020"),
        ("heute", "on 7 December 2021"),
    ],
)
def test_another_date_is_missing(claimed: str, held: str) -> None:
    """Miss what is another day, or more than is told."""
    assert missing_moments(read(claimed, "de"), given(held, "en"))


@pytest.mark.parametrize(
    ("claimed", "held", "fits"),
    [
        ("03/05/2022", "07/09/2022", False),
        ("03/05/2022", "3 May 2022", True),
        ("March 5, 2022", "05/03/2022", True),
        ("03/06/2022", "March 5, 2022", False),
        ("12/24/2022", "24 December 2022", True),
    ],
)
def test_a_date_that_may_be_read_in_two_ways_fits_in_one(claimed: str, held: str, *, fits: bool) -> None:
    """Keep 3 May and 5 March of 03/05, and demand that one of them is told."""
    assert (missing_moments(read(claimed, "en"), given(held, "en")) == []) is fits


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize(
    "told", ["yesterday", "übermorgen", "on Tuesday", "in December", "on December 31", ""]
)
def test_a_day_that_is_none_ends_nothing(day: date, told: str) -> None:
    """Check dates against an article of the first and of the last day there is."""
    assert missing_moments(read("on 7 December 2021", "en"), [(read(told, "en"), day)])


def test_no_such_day_is_no_date() -> None:
    """Take 31.2. for no date."""
    assert read("am 31. Februar", "de").moments[0].day is None
