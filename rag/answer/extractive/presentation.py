"""Scored sentences → an answer of quotations, laid out as the question asks: best first, or by article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, zip_longest
from typing import Final

from rag.answer.extractive import quotations
from rag.answer.extractive.layouts import Layout, layout, subject
from rag.answer.facts import reading
from rag.answer.markers import defused, without
from rag.answer.texts import day, quoted, say
from rag.retrieve.lexical.analysis import analyse
from rag.retrieve.sentences.voices import reports, speaker, speaking, tells
from rag.schema import Citation, Sentence, Source, Span, Statement

_QUOTES: Final = 8  # of an overview
_PER_ARTICLE: Final = 3
_ARTICLES: Final = 5
_WITHIN: Final = 3.0  # of the best score, a log-odds: what is 20 times less likely is left out
_AT_MOST: Final = 9.0  # where that leaves few
_FEW: Final = 3
_SEVERAL: Final = 2  # articles, from which an overview is one
_FEW_VOICES: Final = 4
_BEST: Final = 14  # sentences looked at then
_VOICED: Final = 1.0  # what it adds to a sentence's score, a log-odds, that it tells what someone says
_MOMENT: Final = 1.0  # that it has a date, in a timeline
_FIGURE: Final = 2.0  # that it has a figure, in a comparison of figures
_OF_TIME: Final = frozenset("minute hour day week month year clock th".split())
_OF_FIGURES: Final = re.compile(
    r"\b(?:zahl|schätz|truppenstärke|wie viele|how many|figures?\b|numbers?\b|estimat|count)", re.IGNORECASE
)
_ENOUGH: Final = 3  # voices, of more than one article, from which the others are left out
_NAMED: Final = 1.5  # that it names as speaking whom the question asks of


def present(
    question: str, sentences: Sequence[Sentence], language: str
) -> tuple[str, tuple[Citation, ...], tuple[Statement, ...]]:
    """Return text, citations and statements of the quotations that answer a question.

    A question for a fact gets the best sentences; one that compares, asks who said what or for the order of
    events gets more of them, under the articles they come from, the best first; those of a timeline by date
    and in the text's order.
    """
    kind = layout(question)
    if kind == "answer":
        return quotations.compose(quotations.choose(sentences), language)
    few = 0
    if subject(question, language) != question:
        few = _FEW_VOICES if kind == "voices" else _FEW
    groups = _groups(_ordered(question, sentences, language, kind), few)
    if kind == "timeline":
        groups = [sorted(group, key=lambda one: one.span.start) for group in groups]
        groups.sort(key=lambda group: (group[0].source.published or date.max, group[0].source.id))
    if len(groups) < 2 and kind != "timeline":
        return quotations.compose(quotations.choose(sentences), language)
    return _grouped(groups, kind, language)


def _ordered(question: str, sentences: Sequence[Sentence], language: str, kind: Layout) -> Sequence[Sentence]:
    """Return sentences in the order in which a layout wants them."""
    if kind == "voices":
        return _voiced(question, sentences, language)
    if kind == "timeline":
        return _raised(sentences, _MOMENT, lambda one: bool(one.moments))
    if _OF_FIGURES.search(question):
        return _raised(sentences, _FIGURE, lambda one: any(f.unit not in _OF_TIME for f in one.figures))
    return sentences


def _voiced(question: str, sentences: Sequence[Sentence], language: str) -> list[Sentence]:
    """Return sentences in a new order: what someone says, above all one whom the question names.

    What nobody says is left out where enough is left.
    """
    who = set(analyse(speaker(question, [one.text for one in sentences]), language))
    voiced = [one for one in sentences if tells(one.text) or reports(one.text)]

    def score(one: Sentence) -> float:
        named = bool(who & set(analyse(speaking(one.text), one.source.language)))
        return one.score + _VOICED * (one in voiced) + _NAMED * named - 2 * quotations.unclear(one)

    near = [one for one in voiced if one.score >= sentences[0].score - _AT_MOST]
    enough = len(near) >= _ENOUGH and len({one.source.id for one in near}) > 1
    return _sorted(replace(one, score=score(one)) for one in (voiced if enough else sentences))


def _raised(
    sentences: Sequence[Sentence], by: float, wanted: Callable[[reading.Facts], bool]
) -> list[Sentence]:
    """Return sentences in a new order: higher what has such facts as are wanted."""
    return _sorted(
        replace(one, score=one.score + by * wanted(reading.read(one.text, one.source.language)))
        for one in sentences
    )


def _sorted(sentences: Iterable[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=lambda one: (-one.score, one.source.id, one.span.start))


def _groups(sentences: Sequence[Sentence], few: int) -> list[list[Sentence]]:
    """Return sentences worth showing by article, the article of the best first, in each the best first.

    Where they are fewer than `few`, or of one article alone, less good ones are shown too.
    """
    worth = [one for one in sentences if one.score >= sentences[0].score - _WITHIN]
    if few and (len(worth) < few or len({one.source.id for one in worth}) < _SEVERAL):
        worth = [one for one in sentences[:_BEST] if one.score >= sentences[0].score - _AT_MOST]
    articles: dict[str, list[Sentence]] = {}
    for one in worth:
        if one.source.id in articles or len(articles) < _ARTICLES:
            articles.setdefault(one.source.id, []).append(one)
    turns = chain.from_iterable(zip_longest(*(group[:_PER_ARTICLE] for group in articles.values())))
    # With equal scores `choose` leaves out repetitions alone.
    level = [replace(one, score=1.0) for one in turns if one is not None]
    kept = {(one.source.id, one.span) for one in quotations.choose(level, _QUOTES)}
    groups = [[one for one in group if (one.source.id, one.span) in kept] for group in articles.values()]
    return [group for group in groups if group]


def _grouped(
    groups: Sequence[Sequence[Sentence]], kind: Layout, language: str
) -> tuple[str, tuple[Citation, ...], tuple[Statement, ...]]:
    """Write each article's name and date, and its quotations below."""
    text = say(f"frame_{kind}", language)
    citations: list[Citation] = []
    statements: list[Statement] = []
    for group in groups:
        text += f"\n\n**{_heading(group[0].source, language)}**"
        for one in group:
            marker = f"[{len(citations) + 1}]"
            citations.append(Citation(marker, one.source, one.span, one.text, support=1.0))
            line = f"{quoted(defused(one.text), language)} {marker}"
            start = len(text) + len("\n- ")
            text += f"\n- {line}"
            statements.append(Statement(Span(start, start + len(line)), (marker,)))
    return text, tuple(citations), tuple(statements)


def _heading(source: Source, language: str) -> str:
    """Return date, publisher and title of an article, and its language where it is the other one.

    What would be bold type or a marker in an answer is left out.
    """
    about = " · ".join(filter(None, (day(source.published, language), source.publisher, source.title)))
    foreign = {source.language, language} == {"de", "en"}
    return without(about.replace("*", "")) + (say("in_other", language) if foreign else "")
