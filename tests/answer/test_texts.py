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


ABOUT = [name for name in texts._TEXTS if name.startswith(texts._ABOUT)]


@pytest.mark.parametrize("name", ABOUT)
@pytest.mark.parametrize(("given", "wanted"), [("de", "en"), ("en", "de")])
def test_what_tells_of_an_answer_is_retold_in_the_other_language(name: str, given: str, wanted: str) -> None:
    """Keep the values, whatever they look like."""
    values = {"p": 6, "n": 2, "model": "x. (y)", "error": "Odd [1]: 5", "shown": 3, "all": 8, "what": "a, b."}
    values |= {"ids": "1.2, 3.4", "names": "Macron, 2019"}
    said = texts.say(name, given, **values)
    assert texts.retold(said, wanted) == texts.say(name, wanted, **values)
    assert texts.retold(said, given) == said


@pytest.mark.parametrize("first", ["figure", "date", "name"])
@pytest.mark.parametrize("second", ["figure", "date", "name", "quote"])
def test_several_reasons_in_a_row_are_retold_one_by_one(first: str, second: str) -> None:
    """Tell them apart although each could be a value of the other."""
    said = {
        language: f"{texts.say(f'missing_{first}', language, what='3 (4)')} "
        f"{texts.say(f'missing_{second}', language, what='Bob Smith')}"
        for language in ("de", "en")
    }
    assert texts.retold(said["de"], "en") == said["en"]


def test_why_it_declines_is_retold_with_the_names_that_are_missing() -> None:
    """Retell how improbable an answer is together with what stands nowhere."""
    said = {
        language: f"{texts.say('too_unlikely', language, p=9)} "
        f"{texts.say('unnamed', language, names='Macron')}"
        for language in ("de", "en")
    }
    assert texts.retold(said["en"], "de") == said["de"]
    assert texts.retold(said["de"], "en") == said["en"]


def test_a_reason_within_a_warning_is_retold_and_anything_else_stands_as_it_is() -> None:
    """Reach into the values; leave what nobody here has said."""
    why = {language: texts.say("failure_rate", language) for language in ("de", "en")}
    said = texts.say("model_failed", "en", model="m", error=why["en"])
    assert texts.retold(said, "de") == texts.say("model_failed", "de", model="m", error=why["de"])
    for other in ("", "Etwas ganz anderes.", texts.say("frame", "en")):
        assert texts.retold(other, "de") == other
