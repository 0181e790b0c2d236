"""Which language a text is in, German or English: lingua's answer, loaded once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lingua import LanguageDetector

DEFAULT: Final = "de"  # where a text gives no clue at all ("Putin NATO 2021?")
_SAMPLE_CHARS: Final = 4_000


def detect(text: str) -> str:
    """Return "de" or "en" for `text`, from its first 4,000 characters."""
    language = _detector().detect_language_of(text[:_SAMPLE_CHARS])
    return DEFAULT if language is None else str(language.iso_code_639_1.name).lower()


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Language.GERMAN, Language.ENGLISH).build()
