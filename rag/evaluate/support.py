"""Measure the check of statements on labelled pairs: `python -m rag.evaluate.support [PAIRS.jsonl]`.

A pair is a statement, a sentence and what is the matter: `supported`, `wrong_figure`, `wrong_person`,
`wrong_date`, `reversed` or `unrelated`. `--fit support.json` fits likeness and thresholds on the pairs and
writes them; the figures printed with it are those of five-fold cross-validation over sentences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rag import resources, settings
from rag.answer.checks import support
from rag.answer.checks.entailment import open_entailment
from rag.answer.checks.support import Checker, Likeness, SupportCalibration
from rag.answer.evidence import Cited
from rag.collection import embedder_of
from rag.errors import InputError
from rag.evaluate import commands
from rag.evaluate.calibrate import fit
from rag.evaluate.cases import read_lines
from rag.retrieve.lexical import lexicon
from rag.schema import Source, Span

_NAMES: Final = tuple(field.name for field in fields(Likeness))
_PRECISION: Final = 0.95  # wanted of a citation that was found
_FOLDS: Final = 5
_HINT: Final = "see data/questions/support.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement with the sentence it is held against, and what is the matter with it."""

    kind: str
    statement: str
    language: str
    cited: Cited


def read_pairs(path: Path) -> list[Pair]:
    """Read labelled pairs, one JSON object a line.

    Raises:
        InputError: the file cannot be read or holds no pair, or a line is none; the message names it.
    """
    found = []
    for where, line in read_lines(path, "pair", _HINT):
        try:
            found.append(_pair(line))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{where} is no pair: {error!r}", hint=_HINT) from error
    if not found:
        raise InputError(f"{path} holds no pair", hint=_HINT)
    return found


def _pair(line: dict[str, Any]) -> Pair:
    source = Source(
        id=line["sentence"], title=line["title"], language=line["sentence_language"],
        published=date.fromisoformat(line["published"]),
    )  # fmt: skip
    cited = Cited(source, Span(0, len(line["sentence"])), line["sentence"])
    return Pair(line["kind"], line["statement"], line["language"], cited)


def figures(pairs: Sequence[Pair], supported: Sequence[bool]) -> dict[str, Any]:
    """Return precision and recall of "supported", and for each kind the share judged rightly."""
    truth = np.array([pair.kind == "supported" for pair in pairs])
    said = np.array(supported)
    report: dict[str, Any] = {
        "pairs": len(pairs),
        "precision": _share(truth[said]),
        "recall": _share(said[truth]),
    }
    ways = {
        "same language": [pair.language == pair.cited.source.language for pair in pairs],
        "other language": [pair.language != pair.cited.source.language for pair in pairs],
    }
    kinds = {kind: [pair.kind == kind for pair in pairs] for kind in dict.fromkeys(p.kind for p in pairs)}
    for name, mask in (kinds | ways).items():
        chosen = np.array(mask)
        report[name] = {"pairs": int(chosen.sum()), "judged rightly": _share((said == truth)[chosen])}
    return report


def _share(right: NDArray[np.bool_]) -> float | None:
    return round(float(right.mean()), 4) if len(right) else None


def calibrate(checker: Checker, pairs: Sequence[Pair]) -> tuple[SupportCalibration, list[bool]]:
    """Return a calibration fitted on all pairs, and what cross-validated ones make of each pair.

    Raises:
        InputError: they are too few, or all of a kind.
    """
    rows = np.array([astuple(checker.likeness(p.statement, p.language, [p.cited])) for p in pairs])
    whole = np.array([not checker.missing(p.statement, p.language, [p.cited])[0] for p in pairs])
    labels = np.array([float(pair.kind == "supported") for pair in pairs])
    groups = np.unique([pair.cited.text for pair in pairs], return_inverse=True)[1] % _FOLDS
    said = np.zeros(len(pairs), dtype=bool)
    for fold in range(_FOLDS):
        held, rest = groups == fold, groups != fold
        made = _fitted(rows[rest], whole[rest], labels[rest])
        said[held] = whole[held] & (_probabilities(made, rows[held]) >= made.threshold)
    return _fitted(rows, whole, labels), said.tolist()


def _fitted(
    rows: NDArray[np.float64], whole: NDArray[np.bool_], labels: NDArray[np.float64]
) -> SupportCalibration:
    """Fit likeness where no fact is missing; the threshold is that of the best F1."""
    weights, intercept = fit(rows[whole], labels[whole])
    named = {name: round(float(w), 4) for name, w in zip(_NAMES, weights, strict=True)}
    raw = SupportCalibration(named, round(intercept, 4), 0.5, 0.5)
    p = np.where(whole, _probabilities(raw, rows), 0.0)
    levels = np.unique(p[p > 0])
    f1 = [_f1(p >= level, labels) for level in levels]
    threshold = float(levels[int(np.argmax(f1))])
    sure = [level for level in levels if level >= threshold and labels[p >= level].mean() >= _PRECISION]
    return SupportCalibration(
        named, raw.intercept, _floor(threshold), _floor(float(sure[0])) if sure else 0.9
    )


def _floor(value: float) -> float:
    return float(np.floor(value * 1000) / 1000)


def _f1(said: NDArray[np.bool_], labels: NDArray[np.float64]) -> float:
    right = float((labels[said] > 0).sum())
    return float(2 * right / (said.sum() + labels.sum()))


def _probabilities(calibration: SupportCalibration, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([calibration.probability(Likeness(*row)) for row in rows.tolist()])


def main() -> None:
    """Print what the check makes of the pairs, or fit it to them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    default = resources.folder("data") / "questions" / "support.jsonl"
    parser.add_argument("pairs", nargs="?", type=Path, default=default, help="labelled pairs")
    parser.add_argument("--fit", type=Path, metavar="FILE", help="fit and write the calibration here")
    given = parser.parse_args()
    chosen = settings.load()
    encoder = embedder_of(chosen)
    pairs = read_pairs(given.pairs)
    start = SupportCalibration({}, 0.0, 0.5, 0.5) if given.fit else support.bundled()
    entail = None if given.fit else open_entailment(chosen.nli)
    checker = Checker(encoder.encode, lexicon.bundled(), start, entail)
    if given.fit:
        made, said = calibrate(checker, pairs)
        report = figures(pairs, said)
        values = {"weights": dict(made.weights), "intercept": made.intercept}
        values |= {"threshold": made.threshold, "found": made.found, "cross_validated": report}
        given.fit.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    else:
        said = [checker.check(p.statement, p.language, [p.cited]).supported for p in pairs]
        report = figures(pairs, said)
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    commands.run(main)
