"""Ways to hide an order in a text, and the views in which a model that looks closely finds it again."""

from __future__ import annotations

import base64
import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CALL: Final = re.compile(r"\{(tags|selectors|bits|spread|reversed|base64|rot13):([^{}]*)\}")


def _tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(one)) for one in text)


def _selectors(text: str) -> str:
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in text.encode())


def _bits(text: str) -> str:
    return "".join("\u200b\u200c"[int(bit)] for byte in text.encode() for bit in f"{byte:08b}")


_WAYS: Final[dict[str, Callable[[str], str]]] = {
    "tags": _tags,
    "selectors": _selectors,
    "bits": _bits,
    "spread": lambda text: "\u200b".join(text),
    "reversed": lambda text: text[::-1],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
}


def hidden(text: str) -> str:
    """Return a text in which {tags:…} and the like are replaced by what they hide."""
    return _CALL.sub(lambda match: _WAYS[match[1]](match[2]), text)


def invisible(text: str) -> str:
    """Return the characters of a text that no reader sees."""
    return "".join(_HIDDEN.findall(text))


def views(text: str) -> Iterator[str]:
    """Yield a text as it stands and every way in which a model could read an order out of it."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    yield text
    yield plain
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")
    yield "".join(chr(ord(one) - 0xE0000) for one in text if 0xE0020 <= ord(one) < 0xE007F)
    yield bytes(_byte(one) for one in text if _byte(one) >= 0).decode(errors="replace")
    bits = "".join("01"["\u200b\u200c".index(one)] for one in text if one in "\u200b\u200c")
    yield bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)).decode(errors="replace")
    for word in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", plain):
        yield base64.b64decode(word + "=" * (-len(word) % 4)).decode(errors="replace")


def _byte(one: str) -> int:
    """Return the byte that a variation selector stands for, -1 for any other character."""
    if "\ufe00" <= one <= "\ufe0f":
        return ord(one) - 0xFE00
    return ord(one) - 0xE0100 + 16 if "\U000e0100" <= one <= "\U000e01ef" else -1
