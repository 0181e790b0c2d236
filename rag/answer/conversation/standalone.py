"""A question and those before it → a query that stands alone, by a language model or by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from langchain_core.messages import HumanMessage, SystemMessage

from rag.answer.evidence import CHARS_PER_TOKEN
from rag.answer.facts.moments import DATE_WORDS
from rag.answer.llm import prompts
from rag.answer.llm.model import LanguageModel
from rag.answer.markers import without
from rag.answer.reply.stream import Reply
from rag.language import detect
from rag.retrieve.lexical.analysis import analyse, name_key, tokens
from rag.retrieve.lexical.lexicon import Lexicon
from rag.schema import Turn

_REMEMBERED: Final = 6  # questions back
_QUERY_CHARS: Final = 400  # a longer rewriting is no question
_ANSWER_CHARS: Final = 600  # of an answer before, for knowing whom a question means
_ON: Final = re.compile(
    r"\s*(?:und|aber|auch|sonst|außerdem|was ist mit|wie ist es mit|and|but|also|what about|how about)\b",
    re.IGNORECASE,
)
# Asks for more of the same: "Mehr dazu", "tell me more", "go on".
_MORE: Final = re.compile(
    r"\s*(?:bitte\s+|please\s+|can you\s+|kannst du\s+)?"
    r"(?:(?:erzähl|sag|erklär|tell|explain|give|gib)\w*\s+)?"
    r"(?:mir\s+|me\s+|us\s+|uns\s+|das\s+|it\s+)?(?:noch\s+|some\s+|a bit\s+|etwas\s+)?"
    r"(?:mehr|weiter|genauer|ausführlicher|details?|einzelheiten|more|further|go on|continue|elaborate)\b"
    r"(?:\s+(?:dazu|davon|darüber|details?|bitte|please|about (?:it|that|this)|on (?:it|that|this)))*\W*",
    re.IGNORECASE,
)
_FRAGMENT: Final = re.compile(  # "Wie lange?", "Seit wann?", "In 2014?", "Bei der EZB?"
    r"\s*(?:(?:\w+\s+)?(?:wer|wem|wen|wo|wohin|woher|wie|wann|warum|weshalb|who|where|when|why|how)\b"
    r"(?:\s+\w+)?|(?:in|im|am|an|auf|bei|mit|ohne|seit|vor|nach|on|at|with|without|since|before|after|by)\s+"
    r"(?:\w+\s+)?\w+)\W*",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:sonst|noch|else|(?:welche\w?|andere\w?|weitere\w?|which|what|any|some)\s+(?:andere\w?|weitere\w?|other)"
    r"|andere\w?|weitere\w?|others?)\b",
    re.IGNORECASE,
)
_PRONOUN: Final = {
    "de": re.compile(
        r"\b(?:er|ihm|ihn|sie|ihnen|ihr\w{0,2}|sein(?:e[mnrs]?)?|dessen|deren|dort|damals|diese\w?|dies)\b"
    ),
    "en": re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|there|these|those)\b"),
}
# What refers to what was said, not to someone: "darauf", "Wer hat das gesagt?", "When was that?"
_THAT: Final = {
    "de": re.compile(
        r"\b(?:da(?:r(?:auf|aus|an|in|über|um|unter)|zu|von|gegen|mit|für|bei|nach|durch|vor)|deswegen|deshalb"
        r"|das(?=\s*(?:$|[?.!,]|(?:gesagt|gemeint|passiert|geschehen|behauptet|bestätigt|gewesen|genau|so)\b)))\b"
    ),
    "en": re.compile(
        r"\b(?:it|its|(?:this|that)(?=\s*(?:$|[?.!,]|(?:is|was|so|happen\w*|mean\w*|matter\w*|about|possible|exactly"
        r"|statement|claim|decision|demand|meeting|call|proposal|plan|attack|move|remark|announcement|offer|threat)\b)))\b"
    ),
}
_ANSWERING: Final = re.compile(  # verbs that want to know what to: "How did Biden respond?"
    r"\b(?:respond|react|reply|reagier\w+|antwortet\w*|erwidert\w*)\b(?!.*\b(?:auf|to|on)\b)", re.IGNORECASE
)
_COMPLETE: Final = 3  # terms from which a question that begins with "and" stands alone
_CARRIED: Final = 6  # names


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
        answer = " ".join(without(turn.answer).split())[:_ANSWER_CHARS]
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
    last = _Asked("")
    for one in previous[-_REMEMBERED:]:
        last = _follow(one, last, detect(one), lexicon)
    return _follow(question, last, language, lexicon).query


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question searches for, and what one that goes on from it takes along."""

    query: str
    topic: str = ""  # the last question that says what it is about
    names: tuple[str, ...] = ()


def _follow(question: str, last: _Asked, language: str, lexicon: Lexicon) -> _Asked:
    own = _names(question, language, lexicon)
    if not last.topic:
        return _Asked(question, question, tuple(own))
    taken = _taken(question, own, last, language)
    if not taken:
        return _Asked(question, question, tuple(own))
    there = re.findall(r"\w+", f"{question} {taken}")
    names = [name for name in last.names if name not in there] if last.topic != last.query else []
    query = " ".join((question, taken, *names))
    about = own and len(analyse(question, language)) > 1
    kept = tuple(dict.fromkeys((*own, *last.names)))[:_CARRIED]
    return _Asked(query, question if about else last.topic, kept)


def _taken(question: str, own: Sequence[str], last: _Asked, language: str) -> str:
    """Return what a question takes along from the last: its topic, its names, or nothing."""
    terms = len(analyse(question, language))
    code = language if language in _PRONOUN else "en"
    refers = _PRONOUN[code].search(question)
    first = min((question.find(name) for name in own), default=len(question))
    somebody = refers is not None and refers.start() < first
    names = " ".join(name for name in last.names if name not in own) or last.topic
    topic = last.topic if detect(last.topic) == language else names  # words of the other language mislead
    if _ON.match(question) and (refers or _THAT[code].search(question) or terms < _COMPLETE or not own):
        return topic
    if not terms or _MORE.fullmatch(question) or _FRAGMENT.fullmatch(question) or _ANSWERING.search(question):
        return topic
    if somebody:
        return names
    if _THAT[code].search(question) or (_OTHER.search(question) and not own):
        return topic if own or not refers else names
    return ""


def _names(text: str, language: str, lexicon: Lexicon) -> list[str]:
    """Return the words by which a question can be known again: capitalised, and the same in both languages.

    They are more than `names.names` is sure of, "die Berlinale" among them: what is carried along for
    nothing costs little, where a claim that is taken for a name costs a statement its support.
    """
    words = dict.fromkeys(re.findall(r"[^\W\d_]+", text))
    return [word for word in words if word[0].isupper() and _is_name(word, language, lexicon)]


def _is_name(word: str, language: str, lexicon: Lexicon) -> bool:
    if word.lower() in DATE_WORDS:
        return False
    if name_key(word, language) is not None or (word.isupper() and len(word) > 1):
        return True
    other = "en" if language == "de" else "de"
    for lowered, term in tokens(word, language):
        same = next(iter(analyse(lowered, other)), lowered)
        weights = lexicon.translate(term, same, language)
        if max(weights, key=lambda one: weights[one]) == same and not lexicon.parts(lowered, language):
            return True
    return False
