"""A browser's language → every word the page says, in one of its languages."""

from __future__ import annotations

import re
from typing import Final

from rag.ui.texts.english import EN
from rag.ui.texts.german import DE
from rag.ui.texts.wording import Texts

__all__ = ["DE", "EN", "LANGUAGES", "Texts", "choose", "next_language", "of", "translations"]
# The languages of the page; a further one is a module like `german.py`, and its name here.
LANGUAGES: Final = {texts.language: texts for texts in (DE, EN)}
_LABELS: Final = ("question_label", "question_hint", "new_conversation", "conversation")


def choose(accept_language: str | None) -> Texts:
    """Return the texts in the browser's first language, English where there are none."""
    first = (accept_language or "").split(",")[0].strip().lower()
    return of(re.split("[-;]", first)[0])


def of(language: str) -> Texts:
    """Return the texts in a language, English where there are none."""
    return LANGUAGES.get(language, EN)


def next_language(texts: Texts) -> Texts:
    """Return the texts that the page offers to change to: those of the next of its languages."""
    codes = list(LANGUAGES)
    return LANGUAGES[codes[(codes.index(texts.language) + 1) % len(codes)]]


def translations() -> dict[str, dict[str, str]]:
    """Return the labels that Gradio itself sets, by language and key, as its I18n wants them."""
    return {texts.language: {key: getattr(texts, key) for key in _LABELS} for texts in LANGUAGES.values()}
