"""The order of training: which texts of which language make which batch, the same for the same seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rag.training.device import arithmetic, moved
from rag.training.plans import BatchPlan
from rag.training.runs import Run
from rag.training.teacher import TeacherVectors, TextBatch, read_batch
from rag.training.tokens import TokenRows

GERMAN, ENGLISH = 0, 1


@dataclass(frozen=True)
class Lesson:
    """One batch, and the teacher's unit vectors: `whole` (b, d), `rows` (b, max_rows, d), `bank` (n, d).

    `has_row` (b, max_rows) tells real rows from padding; texts of a single row have none.
    """

    texts: TextBatch
    whole: torch.Tensor
    rows: torch.Tensor
    has_row: torch.Tensor
    bank: torch.Tensor

    def to(self, device: torch.device) -> "Lesson":
        others = (moved(part, device) for part in (self.whole, self.rows, self.has_row, self.bank))
        return Lesson(self.texts.to(device), *others)


@dataclass(frozen=True)
class Course:
    """All that is learnt from: the rows' tokens in both languages, runs, and the teacher's vectors."""

    german: TokenRows
    english: TokenRows
    runs: Sequence[Run]
    teacher: TeacherVectors

    def lesson(self, items: NDArray[np.int64], plan: BatchPlan, bank: NDArray[np.int64]) -> Lesson:
        """Read the batch of `items` (b, 2): run, language; `bank` (n,) are runs to compare with."""
        runs = [self.runs[index] for index, _ in items]
        texts = self._texts(items, plan.max_tokens)
        size = self.teacher.whole.shape[1]
        rows = np.zeros((len(items), texts.max_rows, size), dtype=np.float32)
        has_row = np.zeros((len(items), texts.max_rows), dtype=bool)
        for place, (index, run) in enumerate(zip(items[:, 0], runs, strict=True)):
            if run.count > 1:
                start = self.teacher.row_offsets[index]
                rows[place, : run.count] = self.teacher.rows[start : start + run.count]
                has_row[place, : run.count] = True
        whole, others = (np.asarray(self.teacher.whole[places], np.float32) for places in (items[:, 0], bank))
        return Lesson(texts, *(torch.from_numpy(array) for array in (whole, rows, has_row, others)))

    def epoch(self, plan: BatchPlan, number: int) -> list[NDArray[np.int64]]:
        """Return the shuffled batches of one epoch, each of shape (b, 2): run, language."""
        draws = np.random.default_rng([plan.seed, number])
        english = np.flatnonzero(draws.random(len(self.runs)) < plan.english_share)
        items = np.concatenate((_items(np.arange(len(self.runs)), GERMAN), _items(english, ENGLISH)))
        lengths = self._lengths(items, plan.max_tokens)
        blurred = lengths * (1 + plan.length_noise * draws.random(len(items)))
        batches = _cut(items, lengths, np.argsort(blurred, kind="stable"), plan.tokens_per_batch)
        return [batches[place] for place in draws.permutation(len(batches))]

    def _texts(self, items: NDArray[np.int64], max_tokens: int) -> TextBatch:
        """Read each item's tokens in its language; widths are multiples of 8, which the processor likes."""
        width = int(-(-self._lengths(items, max_tokens).max() // 8) * 8)
        parts = {language: items[:, 1] == language for language in (GERMAN, ENGLISH)}
        runs = [self.runs[index] for index in items[:, 0]]
        ids = torch.zeros(len(items), width, dtype=torch.int64)
        mask, segments = torch.zeros_like(ids), torch.full_like(ids, -1)
        for language, chosen in parts.items():
            if chosen.any():
                tokens = self.german if language == GERMAN else self.english
                part = read_batch(
                    tokens, [run for run, is_in in zip(runs, chosen, strict=True) if is_in], max_tokens, width
                )
                places = torch.from_numpy(np.flatnonzero(chosen))
                ids[places], mask[places], segments[places] = part.ids, part.mask, part.segments
        return TextBatch(ids, mask, segments, max(run.count for run in runs))

    def _lengths(self, items: NDArray[np.int64], max_tokens: int) -> NDArray[np.int64]:
        runs = [self.runs[index] for index in items[:, 0]]
        german, english = (tokens.run_lengths(runs, max_tokens) for tokens in (self.german, self.english))
        return np.where(items[:, 1] == GERMAN, german, english)


class LessonStream:
    """Endless lessons, whose order depends on the seed only, so that training resumes where it stopped.

    The neighbours of a batch are looked for among all texts, on `device`.
    """

    def __init__(self, course: Course, plan: BatchPlan, device: torch.device) -> None:
        self._course = course
        self._vectors = torch.from_numpy(np.array(course.teacher.whole)).to(device, arithmetic(device))
        self._plan = plan
        self._epochs: dict[int, list[NDArray[np.int64]]] = {}
        self._starts = [0]

    def lesson(self, number: int) -> Lesson:
        """Return lesson `number`, from 0 on; numbers only ever grow."""
        while number >= self._starts[-1]:
            epoch = len(self._starts) - 1
            self._epochs = {epoch: self._course.epoch(self._plan, epoch)}
            self._starts.append(self._starts[-1] + len(self._epochs[epoch]))
        epoch = max(index for index, start in enumerate(self._starts) if start <= number)
        items = self._epochs[epoch][number - self._starts[epoch]]
        draws = np.random.default_rng([self._plan.seed, 1, number])
        drawn = draws.integers(0, len(self._course.runs), size=self._plan.bank_size)
        bank = np.union1d(drawn, self._neighbours(items[:, 0]))
        return self._course.lesson(items, self._plan, bank)

    def _neighbours(self, runs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the runs nearest to each of `runs`, these themselves among them."""
        count = min(self._plan.neighbours, len(self._vectors) - 1)
        if count == 0:
            return runs[:0]
        similarity = self._vectors[moved(torch.from_numpy(runs), self._vectors.device)] @ self._vectors.T
        return similarity.topk(count + 1, dim=1).indices.flatten().cpu().numpy()

    @property
    def epoch(self) -> int:
        return len(self._starts) - 2


def flatten(runs: Mapping[str, Sequence[Run]]) -> list[Run]:
    """Put the runs of all kinds into one list, in the order of the mapping."""
    return [run for kind in runs.values() for run in kind]


def _items(runs: NDArray[np.int64], language: int) -> NDArray[np.int64]:
    return np.stack((runs, np.full_like(runs, language)), axis=1)


def _cut(
    items: NDArray[np.int64], lengths: NDArray[np.int64], order: NDArray[np.int64], tokens_per_batch: int
) -> list[NDArray[np.int64]]:
    batches: list[NDArray[np.int64]] = []
    chosen: list[int] = []
    longest = 0
    for place in order:
        longest_with = max(longest, int(lengths[place]))
        if chosen and longest_with * (len(chosen) + 1) > tokens_per_batch:
            batches.append(items[chosen])
            chosen, longest_with = [], int(lengths[place])
        chosen.append(int(place))
        longest = longest_with
    batches.append(items[chosen])
    return batches
