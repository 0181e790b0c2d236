"""Check what the answerer itself says, in both languages."""

from datetime import date
from string import Formatter

import pytest

from rag.answer import texts


@pytest.mark.parametrize("name", texts._TEXTS)
def test_every_text_is_there_in_both_languages_with_the_same_variables(name: str) -> None:
    """Demand a translation that says the same of the same things."""
    versions = texts._TEXTS[name]
    assert set(versions) == {"de", "en"}
    fields = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in versions.values()]
    assert fields[0] == fields[1]


@pytest.mark.parametrize(
    ("language", "written"), [("de", "7. März 2021"), ("en", "7 March 2021"), ("fr", "7 March 2021")]
)
def test_dates_are_written_as_the_language_does(language: str, written: str) -> None:
    """Write day, month and year."""
    assert texts.day(date(2021, 3, 7), language) == written


def test_another_language_is_spoken_to_in_english() -> None:
    """Fall back to English."""
    assert texts.say("abstain", "fr") == texts.say("abstain", "en") != texts.say("abstain", "de")
