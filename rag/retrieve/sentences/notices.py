"""Notices by which papers correct themselves: what was wrong answers only whoever asks for that."""

from __future__ import annotations

import re
from typing import Final

_NOTICE: Final = re.compile(
    r"\bin\s+(?:unsere|diese)[mr]\s+(?:\w+\s+)?(?:artikel|bericht|text|beitrag|meldung)\b.*"
    r"\b(?:hieß|stand|fehler|falsch|irrtümlich|fälschlich)"
    r"|\b(?:frühere|ursprüngliche|vorige|erste)[nr]?\s+(?:version|fassung)\b"
    r"|\b(?:fehler|irrtum)\b.*\bentschuldig"
    r"|\b(?:earlier|previous|original)\s+version\b|\bregrets?\s+the\s+error\b"
    r"|\b(?:this|our|an)\s+(?:article|story|report)\b.*\b(?:misstated|incorrectly|wrongly|errors?|mistakes?)\b",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"(?:dort|darin|da|it|there)\b", re.IGNORECASE)
_ASKED: Final = re.compile(
    r"fehler|falsch|irrtum|irrtümlich|korrektur|korrigier|berichtig|correct|wrong|mistake|error|misstat",
    re.IGNORECASE,
)


def corrects(question: str, sentence: str, before: str = "") -> bool:
    """Tell whether a sentence says what an article had wrong, and the question does not ask for that.

    >>> corrects("Wer kam?", "In einer früheren Version hieß es, alle seien gekommen.")
    True
    >>> corrects("Was war falsch?", "In einer früheren Version hieß es, alle seien gekommen.")
    False
    """
    if _ASKED.search(question):
        return False
    goes_on = bool(before) and _GOES_ON.match(sentence) is not None
    return bool(_NOTICE.search(sentence) or (goes_on and _NOTICE.search(before)))
