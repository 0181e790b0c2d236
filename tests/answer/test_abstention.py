"""Check the estimate of whether the articles answer a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.abstention import Calibration, Features, bundled
from rag.answer.texts import say
from rag.library import Library
from rag.schema import Abstention

SHARE = st.floats(0, 1)
FIELDS = list(Features.__dataclass_fields__)


def test_probability_is_the_logistic_function() -> None:
    """Weigh the features, add the intercept, squash."""
    calibration = Calibration({FIELDS[0]: 2.0}, -1.0)
    at = dict.fromkeys(FIELDS, 0.0)
    assert calibration.probability(Features(**(at | {FIELDS[0]: 0.5}))) == pytest.approx(0.5)
    assert calibration.probability(Features(**(at | {FIELDS[0]: 1.0}))) == pytest.approx(0.7310586)


@given(st.floats(-1e6, 1e6), SHARE)
def test_probability_is_one_for_any_weight(weight: float, value: float) -> None:
    """Demand a number from 0 to 1 and no overflow."""
    calibration = Calibration({FIELDS[0]: weight}, 0.0)
    assert 0.0 <= calibration.probability(Features(**dict.fromkeys(FIELDS, value))) <= 1.0


def test_better_evidence_is_never_less_likely() -> None:
    """Demand that the shipped calibration rises with every feature it uses."""
    for calibration in (bundled().with_tokens, bundled().without_tokens):
        assert set(calibration.weights) <= set(FIELDS)
        assert all(weight >= 0 for weight in calibration.weights.values())
        low, high = (
            calibration.probability(Features(**dict.fromkeys(FIELDS, value))) for value in (0.0, 1.0)
        )
        assert low < 0.5 < high


def test_answerable_questions_are_more_likely(samples: Library) -> None:
    """Order questions the articles answer above those they do not."""
    yes = ["Was forderte Putin bezüglich der NATO?", "When did Notre-Dame reopen?"]
    no = ["Wie viele Einwohner hat die Hauptstadt von Peru?", "Who invented the telephone?"]
    assert min(samples.ask(one).confidence for one in yes) > max(samples.ask(one).confidence for one in no)


@pytest.mark.parametrize(
    ("question", "share", "absent"),
    [
        ("Was forderte Putin von der Nato?", 1.0, ()),
        ("What did Volodymyr Zelensky criticize about the Riyadh meeting?", 1.0, ()),
        ("Wo trafen sich Rubio und Lawrow?", 1.0, ()),
        ("Was sagte Adenauer zu den Gesprächen in Riad?", 0.5, ("Adenauer",)),
        ("How did Thatcher and Reagan describe the Riyadh meeting in 1987?", 0.25,
         ("Thatcher", "Reagan", "1987")),
    ],
)  # fmt: skip
def test_names_and_years_that_no_passage_has(
    samples: Library, question: str, share: float, absent: tuple[str, ...]
) -> None:
    """Find the names of a question in either language's spelling; count what the best passages lack."""
    found = samples.chain.find(question)
    assert found.features.named == pytest.approx(share)
    assert found.unnamed == absent


def test_what_a_passage_shown_names_is_not_said_to_be_unnamed(samples: Library) -> None:
    """Look for a name in all passages shown beside the reason, not in those alone that decide."""
    outcome = samples.ask("Wer nannte den Bericht der Washington Post frei erfunden?")
    assert isinstance(outcome, Abstention)
    best, others = outcome.hits[:3], outcome.hits[3:]
    assert not any("Washington Post" in hit.passage.text for hit in best)
    assert any("Washington Post" in hit.passage.text for hit in others)
    assert "Washington Post" not in outcome.reason


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (
            "What did Zelensky say about the Riyadh meeting?",
            "What did Thatcher say about the Riyadh meeting?",
        ),
        ("Was sagte Sullivan zu Nord Stream 2?", "Was sagte Adenauer zu Nord Stream 2?"),
    ],
)
def test_whom_no_article_names_has_said_nothing(samples: Library, known: str, unknown: str) -> None:
    """Decline to say what someone said who stands nowhere, and tell that this is why."""
    assert samples.chain.find(known).features.asked_of == 1.0
    assert samples.chain.find(unknown).features.asked_of == 0.0
    outcome = samples.ask(unknown)
    assert isinstance(outcome, Abstention)
    name = "Thatcher" if "Thatcher" in unknown else "Adenauer"
    assert say("unnamed", outcome.language, names=name) in outcome.reason
