"""The bundled German-English model on onnxruntime, without torch or transformers.

Importing those takes seconds, and a question only milliseconds.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.retrieve.embedding.arithmetic import overflows
from rag.retrieve.embedding.embedder import Embedder, Kind, Vectors
from rag.retrieve.embedding.hub import FINGERPRINT_CHARS

MAX_TOKENS = 256
_VECTOR, _TOKENS = "sentence_embedding", "token_vectors"  # what the graph gives


class OnnxEmbedder(Embedder):
    """A folder with `tokenizer.json` and `onnx/model_int8.onnx`, which pools and normalises by itself."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the model.

        Args:
            threads: how many processor threads one call uses. On a busy two-core machine one is faster
            than two.

        Raises:
            ModelError: the folder lacks a file of the model.
        """
        graph = folder / "onnx" / "model_int8.onnx"
        for path in (graph, folder / "tokenizer.json"):
            if not path.is_file():
                raise ModelError(
                    f"{path} is missing", hint="Install Quellenchat again: its bundled model is incomplete."
                )
        self._graph = graph
        self._session = open_session(graph, session_options(threads))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        outputs = {output.name: output.shape for output in self._session.get_outputs()}
        self.dimension = outputs[_VECTOR][-1]
        self.token_dimension = outputs[_TOKENS][-1] if _TOKENS in outputs else 0

    @cached_property
    def name(self) -> str:  # type: ignore[override]
        """The model's name with the fingerprint of its weights: a newer model is another one."""
        digest = hashlib.sha256(self._graph.read_bytes()).hexdigest()
        return f"quellenchat-de-en@{digest[:FINGERPRINT_CHARS]}"

    def encode(self, texts: Sequence[str], kind: Kind = "passage") -> Vectors:
        """Return unit vectors of shape (n, d); questions and passages alike, 256 tokens at most are read.

        One text at a time: int8 arithmetic scales to the largest value of a batch, so that neighbours
        and padding would change a text's vector, and batches of eight passages took 1.3 times as long.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._run(text, [_VECTOR])[0][0]
        return vectors

    def encode_tokens(self, texts: Sequence[str], kind: Kind = "passage") -> tuple[Vectors, list[Vectors]]:
        if not self.token_dimension:
            return super().encode_tokens(texts, kind)
        vectors, tokens = np.empty((len(texts), self.dimension), dtype=np.float32), []
        for row, text in enumerate(texts):
            vector, states = self._run(text, [_VECTOR, _TOKENS])
            vectors[row] = vector[0]
            tokens.append(states[0, 1:-1])  # without the marks of beginning and end
        return vectors, tokens

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return spans

    def _run(self, text: str, outputs: list[str]) -> list[Vectors]:
        ids = self._tokenizer.encode(text).ids
        if len(ids) > MAX_TOKENS:
            ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
        rows = np.asarray([ids], dtype=np.int64)
        results: list[Vectors] = self._session.run(
            outputs, {"input_ids": rows, "attention_mask": np.ones_like(rows)}
        )
        return results


def open_session(graph: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """Open the bundled model's graph, and keep apart what `rag.training.fusion` left so: it is faster."""
    return onnxruntime.InferenceSession(
        str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def session_options(threads: int) -> onnxruntime.SessionOptions:
    """Return how onnxruntime runs the bundled model on so many threads."""
    onnxruntime.disable_telemetry_events()  # Windows knows no variable for it
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take the processor from the person's other programs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if overflows():  # vectors would be off by four times as much
        options.add_session_config_entry("session.x64quantprecision", "1")
    return options
