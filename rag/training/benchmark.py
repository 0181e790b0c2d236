"""Speed of one model in all its forms, side by side: passages a second, milliseconds a question."""

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray

from rag.retrieve.embedding.bundled import OnnxEmbedder
from rag.training.export import TOKEN_DIMENSION, TOKENIZER, load_exported, write_onnx
from rag.training.retrieval import Encode

QUESTION_ROUNDS = 30


@dataclass(frozen=True)
class Speed:
    """What one form of the model did on so many threads: the best of several rounds."""

    form: str
    threads: int
    passages_per_s: float
    question_ms: float


def measure(
    model: Path, passages: Sequence[str], questions: Sequence[str], *, rounds: int = 3
) -> list[Speed]:
    """Measure torch in fp32 and bf16 and ONNX in fp32 and int8, on one and on two threads, in turns.

    Raises:
        ModelError: the folder holds no exported model.
    """
    with TemporaryDirectory() as scratch:
        full = _full_precision(model, Path(scratch))
        best: dict[tuple[str, int], Speed] = {}
        for _ in range(rounds):
            for form, threads, encode in _forms(model, full):
                speed = _measure_one(form, threads, encode, passages, questions)
                before = best.get((form, threads), speed)
                best[form, threads] = Speed(
                    form,
                    threads,
                    max(before.passages_per_s, speed.passages_per_s),
                    min(before.question_ms, speed.question_ms),
                )
    return list(best.values())


def _measure_one(
    form: str, threads: int, encode: Encode, passages: Sequence[str], questions: Sequence[str]
) -> Speed:
    encode(list(passages[:8]))
    start = time.perf_counter()
    encode(list(passages))
    rate = len(passages) / (time.perf_counter() - start)
    times = []
    for question in (list(questions) * QUESTION_ROUNDS)[:QUESTION_ROUNDS]:
        start = time.perf_counter()
        encode([question])
        times.append(time.perf_counter() - start)
    return Speed(form, threads, rate, 1000 * median(times))


def _forms(model: Path, full: Path) -> Iterator[tuple[str, int, Encode]]:
    """Yield each form on each number of threads; only one of them is loaded at a time."""
    for threads in (1, 2):
        for kind in (torch.float32, torch.bfloat16):
            yield f"torch {str(kind).removeprefix('torch.')}", threads, _torch_form(model, kind, threads)
        yield "ONNX float32", threads, OnnxEmbedder(full, threads=threads).encode
        yield "ONNX int8", threads, OnnxEmbedder(model, threads=threads).encode


def _torch_form(model: Path, kind: torch.dtype, threads: int) -> Encode:
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    loaded = SentenceTransformer(str(model), device="cpu").to(kind)

    def encode(texts: list[str]) -> NDArray[np.float32]:
        with torch.inference_mode():
            vectors = loaded.encode(texts, convert_to_tensor=True, show_progress_bar=False)
        return np.asarray(vectors.float().numpy(), dtype=np.float32)

    return encode


def _full_precision(model: Path, scratch: Path) -> Path:
    """Write the model's unquantised graph to where `OnnxEmbedder` looks for a graph."""
    body, _ = load_exported(model)
    (scratch / "onnx").mkdir()
    axes = torch.eye(body.config.hidden_size)[:, :TOKEN_DIMENSION]
    write_onnx(body, scratch / "onnx" / "model_int8.onnx", axes)
    shutil.copy(model / TOKENIZER, scratch / TOKENIZER)
    return scratch
