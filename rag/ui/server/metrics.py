"""What is counted and timed, in Prometheus' form (https://prometheus.io/docs/practices/naming)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from rag.schema import Abstention, Answer

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Sized(Protocol):
    """What is told of a library's size."""

    def count(self) -> int:
        """Return the number of articles."""

    def count_passages(self) -> int:
        """Return the number of passages."""


class Metrics:
    """The figures of one page's process, since it began."""

    def __init__(self, library: Sized) -> None:
        self.registry = CollectorRegistry()
        self.questions = Counter(
            "quellenchat_questions", "Questions by what came of them", ["outcome"], registry=self.registry
        )
        self.seconds = Histogram(
            "quellenchat_question_seconds", "Time for a question, by stage", ["stage"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.errors = Counter(
            "quellenchat_errors", "Questions that failed, by the kind of error", ["kind"],
            registry=self.registry,
        )  # fmt: skip
        self.answering = Gauge(
            "quellenchat_questions_in_progress", "Questions being answered", registry=self.registry
        )
        self.registry.register(_Size(library))
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def answered(self, answer: Answer | Abstention, seconds: float) -> str:
        """Count an answer or abstention that took so long; return which of them it was."""
        outcome = "answered" if answer.answered else "abstained"
        self.questions.labels(outcome).inc()
        self.seconds.labels("retrieve").observe(answer.timings.retrieve / 1000)
        self.seconds.labels("total").observe(seconds)
        return outcome

    def failed(self, error: BaseException, outcome: str) -> None:
        """Count a question that came to nothing: failed, refused or stopped."""
        self.questions.labels(outcome).inc()
        if outcome == "failed":
            self.errors.labels(type(error).__name__).inc()

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self.registry)


class _Size(Collector):
    """How much the collection holds at the moment it is asked."""

    def __init__(self, library: Sized) -> None:
        self._library = library

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            articles, passages = self._library.count(), self._library.count_passages()
        except Exception:  # `/readyz` tells; the other figures go on
            return
        yield GaugeMetricFamily("quellenchat_articles", "Articles in the collection", articles)
        yield GaugeMetricFamily("quellenchat_passages", "Passages in the index", passages)
