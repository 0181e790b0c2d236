"""Rows as token ids, stored end to end: to join neighbouring rows to one text is to take a slice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.training.files import written
from rag.training.runs import Run

TOKENIZE_BATCH = 4096


@dataclass(frozen=True)
class TokenRows:
    """Token ids of all rows without [CLS] and [SEP]: row i is `ids[offsets[i]:offsets[i + 1]]`."""

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    cls: int
    sep: int

    def lengths(self) -> NDArray[np.int64]:
        lengths: NDArray[np.int64] = np.diff(self.offsets)
        return lengths

    def run_lengths(self, runs: Sequence[Run], max_tokens: int) -> NDArray[np.int64]:
        """Return the tokens of each run with [CLS] and [SEP], at most `max_tokens`, shape (runs,)."""
        first = np.array([run.first for run in runs], dtype=np.int64)
        count = np.array([run.count for run in runs], dtype=np.int64)
        lengths: NDArray[np.int64] = np.minimum(
            self.offsets[first + count] - self.offsets[first] + 2, max_tokens
        )
        return lengths

    def run_ids(self, run: Run, max_tokens: int) -> NDArray[np.int32]:
        """Return the run's ids with [CLS] and [SEP], cut to `max_tokens`."""
        content = self.ids[self.offsets[run.first] : self.offsets[run.first + run.count]][: max_tokens - 2]
        return np.concatenate(([self.cls], content, [self.sep])).astype(np.int32)

    def run_segments(self, run: Run, max_tokens: int) -> NDArray[np.int32]:
        """Return the row of the run, from 0, that each token of `run_ids` is in; -1 for [CLS], [SEP]."""
        rows = np.diff(self.offsets[run.first : run.first + run.count + 1])
        segments = np.repeat(np.arange(run.count), rows)[: max_tokens - 2]
        return np.concatenate(([-1], segments, [-1])).astype(np.int32)

    def save(self, path: Path) -> None:
        with written(path) as file:
            np.savez(file, ids=self.ids, offsets=self.offsets, special=np.array([self.cls, self.sep]))

    @classmethod
    def load(cls, path: Path) -> "TokenRows":
        with np.load(path) as stored:
            return cls(stored["ids"], stored["offsets"], int(stored["special"][0]), int(stored["special"][1]))


def tokenize_rows(tokenizer: Tokenizer, texts: Sequence[str]) -> TokenRows:
    """Tokenize every text once, without special tokens."""
    ids: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), TOKENIZE_BATCH):
        batch = tokenizer.encode_batch(list(texts[start : start + TOKENIZE_BATCH]), add_special_tokens=False)
        ids.extend(np.array(encoding.ids, dtype=np.int32) for encoding in batch)
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in ids], dtype=np.int64)))
    vocabulary = tokenizer.get_vocab()
    cls, sep = vocabulary["[CLS]"], vocabulary["[SEP]"]
    return TokenRows(np.concatenate(ids), offsets, cls, sep)
