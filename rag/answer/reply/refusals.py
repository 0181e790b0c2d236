"""A reply's text → whether it says, in whatever words, that the evidence does not answer the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.answer import markers
from rag.answer.reply.statements import statements
from rag.schema import Statement

_WORDS: Final = r"(?:NO ANSWER|KEINE ANTWORT)"
_ALONE: Final = re.compile(rf"\W*{_WORDS}\W*", re.IGNORECASE)
_FIRST: Final = re.compile(rf"\W*{_WORDS}\s*(?:[.,:;!()*\n–-]|$)")  # as the rules write it, in capitals
_LAST: Final = re.compile(rf"[\s(*\"„“]*\b{_WORDS}\b[\s.!)*\"“”]*$")
# What a model calls what it was given to read.
_READ: Final = (
    r"(?:sätze\w*|satz|artikel\w*|quellen?|belege?n?|evidenz|texte?n?|passagen?|stellen|informationen|kontext|angaben"
    r"|sentences?|articles?|sources?|evidence|texts?|passages?|information|context)"
)
_OF_READ: Final = re.compile(rf"\b{_READ}\b", re.IGNORECASE)
_DECLINING: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "Die vorliegenden Sätze enthalten keine Angaben dazu", "The sentences do not mention …"
        rf"\b{_READ}\b[^.!?]*?\b(?:enth(?:alten|ält)|geben|gibt|liefern|liefert|nennen|nennt|beantworten|beantwortet"
        r"|erwähnen|erwähnt|sagen|sagt|machen|macht|gehen|geht|erklären|erklärt|reichen)\b[^.!?]*?\b(?:nicht\w*|kein\w*)\b",
        rf"\b{_READ}\b[^.!?]*?\b(?:do|does|did)(?:\s+not|n['’]t)\s+(?:\w+\s+)?"
        r"(?:answer|contain|mention|say|state|specify|provide|include|address|give|explain|indicate|discuss|tell)\b",
        rf"\b{_READ}\b[^.!?]*?\b(?:contains?|provides?|gives?|includes?|offers?|has|have)\s+no\b",
        # "Dazu gibt es keine Informationen", "There is no information …", "I cannot answer …"
        r"\bkeine?n?\s+(?:\w+\s+)?(?:information\w*|angabe\w*|hinweis\w*|antwort|auskunft|aussage\w*)\b",
        r"\b(?:no|not enough|insufficient)\s+(?:\w+\s+)?(?:information|mention|answer|evidence|details?)\b",
        r"\b(?:kann|können|konnte|lässt|lassen)\b[^.!?]*\bnicht\b[^.!?]*\b(?:beantwort\w*|entnehmen|entnommen|sagen|finden)\b",
        r"\b(?:can(?:not|['’]t|\s+not)|could\s+not|unable\s+to)\b[^.!?]*\b(?:answer|answered|determine|determined|find|found)\b",
        r"\b(?:geht|gehen)\b[^.!?]*\bnicht\b[^.!?]*\bhervor\b|\bis\s+not\s+(?:mentioned|answered|stated|specified|given)\b",
    )
)
_POLITE: Final = re.compile(
    r"^\W*(?:leider|entschuldigung|bitte|es tut mir leid|i['’]?m sorry|sorry|unfortunately|please"
    r"|i apologi[sz]e)\b",
    re.IGNORECASE,
)


def is_refusal(text: str, cites: bool, language: str) -> bool:
    """Tell whether a reply declines: in the words of the rules, or without a citation in its own."""
    bare = markers.without(text)
    if _ALONE.fullmatch(bare) or _FIRST.match(bare):
        return True
    return not cites and _decline(text, statements(text, language))


def all_decline(text: str, made: Sequence[Statement]) -> bool:
    """Tell whether a reply that no sentence it cites supports says no more than that it declines."""
    return not any(one.supported for one in made) and bool(_OF_READ.search(text)) and _decline(text, made)


def without(text: str) -> str:
    """Return a text without the words of a refusal behind an answer that was given all the same."""
    above = _LAST.sub("", text)
    return above if markers.MARKER.search(above) else text


def _decline(text: str, made: Sequence[Statement]) -> bool:
    said = [text[one.span.start : one.span.end] for one in made]
    declining = [one for one in said if any(pattern.search(one) for pattern in (*_DECLINING, _LAST))]
    polite = [one for one in said if _POLITE.match(one)]
    return bool(declining) and all(one in declining or one in polite for one in said)
