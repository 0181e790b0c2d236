"""Check the answer made of quotations alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag import settings
from rag.answer.extractive.quotations import choose, compose
from rag.library import Library
from rag.schema import Answer, Sentence, Source, Span

SOURCE = Source(id="a", title="Titel", language="de", publisher="Blatt", published=date(2021, 12, 7))


def sentence(text: str, score: float = 1.0, source: Source = SOURCE, **fields: object) -> Sentence:
    """Make a scored sentence."""
    known = {"nearby": 0.5} if "nearby" in Sentence.__dataclass_fields__ else {}
    return Sentence(source, Span(0, len(text)), text, 0, score, 0.5, 0.5, **(known | fields))  # type: ignore[arg-type]


GUARANTEES = "Putin forderte von Biden rechtlich bindende Garantien gegen die Erweiterung der Nato."


def test_repetitions_are_left_out() -> None:
    """Say a thing once, in whatever words and whichever article."""
    again = "Rechtlich bindende Garantien gegen die Erweiterung der Nato forderte Putin von Biden erneut."
    other = "Das Weiße Haus drohte mit harten wirtschaftlichen Strafmaßnahmen."
    chosen = choose([sentence(GUARANTEES), sentence(again, 0.99), sentence(other, 0.9)])
    assert [one.text for one in chosen] == [GUARANTEES, other]


def test_the_same_with_other_figures_is_no_repetition() -> None:
    """Quote both articles, so that the reader is told that they differ."""
    first = "Bei dem Brand im Hafen von Quellenhausen wurden am Montag 30 Menschen verletzt."
    same = "Bei dem Brand im Hafen von Quellenhausen wurden am Montag etwa 30 Menschen verletzt."
    more = "Bei dem Brand im Hafen von Quellenhausen wurden am Montag 40 Menschen verletzt."
    other = replace(SOURCE, id="b")
    chosen = choose([sentence(first), sentence(same, 0.99, other), sentence(more, 0.98, other)])
    assert [one.text for one in chosen] == [first, more]


def test_among_quotations_nearly_as_good_other_sources_come_first() -> None:
    """Let another paper speak before the same one speaks again, unless that has clearly more to say."""
    other = replace(SOURCE, id="b")
    first, same = sentence(GUARANTEES, 2.0), sentence("Das Weiße Haus drohte mit Strafmaßnahmen.", 1.5)
    near, far = (sentence("Kiew war nicht am Tisch.", score, other) for score in (1.2, 0.2))
    assert choose([first, same, near]) == [first, near, same]
    assert choose([first, same, far]) == [first, same, far]


def test_what_is_much_worse_is_left_out() -> None:
    """Stop where further sentences have little to do with the question."""
    chosen = choose([sentence(GUARANTEES, 1.0), sentence("Ganz andere Wörter stehen hier.", -4.5)])
    assert [one.text for one in chosen] == [GUARANTEES]


@pytest.mark.parametrize("quotes", [1, 2, 3])
def test_no_more_quotes_than_asked_for(quotes: int) -> None:
    """Choose the best ones in order."""
    texts = ["Alpha kommt heute.", "Beta schläft morgen.", "Gamma singt gestern.", "Delta rennt immer."]
    chosen = choose([sentence(text) for text in texts], quotes)
    assert [one.text for one in chosen] == texts[:quotes]
    assert choose([], quotes) == []


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Blatt, 7. Dezember 2021: „Er kam.“ [1]"),
        ("en", "Blatt, 7 December 2021 (in German): “Er kam.” [1]"),
    ],
)
def test_a_line_says_who_and_when_and_quotes(language: str, line: str) -> None:
    """Write publisher, date and the quotation in the language's own marks, with its marker."""
    text, (citation,), (statement,) = compose([sentence("Er kam.")], language)
    assert text.splitlines()[-1] == line
    assert text[statement.span.start : statement.span.end] == line
    assert (statement.markers, citation.marker) == (("[1]",), "[1]")
    assert (citation.quote, citation.span, citation.source) == ("Er kam.", Span(0, 7), SOURCE)


@pytest.mark.parametrize(
    ("quote", "written"),
    [
        ("„Wir gehen“, sagte er.", "»„Wir gehen“, sagte er.«"),
        ('"We go," he said.', '»"We go," he said.«'),
        ("»Ja«, so Biden.", "„»Ja«, so Biden.“"),
        ("„Ja“, sagte er, „aber nein.“", "»„Ja“, sagte er, „aber nein.“«"),
        ("„Wir gehen morgen.“", "„Wir gehen morgen.“"),
    ],
)
def test_a_sentence_with_marks_of_its_own_gets_other_ones(quote: str, written: str) -> None:
    """Quote a sentence as it stands, so that one sees where it begins and ends."""
    text, (citation,), _ = compose([sentence(quote)], "de")
    assert text.endswith(f": {written} [1]")
    assert citation.quote == quote


@pytest.mark.parametrize(
    ("url", "language", "line"),
    [
        (None, "de", "Artikel „Titel“, ohne Datum: „Er kam.“ [1]"),
        (None, "en", "Article “Titel”, undated (in German): “Er kam.” [1]"),
        ("https://www.blatt.example/titel", "de", "blatt.example, ohne Datum: „Er kam.“ [1]"),
    ],
)
def test_what_is_not_known_is_not_said(url: str | None, language: str, line: str) -> None:
    """Name the site or the headline where the publisher is unknown, and say so where there is no date."""
    bare = replace(SOURCE, publisher=None, published=None, url=url)
    assert compose([sentence("Er kam.", source=bare)], language)[0].splitlines()[-1] == line
    marked = replace(bare, title="Titel [1]")  # would read as a marker
    assert compose([sentence("Er kam.", source=marked)], language)[0].splitlines()[-1] == line


def test_a_further_quotation_says_whom_it_speaks_of() -> None:
    """Prefer a name to a "he" that only the sentence before explains; the best sentence may have one."""
    he, named = sentence("Er lehnte den Vorschlag ab.", 2.0), sentence("Kiew lehnte den Plan ab.", 1.8)
    assert choose([sentence(GUARANTEES, 3.0), he, named], 2)[1] == named
    assert choose([he, named], 1) == [he]


def test_what_adds_little_is_left_out() -> None:
    """Quote no third sentence for the sake of three."""
    chosen = choose(
        [sentence(GUARANTEES, 4.0), sentence("Kiew schwieg dazu.", 2.0), sentence("Es regnete.", 1.0)]
    )
    assert [one.text for one in chosen] == [GUARANTEES, "Kiew schwieg dazu."]


@pytest.mark.parametrize(
    "question",
    ["Was forderte Putin bezüglich der NATO?", "How many Russian troops are near the border with Ukraine?",
     "Worüber sprachen Rubio und Lawrow in Riad?", "What did the Kremlin say about a call with Trump?"],
)  # fmt: skip
def test_answers_from_the_samples_are_verbatim(samples: Library, question: str) -> None:
    """Demand exact quotes, each once, in lines that carry their markers."""
    answer = samples.ask(question)
    assert answer.answered
    assert 1 <= len(answer.citations) <= 3
    assert len({(one.source.id, one.span) for one in answer.citations}) == len(answer.citations)
    for citation, statement in zip(answer.citations, answer.statements, strict=True):
        text = samples.article(citation.source.id).text
        assert citation.quote == text[citation.span.start : citation.span.end]
        line = answer.text[statement.span.start : statement.span.end]
        assert citation.quote in line
        assert line.endswith(citation.marker)
        assert statement.markers == (citation.marker,)


def test_a_sentence_with_a_note_is_quoted_and_its_number_is_no_citation(tmp_path: Path) -> None:
    """Quote what ends in "[2]", as encyclopedias and papers do, and link no other source by that number."""
    text = (
        "# Der Hafen von Greifshagen\n\nDer Hafen von Greifshagen liegt an der Ostsee und ist alt.[1]\n\n"
        "Der Ausbau des Hafens kostete 30 Millionen Euro.[2] Die Arbeiten dauerten drei Jahre.[3]\n"
    )
    (tmp_path / "hafen.md").write_text(text, encoding="utf-8")
    with Library.open(settings.load(store=tmp_path / "store"), create=True) as library:
        library.index([tmp_path / "hafen.md"])
        answer = library.ask("Wie viel kostete der Ausbau des Hafens von Greifshagen?")
    assert isinstance(answer, Answer)
    assert answer.citations[0].quote == "Der Ausbau des Hafens kostete 30 Millionen Euro.[2]"
    assert "30 Millionen Euro.(2)“ [1]" in answer.text
    assert all(answer.text.count(one.marker) == 1 for one in answer.citations)
