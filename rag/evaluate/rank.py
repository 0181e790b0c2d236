"""Fit how sentences are ranked: `python -m rag.evaluate.rank STORE=QUESTIONS.jsonl … --out sentences.json`.

Of each question whose answering articles and evidence are known, the sentences of the best passages compete:
a conditional logit (McFadden 1974) makes those likely that hold the evidence. The figures written beside the
weights are those of five-fold cross-validation over the answering articles.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from rag import settings
from rag.errors import InputError
from rag.evaluate import commands
from rag.evaluate.cases import read_cases
from rag.evaluate.metrics import Floats, holds
from rag.library import Library
from rag.retrieve.sentences.expects import Kind
from rag.retrieve.sentences.signals import NAMES

_KINDS: Final = tuple(f"has_{kind}" for kind in get_args(Kind))
_CHOSEN: Final = {
    "with_tokens": (
        "cosine", "match", "context", "coverage", "about", "asks", "voice", "act", "withholds", "corrects",
        "passage_score", "length", *_KINDS,
    ),
    "without_tokens": (
        "cosine", "coverage", "about", "asks", "voice", "act", "withholds", "corrects", "passage_cosine",
        "passage_score", "length", *_KINDS,
    ),
}  # fmt: skip
_ALL: Final = (*NAMES, *_KINDS)
_RIDGE: Final = 5.0  # on weights of signals at standard deviation one
_FOLDS: Final = 5
_STEPS: Final = 100
_CLOSE: Final = 1e-6  # a step that changes no weight by more ends the fit
_FINITE: Final = 300.0  # log-odds whose exponential, and that of twice as many, are numbers


@dataclass(frozen=True, slots=True)
class Contest:
    """The sentences of one question: their signals (n, d), which are right (n,), and a fold."""

    signals: Floats
    right: NDArray[np.bool_]
    fold: int


def contests(store: Path, questions: Path, with_tokens: bool, every: int = 1) -> Iterator[Contest]:
    """Yield a contest for each question, or each `every`-th, whose evidence is known."""
    with Library.open(settings.load(store=store, llm="none")) as library:
        for case, _ in read_cases(questions)[::every]:
            if not case.articles or not case.evidence:
                continue
            seen = library.chain.signals(case.question, with_tokens)
            if not seen:
                continue
            rows = [[signals.values().get(name, 0.0) for name in _ALL] for _, _, signals in seen]
            right = [
                hit.source.id in case.articles and holds(hit.passage.quote(span), case.evidence)
                for hit, span, _ in seen
            ]
            fold = zlib.crc32(min(case.articles).encode()) % _FOLDS
            yield Contest(np.array(rows), np.array(right), fold)


def fit(asked: Sequence[Contest], columns: Sequence[int], ridge: float = _RIDGE) -> Floats:
    """Return the weights (d,) of these columns of the signals, by ridge-penalised maximum likelihood.

    A question may have several right sentences, whose probabilities add up. Each step divides the gradient
    by the information of the choice alone, which bounds the curvature, and is halved while it overshoots.

    Raises:
        InputError: of no question are some sentences right and some wrong.
    """
    used = [one for one in asked if one.right.any() and not one.right.all()]
    if not used:
        raise InputError(
            f"no sentence is to be preferred in {len(asked)} questions, or in four fifths of them",
            hint='give more questions, with "articles" and "evidence" that stands in them',
        )
    rows = np.concatenate([one.signals[:, columns] for one in used])
    spread = rows.std(axis=0) + 1e-9
    rows = rows / spread
    right = np.concatenate([one.right for one in used])
    sizes = [len(one.right) for one in used]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(used)), sizes)

    def chances(theta: Floats) -> tuple[Floats, Floats, float]:
        """Return each sentence's probability, that among the right ones, and the penalised log-likelihood."""
        scores = np.clip(rows @ theta, -_FINITE, _FINITE)
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        wanted = np.where(right, odds, 0.0)
        all_odds, right_odds = np.add.reduceat(odds, starts), np.add.reduceat(wanted, starts)
        gain = float(np.log(right_odds / all_odds).sum() - ridge / 2 * theta @ theta)
        return odds / all_odds[owner], wanted / right_odds[owner], gain

    theta = np.zeros(len(columns))
    p, wanted, gain = chances(theta)
    for _ in range(_STEPS):
        mean = np.add.reduceat(rows * p[:, None], starts)
        information = (rows * p[:, None]).T @ rows - mean.T @ mean + ridge * np.eye(len(theta))
        step = np.linalg.solve(information, rows.T @ (wanted - p) - ridge * theta)
        while (reached := chances(theta + step))[2] < gain and np.abs(step).max() >= _CLOSE:
            step /= 2
        if np.abs(step).max() < _CLOSE:
            break
        theta, (p, wanted, gain) = theta + step, reached
    return np.asarray(theta / spread)


def figures(asked: Sequence[Contest], names: Sequence[str]) -> dict[str, Any]:
    """Return the fitted weights, and how often cross-validated ones set a right sentence first or in three.

    Questions none of whose sentences is right count as missed.
    """
    columns = [_ALL.index(name) for name in names]
    first, three = [], []
    for fold in range(_FOLDS):
        rest = [one for one in asked if one.fold != fold]
        weights = fit(rest, columns)
        for one in (one for one in asked if one.fold == fold):
            order = np.argsort(-(one.signals[:, columns] @ weights), kind="stable")
            first.append(bool(one.right[order[0]]))
            three.append(bool(one.right[order[:3]].any()))
    return {
        "weights": {
            name: round(float(w), 3)
            for name, w in zip(names, fit(asked, columns), strict=True)
            if abs(w) > 5e-4
        },
        "questions": len(asked),
        "right_first_cross_validated": round(float(np.mean(first)), 4),
        "right_in_three_cross_validated": round(float(np.mean(three)), 4),
    }


def main() -> None:
    """Fit on the given stores and questions and write the weights."""
    parser = commands.on_stores(__doc__)
    parser.add_argument(
        "--every", type=int, default=10, metavar="N",
        help="without token vectors, which takes long, use each N-th question (default 10)",
    )  # fmt: skip
    given = parser.parse_args()
    stores = commands.stores(parser, given.pairs)
    if given.every < 1:
        parser.error(f"--every must be 1 or more, got {given.every}")
    made = {}
    for kind, names in _CHOSEN.items():
        with_tokens = kind == "with_tokens"
        every = 1 if with_tokens else given.every
        asked = [one for pair in stores for one in contests(*pair, with_tokens, every)]
        made[kind] = figures(asked, names)
    given.out.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    commands.run(main)
