"""A size → as many passages of generated news, half German and half English, with vectors; and questions.

The frames are the sentences of the sample articles; nine of ten content words are drawn anew from the
words of the lexicon by the Zipf-Mandelbrot law, so that frequent terms stand in a sixth of all passages
and most terms in a handful, as in news. The words that stay let real questions find something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import cycle, islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag import resources
from rag.ingest.inputs import Input, find
from rag.ingest.outcomes import Failure
from rag.ingest.reading import read
from rag.ingest.text.sentences import sentences
from rag.retrieve.interaction import TokenVectors, pack
from rag.retrieve.lexical import lexicon
from rag.retrieve.lexical.analysis import STOPWORDS
from rag.retrieve.retriever import Encoder
from rag.schema import Article, Passage, Source, Span

LANGUAGES: Final = ("de", "en")
_KEPT: Final = 0.1  # share of the content words that stay as they are
_WORDS: Final = 110  # of a passage
_PASSAGES: Final = 4  # of an article
_FLAT: Final = 50  # Mandelbrot's shift: the most frequent word is 0.3 % of all words
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_SEED: Final = 2021
_JITTER: Final = 0.6  # length of the noise added to a real unit vector
_FIRST_DAY: Final = date(2015, 1, 1)
_DAYS: Final = 4_000
_PUBLISHERS: Final = ("Morgenblatt", "Abendpost", "The Ledger", "Daily Courier")


@dataclass(frozen=True, slots=True)
class _Frames:
    """A language's sentences, each cut into what stays and what is drawn anew, and the words to draw."""

    sentences: tuple[tuple[str, ...], ...]  # even pieces stay, odd ones are words
    words: NDArray[np.str_]
    shares: NDArray[np.float64]


def articles(count: int) -> Iterator[tuple[Article, list[Passage]]]:
    """Yield articles with their passages until there are `count` passages; the same every time."""
    random = np.random.default_rng(_SEED)
    made = 0
    for number in range(-(-count // _PASSAGES)):
        language = LANGUAGES[number % 2]
        wanted = min(_PASSAGES, count - made)
        yield _article(f"{number:07}", language, wanted, random)
        made += wanted


def questions() -> list[str]:
    """Return the questions on the sample articles, in both languages."""
    lines = (resources.folder("data") / "questions" / "samples.jsonl").read_text(encoding="utf-8")
    return [json.loads(line)["question"] for line in lines.splitlines()]


def vectors(encoder: Encoder, count: int) -> Iterator[NDArray[np.float32]]:
    """Yield (n, d) unit vectors, `count` in all: those of real passages, each with noise of its own."""
    texts = [text for language in LANGUAGES for text in _texts(language)]
    real = encoder.encode([piece for text in texts for piece in _pieces(text)])
    random = np.random.default_rng(_SEED)
    for first in range(0, count, 2_000):
        size = min(2_000, count - first)
        noise = random.standard_normal((size, real.shape[1]), dtype=np.float32)
        noise *= _JITTER / np.linalg.norm(noise, axis=1, keepdims=True)
        rows = real[random.integers(0, len(real), size)] + noise
        yield (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def token_vectors(encoder: Encoder) -> Callable[[str], bytes]:
    """Return a function from a passage to packed token vectors, one for each of its tokens, real ones.

    With fewer, its last sentences would be read anew for every question, as those of real passages are not.
    """
    texts = [piece for language in LANGUAGES for text in _texts(language) for piece in _pieces(text)]
    real = cycle(encoder.encode_tokens(texts)[1])

    def packed(text: str) -> bytes:
        wanted = len(encoder.token_spans(text))
        return pack(TokenVectors(np.resize(vectors := next(real), (wanted, vectors.shape[1]))))

    return packed


def _article(
    identity: str, language: str, passages: int, random: np.random.Generator
) -> tuple[Article, list[Passage]]:
    lines = [" ".join(_sentence(language, random).split()[:10])]
    spans: list[list[Span]] = []
    offset = len(lines[0]) + 2
    for _ in range(passages):
        row, words, text = [], 0, ""
        while words < _WORDS:
            sentence = _sentence(language, random)
            row.append(Span(offset + len(text), offset + len(text) + len(sentence)))
            text += sentence + " "
            words += sentence.count(" ") + 1
        lines.append(text.rstrip())
        spans.append(row)
        offset += len(lines[-1]) + 2
    source = Source(
        f"{identity}.txt", lines[0], language,
        publisher=_PUBLISHERS[int(random.integers(len(_PUBLISHERS)))],
        published=_FIRST_DAY + timedelta(days=int(random.integers(_DAYS))),
    )  # fmt: skip
    text = "\n\n".join(lines)
    cut = [
        Passage(source.id, row[0].start, row[-1].end, text[row[0].start : row[-1].end], tuple(row))
        for row in spans
    ]
    return Article(source, text), cut


def _sentence(language: str, random: np.random.Generator) -> str:
    frames = _frames(language)
    pieces = list(frames.sentences[int(random.integers(len(frames.sentences)))])
    drawn = random.random(len(pieces) // 2) >= _KEPT
    words = frames.words[np.searchsorted(frames.shares, random.random(int(drawn.sum())))].tolist()
    places = np.flatnonzero(drawn) * 2 + 1
    for place, word in zip(places.tolist(), words, strict=True):
        pieces[place] = word.capitalize() if pieces[place][0].isupper() else word
    return "".join(pieces)


@cache
def _frames(language: str) -> _Frames:
    found = []
    for text in _texts(language):
        for span in sentences(text, language):
            frame = _frame(text[span.start : span.end], language)
            if len(frame) > 6:
                found.append(frame)
    known = [t for code, t in lexicon.bundled().translations if code == language and _WORD.fullmatch(t)]
    words = np.array(sorted(known))
    np.random.default_rng(_SEED).shuffle(words)
    shares = np.cumsum(1.0 / (np.arange(len(words)) + _FLAT))
    return _Frames(tuple(found), words, shares / shares[-1])


def _frame(sentence: str, language: str) -> tuple[str, ...]:
    pieces = [""]
    last = 0
    for match in _WORD.finditer(sentence):
        if match.group().lower() not in STOPWORDS[language]:
            pieces[-1] += sentence[last : match.start()]
            pieces += [match.group(), ""]
            last = match.end()
    pieces[-1] += sentence[last:]
    return tuple(" ".join(piece.split("\n")) for piece in pieces)


@cache
def _texts(language: str) -> tuple[str, ...]:
    """Return the texts of the sample articles in a language."""
    inputs = (one for one in find(str(resources.folder("data") / "articles")) if isinstance(one, Input))
    read_all = (made for one in inputs for made in read(one.path, one.article_id, 1_000_000))
    made = [one.article for one in read_all if not isinstance(one, Failure)]
    return tuple(article.text for article in made if article.source.language == language)


def _pieces(text: str) -> Iterator[str]:
    words = iter(text.split())
    while piece := list(islice(words, _WORDS)):
        yield " ".join(piece)
