"""What turns texts into unit vectors: the interface of all embedding models, and what their names say."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

BUNDLED = "bundled"
# The e5 models were trained with these, but the settings of some of them do not say so (Wang et al. 2024).
E5_PROMPTS = {"query": "query: ", "document": "passage: "}


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


def is_e5(name: str) -> bool:
    """Tell by a model's name whether it is an e5 model, which wants to be told questions from passages."""
    return "e5" in Path(name).name.split("-") and "instruct" not in name
