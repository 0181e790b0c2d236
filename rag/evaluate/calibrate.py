"""Fit when to abstain: `python -m rag.evaluate.calibrate STORE=QUESTIONS.jsonl … --out abstention.json`.

Every answerable question counts twice: as it is, and with the articles that answer it passed over, which
makes it the hardest kind of unanswerable question (same people, same events, the fact missing). The
questions of each file are also asked of the other stores, where they are far off.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag import settings
from rag.answer.abstention import Features
from rag.evaluate.metrics import auroc
from rag.evaluate.run import read_cases
from rag.library import Library

_NAMES = tuple(field.name for field in fields(Features))
# Which features tell whether a question can be answered: with vectors of tokens, and where there are none.
_CHOSEN = {
    "with_tokens": ("passage_coverage", "sentence_coverage", "passage_match", "weakest_match", "lead"),
    "without_tokens": ("passage_cosine", "passage_coverage", "sentence_coverage"),
}
_PENALTY = 1.0
_FOREIGN = 50  # questions of each file that are asked of the other stores


def fit(rows: NDArray[np.float64], labels: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return weights (d,) and intercept of a logistic regression, both classes of equal weight.

    Plain Newton steps on the ridge-penalised likelihood; `rows` is (n, d), `labels` 0 or 1.
    """
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


def examples(stores: Sequence[tuple[Path, Path]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return features (n, d) and labels (n,) of all questions on their stores, and of some on the others."""
    rows: list[tuple[float, ...]] = []
    labels: list[float] = []
    cases = [(home, [case for case, _ in read_cases(questions)]) for home, questions in stores]
    for store in dict.fromkeys(home for home, _ in cases):
        with Library.open(settings.load(store=store, llm="none")) as library:
            for home, asked in cases:
                for case in asked if home == store else asked[:_FOREIGN]:
                    answers = frozenset(case.articles) if home == store else frozenset()
                    rows.append(astuple(library.chain.find(case.question).features))
                    labels.append(float(bool(answers)))
                    if answers:
                        rows.append(astuple(library.chain.find(case.question, answers).features))
                        labels.append(0.0)
    return np.array(rows), np.array(labels)


def figures(rows: NDArray[np.float64], labels: NDArray[np.float64], names: Sequence[str]) -> dict[str, Any]:
    """Return a calibration with its figures, those in five-fold cross-validation, for the file.

    `rows` (n, d) hold the features called `names`.
    """
    weights, intercept = fit(rows, labels)
    order = np.random.default_rng(0).permutation(len(rows))
    held_out = np.zeros(len(rows))
    for fold in range(5):
        chosen = order[fold::5]
        rest = np.setdiff1d(order, chosen)
        w, b = fit(rows[rest], labels[rest])
        held_out[chosen] = rows[chosen] @ w + b
    return {
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        "intercept": round(intercept, 4),
        "answerable": int(labels.sum()),
        "unanswerable": int((1 - labels).sum()),
        "auroc_cross_validated": auroc(held_out[labels > 0].tolist(), held_out[labels == 0].tolist()),
        "false_refusals_at_half": float((held_out[labels > 0] < 0).mean()),
        "false_answers_at_half": float((held_out[labels == 0] >= 0).mean()),
    }


def main() -> None:
    """Fit on the given stores and questions and write the calibration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="STORE=QUESTIONS", help="a store and questions on it")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    given = parser.parse_args()
    stores = [(Path(left), Path(right)) for left, _, right in (pair.partition("=") for pair in given.pairs)]
    rows, labels = examples(stores)
    made = {
        kind: figures(rows[:, [_NAMES.index(name) for name in names]], labels, names)
        for kind, names in _CHOSEN.items()
    }
    given.out.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
