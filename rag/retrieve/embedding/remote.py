"""Texts in, unit vectors out, by a server: text-embeddings-inference, or any OpenAI-compatible one.

The texts of passages and questions go to that server. A store remembers the model's name, not the address:
the same model may move to another machine, or be loaded in this process.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import numpy as np
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from rag.errors import ModelError, SettingsError
from rag.retrieve.embedding.embedder import E5_PROMPTS, Embedder, Kind, Vectors, is_e5

_BATCH: Final = 32  # texts of one request; what text-embeddings-inference takes unless told otherwise
_ATTEMPTS: Final = 5
_BACKOFF_S: Final = 0.25  # before the second attempt, twice as long before each further one
_LONGEST_WAIT_S: Final = 10.0
_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
_TOO_MUCH: Final = frozenset({413, 422})  # too many texts, or too many tokens, at once
_CHECK_HINT: Final = (
    "check RAG_EMBEDDING_URL, RAG_EMBEDDING_MODEL and RAG_EMBEDDING_API_KEY, and that the server runs"
)
_NAME_HINT: Final = "set RAG_EMBEDDING_MODEL to the name of one of its models"


@dataclass(frozen=True, slots=True)
class _Service:
    """How a server is asked: where, for which model, and how many texts at once."""

    url: str
    model: str
    batch: int
    native: bool  # text-embeddings-inference's own protocol, which cuts texts that are too long


class RemoteEmbedder(Embedder):
    """A model behind HTTP. It gives no vectors of tokens; safe to call from several threads."""

    def __init__(
        self, url: str, model: str | None = None, *, key: str = "", timeout_s: float = 60.0,
        prefixes: tuple[str | None, str | None] = (None, None),
    ) -> None:  # fmt: skip
        """Find out what the server is and which model it has.

        Args:
            url: of the server, with or without `/v1`, `/v1/embeddings` or `/embed`.
            model: its name there; None where the server has one model only.
            key: sent as a bearer token.
            timeout_s: longest wait for one request.
            prefixes: put before questions and before passages; None: what e5 models need, else nothing.

        Raises:
            SettingsError: the address is none.
            ModelError: the server does not answer, or not with vectors.
        """
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise SettingsError(
                f"RAG_EMBEDDING_URL={url!r} is no address of a server",
                hint="write it like http://127.0.0.1:8080 or https://host/v1",
            )
        self._shown = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(timeout=timeout_s, headers=headers)
        self.close = weakref.finalize(self, self._http.close)  # gives the connections back, at the latest now
        self._service = self._find(url.rstrip("/"), model)
        usual = E5_PROMPTS if is_e5(self._service.model) else {"query": "", "document": ""}
        query, passage = prefixes
        self._prefixes: dict[Kind, str] = {
            "query": usual["query"] if query is None else query,
            "passage": usual["document"] if passage is None else passage,
        }
        # Passages embedded behind another prefix are other vectors.
        changed = self._prefixes["passage"] != usual["document"]
        self.name = self._service.model + (f" after {self._prefixes['passage']!r}" if changed else "")
        self.dimension = 0
        self.dimension = self._embed(["a"]).shape[1]

    def encode(self, texts: Sequence[str], kind: Kind = "passage") -> Vectors:
        """Return unit vectors of shape (n, d).

        Raises:
            ModelError: the server does not answer in five attempts, refuses, or answers with anything else.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        prefixed = [self._prefixes[kind] + text for text in texts]
        for first in range(0, len(texts), self._service.batch):
            part = slice(first, first + self._service.batch)
            vectors[part] = self._embed(prefixed[part])
        return vectors

    def _find(self, url: str, model: str | None) -> _Service:
        """Tell the two protocols apart by the address, or else by asking."""
        if url.endswith("/v1/embeddings"):
            url = url.removesuffix("/embeddings")
        if not url.endswith("/v1"):
            base = url.removesuffix("/embed")
            about = self._asked("GET", base + "/info", may_fail=True)
            if isinstance(about, dict) and "model_id" in about:
                return _native(base, about, model)
            url = base + "/v1"
        if model is None:
            listed = self._asked("GET", url + "/models", may_fail=True)
            ids = [one.get("id") for one in _rows(listed) if isinstance(one, dict)]
            if len(ids) != 1 or not isinstance(ids[0], str):
                raise ModelError(
                    f"the embedding server {url} does not say which model is meant", hint=_NAME_HINT
                )
            model = ids[0]
        return _Service(url + "/embeddings", model, _BATCH, native=False)

    def _embed(self, texts: list[str]) -> Vectors:
        """Return the unit vectors of one request; where the server calls it too much, of two halves."""
        if self._service.native:
            body: dict[str, Any] = {"inputs": texts, "truncate": True, "normalize": True}
        else:
            body = {"model": self._service.model, "input": texts, "encoding_format": "float"}
        try:
            answer = self._asked("POST", self._service.url, body)
        except _TooMuchError:
            if len(texts) == 1:
                raise
            half = len(texts) // 2
            return np.concatenate([self._embed(texts[:half]), self._embed(texts[half:])])
        if not self._service.native:
            rows = [one for one in _rows(answer) if isinstance(one, dict)]
            answer = [one.get("embedding") for one in sorted(rows, key=lambda one: one.get("index", 0))]
        return self._checked(answer, len(texts))

    def _checked(self, answer: Any, count: int) -> Vectors:
        try:
            vectors = np.asarray(answer, dtype=np.float32)
        except (TypeError, ValueError):
            vectors = np.empty(0, dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=-1, keepdims=True) if vectors.ndim == 2 else np.zeros((1, 1))
        fits = vectors.ndim == 2 and len(vectors) == count and self.dimension in (0, vectors.shape[1])
        if not fits or not np.isfinite(norms).all() or not norms.all():
            raise ModelError(
                f"the embedding server {self._shown} does not answer with {count} vectors", hint=_CHECK_HINT
            )
        return np.asarray(vectors / norms, dtype=np.float32)

    def _asked(self, method: str, url: str, body: Any = None, *, may_fail: bool = False) -> Any:
        """Return an answer's JSON, asking again after what may pass; None where it `may_fail` and does."""

        def ask() -> httpx.Response:
            return self._http.request(method, url, json=body).raise_for_status()

        retrying = Retrying(
            retry=retry_if_exception(_may_pass), stop=stop_after_attempt(_ATTEMPTS), wait=_wait, reraise=True
        )
        try:
            return retrying(ask).json()
        except httpx.HTTPStatusError as error:
            if may_fail:
                return None
            raise self._refusal(error.response) from error
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
            raise ModelError(
                f"the embedding server {self._shown} does not answer: {reason}", hint=_CHECK_HINT
            ) from error
        except ValueError:
            return None  # no JSON: an answer without vectors

    def _refusal(self, response: httpx.Response) -> ModelError:
        status, said = response.status_code, " ".join(response.text.split())[:200]
        message = f"the embedding server {self._shown} refuses with status {status}: {said}"
        return (_TooMuchError if status in _TOO_MUCH else ModelError)(message, hint=_CHECK_HINT)


class _TooMuchError(ModelError):
    """More than the server takes at once."""


def _native(base: str, about: dict[str, Any], model: str | None) -> _Service:
    found = str(about["model_id"])
    if model is not None and model != found:
        raise ModelError(
            f"the embedding server {base} has the model {found}, not {model}",
            hint="set RAG_EMBEDDING_MODEL to the model it has, or leave it unset",
        )
    batch = about.get("max_client_batch_size")
    return _Service(base + "/embed", found, batch if isinstance(batch, int) and batch > 0 else _BATCH, True)


def _rows(answer: Any) -> list[Any]:
    rows = answer.get("data") if isinstance(answer, dict) else None
    return rows if isinstance(rows, list) else []


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _PASSING
    return isinstance(error, httpx.TransportError)


def _wait(state: RetryCallState) -> float:
    """Return how long to wait: as the server asks, else twice as long with each attempt."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, httpx.HTTPStatusError) else ""
    own = _BACKOFF_S * 2 ** (state.attempt_number - 1)
    return min(_LONGEST_WAIT_S, float(asked) if asked.isdigit() else own)
