"""Retrieval figures of an encoder: articles and questions in, nDCG@10 of each language pair out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import InputError

CUTOFF = 10
_FORM = "give articles.{de,en}.jsonl with id and text, questions.*-on-*.jsonl with question and articles"

Encode = Callable[[list[str]], NDArray[np.float32]]
Score = Callable[[list[str], list[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class RetrievalSet:
    """Questions of one language on articles of one: `relevant[i]` are the places of question i's articles."""

    name: str
    articles: tuple[str, ...]
    questions: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]

    @property
    def question_language(self) -> str:
        return self.name.split("-on-")[0]

    @property
    def article_language(self) -> str:
        return self.name.split("-on-")[1]


def read_sets(folder: Path, *, max_articles: int | None = None) -> list[RetrievalSet]:
    """Read `articles.{de,en}.jsonl` and `questions.{question}-on-{article}.jsonl`, all pairs there are.

    Args:
        max_articles: take only so many articles of each language, and the questions that those answer.

    Raises:
        InputError: there is no such file in the folder, or a line of one is none of a set.
    """
    files = sorted(folder.glob("questions.*-on-*.jsonl"))
    if not files:
        raise InputError(f"{folder}: got no questions.*-on-*.jsonl, wanted at least one", hint=_FORM)
    return [_read_set(file, max_articles) for file in files]


def with_questions(sets: Sequence[RetrievalSet]) -> list[RetrievalSet]:
    """Return the sets that have a question; the others have no figures.

    Raises:
        InputError: none has one.
    """
    found = [one for one in sets if one.questions]
    if not found:
        raise InputError("no question of these sets has its articles in them", hint=_FORM)
    return found


def ndcg(scores: NDArray[np.float32], relevant: Sequence[frozenset[int]], cutoff: int = CUTOFF) -> float:
    """Return the mean nDCG (Järvelin & Kekäläinen 2002) with binary relevance.

    Args:
        scores: shape (questions, articles), higher is better; of equal scores the earlier article is first.
    """
    gains = 1 / np.log2(np.arange(2, cutoff + 2))
    top = np.argsort(-scores, axis=1, kind="stable")[:, :cutoff]
    values = []
    for ranked, wanted in zip(top, relevant, strict=True):
        hit = np.array([place in wanted for place in ranked])
        values.append(float(gains[: len(hit)][hit].sum() / gains[: len(wanted)].sum()))
    return float(np.mean(values))


def dense_scores(encode: Encode) -> Score:
    """Score by the cosine of unit vectors; texts seen before are not encoded again."""
    known: dict[str, NDArray[np.float32]] = {}

    def vectors(texts: list[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, encode(new), strict=True))
        return np.stack([known[text] for text in texts])

    return lambda questions, articles: np.asarray(vectors(questions) @ vectors(articles).T, dtype=np.float32)


def figures(sets: Sequence[RetrievalSet], score: Score) -> dict[str, float]:
    """Return nDCG@10 for each set, by its name."""
    return {one.name: ndcg(score(list(one.questions), list(one.articles)), one.relevant) for one in sets}


def _read_set(file: Path, max_articles: int | None) -> RetrievalSet:
    name = file.name.removeprefix("questions.").removesuffix(".jsonl")
    articles = _lines(file.parent / f"articles.{name.split('-on-')[1]}.jsonl", ("id", "text"))[:max_articles]
    places = {article["id"]: place for place, article in enumerate(articles)}
    lines = _lines(file, ("question", "articles"))
    questions = [line for line in lines if line["articles"] and places.keys() >= set(line["articles"])]
    return RetrievalSet(
        name,
        tuple(article["text"] for article in articles),
        tuple(line["question"] for line in questions),
        tuple(frozenset(places[article] for article in line["articles"]) for line in questions),
    )


def _lines(file: Path, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Read the objects of a file, one a line; each must have these fields."""
    try:
        texts = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}", hint=_FORM) from error
    lines: list[dict[str, Any]] = []
    for number, text in enumerate(texts, start=1):
        if text.strip():
            try:
                line = json.loads(text)
                lines.append(line | {name: line[name] for name in fields})
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"{file}:{number} is none of a set: {error!r}", hint=_FORM) from error
    return lines
