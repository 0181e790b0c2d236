"""Hits → the same hits, the best of them in the order a CrossEncoder gives: a second, slower look."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from rag.errors import ModelError
from rag.retrieve.embedding.hub import load
from rag.schema import Hit

_BATCH: Final = 16
_HINT: Final = "RAG_RERANKER names a sentence-transformers CrossEncoder, a folder or a name on the model hub"


class Reranker:
    """Any sentence-transformers CrossEncoder with one score for a question and a passage.

    It is loaded at the first question: importing its library takes seconds. R. Nogueira & K. Cho,
    "Passage Re-ranking with BERT", 2019.
    """

    def __init__(self, model: str, *, top: int, threads: int = 1) -> None:
        """Name the model; the `top` first hits of a question are read again, on so many `threads`."""
        self.name = model
        self.top = top
        self._threads = threads
        self._model: Any = None
        self._lock = threading.Lock()

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits, the `top` first of them by the model's score and the others behind as they were.

        The reordered hits share out the scores they had, best first: what reads scores later on (the
        choice of sentences, abstention) keeps its scale, whatever that of the model.

        Raises:
            ModelError: the model cannot be loaded, or gives several scores for a passage.
        """
        first, rest = list(hits[: self.top]), list(hits[self.top :])
        if not first:
            return rest
        scores = self._scores([(question, hit.passage.text) for hit in first])
        order = np.argsort(-scores, kind="stable")
        return [
            replace(first[i], score=hit.score) for i, hit in zip(order.tolist(), first, strict=True)
        ] + rest

    def _scores(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray[Any, Any]:
        with self._lock:
            if self._model is None:
                self._model = load("CrossEncoder", self.name, "reranker", _HINT, self._threads)
            scores = np.asarray(self._model.predict(list(pairs), batch_size=_BATCH, show_progress_bar=False))
        if scores.shape != (len(pairs),):
            raise ModelError(
                f"the reranker {self.name} gives {scores.shape[-1]} scores for a passage, wanted one",
                hint=_HINT,
            )
        return scores
