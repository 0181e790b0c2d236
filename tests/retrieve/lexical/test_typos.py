"""Check which words of a question are put right, and which are left as they were typed."""

import json

import pytest

from rag import resources
from rag.library import Library
from rag.retrieve.lexical.typos import corrected
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
        ("de", "Was will US-Präsidnet Biden?", "Was will US-Präsident Biden?"),
        ("de", "Was sagte der Kreml-Spercher?", "Was sagte der Kreml-Sprecher?"),
        ("en", "What of the pre-summti talks?", "What of the pre-summit talks?"),
        ("de", "Was forderte Putin bezügglich der NATO?", "Was forderte Putin bezüglich der NATO?"),
        ("de", "Was forderte Putin bezglich der NATO?", "Was forderte Putin bezüglich der NATO?"),
        ("de", "In wellchem Land war er?", "In welchem Land war er?"),
        ("en", "What did Putin say regardnig NATO?", "What did Putin say regarding NATO?"),
        ("en", "What did the goverment in Kyiv say?", "What did the government in Kyiv say?"),
        ("de", "Was sagte die Regirung?", "Was sagte die Regierung?"),
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
        ("de", "Wer reichert Uran an?"),  # of a form that nobody writes, "reichest", a passage has the stem
        ("de", "Was sagte Strack-Zimmermann?"),
        ("en", "Who can invent something?"),  # "intent" is in the collection
        ("en", "What does the Kreml say about the Bundestag?"),  # the other language's words
        ("en", "Who is an anatomist?"),  # other words end otherwise
        ("fr", "Qu'a exigé le goverment?"),
        ("en", ""),
    ],
)
def test_other_words_stay_as_they_are(samples: Library, language: str, question: str) -> None:
    """Leave what is known, what nothing is near to, and what is too short to tell."""
    assert meant(samples, question, language) == question


def test_a_mistyped_function_word_costs_nothing(samples: Library) -> None:
    """Quote the same sentences first as for the words as they should be."""
    for typed, right in (
        ("Was forderte Putin bezügglich der NATO?", "Was forderte Putin bezüglich der NATO?"),
        ("What did Putin demand regarrding NATO?", "What did Putin demand regarding NATO?"),
    ):
        one, other = samples.ask(typed), samples.ask(right)
        assert [found.quote for found in one.citations] == [found.quote for found in other.citations] != []
        assert one.confidence == other.confidence


def test_no_question_of_the_samples_is_changed(samples: Library) -> None:
    """Leave all words of the shipped questions, with and without an answer, as they are."""
    folder = resources.folder("data") / "questions"
    for name in ("samples.jsonl", "acts.jsonl"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            asked = json.loads(line)
            assert meant(samples, asked["question"], asked["language"]) == asked["question"]


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
