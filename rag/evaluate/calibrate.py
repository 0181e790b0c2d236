"""Fit when to abstain: `python -m rag.evaluate.calibrate STORE=QUESTIONS.jsonl … --out abstention.json`.

Every answerable question counts twice: as it is, and with the articles that answer it passed over, which
makes it the hardest kind of unanswerable question (same people, same events, the fact missing). The
questions of each file are also asked of the other stores, where they are far off: give stores that do not
answer each other's questions. The figures written beside the weights are those of leaving out one store after
the other, so that each is judged by what was fitted on other collections.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rag import settings
from rag.answer.abstention import Features
from rag.errors import InputError
from rag.evaluate import commands
from rag.evaluate.cases import Case, read_cases
from rag.evaluate.metrics import auroc, false_answers, rounded
from rag.library import Library

Kind = Literal["answerable", "near", "other"]
_NAMES = tuple(field.name for field in fields(Features))
# Which features tell whether a question can be answered: with vectors of tokens, and where there are none.
_CHOSEN = {
    "with_tokens": ("passage_cosine", "sentence_coverage", "informative_match", "named", "asked_of"),
    "without_tokens": ("passage_cosine", "passage_coverage", "sentence_coverage", "named", "asked_of"),
}
_PENALTY = 1.0
_FOREIGN = 50  # questions of each file that are asked of the other stores


def fit(rows: NDArray[np.float64], labels: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return weights (d,) and intercept of a logistic regression, both classes of equal weight.

    Plain Newton steps on the ridge-penalised likelihood; `rows` is (n, d), `labels` 0 or 1.

    Raises:
        InputError: there is but one class.
    """
    if not len(labels) or labels.min() == labels.max():
        raise InputError(
            f"there is nothing to tell apart among {len(labels)} examples",
            hint="give questions with and without an answer, or pairs of which some are supported",
        )
    design = np.hstack([rows, np.ones((len(rows), 1))])
    share = labels.mean()
    importance = np.where(labels > 0, 0.5 / share, 0.5 / (1 - share))
    ridge = np.diag([_PENALTY] * rows.shape[1] + [0.0])
    theta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ theta))
        gradient = design.T @ (importance * (p - labels)) + ridge @ theta
        hessian = (
            (design * (importance * p * (1 - p))[:, None]).T @ design + ridge + 1e-9 * np.eye(len(theta))
        )
        step = np.linalg.solve(hessian, gradient)
        theta -= step
        if np.abs(step).max() < 1e-8:
            break
    return theta[:-1], float(theta[-1])


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked of a store: what was seen, and whether its articles answer it or why they do not."""

    features: tuple[float, ...]
    kind: Kind
    store: Path


def examples(stores: Sequence[tuple[Path, Path]], with_tokens: bool = True) -> list[Example]:
    """Return all questions asked of their stores, without their answers too, and some of the others.

    A question is "near" where the collection is about what it asks and does not say it, "other" where it
    was written for another collection. Without `with_tokens` all is seen as by models without token vectors.
    """
    made: list[Example] = []
    cases = [(home, [case for case, _ in read_cases(questions)]) for home, questions in stores]
    for store in dict.fromkeys(home for home, _ in cases):
        with Library.open(settings.load(store=store, llm="none")) as library:
            for kind, question, without in _asked(store, cases):
                found = library.chain.find(question, without, with_tokens=with_tokens)
                made.append(Example(astuple(found.features), kind, store))
    return made


def _asked(
    store: Path, cases: Sequence[tuple[Path, Sequence[Case]]]
) -> Iterator[tuple[Kind, str, frozenset[str]]]:
    """Yield what a store is asked: the kind, the question, and the articles that are passed over."""
    for home, asked in cases:
        if home != store:
            yield from (("other", case.question, frozenset()) for case in asked[:_FOREIGN])
            continue
        for case in asked:
            answers = frozenset(case.articles)
            yield "answerable" if answers else "near", case.question, frozenset()
            if answers:
                yield "near", case.question, answers


def figures(made: Sequence[Example], names: Sequence[str]) -> dict[str, Any]:
    """Return a calibration by the features called `names`, with its figures, for the file.

    Each store's questions are judged by weights that were fitted on the other stores' alone.
    """
    rows = np.array([one.features for one in made])[:, [_NAMES.index(name) for name in names]]
    kinds = np.array([one.kind for one in made])
    labels = (kinds == "answerable").astype(float)
    weights, intercept = fit(rows, labels)
    held_out = np.zeros(len(rows))
    for store in dict.fromkeys(one.store for one in made):
        chosen = np.array([one.store == store for one in made])
        w, b = fit(rows[~chosen], labels[~chosen])
        held_out[chosen] = rows[chosen] @ w + b
    answerable = held_out[labels > 0]
    return {
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        "intercept": round(intercept, 4),
        "answerable": len(answerable),
        "false_refusals_at_half": round(float((answerable < 0).mean()), 4),
    } | {
        kind: {
            "unanswerable": int((kinds == kind).sum()),
            "auroc": rounded(auroc(answerable, held_out[kinds == kind])),
            "false_answers_at_half": round(float((held_out[kinds == kind] >= 0).mean()), 4),
            "false_answers_at_5_percent_false_refusals": rounded(
                false_answers(answerable, held_out[kinds == kind])
            ),
        }
        for kind in ("other", "near")
        if (kinds == kind).any()
    }


def main() -> None:
    """Fit on the given stores and questions and write the calibration."""
    parser = commands.on_stores(__doc__)
    given = parser.parse_args()
    stores = commands.stores(parser, given.pairs)
    if len({store for store, _ in stores}) < 2:
        parser.error("give two collections or more: each is judged by what was fitted on the others")
    calibrations = {
        kind: figures(examples(stores, kind == "with_tokens"), names) for kind, names in _CHOSEN.items()
    }
    given.out.write_text(json.dumps(calibrations, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    commands.run(main)
