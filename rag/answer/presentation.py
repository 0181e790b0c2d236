"""Scored sentences → an answer of quotations, laid out as the question asks: best first, or by article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, zip_longest
from typing import Final, Literal

from rag.answer import extractive
from rag.answer.texts import day, quoted, say
from rag.retrieve.analysis import analyse
from rag.retrieve.expects import speaker, speaking, tells
from rag.schema import Citation, Sentence, Source, Span, Statement

Layout = Literal["answer", "compare", "voices", "timeline"]
_QUOTES: Final = 8  # of an overview
_PER_ARTICLE: Final = 3
_ARTICLES: Final = 5
_WITHIN: Final = 3.0  # of the best score, a log-odds: what is 20 times less likely is left out
_VOICED: Final = 1.0  # what it adds to a sentence's score, a log-odds, that it tells what someone says
# Reported speech by its subjunctives and quotation marks, and verbs of saying that `tells` does not go by.
_REPORTED: Final = re.compile(
    r"\b(?:wiesen|teilten?|nannten|reagier\w+|bezeichne\w+|bewert\w+|lehn(?:t|te|ten)|schreibt|schrieb(?:en)?|aufgenommen"
    r"|sei|seien|habe|hätten|werde|wolle|müsse|dürfe|könne|thinks?|thought|wrote)\b|[„“”»«\"]"
)
_NAMED: Final = 1.5  # that it names as speaking whom the question asks of
# Words that ask for a layout: * is any ending, _ any ending and a blank.
_ASKING: Final[dict[Layout, str]] = {
    "timeline": "chronolog* zeitleiste zeitlich_ablauf* der_reihe_nach timeline sequence_of_events "
    "what_happened_when was_geschah_wann wie_entwickelte_sich",
    "compare": "vergleich* unterschied* unterscheide* gegenüber widerspr* abweich* compar* differ differs "
    "differed difference* different contradict* versus vs",
    "voices": "wer_hat_was wer_sagte_was who_said_what reaktion* reagier* positionen standpunkte "
    "stellungnahmen wie_äußerten_sich react reacted reaction* positions respond responded stance*",
}


def _pattern(words: str) -> re.Pattern[str]:
    forms = (re.escape(word).replace(r"\*", r"\w*").replace("_", r"\w*\s+") for word in words.split())
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


_KINDS: Final = {kind: _pattern(words) for kind, words in _ASKING.items()}


def layout(question: str) -> Layout:
    """Return how the answer to a question is laid out: "timeline", "compare", "voices" or "answer"."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(question)), "answer")


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
        return extractive.compose(extractive.choose(sentences), language)
    groups = _groups(_voiced(question, sentences, language) if kind == "voices" else sentences)
    if kind == "timeline":
        groups = [sorted(group, key=lambda one: one.span.start) for group in groups]
        groups.sort(key=lambda group: (group[0].source.published or date.max, group[0].source.id))
    if len(groups) < 2 and kind != "timeline":
        return extractive.compose(extractive.choose(sentences), language)
    return _grouped(groups, kind, language)


def _voiced(question: str, sentences: Sequence[Sentence], language: str) -> list[Sentence]:
    """Return sentences in a new order: higher what someone says, above all one whom the question names."""
    who = set(analyse(speaker(question), language))

    def score(one: Sentence) -> float:
        named = bool(who & set(analyse(speaking(one.text), one.source.language)))
        return one.score + _VOICED * (tells(one.text) or bool(_REPORTED.search(one.text))) + _NAMED * named

    raised = [replace(one, score=score(one)) for one in sentences]
    return sorted(raised, key=lambda one: (-one.score, one.source.id, one.span.start))


def _groups(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Return sentences worth showing by article, the article of the best first, in each the best first."""
    worth = [one for one in sentences if one.score >= sentences[0].score - _WITHIN]
    articles: dict[str, list[Sentence]] = {}
    for one in worth:
        if one.source.id in articles or len(articles) < _ARTICLES:
            articles.setdefault(one.source.id, []).append(one)
    turns = chain.from_iterable(zip_longest(*(group[:_PER_ARTICLE] for group in articles.values())))
    # With equal scores `choose` leaves out repetitions alone.
    level = [replace(one, score=1.0) for one in turns if one is not None]
    kept = {(one.source.id, one.span) for one in extractive.choose(level, _QUOTES)}
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
            line = f"{quoted(one.text, language)} {marker}"
            start = len(text) + len("\n- ")
            text += f"\n- {line}"
            statements.append(Statement(Span(start, start + len(line)), (marker,)))
    return text, tuple(citations), tuple(statements)


def _heading(source: Source, language: str) -> str:
    """Return date, publisher and title of an article, and its language where it is the other one."""
    about = " · ".join(filter(None, (day(source.published, language), source.publisher, source.title)))
    foreign = {source.language, language} == {"de", "en"}
    return about.replace("*", "") + (say("in_other", language) if foreign else "")
