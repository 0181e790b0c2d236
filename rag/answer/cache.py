"""Identical questions on an unchanged store → the answer given before, kept in memory; off by default."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Final

from rag.schema import Abstention, Answer, Timings
from rag.settings import Settings

_KEPT: Final = 256  # answers; the least recently used goes first


class AnswerCache:
    """Answers by exactly what was asked, of which store, under which settings."""

    def __init__(self, chosen: Settings) -> None:
        """Start empty, for a library opened with these settings."""
        self._settings = hashlib.sha256(chosen.model_dump_json().encode()).hexdigest()
        self._answers: OrderedDict[str, Answer | Abstention] = OrderedDict()
        self._lock = threading.Lock()

    def key(self, generation: int, *asked: object) -> str:
        """Return what identifies a question with all it was asked with, of one generation of the store."""
        return hashlib.sha256(repr((generation, self._settings, asked)).encode()).hexdigest()

    def get(self, key: str) -> Answer | Abstention | None:
        """Return the answer given before, with no time spent on it, None where there is none."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is None:
                return None
            self._answers.move_to_end(key)
        return replace(answer, timings=Timings())

    def put(self, key: str, answer: Answer | Abstention, model: str) -> None:
        """Keep a final answer of `model`; one that stands in for it or broke off is not kept."""
        if not answer.final or (isinstance(answer, Answer) and (answer.model != model or not answer.whole)):
            return
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
