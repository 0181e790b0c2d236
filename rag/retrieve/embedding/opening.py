"""The settings → the embedding model that they name: the bundled one, another, or one behind a server."""

from rag import resources
from rag.retrieve.embedding.bundled import OnnxEmbedder
from rag.retrieve.embedding.embedder import BUNDLED, Embedder
from rag.retrieve.embedding.transformer import SentenceTransformerEmbedder


def open_embedder(
    model: str | None, *, threads: int = 1, url: str | None = None, key: str = "", timeout_s: float = 60.0,
    prefixes: tuple[str | None, str | None] = (None, None),
) -> Embedder:  # fmt: skip
    """Open the bundled model (None or "bundled"), a sentence-transformers name or folder, or a server's.

    With a `url`, `model` is its name on that server; see `RemoteEmbedder` for what else is said of it.

    Raises:
        ModelError: the model cannot be loaded or the server does not answer; the hint says what to do.
    """
    if url:
        from rag.retrieve.embedding.remote import RemoteEmbedder

        return RemoteEmbedder(url, model, key=key, timeout_s=timeout_s, prefixes=prefixes)
    if model is None or model == BUNDLED:
        return OnnxEmbedder(resources.folder("data") / "model", threads=threads)
    return SentenceTransformerEmbedder(model, threads=threads)
