"""How fast text becomes vectors, beside multilingual-e5-small's architecture, and how far from the floor.

The other side is what LangChain's HuggingFaceEmbeddings does with that model: sentence-transformers on torch,
batches of 32 sorted by length, torch's own number of threads. Its weights are random and its tokenizer ours,
so that both read the same tokens; neither changes what the arithmetic costs. The two sides take turns.

The floor is the time of the model's matrix multiplications alone, in float32 at the fastest rate at which
this machine multiplied matrices of these shapes during the same run (numpy's BLAS), compared with the
processor time of the whole, which other programs disturb less than the clock. int8 can be below it.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import corpus
from rag import resources
from rag.retrieve.embedding.bundled import MAX_TOKENS
from rag.retrieve.embedding.embedder import Embedder
from rag.retrieve.embedding.opening import open_embedder

_WIDTH: Final = 384
_LAYERS: Final = {"Quellenchat": 6, "multilingual-e5-small": 12}
_VOCABULARY: Final = 250_037  # of multilingual-e5-small
_QUESTIONS: Final = 20
_TAKEN: Final = 5  # runs of one multiplication, of which the fastest counts


@dataclass(frozen=True)
class Form:
    """One way to embed: what it is called, on how many cores, and the call itself."""

    model: str
    cores: int
    encode: Callable[[Sequence[str]], object]


def run(passages: int, rounds: int, beside: bool) -> list[dict[str, Any]]:
    """Embed generated passages and the sample questions in turns; return a row for each form, medians."""
    texts = [cut.text for _, some in islice(corpus.articles(passages), passages) for cut in some][:passages]
    questions = corpus.questions()[:_QUESTIONS]
    embedder = open_embedder(None)
    lengths = [min(len(embedder.token_spans(text)) + 2, MAX_TOKENS) for text in texts]
    cores = os.cpu_count() or 1
    with TemporaryDirectory() as scratch, ThreadPoolExecutor(cores) as pool:
        forms = [
            Form("Quellenchat", 1, embedder.encode_tokens),
            Form("Quellenchat", cores, lambda some: _spread(pool, embedder, some)),
        ]
        if beside:
            forms.append(Form("multilingual-e5-small", cores, _e5_small(Path(scratch))))
        taken: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
        peaks: list[float] = []
        for form in forms:
            form.encode(texts[:4])
        for _ in range(rounds):
            peaks.append(peak(int(median(lengths))))
            for place, form in enumerate(forms):
                used = time.process_time()
                whole = _seconds(form, [texts])
                used = time.process_time() - used
                taken[place].append((whole, used, _seconds(form, [[one] for one in questions])))
    return [
        {
            "model": form.model,
            "cores": form.cores,
            "passages": len(texts),
            "tokens_mean": round(float(np.mean(lengths)), 1),
            "passages_per_s": round(len(texts) / median(one[0] for one in taken[place]), 2),
            "passages_per_cpu_s": round(len(texts) / median(one[1] for one in taken[place]), 2),
            "queries_per_s": round(len(questions) / median(one[2] for one in taken[place]), 2),
            "peak_gmac_per_s": round(max(peaks) / 1e9, 1),
            "share_of_floor": round(
                sum(multiplications(length, _LAYERS[form.model]) for length in lengths)
                / max(peaks)
                / median(one[1] for one in taken[place]),
                3,
            ),
        }
        for place, form in enumerate(forms)
    ]


def multiplications(tokens: int, layers: int) -> float:
    """Return the multiply-adds of one text in a BERT of width 384 with wide layers of four times that."""
    return float(layers * (tokens * 12 * _WIDTH**2 + 2 * tokens**2 * _WIDTH))


def peak(tokens: int) -> float:
    """Return the highest rate of one core, multiply-adds a second, on matrices of the model's shapes."""
    random = np.random.default_rng(0)
    best = 0.0
    with threadpool_limits(1):
        for rows, columns in ((_WIDTH, _WIDTH), (_WIDTH, 4 * _WIDTH), (4 * _WIDTH, _WIDTH)):
            left = random.standard_normal((tokens, rows), dtype=np.float32)
            right = random.standard_normal((rows, columns), dtype=np.float32)
            for _ in range(_TAKEN):
                began = time.process_time()
                for _ in range(10):
                    left @ right
                best = max(best, 10 * left.size * columns / (time.process_time() - began))
    return best


def _spread(pool: ThreadPoolExecutor, embedder: Embedder, texts: Sequence[str]) -> None:
    """Embed in threads, as indexing does: an equal share of the texts each."""
    share = -(-len(texts) // (os.cpu_count() or 1))
    parts = [texts[first : first + share] for first in range(0, len(texts), share)]
    list(pool.map(embedder.encode_tokens, parts))


def _seconds(form: Form, batches: Sequence[Sequence[str]]) -> float:
    began = time.perf_counter()
    for batch in batches:
        form.encode(batch)
    return time.perf_counter() - began


def _e5_small(folder: Path) -> Callable[[Sequence[str]], object]:
    """Return multilingual-e5-small's architecture, with random weights, as sentence-transformers runs it."""
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

    from rag.training.export import write_sentence_transformer

    config = BertConfig(
        vocab_size=_VOCABULARY, hidden_size=_WIDTH, num_hidden_layers=_LAYERS["multilingual-e5-small"],
        num_attention_heads=12, intermediate_size=4 * _WIDTH, max_position_embeddings=512,
    )  # fmt: skip
    tokenizer = Tokenizer.from_file(str(resources.folder("data") / "model" / "tokenizer.json"))
    write_sentence_transformer(BertModel(config, add_pooling_layer=False), tokenizer, folder / "e5")
    model = SentenceTransformer(str(folder / "e5"), device="cpu")
    return lambda texts: model.encode(list(texts), show_progress_bar=False)
