"""Questions to begin with fit the collection."""

from dataclasses import replace

import gradio as gr
import pytest

from rag.library import Library
from rag.ui.conversation.suggestions import SAMPLE_QUESTIONS, suggestions
from rag.ui.page import Page
from rag.ui.server.desk import Desk
from rag.ui.server.pump import in_event_loop
from rag.ui.texts.languages import DE, EN, Texts
from tests.conftest import Writer


def test_the_samples_bring_their_own_questions_in_the_language_of_the_page(samples: Library) -> None:
    for texts, first in (
        (DE, "Was forderte Putin bezüglich der NATO?"),
        (EN, "What did Putin demand regarding NATO?"),
    ):
        asked = suggestions(samples, texts)
        assert (asked[0], len(asked)) == (first, 4)
    assert suggestions(samples, replace(EN, language="fr")) == suggestions(samples, EN)


def test_every_sample_question_belongs_to_an_article_of_the_collection(samples: Library) -> None:
    addresses = {source.url for source in samples.articles()}
    for questions in SAMPLE_QUESTIONS.values():
        assert {address for _, address in questions} <= addresses


def test_the_sample_questions_are_answered(samples: Library) -> None:
    for questions in SAMPLE_QUESTIONS.values():
        for question, _ in questions:
            assert samples.ask(question).answered, question


def test_other_collections_are_asked_what_their_newest_articles_answer(empty: Library, write: Writer) -> None:
    assert suggestions(empty, DE) == []
    told = (
        "Karl Tannhof forderte eine neue Brücke bis zum Sommer.",
        "Die Brücke im Norden ist seit Montag gesperrt.",
    )
    for number, text in enumerate(told, 1):
        empty.index(
            [
                write(
                    f"{number}.md", f"---\ntitle: Titel {number}\npublished: 2024-01-0{number}\n---\n{text}\n"
                )
            ]
        )
    asked = ["Was forderte Karl Tannhof?", "Worum geht es in „Titel 2“?", "Worum geht es in „Titel 1“?"]
    assert suggestions(empty, DE) == asked
    english = ["What did Karl Tannhof demand?", "What is “Titel 2” about?", "What is “Titel 1” about?"]
    assert suggestions(empty, EN) == english
    assert empty.ask(asked[0]).answered and empty.ask(english[0]).answered


def test_questions_to_begin_with_follow_every_write(empty: Library, write: Writer) -> None:
    empty.index([write("a.md", "---\ntitle: Alt\n---\nDie Brücke im Norden ist seit Montag gesperrt.\n")])

    def laid_out() -> Page:
        with gr.Blocks():
            return Page(empty, Desk(empty))

    page = in_event_loop(laid_out)
    assert page.suggested(1, "de") == ["Worum geht es in „Alt“?"]
    empty.remove(["a.md"])
    empty.index([write("b.md", "---\ntitle: Neu\n---\nDie Brücke im Süden ist seit Montag gesperrt.\n")])
    assert page.suggested(1, "de") == ["Worum geht es in „Neu“?"]
    assert page.suggested(0, "de") == []


@pytest.mark.parametrize(
    ("title", "texts", "question"),
    [
        (
            "Gespräch: Dialog „offen und sachlich“",
            DE,
            "Worum geht es in „Gespräch: Dialog ‚offen und sachlich‘“?",
        ),
        ("Talks: “open” and long", EN, "What is “Talks: ‘open’ and long” about?"),
        ("Gespräch: „offen“", EN, "What is “Gespräch: ‘offen’” about?"),
    ],
)
def test_quotation_marks_of_a_headline_become_single(
    empty: Library, write: Writer, title: str, texts: Texts, question: str
) -> None:
    empty.index(
        [write("a.md", f"---\ntitle: '{title}'\n---\nDie Brücke im Norden ist seit Montag gesperrt.\n")]
    )
    assert suggestions(empty, texts) == [question]
