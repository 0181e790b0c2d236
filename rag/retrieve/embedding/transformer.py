"""Any embedding model of sentence-transformers, by name or folder."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.retrieve.embedding.embedder import BUNDLED, E5_PROMPTS, Embedder, Kind, Vectors, is_e5
from rag.retrieve.embedding.hub import identity, load

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_USE_BUNDLED = (
    "RAG_EMBEDDING_MODEL names a folder or a hub's model that SentenceTransformer(…) loads. "
    f'To use the bundled German-English model, leave it unset or set it to "{BUNDLED}".'
)


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


def _add_e5_prompts(model: "SentenceTransformer", name: str) -> None:
    if is_e5(name) and not any(model.prompts.values()):
        model.prompts = dict(E5_PROMPTS)
