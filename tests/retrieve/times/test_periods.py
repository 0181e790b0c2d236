"""Check which periods questions name, as of a fixed day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.times.periods import periods
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
        ("Was geschah zwischen dem 3. und 5. Dezember 2021?", "2021-12-03..2021-12-05"),
        ("Was geschah vom 3. bis zum 5. Dezember?", "2021-12-03..2021-12-05"),
        ("Was geschah am 3./4. Dezember 2021?", "2021-12-03..2021-12-04"),
        ("Was geschah zwischen Mai und Juli 2019?", "2019-05-01..2019-07-31"),
        ("Was geschah vom 3. Dezember bis Freitag, 5. Dezember 2014?", "2014-12-03..2014-12-05"),
        ("Was geschah im März und April 2019?", "2019-03-01..2019-03-31 2019-04-01..2019-04-30"),
        ("Was geschah im März 2019 und im April?", "2019-03-01..2019-03-31 2019-04-01..2019-04-30"),
        ("Was geschah im Dezember letzten Jahres?", "2021-12-01..2021-12-31"),
        ("Was geschah im Dezember des Jahres 2019?", "2019-12-01..2019-12-31"),
        ("Was geschah 2014–2021?", "2014-01-01..2021-12-31"),
        ("Was geschah 2014-2021?", "2014-01-01..2021-12-31"),
        ("Was geschah von 2014 bis heute?", "2014-01-01..2022-03-16"),
        ("Was geschah von Montag bis Mittwoch?", "2022-03-14..2022-03-16"),
        ("Was geschah Anfang 2022?", "2022-01-01..2022-04-30"),
        ("Was geschah Ende letzten Jahres?", "2021-09-01..2021-12-31"),
        ("Was geschah seit Ende 2021?", "2021-09-01..2022-03-16"),
        ("Was geschah Mitte Dezember 2021?", "2021-12-11..2021-12-20"),
        ("Was geschah in der zweiten Hälfte 2021?", "2021-07-01..2021-12-31"),
        ("Was geschah in Q3 2021?", "2021-07-01..2021-09-30"),
        ("Was geschah im dritten Quartal 2021?", "2021-07-01..2021-09-30"),
        ("Was geschah im letzten Quartal?", "2021-10-01..2021-12-31"),
        ("Was geschah im Winter 2020/21?", "2020-12-01..2021-02-28"),
        ("Was geschah im Sommer?", "2021-06-01..2021-08-31"),
        ("Was geschah in KW 12?", "2021-03-22..2021-03-28"),
        ("Was geschah in der Kalenderwoche 5/2022?", "2022-01-31..2022-02-06"),
        ("Was geschah am 7.12. in Moskau?", "2021-12-07"),
        ("Was geschah am 7. Dez. 2021?", "2021-12-07"),
        ("Was geschah am siebten Dezember?", "2021-12-01..2021-12-31"),
        ("Was geschah im Dez. 2021?", "2021-12-01..2021-12-31"),
        ("Was geschah in den 1990er Jahren?", "1990-01-01..1999-12-31"),
        ("Was geschah die letzten drei Monate?", "2021-12-16..2022-03-16"),
        ("Was geschah in den letzten 24 Stunden?", "2022-03-15..2022-03-16"),
        ("Was geschah in den letzten paar Tagen?", "2022-03-13..2022-03-16"),
        ("Was gilt seit zwei Wochen?", "2022-03-02..2022-03-16"),
        ("Was gilt seit letzter Woche?", "2022-03-07..2022-03-16"),
        ("Was gilt seit letztem Montag?", "2022-03-14..2022-03-16"),
        ("Was geschah nach dem 24. Februar 2022?", "2022-02-24..2022-03-16"),
        ("Was geschah kurz nach dem 24. Februar 2022?", "2022-02-24"),
        ("Was geschah zwei Tage nach dem 24. Februar 2022?", "2022-02-24"),
        ("Was geschah von Februar 2022 an?", "2022-02-01..2022-03-16"),
        ("Was geschah vor dem 8. Dezember 2021?", "0001-01-01..2021-12-07"),
        ("Was geschah vor Dezember 2021?", "0001-01-01..2021-11-30"),
        ("Was geschah vor Montag?", "0001-01-01..2022-03-13"),
        ("Was geschah noch vor Ende 2021?", "0001-01-01..2021-12-31"),
        ("Was geschah kurz vor dem 8. Dezember 2021?", "2021-12-08"),
        ("Was war vor und nach dem 8. Dezember 2021 anders?", "2021-12-08"),
        ("Was geschah zwischen Montag und Mittwoch?", "2022-03-14..2022-03-16"),
        ("Was geschah am Tag vor dem 8. Dezember 2021?", "2021-12-08"),
        ("Was sagte Putin vor dem Treffen am 7. Dezember?", "2021-12-07"),
        ("Was sagte Putin bis Ende 2021?", "0001-01-01..2021-12-31"),
        ("Was geschah bis zum 8. Dezember?", "0001-01-01..2021-12-08"),
        ("Was geschah bis Mittwoch, 8. Dezember 2021?", "0001-01-01..2021-12-08"),
        ("Was ist bis gestern geschehen?", "0001-01-01..2022-03-15"),
        ("Was sollte bis Ende 2021 fertig sein?", "2021-09-01..2021-12-31"),
        ("Was wird bis 2030 gebaut?", "2030-01-01..2030-12-31"),
        ("Was geschah vorletzte Woche?", "2022-02-28..2022-03-06"),
        ("Was geschah im Vorjahr?", "2021-01-01..2021-12-31"),
        ("Was geschah am Wochenende?", "2022-03-12..2022-03-13"),
        ("Was geschah vor ein paar Tagen?", "2022-03-11..2022-03-14"),
        ("Was geschah am Montagabend?", "2022-03-14"),
        ("Was geschah am Mittwoch?", "2022-03-16"),
        ("Was geschah am letzten Mittwoch?", "2022-03-09"),
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
        ("What happened between 3 and 5 December 2021?", "2021-12-03..2021-12-05"),
        ("What happened between December 3 and 5, 2021?", "2021-12-03..2021-12-05"),
        ("What happened December 3-5, 2021?", "2021-12-03..2021-12-05"),
        ("What happened between May and July 2019?", "2019-05-01..2019-07-31"),
        ("What happened from March to May?", "2021-03-01..2021-05-31"),
        ("What happened in December of last year?", "2021-12-01..2021-12-31"),
        ("What happened in early 2022?", "2022-01-01..2022-04-30"),
        ("What happened in late December?", "2021-12-21..2021-12-31"),
        ("What happened in the last week of December 2021?", "2021-12-21..2021-12-31"),
        ("What happened in the second half of 2021?", "2021-07-01..2021-12-31"),
        ("What happened in the third quarter of 2021?", "2021-07-01..2021-09-30"),
        ("What happened in the summer of 2021?", "2021-06-01..2021-08-31"),
        ("What happened in the 1990s?", "1990-01-01..1999-12-31"),
        ("What happened on Dec. 7?", "2021-12-07"),
        ("What happened on 7 Dec 2021?", "2021-12-07"),
        ("What happened on 12/31/2021?", "2021-12-31"),
        ("What happened on 12/07/2021?", "2021-01-01..2021-12-31"),
        ("What happened over the past year?", "2021-03-16..2022-03-16"),
        ("What happened in the past 24 hours?", "2022-03-15..2022-03-16"),
        ("What happened the week before last?", "2022-02-28..2022-03-06"),
        ("What changed since last year?", "2021-01-01..2022-03-16"),
        ("What changed after 24 February 2022?", "2022-02-24..2022-03-16"),
        ("What happened the day after 24 February 2022?", "2022-02-24"),
        ("What changed from December 2021 onwards?", "2021-12-01..2022-03-16"),
        ("What happened before 5 March 2022?", "0001-01-01..2022-03-04"),
        ("What happened prior to December 2021?", "0001-01-01..2021-11-30"),
        ("What did Biden say before Monday?", "0001-01-01..2022-03-13"),
        ("What happened before the end of 2021?", "0001-01-01..2021-12-31"),
        ("What happened shortly before 8 December 2021?", "2021-12-08"),
        ("What was known before and after 8 December 2021?", "2021-12-08"),
        ("What happened between Monday and Wednesday?", "2022-03-14..2022-03-16"),
        ("What happened two days before 8 December 2021?", "2021-12-08"),
        ("What did he say before the meeting on 7 December 2021?", "2021-12-07"),
        ("What did he say before the December 2021 summit?", "2021-12-01..2021-12-31"),
        ("What was known by the end of 2021?", "0001-01-01..2021-12-31"),
        ("What happened until 8 December 2021?", "0001-01-01..2021-12-08"),
        ("What should be ready by the end of 2021?", "2021-09-01..2021-12-31"),
        ("How many could be there by the end of 2021?", "2021-09-01..2021-12-31"),
        ("What was to be built by 2030?", "2030-01-01..2030-12-31"),
        ("What happened a few days ago?", "2022-03-11..2022-03-14"),
        ("What happened Monday?", "2022-03-14"),
        ("What happened last December?", "2021-12-01..2021-12-31"),
        ("What happened last night?", "2022-03-15"),
        ("What in 2021 was decided?", "2021-01-01..2021-12-31"),
        ("What happened in the 2016 election?", "2016-01-01..2016-12-31"),
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
        ("Wer sprach mit August Hanning?", "de"),
        ("Was sagten August Hanning und die Experten Mai Thi und Jan?", "de"),
        ("Wer regiert die heutige Türkei?", "de"),
        ("Wo verbrachte sie ihre letzten Jahre?", "de"),
        ("Where did she spend her last years?", "en"),
        ("Was geschah in den letzten Tagen des Krieges?", "de"),
        ("What happened in the last days of the war?", "en"),
        ("What became of May's deal?", "en"),
        ("What happened on Bloody Sunday?", "en"),
        ("Was sagte Putin vor dem Gipfel?", "de"),
        ("What did Putin say before the summit?", "en"),
        ("Was ist bis heute bekannt?", "de"),  # no limit at all
        ("What is known until today?", "en"),
        ("How may 5 people march?", "en"),
        ("Who bought the 2000 books?", "en"),
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
