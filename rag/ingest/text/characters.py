"""Bytes of any encoding → canonical text, in which every offset of the house is counted."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from rag.errors import InputError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE: Final = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
# All that Unicode calls a space, and all that breaks a line.
_SPACES: Final = {
    **dict.fromkeys((0x9, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys((0xB, 0xC, 0x85, 0x2028, 0x2029), "\n"),
}
# What no reader sees: control characters, and all that Unicode calls default-ignorable (soft hyphens,
# zero-width and direction marks, fillers, variation selectors, tags). It would make a quote differ from what
# its reader sees, and could carry orders to a language model.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Ligatures of print, and quotation marks and apostrophes made of other signs.
_SIGNS: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "‟": "“", "＂": '"'}
)
_TWO_SIGNS: Final = re.compile(r"``|''|´´")
_ACCENT: Final = re.compile(r"(?<=\w)[`´ʼ](?=\w)")
# What windows-1252 has where Latin-1 has control characters: “ ” – … €
_WINDOWS: Final = {
    n: sign for n in range(0x80, 0xA0) if (sign := bytes([n]).decode("cp1252", errors="ignore"))
}
_WESTERN: Final = frozenset(("ascii", "iso8859-1", "cp1252"))
_NO_CHARSETS: Final = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))
_HIGH: Final = "\x80-\xbf" + "".join(_WINDOWS.values())
_MISREAD: Final = re.compile(f"[ÂÃ][{_HIGH}]|â[€‚][{_HIGH}]")
_GAP: Final = re.compile(r"\n[ \n]*\n")
_BINARY_SHARE: Final = 0.02


def canonical(text: str) -> str:
    """Return the canonical form of `text`: NFC, one kind of line break and space, nothing invisible.

    UTF-8 that was read as cp1252 is put right, ligatures become letters, quotation marks made of other signs
    (``, '', ´) become quotation marks; words, typographic quotation marks and order stay as they are.
    """
    made = _canonical(text)
    while _MISREAD.search(made) and (again := _canonical(made)) != made:
        made = again  # it was misread more than once
    return made


def _canonical(text: str) -> str:
    text = _MISREAD.sub(_as_meant, encodable(text))
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)
    text = unicodedata.normalize("NFC", visible(text)).translate(_SIGNS)
    text = _ACCENT.sub("’", _TWO_SIGNS.sub('"', text))
    return _GAP.sub("\n\n", text).strip()


def _as_meant(match: re.Match[str]) -> str:
    """Return what was UTF-8 before somebody read it as cp1252: "ü" for "Ã¼", a quotation mark for "â€ž"."""
    content = b"".join(_cp1252(sign) for sign in match[0])
    try:
        return content.decode()
    except UnicodeDecodeError:
        return match[0]


def _cp1252(sign: str) -> bytes:
    """Return the byte of a sign; five bytes that cp1252 does not define stand for control characters."""
    return sign.encode("latin-1") if sign < "\u0100" else sign.encode("cp1252")


def visible(text: str) -> str:
    """Return `text` without the characters that no reader sees; line breaks stay."""
    return _INVISIBLE.sub("", text)


def encodable(text: str) -> str:
    """Return `text` with U+FFFD for half characters (lone surrogates), which no encoding can write.

    They come from JSON escapes cut in half and from file names that are not UTF-8.
    """
    return _SURROGATE.sub("\ufffd", text)


def decode(content: bytes) -> tuple[str, list[str]]:
    """Return the text of a file's bytes, and warnings where something had to be replaced.

    UTF-8 first (by far the most common), then what a byte order mark says, then charset-normalizer.

    Raises:
        InputError: the bytes are not text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), []
    if wide := _unmarked_utf16(content):
        return content.decode(wide, errors="replace"), [f"read as {wide}, it has no byte order mark"]
    if is_binary(content):
        raise InputError(
            "this is a binary file, not text", hint="convert it to text, Markdown, HTML or JSONL first"
        )
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        return _decode_damaged(content)


def decoded_as(content: bytes, charset: str) -> str | None:
    """Return the text of bytes in an encoding that somebody named for them, None where they are not in it.

    As on the web, ASCII and Latin-1 mean windows-1252 (WHATWG), and UTF-8 where the bytes are that.
    """
    try:
        codec = codecs.lookup(charset).name
        if codec in _WESTERN:
            return _western(content)
        return None if codec in _NO_CHARSETS else content.decode(codec)
    except (LookupError, ValueError):  # there is no such encoding, or it is none of text
        return None


def _western(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1").translate(_WINDOWS)


def _unmarked_utf16(content: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark: every other byte of Western text is zero."""
    sample = content[:4_096]
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    zeros = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if zeros[1] > 0.7 and zeros[0] < 0.05:
        return "utf-16-le"
    return "utf-16-be" if zeros[0] > 0.7 and zeros[1] < 0.05 else None


def _decode_damaged(content: bytes) -> tuple[str, list[str]]:
    """Decode what is not valid UTF-8: damaged UTF-8 where most of it is, else an older encoding."""
    repaired = content.decode("utf-8", errors="replace")
    broken = repaired.count("\ufffd")
    if len(_MULTIBYTE.findall(content)) > broken:
        return repaired, [f"{broken} bytes are not valid UTF-8 and were replaced by \ufffd"]
    from charset_normalizer import from_bytes

    best = from_bytes(content[:200_000], cp_isolation=["cp1252", "iso8859_15", "mac_roman", "utf_16"]).best()
    encoding = best.encoding if best is not None else "cp1252"
    return content.decode(encoding, errors="replace"), [f"read as {encoding}, it is not UTF-8"]


def is_binary(content: bytes) -> bool:
    """Tell whether bytes without a byte order mark hold too many control characters to be text."""
    sample = content[:65_536]
    control = sum(sample.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    return bool(sample) and control / len(sample) > _BINARY_SHARE
