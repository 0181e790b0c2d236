"""The articles of a collection → questions to begin with, on the samples or the newest headlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from rag.schema import Source
from rag.ui.texts import DE, EN, Texts

# Each question stands with the address of a sample article that answers it, and is offered only with it.
_SAMPLES: Final = "https://muster.quellenchat.example/"
SAMPLE_QUESTIONS: Final = {
    "de": (
        ("Was forderte Putin bezüglich der NATO?", _SAMPLES + "2021/kreml-videogipfel"),
        ("Telefonierten Trump und Putin nach der Wahl?", _SAMPLES + "2024/kremlin-denies-trump-call"),
    ),
    "en": (
        ("What did Putin demand regarding NATO?", _SAMPLES + "2021/kreml-videogipfel"),
        ("How many Russian soldiers stood near Ukraine?", _SAMPLES + "2021/troop-figures-ukraine-border"),
    ),
}
_TITLE_CHARS: Final = 90


def suggestions(sources: Sequence[Source], texts: Texts) -> list[str]:
    """Return up to four questions, two in the page's language and then two in the other."""
    other = EN if texts.language == "de" else DE
    first, second = (_on_samples(sources, language.language) for language in (texts, other))
    return first + second if first and second else _on_headlines(sources)


def _on_samples(sources: Sequence[Source], language: str) -> list[str]:
    addresses = {source.url for source in sources}
    return [question for question, address in SAMPLE_QUESTIONS[language] if address in addresses]


def _on_headlines(sources: Sequence[Source]) -> list[str]:
    """Ask about the newest articles, each in its own language."""
    newest = sorted(sources, key=lambda source: (source.published or date.min, source.id), reverse=True)
    titles = [source for source in newest if source.title.strip() and len(source.title) <= _TITLE_CHARS]
    return [_about(source) for source in titles[:4]]


def _about(source: Source) -> str:
    texts = DE if source.language == "de" else EN
    return texts.ask_about.format(title=source.title.strip(" „“”\"'"))
