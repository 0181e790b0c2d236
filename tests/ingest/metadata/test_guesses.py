"""Check the guessed headline and the reading of dates."""

from datetime import date, datetime

import pytest

from rag.errors import InputError
from rag.ingest.finishing import article
from rag.ingest.metadata.dates import iso_date
from rag.ingest.metadata.edits import edited_fields
from rag.ingest.metadata.headlines import headline

BODY = (
    "Der Hafen von Rostock wird ausgebaut. Das Land zahlt für den Hafen 30 Millionen Euro, wie der Minister "
    "am Dienstag sagte. Rostock soll damit mehr Schiffe aufnehmen.\n\n"
    "Kritiker halten den Ausbau für zu teuer. Der Hafen sei schon heute nicht ausgelastet, sagen sie. Der "
    "Minister widerspricht: Der Ausbau rechne sich in wenigen Jahren für ganz Rostock."
)
TITLE = "Rostock baut seinen Hafen für Millionen aus"


def test_headline_is_the_first_line() -> None:
    """Take the line above the text."""
    assert headline(f"{TITLE}\n\n{BODY}", "x.txt") == TITLE


def test_headline_stands_below_share_bars() -> None:
    """Pass over navigation, share buttons and notices, whose words the text does not use."""
    page = (
        "Startseite | Politik | Wirtschaft | Sport\nTeilen Twittern Senden Drucken\n"
        "Bitte melden Sie sich an, um weiterzulesen\n" + TITLE + "\n" + BODY
    )
    assert headline(page, "x.txt") == TITLE


def test_lead_stands_in_for_a_missing_headline() -> None:
    """Take the first sentence where no line is a headline, in the text's own words."""
    assert headline(BODY, "x.txt") == "Der Hafen von Rostock wird ausgebaut"


@pytest.mark.parametrize(
    ("lead", "made"),
    [
        (
            "(KBL) – Der Ausbau des Hafens von Rostock verzögert sich, nachdem das Land die Mittel gestrichen hat "
            "und die Stadt nicht einspringen will.",
            "Der Ausbau des Hafens von Rostock verzögert sich",
        ),
        (
            "ROSTOCK, Germany (Reuters) - The port will not be widened this year or next because neither the state "
            "nor the city nor anyone else wants to pay for it.",
            "The port will not be widened this year or next because neither the state nor the city nor anyone else wants …",
        ),
    ],
)
def test_a_long_lead_is_cut_between_clauses(lead: str, made: str) -> None:
    """Leave the dateline out and end with a clause, or at a word where there is none."""
    assert headline(f"{lead}\n\n{BODY}", "x.txt") == made


@pytest.mark.parametrize(("text", "made"), [("", "x.txt"), ("\n \n", "x.txt"), ("Nur dies.", "Nur dies")])
def test_headline_of_next_to_nothing(text: str, made: str) -> None:
    """Fall back to what is given where there is no line at all."""
    assert headline(text, "x.txt") == made


@pytest.mark.parametrize(
    "value",
    ["2021-12-07", " 2021-12-07 ", "2021-12-07T19:45:00", "2021-12-07T19:45:00+01:00", "2021-12-07T19:45:00Z",
     "20211207", date(2021, 12, 7), datetime(2021, 12, 7, 19, 45)],
)  # fmt: skip
def test_iso_dates_are_read(value: object) -> None:
    """Return the day of every form of ISO 8601."""
    assert iso_date(value) == date(2021, 12, 7)


@pytest.mark.parametrize("value", [None, ""])
def test_no_date_is_none(value: object) -> None:
    """Return None where there is none."""
    assert iso_date(value) is None


@pytest.mark.parametrize(
    "value", ["7. Dezember 2021", "2021-13-01", "gestern", 20211207, 1.5, ["2021"], True]
)
def test_other_dates_are_refused(value: object) -> None:
    """Refuse what is no ISO date instead of guessing."""
    with pytest.raises(ValueError):
        iso_date(value)


@pytest.mark.parametrize("title", ["Kiew brennt", "Trump siegt", "Alles anders"])
def test_a_short_headline_is_the_only_line_above(title: str) -> None:
    """Take a headline of two words that stands alone above the text."""
    assert headline(f"{title}\n{BODY}", "x.txt") == title


@pytest.mark.parametrize(
    "lead",
    [
        "Der Gipfel beginnt am Dienstag, dem 7. Dezember, in Genf.",
        "Der Kanzler traf am Mittwoch Dr. Müller in der Stadt Bonn.",
        "Das Treffen begann in St. Petersburg mit einem Essen.",
        "US President Joe Biden met Gov. Smith in Texas on Monday.",
    ],
)
def test_a_lead_is_cut_at_the_end_of_its_sentence(lead: str) -> None:
    """End a title that is made of the lead neither at an ordinal nor at an abbreviation."""
    rest = "Er war froh." if "Gov" not in lead else "He left."
    assert headline(f"{lead} {rest}", "x.txt") == lead.removesuffix(".")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", date.min])
def test_a_day_on_which_nothing_was_published_is_no_date(day: object) -> None:
    """Read a dump's 0001-01-01 as none, and refuse it from a person."""
    source = article({"id": "a", "published": day, "updated": day}, BODY, "a.txt", 10_000).source
    assert (source.published, source.updated) == (None, None)
    with pytest.raises(InputError, match="is no date"):
        edited_fields({"published": day})


def test_old_newspapers_have_a_date() -> None:
    """Take the day of one of 1788, read and edited."""
    source = article({"id": "a", "published": "1788-03-01"}, BODY, "a.txt", 10_000).source
    assert source.published == edited_fields({"published": "1788-03-01"})["published"] == date(1788, 3, 1)
