"""Check which periods questions name, as of a fixed day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.periods import periods
from rag.schema import Period

TODAY = date(2022, 3, 16)  # a Wednesday


def days(text: str) -> list[Period]:
    """Read "2021-12-01..2021-12-31 2022-01-05"."""
    found = []
    for one in text.split():
        since, _, until = one.partition("..")
        found.append(Period(date.fromisoformat(since), date.fromisoformat(until or since)))
    return found


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was forderte Putin im Dezember 2021 von der NATO?", "2021-12-01..2021-12-31"),
        ("Was geschah am 7. Dezember 2021 in Moskau?", "2021-12-07"),
        ("Was geschah am Dienstag, dem 7. Dezember 2021?", "2021-12-07"),
        ("was geschah am 7.12.2021?", "2021-12-07"),
        ("Was geschah am 07.12.21?", "2021-12-07"),
        ("Was geschah am 2021-12-07?", "2021-12-07"),
        ("Worum ging es 2021 beim Gipfel?", "2021-01-01..2021-12-31"),
        ("Worum ging es im Jahr 2021 Putin?", "2021-01-01..2021-12-31"),
        ("Was sagte Biden gestern?", "2022-03-15"),
        ("Was sagte Biden vorgestern?", "2022-03-14"),
        ("Was sagte Biden heute?", "2022-03-16"),
        ("Was geschah letzte Woche?", "2022-03-07..2022-03-13"),
        ("Was geschah in der vergangenen Woche?", "2022-03-07..2022-03-13"),
        ("Was geschah am letzten Wochenende?", "2022-03-12..2022-03-13"),
        ("Was geschah diesen Monat?", "2022-03-01..2022-03-31"),
        ("Was geschah im letzten Monat?", "2022-02-01..2022-02-28"),
        ("Was geschah im vorigen Jahr?", "2021-01-01..2021-12-31"),
        ("Was geschah in den letzten drei Monaten?", "2021-12-16..2022-03-16"),
        ("Was geschah in den letzten 10 Tagen?", "2022-03-06..2022-03-16"),
        ("Was geschah in den letzten Wochen?", "2022-02-23..2022-03-16"),
        ("Was geschah vor drei Tagen?", "2022-03-13"),
        ("Was geschah am Montag?", "2022-03-14"),
        ("Was geschah seit Montag?", "2022-03-14..2022-03-16"),
        ("Was hat sich seit Januar 2022 geändert?", "2022-01-01..2022-03-16"),
        ("Was hat sich seit dem 24. Februar 2022 geändert?", "2022-02-24..2022-03-16"),
        ("Was geschah seit Februar?", "2022-02-01..2022-03-16"),
        ("Was geschah zwischen November 2021 und Januar 2022?", "2021-11-01..2022-01-31"),
        ("Was geschah vom 1. Dezember 2021 bis zum 5. Januar 2022?", "2021-12-01..2022-01-05"),
        ("Wie war es im Dezember 2021 und wie im Februar 2022?",
         "2021-12-01..2021-12-31 2022-02-01..2022-02-28"),
    ],
)  # fmt: skip
def test_german_periods(question: str, expected: str) -> None:
    """Read absolute, relative, open and two-ended expressions."""
    assert list(periods(question, "de", TODAY)) == days(expected)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Putin demand in December 2021?", "2021-12-01..2021-12-31"),
        ("What happened on December 7, 2021?", "2021-12-07"),
        ("What happened on 7 December 2021 in Moscow?", "2021-12-07"),
        ("What happened on the 7th of December 2021?", "2021-12-07"),
        ("What happened on 2021-12-07?", "2021-12-07"),
        ("What happened on 07.12.2021?", "2021-12-07"),
        ("What was the summit of 2021 about?", "2021-01-01..2021-12-31"),
        ("What was decided in 2021?", "2021-01-01..2021-12-31"),
        ("Riyadh talks 2021?", "2021-01-01..2021-12-31"),
        ("What did Biden say yesterday?", "2022-03-15"),
        ("What happened last week?", "2022-03-07..2022-03-13"),
        ("What happened this week?", "2022-03-14..2022-03-20"),
        ("What happened last month?", "2022-02-01..2022-02-28"),
        ("What happened last year?", "2021-01-01..2021-12-31"),
        ("What happened in the last three months?", "2021-12-16..2022-03-16"),
        ("What happened over the past 10 days?", "2022-03-06..2022-03-16"),
        ("What happened three days ago?", "2022-03-13"),
        ("What happened on Monday?", "2022-03-14"),
        ("What has happened since Monday?", "2022-03-14..2022-03-16"),
        ("What has happened since February?", "2022-02-01..2022-03-16"),
        ("What changed since 24 February 2022?", "2022-02-24..2022-03-16"),
        ("What happened between November 2021 and January 2022?", "2021-11-01..2022-01-31"),
        ("What happened in May?", "2021-05-01..2021-05-31"),
    ],
)
def test_english_periods(question: str, expected: str) -> None:
    """Read absolute, relative, open and two-ended expressions."""
    assert list(periods(question, "en", TODAY)) == days(expected)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Was bedeuten die 5 Prozent?", "de"),
        ("Wohin verlegte Russland 2000 Soldaten?", "de"),
        ("Wer hat 94.000 Soldaten an der Grenze?", "de"),
        ("Wie viel sind 3,5 Prozent von 1.950 Euro?", "de"),
        ("Was ist das letzte Wort der Nato?", "de"),
        ("Wann trifft sich der Rat?", "de"),
        ("Was steht in Artikel 5 und in Absatz 3?", "de"),
        ("Did Theresa May march to London?", "en"),
        ("May I ask who won?", "en"),
        ("Where did Russia send 2000 troops?", "en"),
        ("Who was sent 2000 dollars?", "en"),
        ("What was the last word of NATO?", "en"),
        ("What is article 5?", "en"),
        ("", "de"),
    ],
)
def test_what_is_no_period(question: str, language: str) -> None:
    """Do not take numbers of things and verbs for dates."""
    assert periods(question, language, TODAY) == ()


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(["de", "en"]))
def test_a_day_is_read_as_written(day: date, language: str) -> None:
    """Read any day in figures, on any day."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        assert periods(f"{day:{form}}?", language, TODAY) == (Period(day, day),)


@given(st.text(max_size=60), st.sampled_from(["de", "en", "fr"]))
def test_any_text_has_periods_or_none(text: str, language: str) -> None:
    """Never fail, whatever is asked."""
    for period in periods(text, language, TODAY):
        assert period.since <= period.until
