"""The teacher's vectors of the English side: of each whole run and of each row within its run, computed once.

A run's vector is what the student's German text has to come near (Reimers & Gurevych 2020, "Making
Monolingual Sentence Embeddings Multilingual using Knowledge Distillation"). The vectors of the rows
inside it (mean of that row's token states) say in which place the meaning stands, which is many targets
for the price of one pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm
from transformers import AutoTokenizer, BertModel

from rag.errors import ModelError
from rag.retrieve.embedding.hub import first_line
from rag.training.device import arithmetic, best_device, moved
from rag.training.files import written
from rag.training.runs import Run
from rag.training.tokens import TokenRows, tokenize_rows

TOKENS_PER_BATCH = 6144
OFFSETS = "row_offsets.npy"  # written last: where it is, all is
DONE = "batches-done.txt"
BATCHES_PER_NOTE = 10


@dataclass(frozen=True)
class TeacherVectors:
    """Unit vectors: `whole` (runs, d); `rows` (rows of all runs, d), run i's from `row_offsets[i]` on."""

    whole: NDArray[np.float16]
    rows: NDArray[np.float16]
    row_offsets: NDArray[np.int64]

    @classmethod
    def open(cls, folder: Path) -> "TeacherVectors":
        whole = np.load(folder / "whole.npy", mmap_mode="r")
        return cls(whole, np.load(folder / "rows.npy", mmap_mode="r"), np.load(folder / OFFSETS))


@dataclass(frozen=True)
class TextBatch:
    """Texts of similar length: `ids`, `mask` (b, t); `segments` (b, t) the row of each token or -1."""

    ids: Tensor
    mask: Tensor
    segments: Tensor
    max_rows: int

    def to(self, device: torch.device) -> "TextBatch":
        ids, mask, segments = (moved(part, device) for part in (self.ids, self.mask, self.segments))
        return TextBatch(ids, mask, segments, self.max_rows)


def load_teacher(name: str) -> tuple[BertModel, Tokenizer]:
    """Load an English model of the BERT kind with mean pooling: a folder, or a name on the model hub.

    Raises:
        ModelError: there is no such folder, it holds none, or the hub cannot be reached.
    """
    try:
        model = BertModel.from_pretrained(name, add_pooling_layer=False).eval()
        tokenizer: Tokenizer = AutoTokenizer.from_pretrained(name).backend_tokenizer
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the teacher {name} cannot be loaded: {first_line(error)}",
            hint="give the folder of a BERT model with its tokenizer, or a name on the model hub",
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return model.to(best_device()), tokenizer


def read_batch(
    tokens: TokenRows, runs: Sequence[Run], max_tokens: int, width: int | None = None
) -> TextBatch:
    """Pad the runs to `width` tokens, or to the longest of them."""
    rows = [tokens.run_ids(run, max_tokens) for run in runs]
    width = width or max(len(row) for row in rows)
    ids = np.zeros((len(runs), width), dtype=np.int64)
    segments = np.full((len(runs), width), -1, dtype=np.int64)
    mask = np.zeros((len(runs), width), dtype=np.int64)
    for place, (run, row) in enumerate(zip(runs, rows, strict=True)):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
        segments[place, : len(row)] = tokens.run_segments(run, max_tokens)
    count = max(run.count for run in runs)
    return TextBatch(torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(segments), count)


def pool(states: Tensor, batch: TextBatch) -> tuple[Tensor, Tensor]:
    """Return the mean states of each text (b, d) and of its rows (b, max_rows, d), zero where absent."""
    weights = batch.mask.to(states.dtype)
    whole = torch.einsum("bt,btd->bd", weights, states) / weights.sum(1, keepdim=True)
    places = torch.arange(batch.max_rows, device=states.device)
    member = (batch.segments[:, None, :] == places[None, :, None]).to(states.dtype)
    rows = torch.bmm(member, states) / member.sum(2, keepdim=True).clamp(min=1)
    return whole, rows


def write_vectors(
    model: BertModel, tokens: TokenRows, runs: Sequence[Run], folder: Path, max_tokens: int
) -> None:
    """Compute the teacher's vectors of all runs into `folder`, longest texts first, in bf16 where it pays.

    It takes long, so how many batches are done is noted beside them, and the next call goes on there.
    """
    done = folder / DONE
    finished = int(done.read_text()) if done.exists() else 0
    counts = np.array([run.count for run in runs], dtype=np.int64)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    size = model.config.hidden_size
    whole = _array(folder / "whole.npy", (len(runs), size), keep=finished > 0)
    rows = _array(folder / "rows.npy", (int(offsets[-1]), size), keep=finished > 0)
    batches = _by_length(tokens.run_lengths(runs, max_tokens))
    bar = tqdm(batches[finished:], desc="teacher", unit="batch", initial=finished, total=len(batches))
    for number, chosen in enumerate(bar, start=finished + 1):
        batch = read_batch(tokens, [runs[index] for index in chosen], max_tokens)
        whole_vectors, row_vectors = encode_batch(model, batch)
        whole[chosen] = whole_vectors
        for place, index in enumerate(chosen):
            rows[offsets[index] : offsets[index + 1]] = row_vectors[place, : counts[index]]
        if number % BATCHES_PER_NOTE == 0 or number == len(batches):
            whole.flush()
            rows.flush()
            with written(done) as file:
                file.write(str(number).encode())
    with written(folder / OFFSETS) as file:
        np.save(file, offsets)


def _array(
    path: Path, shape: tuple[int, int], *, keep: bool
) -> "np.memmap[tuple[int, int], np.dtype[np.float16]]":
    """Open the array in a file: the one that is there, or a new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if keep:
        return np.lib.format.open_memmap(path, "r+")
    return np.lib.format.open_memmap(path, "w+", np.float16, shape)


@torch.inference_mode()
def encode_batch(model: BertModel, batch: TextBatch) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Return the unit vectors of the texts (b, d) and of their rows (b, max_rows, d)."""
    batch = batch.to(model.device)
    is_reduced = arithmetic(model.device) == torch.bfloat16
    with torch.autocast(model.device.type, dtype=torch.bfloat16, enabled=is_reduced):
        states = model(batch.ids, batch.mask).last_hidden_state.float()
    whole, rows = (torch.nn.functional.normalize(part, dim=-1).half() for part in pool(states, batch))
    return whole.cpu().numpy(), rows.cpu().numpy()


def encode_texts(
    model: BertModel, tokenizer: Tokenizer, texts: Sequence[str], *, max_tokens: int = 256
) -> NDArray[np.float32]:
    """Return the unit vectors of any texts, shape (n, d), from the teacher or a student."""
    tokens = tokenize_rows(tokenizer, texts)
    runs = [Run(place, 1) for place in range(len(texts))]
    vectors = np.empty((len(texts), model.config.hidden_size), dtype=np.float32)
    for chosen in _by_length(tokens.run_lengths(runs, max_tokens)):
        batch = read_batch(tokens, [runs[place] for place in chosen], max_tokens)
        vectors[chosen] = encode_batch(model, batch)[0]
    return vectors


def _by_length(lengths: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cut all texts, longest first, into batches of about `TOKENS_PER_BATCH` tokens."""
    order = np.argsort(-lengths, kind="stable")
    batches, start = [], 0
    while start < len(order):
        size = max(1, TOKENS_PER_BATCH // int(lengths[order[start]]))
        batches.append(order[start : start + size])
        start += size
    return batches
