"""Check how the calibration of abstentions is fitted, and that its figures are those of unseen stores."""

from pathlib import Path

import numpy as np
import pytest

from rag.errors import InputError
from rag.evaluate.calibrate import _NAMES, Example, figures, fit

PLACE = _NAMES.index("passage_cosine")


def example(value: float, kind: str, store: str) -> Example:
    """Make an example that one feature tells of."""
    features = tuple(value if place == PLACE else 0.5 for place in range(len(_NAMES)))
    return Example(features, kind, Path(store))  # type: ignore[arg-type]


def made(other: str) -> list[Example]:
    """Make two stores; in the one named, unanswerable questions look like the other's answerable ones."""
    rng = np.random.default_rng(0)
    found = []
    for store, sign in (("first", 1), (other, -1 if other == "turned" else 1)):
        for _ in range(60):
            found.append(example(float(rng.normal(sign, 0.3)), "answerable", store))
            found.append(example(float(rng.normal(-sign, 0.3)), "other", store))
            found.append(example(float(rng.normal(-0.5 * sign, 0.3)), "near", store))
    return found


def test_what_tells_them_apart_is_weighed() -> None:
    """Find that a feature speaks for an answer, and report both kinds of unanswerable questions."""
    seen = figures(made("second"), ("passage_cosine", "named"))
    assert seen["weights"]["passage_cosine"] > 1
    assert seen["weights"]["named"] == pytest.approx(0.0, abs=1e-3)
    assert (seen["answerable"], seen["other"]["unanswerable"], seen["near"]["unanswerable"]) == (
        120,
        120,
        120,
    )
    assert seen["other"]["auroc"] > 0.99
    assert seen["other"]["false_answers_at_5_percent_false_refusals"] < 0.05
    assert seen["near"]["auroc"] < seen["other"]["auroc"]


def test_a_store_is_judged_by_the_others() -> None:
    """Report a failure where what holds in one store is turned round in the other."""
    seen = figures(made("turned"), ("passage_cosine",))
    assert seen["other"]["auroc"] < 0.5


@pytest.mark.parametrize("labels", [[], [1.0, 1.0], [0.0]])
def test_one_class_cannot_be_told_from_itself(labels: list[float]) -> None:
    """Say so instead of writing weights that are no numbers."""
    with pytest.raises(InputError, match="nothing to tell apart"):
        fit(np.zeros((len(labels), 2)), np.array(labels))


def test_both_classes_weigh_the_same() -> None:
    """Put the boundary between the classes, however many more there are of one."""
    rng = np.random.default_rng(1)
    rows = np.concatenate([rng.normal(1, 0.5, (50, 1)), rng.normal(-1, 0.5, (5000, 1))])
    labels = np.concatenate([np.ones(50), np.zeros(5000)])
    weights, intercept = fit(rows, labels)
    assert -intercept / weights[0] == pytest.approx(0.0, abs=0.2)
