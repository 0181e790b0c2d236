"""Check how sentences are scored against a question."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.library import Library
from rag.retrieve.interaction import Floats, TokenMemory
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.terms import coverage
from rag.retrieve.sentences.scorer import SentenceScorer, voice
from rag.retrieve.sentences.voices import speaker

TERM = st.sampled_from(["tor", "berg", "wald", "hut"])


def plain(term: str, weight: float = 1.0) -> dict[str, dict[str, float]]:
    """Return a question term that stands for itself in German, and for x in English."""
    return {
        "de": {term: weight},
        "en": {f"{term}-x": 0.8 * weight, f"{term}-y": 0.4 * weight},
        "": {term: weight},
    }


@given(st.lists(TERM, min_size=1, unique=True), st.lists(TERM), st.data())
def test_coverage_is_the_share_of_informative_terms(
    terms: list[str], present: list[str], data: st.DataObject
) -> None:
    """Demand the weighted share of the terms that are there, from 0 to 1."""
    weights = data.draw(st.lists(st.floats(0.1, 5), min_size=len(terms), max_size=len(terms)))
    covered = coverage([plain(term) for term in terms], weights, present, "de")
    expected = sum(w for term, w in zip(terms, weights, strict=True) if term in present) / sum(weights)
    assert covered == pytest.approx(expected)


def test_the_likeliest_translation_counts_fully_and_others_less() -> None:
    """Weigh a translation by how likely it is beside the best."""
    assert coverage([plain("tor")], [2.0], ["tor-x"], "en") == pytest.approx(1.0)
    assert coverage([plain("tor")], [2.0], ["tor-y"], "en") == pytest.approx(0.5)
    assert coverage([plain("tor")], [2.0], ["tor-x", "tor-y"], "en") == pytest.approx(1.0)


def test_other_languages_are_matched_by_the_word_itself() -> None:
    """Look for the surface where no translation is known."""
    assert coverage([plain("tor")], [1.0], ["tor"], "fr") == 1.0
    assert coverage([], [], ["tor"], "de") == 0.0
    assert coverage([plain("tor")], [0.0], ["tor"], "de") == 0.0


@pytest.mark.parametrize(
    "question", ["Was forderte Putin bezüglich der NATO?", "When did Notre-Dame reopen?"]
)
def test_scored_sentences_are_real_and_in_order(samples: Library, question: str) -> None:
    """Demand whole sentences of the hits, best first, headings left out."""
    found = samples.chain.find(question)
    scores = [(-one.score, one.source.id, one.span.start) for one in found.sentences]
    assert scores == sorted(scores)
    for one in found.sentences:
        hit = found.hits[one.hit]
        assert one.source == hit.source
        assert one.span in hit.passage.sentences
        assert one.text == samples.article(one.source.id).text[one.span.start : one.span.end]
        assert one.text != hit.passage.heading
        assert 0 <= one.coverage <= 1.0001


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin forderte Garantien von der Nato.", 1.0),
        ("Er forderte Garantien von der Nato.", 0.5),
        ("Biden forderte Putin auf, gegen die Täter vorzugehen.", 0.0),
        ("Putin reiste nach Sotschi.", 0.0),
    ],
)
def test_words_of_another_are_not_the_ones_asked_for(samples: Library, text: str, expected: float) -> None:
    """Weigh whether the one asked of speaks, in both languages."""
    retriever = samples.chain._retriever
    for question in ("Was forderte Putin?", "What did Putin demand?"):
        assert voice(retriever.query(question), "Putin", text, "", "de") == expected
    assert voice(retriever.query("Wo war Putin?"), "", text, "", "de") == 0.0


@pytest.mark.parametrize(
    "question",
    [
        "Was sagte der russische Außenminister Sergej Lawrow?",
        "Was hat Lawrow dazu gesagt?",
        "What did Russian Foreign Minister Sergei Lavrov say?",
    ],
)
def test_whoever_is_asked_of_is_known_by_the_last_name(samples: Library, question: str) -> None:
    """Take the last name for enough where a question gives title, country and first name, too."""
    query = samples.chain._retriever.query(question)
    assert voice(query, speaker(question), "Lawrow sagte, das sei falsch.", "", "de") == 1.0
    assert voice(query, speaker(question), "Blinken sagte Lawrow, das sei falsch.", "", "de") == 0.0


class Interrupted:
    """An encoder during whose work another question fills the scorer's memory."""

    token_dimension = 0
    scorer: SentenceScorer

    def encode(self, texts: Sequence[str], kind: str = "passage") -> Floats:
        if "new" in texts:
            self.scorer.encode([f"other {number}" for number in range(20_000)])
        return np.array([[float(len(text)), 1.0] for text in texts], dtype=np.float32)


def test_a_vector_that_another_question_puts_out_meanwhile_is_returned_all_the_same() -> None:
    """Take what was found along, instead of looking for it once more behind the encoder."""
    encoder = Interrupted()
    encoder.scorer = SentenceScorer(cast(Any, encoder), TokenMemory(lambda keys: {}, 0), Lexicon({}))
    encoder.scorer.encode(["known"])
    assert encoder.scorer.encode(["known", "new"]).tolist() == [[5.0, 1.0], [3.0, 1.0]]


def test_he_is_whoever_spoke_in_the_sentence_before(samples: Library) -> None:
    """Take a pronoun for the one who is named first in the sentence before, and for nobody else."""
    query = samples.chain._retriever.query("Was forderte Putin?")
    said = "Er forderte Garantien."
    assert voice(query, "Putin", said, "Putin sprach am Abend in Sotschi.", "de") == 1.0
    assert voice(query, "Putin", said, "Biden sprach am Abend in Washington.", "de") == 0.5
    assert voice(query, "Putin", "Alle forderten Garantien.", "Putin sprach am Abend.", "de") == 0.5
