"""Text in, unit vectors out: the bundled German-English model, or any model of sentence-transformers.

The bundled one runs on onnxruntime and needs neither torch nor transformers: importing those takes
seconds, and a question only milliseconds.
"""

import hashlib
from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import onnxruntime
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.retrieve.embedding.arithmetic import overflows
from rag.retrieve.embedding.hub import FINGERPRINT_CHARS, identity, load

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

BUNDLED = "bundled"
MAX_TOKENS = 256
_VECTOR, _TOKENS = "sentence_embedding", "token_vectors"  # what the graph gives
# The e5 models were trained with these, but the settings of some of them do not say so (Wang et al. 2024).
E5_PROMPTS = {"query": "query: ", "document": "passage: "}
_USE_BUNDLED = (
    "RAG_EMBEDDING_MODEL names a folder or a hub's model that SentenceTransformer(…) loads. "
    f'To use the bundled German-English model, leave it unset or set it to "{BUNDLED}".'
)


class Embedder(Embeddings):
    """An embedding model that knows its name and its dimension; safe to call from several threads.

    Attributes:
        name: what a store records; vectors of two names never mix. See `identity`.
        dimension: the length of every vector.
        token_dimension: the length of a token's vector, 0 where the model gives none.
    """

    name: str
    dimension: int
    token_dimension: int = 0

    @abstractmethod
    def encode(self, texts: Sequence[str], kind: Kind = "passage") -> Vectors:
        """Return unit vectors of shape (n, d), one for each text, in the order given."""

    def encode_tokens(self, texts: Sequence[str], kind: Kind = "passage") -> tuple[Vectors, list[Vectors]]:
        """Return what `encode` does and, of each text, the unit vectors of its tokens, shape (t, d)."""
        return self.encode(texts, kind), [np.empty((0, 0), dtype=np.float32) for _ in texts]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the tokens of a text stand, as characters, however many the model reads."""
        return []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode(texts, "passage").tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.encode([text], "query")[0].tolist()
        return vector


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


class SentenceTransformerEmbedder(Embedder):
    """Any sentence-transformers model, with the prompts of its own configuration."""

    def __init__(self, model: str, *, threads: int = 1) -> None:
        """Load the model from a folder or from the model hub.

        Raises:
            ModelError: the folder is no model, the hub has none of this name or cannot be reached.
        """
        self._model = load("SentenceTransformer", model, "embedding model", _USE_BUNDLED, threads)
        _add_e5_prompts(self._model, model)
        self.name = identity(model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], kind: Kind = "passage") -> Vectors:
        """Return unit vectors of shape (n, d), with the model's own prompt for a query or a document."""
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)


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


def is_e5(name: str) -> bool:
    """Tell by a model's name whether it is an e5 model, which wants to be told questions from passages."""
    return "e5" in Path(name).name.split("-") and "instruct" not in name


def _add_e5_prompts(model: "SentenceTransformer", name: str) -> None:
    if is_e5(name) and not any(model.prompts.values()):
        model.prompts = dict(E5_PROMPTS)
