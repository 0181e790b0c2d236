"""Which language a text is in, German or English: lingua's answer, loaded once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lingua import LanguageDetector

SPOKEN: Final = ("de", "en")  # languages in which one asks and is answered
DEFAULT: Final = "de"  # where a text gives no clue at all ("Putin NATO 2021?")
_SAMPLE_CHARS: Final = 4_000
_CLEARLY_NOT: Final = 0.05  # lingua's confidence, of 1
# How questions begin: "Wer ist Yuri Ushakov?" is short and all names. "Was" begins questions in both.
_ASKS: Final = {
    "de": re.compile(
        r"\s*was\s+(?:ist|sind|war|waren|hat|haben|hatten?|wird|werden|wurden?|(?-i:will)|woll(?:en|ten?)|soll(?:en|ten?)?"
        r"|kann|können|darf|muss|plan(?:t|ten?|en)|macht|machten?|tut|tun|sag(?:t|en|ten?)|droht|fordert|mein(?:t|ten?)"
        r"|bedeutet|kostet|passiert|heißt|weiß|gibt|gab|kommt|steht|bringt|geschah|geschieht)\b"
        r"|\s*(?:(?:an|auf|aus|bei|bis|für|gegen|in|mit|nach|seit|über|um|von|vor|zu)\s+)?"
        r"(?:wer|wem|wen|wessen|wo|wohin|woher|womit|wozu|worum|worüber|wovor|wie|wann|warum|weshalb|wieso"
        r"|welche[mnrs]?|und|aber|hatten?|haben|ist|sind|wurden?|gibt|gab|kann|können|soll(?:en|te)?|mehr"
        r"|erzähl\w*|nenn\w*|vergleich\w*|erklär\w*|zeitleiste)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\s*(?:(?:at|by|for|from|in|of|on|to|with)\s+)?(?:who|whom|whose|what|where|when|why|which|how"
        r"|and|but|did|does|do|is|are|were|has|have|can|could|should|would|tell|give|compare|explain|more|timeline)\b",
        re.IGNORECASE,
    ),
}
_QUESTION_CHARS: Final = 200
# Words that only one of the two has: where they are clear, lingua need not be loaded (0.4 s).
_FUNCTION_WORDS: Final = {
    "de": frozenset(
        """der die das den dem des und von vom zu zum zur für über mit nach bei ist sind hat haben wird wurde
        wurden nicht ein eine einem einen einer eines sich auf aus als es""".split()
    ),
    "en": frozenset(
        """the of to did does do is are has have for about from with that this these not by it its and on at
        when who how which been be""".split()
    ),
}
_FEW: Final = 2
_MANY: Final = 8  # different ones: no text of the other language, nor of a third, has so many
_FRAGMENT: Final = 2  # words
_WORD: Final = re.compile(r"[^\W\d_]+")


def detect(text: str, otherwise: str | None = None) -> str:
    """Return "de" or "en" for `text`, from its first 4,000 characters: by little words where these are clear.

    `otherwise` is the language of one or two words that tell none, as of the question before: "In 2014?"
    """
    if len(text) <= _QUESTION_CHARS:
        asked = next((code for code, pattern in _ASKS.items() if pattern.match(text)), None)
        asked = asked or _by_function_words(text)
        if asked is not None:
            return asked
        if otherwise is not None and len(text.split()) <= _FRAGMENT:
            return otherwise
    elif (told := _by_function_words(text[:_SAMPLE_CHARS], _MANY)) is not None:
        return told
    language = _detector().detect_language_of(text[:_SAMPLE_CHARS])
    return DEFAULT if language is None else str(language.iso_code_639_1.name).lower()


def _by_function_words(text: str, least: int = 0) -> str | None:
    """Return the language whose function words a text has, None where they are few or not clear."""
    words = set(_WORD.findall(text.lower()))
    found = {code: len(words & known) for code, known in _FUNCTION_WORDS.items()}
    best = max(found, key=lambda code: found[code])
    others = sum(found.values()) - found[best]
    return best if found[best] >= max(_FEW * max(others, 1), least) else None


def foreign(text: str) -> str | None:
    """Return the code of the language of a line that is clearly neither German nor English, else None."""
    values = _neighbours().compute_language_confidence_values(text)
    codes = [str(one.language.iso_code_639_1.name).lower() for one in values]
    own = sum(one.value for one, code in zip(values, codes, strict=True) if code in SPOKEN)
    return codes[0] if own < _CLEARLY_NOT else None


@lru_cache(maxsize=1)
def _neighbours() -> LanguageDetector:
    """Load the languages that news sites mix in, with the small models: 30 MB, below a second."""
    from lingua import Language, LanguageDetectorBuilder

    codes = (
        "ENGLISH GERMAN FRENCH SPANISH ITALIAN PORTUGUESE DUTCH POLISH CZECH SWEDISH DANISH TURKISH "
        "VIETNAMESE HUNGARIAN ROMANIAN CROATIAN INDONESIAN"
    )
    languages = [getattr(Language, name) for name in codes.split()]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Language.GERMAN, Language.ENGLISH).build()
