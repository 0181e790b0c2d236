"""What the library says went wrong, in English → the same in the page's language.

The library's messages are English, as the command line is; one without a form in the page's language is
shown as it stands, for a message half understood beats none.
"""

from __future__ import annotations

import re
from typing import Final

from rag.ui.texts.german_problems import GERMAN
from rag.ui.texts.languages import Texts

_WORD: Final = re.compile(r"[a-zäöü]+(?=[ ,'’]|$)")
_COMMANDS: Final = frozenset(("pip", "rag", "ollama", "createdb"))
# For each language of the page but English.
_COMPILED: Final = {
    language: {re.compile(english, re.DOTALL): said for english, said in forms.items()}
    for language, forms in {"de": GERMAN}.items()
}


def sentences(message: str, hint: str, texts: Texts) -> str:
    """Return what went wrong and what to do in the page's language, each with its full stop."""
    said = [_ended(told(part, texts)) for part in (message, hint) if part]
    return " ".join([*said[:1], *map(_begun, said[1:])])


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", "`")) else text + "."


def _begun(text: str) -> str:
    """Write a text as a sentence that follows another, unless it begins with a name or a command."""
    first = _WORD.match(text)
    return text[:1].upper() + text[1:] if first and first[0] not in _COMMANDS else text


def told(message: str, texts: Texts) -> str:
    """Return a message of the library in the language of the page, or as it is where there is no other."""
    for english, translated in _COMPILED.get(texts.language, {}).items():
        if match := english.fullmatch(message.strip()):
            return translated.format(*(told(group or "", texts) for group in match.groups()))
    return message
