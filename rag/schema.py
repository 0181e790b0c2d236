"""The nouns of the house: frozen dataclasses that travel between modules.

Every offset counts characters of `Article.text`, the canonical text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Final

EXTRACTIVE: Final = "extractive"  # the name of who answers where no language model does
Language = str  # ISO 639-1; "de" and "en" are understood fully, anything else is searched as it stands


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters [start, end) of an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of an article beside its text: enough to name it in a citation."""

    id: str
    title: str
    language: Language
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    url: str | None = None
    origin: str = ""  # the file or address it was read from
    updated: date | None = None  # the day of a later version that corrected it
    agency: str | None = None
    guessed: frozenset[str] = frozenset()  # the fields that its file does not state: worked out from the text


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of the articles that were looked for, and how many there are in all."""

    sources: tuple[Source, ...]
    found: int  # whose names have the words, among those the filter admits
    admitted: int  # by the filter alone


@dataclass(frozen=True, slots=True)
class Article:
    """One news item: its source and its canonical text."""

    source: Source
    text: str

    @property
    def id(self) -> str:
        """The article's stable id."""
        return self.source.id


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of an article, with `text == article.text[start:end]`."""

    article: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    heading: str = ""  # the heading it stands under, not part of the text unless it starts it

    def __post_init__(self) -> None:
        if len(self.text) != self.end - self.start:
            raise ValueError(f"passage [{self.start}, {self.end}) has a text of {len(self.text)} characters")
        if any(s.start < self.start or s.end > self.end for s in self.sentences):
            raise ValueError(f"a sentence leaves its passage [{self.start}, {self.end})")

    def quote(self, span: Span) -> str:
        """Return the text of one of the passage's sentences."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Card:
    """What the archive's catalogue says of a passage: all that ordering hits needs, without its text."""

    article: str
    start: int
    published: date | None
    cluster: int | None  # of articles that tell the same, None where it is alone
    known: int  # of publisher, author, date and address, how many are stated


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles to look at: all conditions hold at once, an empty one admits everything.

    `since` and `until` are the first and the last day of publication; either leaves undated articles out.
    Publishers are compared without regard to case. Of a moment its day counts, and a single publisher or
    language may be given as it is. A filter that limits nothing is false.
    """

    since: date | None = None
    until: date | None = None
    publishers: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            day = getattr(self, name)
            if day is not None and not isinstance(day, date):
                raise ValueError(f"`{name}` must be a date, got {day!r}")
            object.__setattr__(self, name, day.date() if isinstance(day, datetime) else day)
        for name in ("publishers", "languages"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"a period needs since <= until, got {self.since} to {self.until}")

    def __bool__(self) -> bool:
        return self != Filter()

    @property
    def dated(self) -> bool:
        """Whether articles without a date are left out."""
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants otherwise for one question; None leaves what the settings say."""

    language: Language | None = None  # of the answer, else that of the question
    passages: int | None = None  # shown to the answerer
    abstain_below: float | None = None  # least probability of being answerable
    quotes: bool = False  # quotations, and nothing sent to a language model, even where one is configured
    model: str | None = None  # the language model to answer, of those that can be chosen


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a question is about, the first and the last of them included; from `date.min`, all before."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError(f"a period needs since <= until, got {self.since} to {self.until}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that the retriever found; `score` orders hits of one question, higher is better."""

    passage: Passage
    source: Source
    score: float
    cosine: float  # of question and passage, -1 to 1
    bm25: float  # ≥ 0, with translated terms
    match: float = 0.0  # mean cosine of the question's tokens with those nearest to them in the passage
    key: int = 0  # of the passage, in its store
    also_in: tuple[Source, ...] = ()  # other articles that tell the same, earliest first


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit, scored against the question; `hit` is its passage's rank, from 0."""

    source: Source
    span: Span
    text: str
    hit: int
    score: float
    cosine: float
    coverage: float  # share of the question's informative terms that stand in it, 0 to 1
    nearby: float  # the same, of it and the sentence before
    match: float = 0.0  # as of a hit, with the sentence's own tokens


@dataclass(frozen=True, slots=True)
class Citation:
    """A resolved marker: the exact sentence that a statement rests on."""

    marker: str  # as it stands in the answer's text: "[1]"
    source: Source
    span: Span
    quote: str
    support: float  # how well the quote carries its statement, 0 to 1
    found: bool = False  # by the program, for a statement that the language model left without citation
    also_in: tuple[Source, ...] = ()  # other articles that tell the same, earliest first


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer's text, the markers it cites, and how well they carry it."""

    span: Span  # of the answer's text
    markers: tuple[str, ...]
    support: float = 1.0  # by all its citations together, 0 to 1
    reason: str = ""  # in words, in the answer's language, where they do not carry it

    @property
    def supported(self) -> bool:
        """Whether its citations carry the statement; without any, nothing does."""
        return bool(self.markers) and not self.reason


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of wall-clock time."""

    retrieve: float = 0.0
    answer: float = 0.0
    rewrite: float = 0.0  # of a follow-up question, by the language model
    first: float = 0.0  # of `answer`, until the first text was shown
    check: float = 0.0  # of `answer`, for holding the statements against what they cite

    @property
    def total(self) -> float:
        """All stages together."""
        return self.rewrite + self.retrieve + self.answer


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model read and wrote for an answer, as its server counts it."""

    input_tokens: int
    output_tokens: int
    cost: float | None = None  # US dollars, where prices are set


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before, with its answer where it is at hand."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer, complete or (`final` False) as far as it has been streamed."""

    question: str
    language: Language
    query: str
    text: str  # carries the markers of its citations
    model: str  # EXTRACTIVE, or the language model's name
    citations: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] = ()
    hits: tuple[Hit, ...] = ()
    confidence: float = 1.0  # the estimated probability that the articles answer the question
    warnings: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings)
    usage: Usage | None = None  # None where no language model was asked, or it does not say
    periods: tuple[Period, ...] = ()  # that the question names
    final: bool = True
    whole: bool = True  # False where the language model's reply broke off

    answered = True


@dataclass(frozen=True, slots=True)
class Abstention:
    """The answer "the articles do not say", with its reason and the nearest passages."""

    question: str
    language: Language
    query: str
    text: str
    reason: str
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    model: str = EXTRACTIVE
    warnings: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings)
    usage: Usage | None = None
    periods: tuple[Period, ...] = ()

    answered = False
    final = True
    citations: ClassVar[tuple[Citation, ...]] = ()
    statements: ClassVar[tuple[Statement, ...]] = ()
