"""Questions to begin with fit the collection."""

from datetime import date

import pytest

from rag.library import Library
from rag.schema import Source
from rag.ui.suggestions import SAMPLE_QUESTIONS, suggestions
from rag.ui.texts import DE, EN


def test_the_samples_bring_their_own_questions_in_both_languages(samples: Library) -> None:
    german = suggestions(samples.articles(), DE)
    assert german[0] == "Was forderte Putin bezüglich der NATO?"
    assert german[2] == "What did Putin demand regarding NATO?"
    assert suggestions(samples.articles(), EN)[0] == german[2]


def test_every_sample_question_belongs_to_an_article_of_the_collection(samples: Library) -> None:
    addresses = {source.url for source in samples.articles()}
    for questions in SAMPLE_QUESTIONS.values():
        assert {address for _, address in questions} <= addresses


def test_the_sample_questions_are_answered(samples: Library) -> None:
    for questions in SAMPLE_QUESTIONS.values():
        for question, _ in questions:
            assert samples.ask(question).answered, question


def test_other_collections_are_asked_about_their_newest_headlines() -> None:
    sources = [Source(f"{n}", f"Titel {n}", "de", published=date(2024, 1, n)) for n in range(1, 9)]
    sources.append(Source("e", "Newest of all", "en", published=date(2025, 1, 1)))
    sources.append(Source("u", "Ohne Datum", "de"))
    asked = suggestions(sources, DE)
    assert asked[:2] == ["What is “Newest of all” about?", "Worum geht es in „Titel 8“?"]
    assert len(asked) == 4
    assert suggestions([], DE) == []


@pytest.mark.parametrize(
    ("title", "language", "question"),
    [
        (
            "Gespräch: Dialog „offen und sachlich“",
            "de",
            "Worum geht es in „Gespräch: Dialog ‚offen und sachlich‘“?",
        ),
        ("Talks: “open” and long", "en", "What is “Talks: ‘open’ and long” about?"),
    ],
)
def test_quotation_marks_of_a_headline_become_single(title: str, language: str, question: str) -> None:
    assert suggestions([Source("a", title, language, published=date(2024, 1, 1))], DE) == [question]
