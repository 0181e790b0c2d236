"""Check how the weights of sentences are fitted."""

import json
from pathlib import Path

import numpy as np
import pytest

from rag.errors import InputError
from rag.evaluate.metrics import Floats
from rag.evaluate.rank import Contest, contests, figures, fit
from rag.library import Library
from rag.retrieve.sentences.signals import NAMES


def made(count: int, weights: list[float]) -> list[Contest]:
    """Draw contests of eight sentences, each won with the probability that the weights say."""
    random = np.random.default_rng(1)
    asked = []
    for number in range(count):
        rows = random.normal(size=(8, len(weights)))
        odds = np.exp(rows @ np.array(weights))
        winner = random.choice(8, p=odds / odds.sum())
        asked.append(Contest(rows, np.arange(8) == winner, number % 5))
    return asked


def likelihood(asked: list[Contest], weights: Floats) -> float:
    """Return the mean log-probability of the right sentences."""
    return float(
        np.mean([
            np.log(np.exp(one.signals @ weights)[one.right].sum() / np.exp(one.signals @ weights).sum())
            for one in asked
        ])
    )  # fmt: skip


def test_the_weights_that_made_the_choices_are_found() -> None:
    """Demand them within sampling error, and that no change near them is likelier."""
    truth = [2.0, 0.0, -1.0]
    asked = made(3000, truth)
    found = fit(asked, [0, 1, 2], ridge=1e-6)
    assert np.abs(found - truth).max() < 0.15
    best = likelihood(asked, found)
    for change in np.eye(3) * 0.05:
        assert likelihood(asked, found + change) < best
        assert likelihood(asked, found - change) < best


def test_several_right_sentences_share_their_probability() -> None:
    """Maximise the probability of any of them."""
    asked = [
        Contest(one.signals, one.right | np.roll(one.right, 1), one.fold) for one in made(1500, [1.5, 0.5])
    ]
    found = fit(asked, [0, 1], ridge=1e-6)
    best = likelihood(asked, found)
    for change in np.eye(2) * 0.05:
        assert likelihood(asked, found + change) < best
        assert likelihood(asked, found - change) < best


def test_a_question_without_a_right_sentence_counts_as_missed() -> None:
    """Measure over all questions, though nothing is learnt from such a one."""
    asked = made(400, [3.0] + [0.0] * (len(NAMES) - 1))
    lost = [Contest(one.signals, np.zeros(8, dtype=bool), one.fold) for one in asked]
    alone, mixed = figures(asked, NAMES), figures(asked + lost, NAMES)
    assert alone["weights"] == mixed["weights"]
    assert mixed["right_first_cross_validated"] == round(alone["right_first_cross_validated"] / 2, 4)
    assert mixed["questions"] == 800


def test_contests_are_the_sentences_of_the_best_passages(samples: Library, tmp_path: Path) -> None:
    """Mark the sentences that hold the evidence in a right article; pass over what has no answer."""
    path = tmp_path / "questions.jsonl"
    lines = [
        ("What did Sullivan say about 2014?", ["2021-12-08-white-house-video-summit.md"], ["not do in 2014"]),
        ("Who invented the telephone?", [], []),
    ]
    path.write_text(
        "\n".join(json.dumps({"question": q, "articles": a, "evidence": e}) for q, a, e in lines),
        encoding="utf-8",
    )
    (one,) = contests(samples.settings.store, path, with_tokens=True)
    assert one.right.sum() == 1
    assert len(one.signals) == len(one.right) > 10


@pytest.mark.parametrize(
    "question",
    ["Was forderte Putin?", "Who said what about the video summit?", "Vergleiche die Angaben zu den Truppen"],
)
def test_what_is_fitted_on_is_what_is_ranked(samples: Library, question: str) -> None:
    """See the sentences that answering ranks, of questions that are searched for by their subject too."""
    ranked = {(one.source.id, one.span) for one in samples.chain.find(question).sentences}
    assert {(hit.source.id, span) for hit, span, _ in samples.chain.signals(question)} == ranked


def test_models_without_token_vectors_are_fitted_as_they_answer(samples: Library) -> None:
    """Leave tokens out of the order of the passages and the judging too, not of the sentences alone."""
    question = "Wie begründete Moskau die Forderung nach Garantien?"
    found = samples.chain.find(question, with_tokens=False)
    assert found.features.informative_match == 0.0
    assert all(hit.match == 0.0 for hit in found.hits) and all(one.match == 0.0 for one in found.sentences)
    ranked = {(one.source.id, one.span) for one in found.sentences}
    assert {(hit.source.id, span) for hit, span, _ in samples.chain.signals(question, False)} == ranked


def test_where_nothing_can_be_learnt_it_says_so() -> None:
    """Say what is missing where no sentence is right."""
    lost = [Contest(one.signals, np.zeros(8, dtype=bool), one.fold) for one in made(3, [1.0])]
    for asked in ([], lost):
        with pytest.raises(InputError, match=f"in {len(asked)} questions") as caught:
            fit(asked, [0])
        assert "evidence" in caught.value.hint
