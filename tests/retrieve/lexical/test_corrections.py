"""Check which words of a question are put right, and which are left as they were typed."""

import pytest

from rag.library import Library
from rag.retrieve.lexical.corrections import corrected
from rag.schema import Answer


def meant(library: Library, question: str, language: str) -> str:
    """Return a question as the sample collection understands it."""
    retriever = library.chain._retriever
    return corrected(question, language, retriever.lexicon, retriever.lexical.counts)


@pytest.mark.parametrize(
    ("language", "typed", "right"),
    [
        ("de", "Wie lange dauerte der Videogpifel?", "Wie lange dauerte der Videogipfel?"),
        ("de", "Was velrangt Putin?", "Was verlangt Putin?"),
        ("de", "was sagte der vertiedigungsminister?", "was sagte der verteidigungsminister?"),
        ("de", "Von wie vielen Soldaten hat er gesporchen?", "Von wie vielen Soldaten hat er gesprochen?"),
        ("de", "Was war das Gesprähc in Stokcholm?", "Was war das Gespräch in Stockholm?"),
        ("en", "What guaranetes does Russia want?", "What guarantees does Russia want?"),
        ("en", "How did the govenrment in Kyiv react?", "How did the government in Kyiv react?"),
        ("en", "Did Biden considder an embasssy?", "Did Biden consider an embassy?"),
        ("en", "What did Sulilvan say?", "What did Sullivan say?"),
    ],
)  # fmt: skip
def test_a_mistyped_word_is_put_right(samples: Library, language: str, typed: str, right: str) -> None:
    """Know a word by one slip, in the collection's words or by its translation, and keep its capital."""
    assert meant(samples, typed, language) == right


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Wie backt man einen Apfelstrudel?"),  # a compound
        ("de", "Was sagte Viktor Orban?"),  # a short name is a slip from many words
        ("de", "Was sagte Thunberg?"),
        ("de", "Welche Rolle spielt das BSWX?"),
        ("de", "Was steht in MH17-Akte?"),
        ("en", "What does the Kreml say about the Bundestag?"),  # the other language's words
        ("en", "Who is an anatomist?"),  # other words end otherwise
        ("fr", "Qu'a exigé le goverment?"),
        ("en", ""),
    ],
)
def test_other_words_stay_as_they_are(samples: Library, language: str, question: str) -> None:
    """Leave what is known, what nothing is near to, and what is too short to tell."""
    assert meant(samples, question, language) == question


def test_nothing_is_changed_into_what_no_passage_has(empty: Library) -> None:
    """Put nothing right where there is nothing to be found by it."""
    assert meant(empty, "Wie lange dauerte der Videogpifel?", "de") == "Wie lange dauerte der Videogpifel?"


def test_an_answer_tells_what_was_searched_for(samples: Library) -> None:
    """Answer a mistyped question as the right one, and name both."""
    typed = samples.ask("Wie lange dauerte der Videogpifel von Biden und Putin?")
    right = samples.ask("Wie lange dauerte der Videogipfel von Biden und Putin?")
    assert isinstance(typed, Answer)
    assert (typed.question, typed.query) == (
        "Wie lange dauerte der Videogpifel von Biden und Putin?",
        right.query,
    )
    assert [one.quote for one in typed.citations] == [one.quote for one in right.citations]
