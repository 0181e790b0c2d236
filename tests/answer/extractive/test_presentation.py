"""Check how quotations are laid out for questions that want more than one fact."""

from dataclasses import replace
from datetime import date

import pytest

from rag.answer.extractive.layouts import layout, subject
from rag.answer.extractive.presentation import present
from rag.library import Library
from rag.schema import Answer, Sentence, Source, Span


def sentence(article: str, text: str, score: float, at: int = 0, day: int | None = 7) -> Sentence:
    """Make a scored sentence of an article."""
    published = date(2021, 12, day) if day else None
    source = Source(
        id=article, title=f"Titel {article}", language="de", publisher=f"Blatt {article}", published=published
    )
    return Sentence(source, Span(at, at + len(text)), text, 0, score, 0.5, 0.5, 0.5)


FOUND = [
    sentence("b", "Biden warnte Russland vor neuen Sanktionen.", 1.0, 50, 9),
    sentence("a", "Putin forderte schriftliche Garantien der Nato.", 0.95, 10, 7),
    sentence("b", "Der Präsident sprach zwei Stunden lang.", 0.9, 5, 9),
    sentence("a", "Putin forderte erneut schriftliche Garantien der Nato.", 0.85, 90, 7),
    sentence("c", "Scholz mahnte zur Ruhe in der Krise.", 0.8, 0, None),
    sentence("d", "Ganz andere Dinge stehen hier.", -4.0, 0, 1),
]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wo trafen sich Rubio und Lawrow?", "answer"),
        ("Was forderte Putin gegenüber der NATO?", "answer"),
        ("Wie stark stiegen die Preise im Vergleich zum Vorjahr?", "answer"),
        ("How many different countries took part?", "answer"),
        ("Wie lang ist die Reaktionszeit der Truppe?", "answer"),
        ("What positions do Russian troops hold?", "answer"),
        ("How much did prices rise compared to last year?", "answer"),
        ("Why do the figures for the troops differ?", "answer"),
        ("Warum unterscheiden sich die Angaben zu den Truppen?", "answer"),
        ("Weshalb reagierte Kiew so scharf?", "answer"),
        ("Vergleiche, warum beide Seiten verhandeln.", "compare"),
        ("Stelle die Angaben des Kremls und des Weißen Hauses gegenüber.", "compare"),
        ("Welche Reaktionen gab es in Kiew?", "voices"),
        ("Where did Rubio and Lavrov meet?", "answer"),
        ("Vergleiche die Darstellungen des Kreml und des Weißen Hauses.", "compare"),
        ("What is the difference between the two readouts?", "compare"),
        ("Wer hat was zu den Gesprächen gesagt?", "voices"),
        ("Who said what about the talks?", "voices"),
        ("How did Kyiv react to the call?", "voices"),
        ("Nenne den zeitlichen Ablauf des Tages.", "timeline"),
        ("Give me a timeline of the talks.", "timeline"),
    ],
)
def test_the_question_decides_the_layout(question: str, kind: str) -> None:
    """Tell a question for a fact from one for an overview."""
    assert layout(question) == kind


@pytest.mark.parametrize(
    ("question", "language", "about"),
    [
        ("Vergleiche die Angaben zu den Truppen.", "de", "Truppen"),
        ("Worin unterscheiden sich die Darstellungen des Kremls?", "de", "Kremls"),
        ("Compare what the articles say about sanctions.", "en", "sanctions"),
        ("How do the Kremlin and White House accounts of the call differ?", "en",
         "Kremlin and White House of the call"),
        ("Who said what about the video summit?", "en", "video summit"),
        ("Wer hat was zum Videogipfel gesagt?", "de", "Videogipfel"),
        ("Timeline of the contacts between Trump and Putin", "en", "contacts between Trump and Putin"),
        ("Was ist der Unterschied zwischen den beiden Artikeln?", "de",
         "Was ist der Unterschied zwischen den beiden Artikeln?"),
        ("Zeitleiste dazu Wer hat was zum Videogipfel gesagt?", "de", "Videogipfel"),
        ("Wie reagierte Kiew auf den Videogipfel?", "de", "Wie reagierte Kiew auf den Videogipfel?"),
        ("Why do the figures for the troops differ?", "en", "Why do the figures for the troops differ?"),
        ("Wo trafen sich Rubio und Lawrow?", "de", "Wo trafen sich Rubio und Lawrow?"),
    ],
)  # fmt: skip
def test_an_overview_is_searched_for_by_what_it_is_about(question: str, language: str, about: str) -> None:
    """Leave out the words that ask to compare, which no article has, but never all of a question."""
    assert subject(question, language) == about


@pytest.mark.parametrize(
    "question",
    ["Vergleiche die Darstellung des Kremls und des Weißen Hauses zum Videogipfel.",
     "Compare the troop figures given by the articles."],
)  # fmt: skip
def test_a_comparison_is_answered_from_several_articles(samples: Library, question: str) -> None:
    """Neither decline for words that ask to compare, nor quote a single article."""
    answer = samples.ask(question)
    assert isinstance(answer, Answer)
    assert len({one.source.id for one in answer.citations}) > 1
    assert len(answer.citations) > 2
    assert answer.query != question


def test_an_overview_of_voices_leaves_out_what_nobody_says() -> None:
    """Quote those who speak, where there are enough of them, though others fit the question better."""
    found = [
        sentence("a", "Der Gipfel dauerte zwei Stunden und endete am Abend.", 9.0, 10),
        sentence("a", "Trump sagte, er habe mit 70 Staatschefs geredet, darunter auch Selenskyj.", 5.9, 90),
        sentence("b", "Selenskyj kritisierte die Gespräche scharf.", 5.5, 0),
        sentence("b", "Lawrow nannte den Dialog nützlich.", 5.0, 50),
    ]
    _, citations, _ = present("Who said what about the talks?", found, "en")
    assert {one.quote for one in citations} == {one.text for one in found[1:]}


def test_a_timeline_prefers_what_says_when() -> None:
    """Quote what has a date, where only so much is quoted."""
    found = [
        *(sentence("a", f"Ding {word} geschah in einem anderen Land.", 2.0, n * 60)
          for n, word in enumerate(["Apfel", "Birne", "Kirsche"])),
        sentence("a", "Am 3. Dezember sprachen beide.", 1.5, 900),
    ]  # fmt: skip
    _, citations, _ = present("Nenne den zeitlichen Ablauf.", found, "de")
    assert found[3].text in {one.quote for one in citations}


def test_a_timeline_is_ordered_by_date() -> None:
    """Write each article once, the oldest first, undated last, its quotations in the order of its text."""
    text, citations, statements = present("Nenne den zeitlichen Ablauf.", FOUND, "de")
    assert [one.source.id for one in citations] == ["a", "b", "b", "c"]
    assert [one.span.start for one in citations[1:3]] == [5, 50]
    assert text.count("**7. Dezember 2021 · Blatt a · Titel a**") == 1
    assert "ohne Datum" in text
    for citation, statement in zip(citations, statements, strict=True):
        assert statement.markers == (citation.marker,)
        assert text[statement.span.start : statement.span.end] == f"„{citation.quote}“ {citation.marker}"


def test_a_headline_holds_no_markers_and_no_bold_type() -> None:
    """Leave nothing in it that would read as a citation of the answer."""
    found = [replace(one, source=replace(one.source, title="**Titel** [1] hier")) for one in FOUND[:3]]
    text, _, _ = present("Nenne den zeitlichen Ablauf.", found, "de")
    assert "· Titel hier**" in text and text.count("[1]") == 1


def test_a_comparison_begins_with_the_best_article() -> None:
    """Group by article, say in English what the quotations are, and repeat nothing."""
    text, citations, _ = present("Compare the two sides.", FOUND, "en")
    assert [one.source.id for one in citations] == ["b", "b", "a", "c"]
    assert text.startswith("The articles say, each for itself:")
    assert text.count("(in German)") == 3
    assert "erneut" not in text


@pytest.mark.parametrize("shift", [-30.0, 30.0])
def test_how_far_an_overview_goes_depends_on_differences_alone(shift: float) -> None:
    """Choose the same whatever the scores' level is: they are log-odds, of which only differences count."""
    moved = [replace(one, score=one.score + shift) for one in FOUND]
    _, citations, _ = present("Nenne den zeitlichen Ablauf.", moved, "de")
    assert [one.source.id for one in citations] == ["a", "b", "b", "c"]


def test_voices_begin_with_what_the_one_asked_of_says() -> None:
    """Put what someone says above what happens, and whom the question names above others."""
    found = [
        sentence("a", "Der Gipfel dauerte zwei Stunden und endete am Abend.", 1.0, 10),
        sentence("a", "Trump sagte, er habe mit 70 Staatschefs geredet, darunter auch Selenskyj.", 0.9, 90),
        sentence("b", "Selenskyj kritisierte die Gespräche scharf.", 0.5, 0),
    ]
    _, citations, _ = present("How did Zelensky react to the talks?", found, "en")
    assert [one.quote for one in citations] == [found[2].text, found[1].text, found[0].text]


def test_a_fact_is_told_as_before() -> None:
    """Put the best sentence first."""
    _, citations, _ = present("Wovor warnte Biden?", FOUND, "de")
    assert citations[0].quote == FOUND[0].text


@pytest.mark.parametrize(
    "question",
    ["Wie reagierten Kiew und Europa auf den Videogipfel?", "How did Kyiv react to the video summit?"],
)
def test_overviews_of_real_articles_are_exact(samples: Library, question: str) -> None:
    """Quote word for word, in statements that are supported."""
    answer = samples.ask(question)
    assert isinstance(answer, Answer)
    assert len(answer.citations) > 1
    for citation in answer.citations:
        text = samples.article(citation.source.id).text
        assert citation.quote == text[citation.span.start : citation.span.end]
    assert all(one.supported for one in answer.statements)
