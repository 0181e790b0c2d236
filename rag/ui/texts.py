"""A browser's language → every word the page says, in German or English."""

from __future__ import annotations

from typing import Final

from rag.ui.english import EN
from rag.ui.german import DE
from rag.ui.wording import Texts

__all__ = ["DE", "EN", "Texts", "choose", "of", "translations"]
_LABELS: Final = ("question_label", "question_hint", "new_conversation", "conversation")


def choose(accept_language: str | None) -> Texts:
    """Return German where it is the browser's first language, else English."""
    first = (accept_language or "").split(",")[0].strip().lower()
    return DE if first == "de" or first.startswith("de-") else EN


def of(language: str) -> Texts:
    """Return the texts for an answer's language, English where there are none."""
    return DE if language == "de" else EN


def translations() -> dict[str, dict[str, str]]:
    """Return the labels that Gradio itself sets, by language and key, as its I18n wants them."""
    return {texts.language: {key: getattr(texts, key) for key in _LABELS} for texts in (DE, EN)}
