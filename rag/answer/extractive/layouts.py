"""A question → how its answer is laid out, and what it is about without the words that ask for that.

"Vergleiche die Angaben zu den Truppen" is searched for as "Truppen": no article says that it is compared.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from rag.retrieve.lexical.analysis import analyse

Layout = Literal["answer", "compare", "voices", "timeline"]

# Words that ask for a layout: * is any ending, _ any ending and a blank.
_ASKING: Final[dict[Layout, str]] = {
    "timeline": "chronolog* zeitleiste zeitstrahl zeitlich_ablauf* der_reihe_nach timeline "
    "sequence_of_events what_happened_when was_geschah_wann wie_entwickelte_sich in_welcher_reihenfolge "
    "in_what_order",
    "compare": "vergleich* unterschied* unterscheide* widerspr* abweich* compar* differ differs "
    "differed difference* contradict* versus vs",
    "voices": "wer_hat_was wer_sagte_was wer_sagt_was who_said_what who_says_what reaktion reaktionen "
    "reagier* positionen standpunkte stellungnahmen wie_äußerten_sich react reacted reaction* respond "
    "responded stance*",
}
# And those that only speak of the articles, or of the comparison, beside them.
_BESIDE: Final = (
    "gegenübergestellt stelle stellen gegenüber gib_mir zeig_mir zeige_mir nenne bitte give_me show_me list "
    "please artikel* article* bericht* reports reported darstellung* angabe* aussage* sicht* version* "
    "account* readout* voneinander einander each_other gesagt sagt sagte sagten sagen said say says stehen "
    "steht given what_is what_are was_ist was_sind gibt_es are_there is_there how_do how_does how_did do_the "
    "does_the wie worin who what was wer"
)
_REACTION: Final = re.compile(r"\b(?:rea[gk]\w+|respond\w*|äußerten)\b", re.IGNORECASE)
_EDGE: Final = (
    r"(?:\b(?:und|zwischen|zu[mr]?|über|von|vom|beim?|in|im|auf|mit|de[rnms]|die|das|des|eine?[rnms]?|sich|es"
    r"|um|bezüglich|and|between|about|on|of|at|to|from|by|with|the|an?|it|do|does|did|regarding|beiden|two)\b"
    r"|[\W_]+)"
)
_ENDS: Final = re.compile(r"[?!]+|\b(?:dazu|davon|darüber)\b", re.IGNORECASE)
_EDGES: Final = re.compile(rf"^{_EDGE}+|{_EDGE}+$", re.IGNORECASE)


def _pattern(words: str) -> re.Pattern[str]:
    forms = (re.escape(word).replace(r"\*", r"\w*").replace("_", r"\w*\s+") for word in words.split())
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


_KINDS: Final = {kind: _pattern(words) for kind, words in _ASKING.items()}
# What only says what a figure is set against.
_ASIDE: Final = re.compile(r"\bim vergleich (?:zu\w*|mit)\b|(?<!^)\bcompared (?:to|with)\b", re.IGNORECASE)
_OPPOSITE: Final = re.compile(r"^\W*stell\w*\b.*\bgegenüber\W*$", re.IGNORECASE | re.DOTALL)
_WHY: Final = re.compile(r"\W*(?:warum|weshalb|wieso|weswegen|why|how\s+come)\b", re.IGNORECASE)
_WORDS: Final = _pattern(_BESIDE)


def layout(question: str) -> Layout:
    """Return how the answer to a question is laid out: "timeline", "compare", "voices" or "answer"."""
    if _OPPOSITE.search(question):
        return "compare"
    if _WHY.match(question):  # "Why do the figures differ?" asks for the reason, not for the figures
        return "answer"
    asked = _ASIDE.sub(" ", question)
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(asked)), "answer")


def subject(question: str, language: str) -> str:
    """Return what a question for an overview is about; the question itself where that is all it says.

    >>> subject("Who said what about the video summit?", "en")
    'video summit'
    """
    if layout(question) == "answer" or _REACTION.search(question):
        return question  # who reacts, and that they do, is what the articles tell
    about = question
    for pattern in (*_KINDS.values(), _WORDS, _ENDS):
        about = pattern.sub(" ", about)
    about = _EDGES.sub("", _EDGES.sub("", " ".join(about.split())))
    return about if analyse(about, language) else question
