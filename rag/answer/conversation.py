"""A question and those before it → a query that stands alone, by a language model or by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from langchain_core.messages import HumanMessage, SystemMessage

from rag.answer import prompts
from rag.answer.evidence import CHARS_PER_TOKEN
from rag.answer.llm import LanguageModel
from rag.answer.reply import Reply
from rag.retrieve.analysis import analyse, name_key, tokens
from rag.retrieve.lexicon import Lexicon
from rag.schema import Turn

_REMEMBERED: Final = 6  # questions back
_QUERY_CHARS: Final = 400  # a longer rewriting is no question
_ANSWER_CHARS: Final = 600  # of an answer before, for knowing whom a question means
_ON: Final = re.compile(
    r"\s*(?:und|aber|auch|sonst|außerdem|was ist mit|wie ist es mit|and|but|also|what about|how about)\b",
    re.IGNORECASE,
)
_PRONOUN: Final = {
    "de": re.compile(
        r"\b(?:er|ihm|ihn|sie|ihnen|ihr\w{0,2}|sein\w{0,2}|dessen|deren|davon|dazu|darüber|dagegen|daran|damit"
        r"|dafür|dort|damals|diese\w?|dabei|danach)\b"
    ),
    "en": re.compile(
        r"\b(?:he|him|his|she|her|hers|they|them|their|it|its|this|that|these|those|there|then)\b"
    ),
}


def rewritten(question: str, turns: Sequence[Turn], language: str, model: LanguageModel) -> str | None:
    """Return the question as the model writes it so that it stands alone; None where it does not do so.

    Of the turns before it, oldest first, the model reads the last ones that `history_tokens` hold.
    """
    history = bounded(turns, model.history_tokens, language)
    if not history:
        return None
    messages = [
        SystemMessage(prompts.fill("rewrite", language)),
        HumanMessage(prompts.fill("follow_up", language, history=history, question=question)),
    ]
    try:
        pieces: list[str] = []
        for piece in Reply(lambda: model.chat.stream(messages), attempts=1).pieces():
            pieces = [] if piece is None else [*pieces, piece]
            if sum(map(len, pieces)) > _QUERY_CHARS * 2:
                return None
    except Exception:  # the answer will meet the same error, and say so
        return None
    lines = "".join(pieces).strip().splitlines()
    query = re.sub(r"^\W*(?:Frage|Question)\s*:\s*", "", lines[-1]) if lines else ""
    query = " ".join(query.strip("„“”\"'* ").split())
    fits = 0 < len(query) <= _QUERY_CHARS and any(character.isalpha() for character in query)
    return query if fits else None


def bounded(turns: Sequence[Turn], tokens: int, language: str) -> str:
    """Return the last turns as a text, oldest first, as far as a number of tokens holds them."""
    lines: list[str] = []
    left = tokens * CHARS_PER_TOKEN
    asked, said = ("Frage", "Antwort") if language == "de" else ("Question", "Answer")
    for turn in reversed(turns):
        answer = " ".join(re.sub(r"\[\d{1,2}\]", "", turn.answer).split())[:_ANSWER_CHARS]
        text = f"{asked}: {turn.question}" + (f"\n{said}: {answer}" if answer else "")
        if len(text) > left:
            break
        left -= len(text)
        lines.append(text)
    return "\n".join(reversed(lines))


def standalone(question: str, previous: Sequence[str], language: str, lexicon: Lexicon) -> str:
    """Return what to search for when `question` follows the questions `previous`, oldest first.

    "Und zur Ukraine?" and "why?" take the last question along, "Was sagte er dazu?" only its names; a
    question that names someone itself and goes on from nothing stays as it is.
    """
    query = ""
    for one in [*previous[-_REMEMBERED:], question]:
        query = _follow(one, query, language, lexicon)
    return query


def _follow(question: str, before: str, language: str, lexicon: Lexicon) -> str:
    if not before:
        return question
    if _ON.match(question) or not analyse(question, language):
        return f"{question} {before}"
    refers = _PRONOUN.get(language, _PRONOUN["en"]).search(question)
    if not refers or _names(question, language, lexicon):
        return question
    carried = _names(before, language, lexicon)
    return f"{question} {' '.join(carried) or before}"


def _names(text: str, language: str, lexicon: Lexicon) -> list[str]:
    """Return the words that are names: capitalised, and the same in the other language or unknown to it."""
    words = dict.fromkeys(re.findall(r"[^\W\d_]+", text))
    return [word for word in words if word[0].isupper() and _is_name(word, language, lexicon)]


def _is_name(word: str, language: str, lexicon: Lexicon) -> bool:
    if name_key(word, language) is not None:
        return True
    other = "en" if language == "de" else "de"
    for lowered, term in tokens(word, language):
        same = next(iter(analyse(lowered, other)), lowered)
        weights = lexicon.translate(term, same, language)
        if max(weights, key=lambda one: weights[one]) == same and not lexicon.parts(lowered, language):
            return True
    return False
