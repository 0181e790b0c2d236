"""Word translations learnt from parallel text: IBM Model 1 over numbered tokens.

Model 1 (Brown et al. 1993, "The Mathematics of Statistical Machine Translation") asks which source token
made each target token; unlike a co-occurrence count it lets the tokens of a sentence compete, so
"Prozent" is not also "the".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENTRIES_PER_CHUNK = 8_000_000

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Translations:
    """Weighted links `source[i]` → `target[i]`, sorted by source; the weights of one source add up to one."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class _Links:
    """Every source-target pair of tokens that share a sentence, and where each occurs.

    `link` (entries,) numbers the pair of an entry, `occurrence` (entries,) the target token in its sentence.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    link: NDArray[np.int32]
    occurrence: NDArray[np.int32]
    occurrences: int


def model1(sources: Sequence[Ids], targets: Sequence[Ids], *, iterations: int = 5) -> Translations:
    """Estimate p(target | source) by expectation maximisation, starting from equal shares.

    Args:
        sources, targets: the tokens of each sentence; order and repetition within a sentence do not matter.
    """
    links = _link(sources, targets)
    weight = np.ones(len(links.source), dtype=np.float32)
    for _ in range(iterations):
        counts = _expected_counts(links, weight)
        weight = (counts / np.bincount(links.source, counts)[links.source]).astype(np.float32)
    return Translations(links.source, links.target, weight.astype(np.float64))


def symmetric(forward: Translations, backward: Translations, power: float = 1.0) -> Translations:
    """Multiply both directions' probabilities: what is likely in one only is mostly an accident.

    Args:
        power: exponent of the product; 0.5 is the geometric mean, which is less sure of the best translation.
    """
    if not len(forward.source):
        return forward
    size = int(max(forward.target.max(), backward.source.max())) + 1
    keys = backward.target.astype(np.int64) * size + backward.source
    order = np.argsort(keys)
    wanted = forward.source.astype(np.int64) * size + forward.target
    weight = (forward.weight * backward.weight[order[np.searchsorted(keys, wanted, sorter=order)]]) ** power
    total = np.bincount(forward.source, weight)[forward.source]
    return Translations(forward.source, forward.target, weight / np.maximum(total, 1e-30))


def strongest(translations: Translations, count: int, min_weight: float = 0.0) -> Translations:
    """Keep the `count` heaviest targets of each source above `min_weight`; they add up to one again."""
    likely = translations.weight > min_weight
    source, target, weight = (
        translations.source[likely],
        translations.target[likely],
        translations.weight[likely],
    )
    order = np.lexsort((target, -weight, source))
    source, target, weight = source[order], target[order], weight[order]
    starts = np.flatnonzero(np.diff(source, prepend=-1))
    rank = np.arange(len(source)) - np.repeat(starts, np.diff(np.append(starts, len(source))))
    source, target, weight = source[rank < count], target[rank < count], weight[rank < count]
    return Translations(source, target, weight / np.bincount(source, weight)[source])


def _link(sources: Sequence[Ids], targets: Sequence[Ids]) -> _Links:
    rows = [(np.unique(s), np.unique(t)) for s, t in zip(sources, targets, strict=True)]
    size = np.int64(max((int(t[-1]) for _, t in rows if len(t)), default=0) + 1)
    none = np.empty(0, dtype=np.int64)
    keys = np.concatenate([none, *((s[:, None] * size + t[None, :]).ravel() for s, t in rows)])
    known, link = np.unique(keys, return_inverse=True)
    starts = np.cumsum([0] + [len(t) for _, t in rows])
    places = [
        np.tile(np.arange(start, start + len(t), dtype=np.int32), len(s))
        for (s, t), start in zip(rows, starts[:-1], strict=True)
    ]
    source, target = (known // size).astype(np.int32), (known % size).astype(np.int32)
    return _Links(source, target, link.astype(np.int32), np.concatenate([none, *places]), int(starts[-1]))


def _expected_counts(links: _Links, weight: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share each target token among the source tokens of its sentence in proportion to `weight`."""
    chunks = [
        slice(start, start + ENTRIES_PER_CHUNK) for start in range(0, len(links.link), ENTRIES_PER_CHUNK)
    ]
    total = np.zeros(links.occurrences)
    for chunk in chunks:
        total += np.bincount(links.occurrence[chunk], weight[links.link[chunk]], minlength=links.occurrences)
    counts = np.zeros(len(links.source))
    for chunk in chunks:
        share = weight[links.link[chunk]] / total[links.occurrence[chunk]]
        counts += np.bincount(links.link[chunk], share, minlength=len(links.source))
    return counts
