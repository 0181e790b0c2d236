"""Check how bytes become canonical text."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.ingest.text.characters import canonical, decode

GERMAN = (
    "Über die Größe des Flughafens schwieg der Außenminister. Müde Bürger hörten zu, „äußerst ruhig“. " * 4
)


@given(st.text(max_size=200))
def test_canonical_form_is_idempotent(text: str) -> None:
    """Demand that the canonical form of a canonical text is the text itself."""
    once = canonical(text)
    assert canonical(once) == once


@given(st.text(max_size=200))
def test_canonical_text_is_composed_and_visible(text: str) -> None:
    """Demand composed characters, one kind of line break and no control character."""
    made = canonical(text)
    assert unicodedata.is_normalized("NFC", made)
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in made)
    assert "\n\n\n" not in made


OTHER_SIGNS = "ﬀﬁﬂﬃﬄﬅﬆ‟＂`´ʼ'ÂÃâ"
FILLERS = "\u115f\u1160\u3164\uffa0"  # letters by name, and nothing to see


@given(
    st.text(st.characters(categories=["L", "N", "P"], exclude_characters=OTHER_SIGNS + FILLERS), max_size=60)
)
def test_letters_and_punctuation_stay(text: str) -> None:
    """Demand that words keep their characters and their order, composed."""
    assert canonical(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("94\u00a0000\u202fEuro", "94 000 Euro"),
        ("Ver\u00adhand\u00adlung", "Verhandlung"),
        ("null\u200bbreit\ufeff", "nullbreit"),
        ("Mu\u0308ller", "Müller"),
        ("94\u2009000\u3000Euro\u2003bar", "94 000 Euro bar"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("Montag.\x0bDanach\x0cfuhr\x85er", "Montag.\nDanach\nfuhr\ner"),
        ("a\n \n\n  \nb", "a\n\nb"),
        ("a\tb", "a b"),
        ("  Rand  \n", "Rand"),
        ("KÃ¼ste â€žim Nordenâ€œ â€“ 5Â\u00a0â‚¬, Ã\u009f", "Küste „im Norden“ – 5 €, ß"),
        ("fÃƒÂ¼r", "für"),
        ("NÃO, Ã, Â, château, pâté", "NÃO, Ã, Â, château, pâté"),
        ("„Ja“, ‚nein‘ – «oui»…", "„Ja“, ‚nein‘ – «oui»…"),
    ],
)
def test_canonical(given: str, made: str) -> None:
    """Replace odd spaces, drop what cannot be seen, keep what can."""
    assert canonical(given) == made


@pytest.mark.parametrize(
    "sign",
    "\u200b\u200d\u202e\u2066\u2069\u206f\u061c\u180e\u034f\u3164\u2065\ufe0f\ufff9\U000e0001\U000e0041\U000e01ef\U0001d173",
)
def test_nothing_invisible_stays(sign: str) -> None:
    """Drop every sign that takes no room, wherever it stands."""
    assert canonical(f"{sign}Ha{sign}fen{sign}") == "Hafen"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_encodings_are_read_without_a_warning(encoding: str) -> None:
    """Read what says of itself how it is encoded."""
    assert decode(GERMAN.encode(encoding)) == (GERMAN, [])


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be")]
)
def test_big_endian_unicode_is_read(mark: bytes, encoding: str) -> None:
    """Follow the byte order mark."""
    text, warnings = decode(mark + GERMAN.encode(encoding))
    assert (text, warnings) == (GERMAN, [])


def test_cp1252_is_read_and_said() -> None:
    """Read an older Windows file with its quotation marks, and warn of the guess."""
    text, warnings = decode(GERMAN.encode("cp1252"))
    assert text == GERMAN
    assert len(warnings) == 1
    assert "cp1252" in warnings[0]


def test_damaged_utf8_keeps_all_but_the_damage() -> None:
    """Replace two broken bytes, leave the umlauts around them alone, and warn."""
    content = GERMAN.encode()
    text, warnings = decode(content[:40] + b"\xff\xfe" + content[40:])
    assert text.replace("\ufffd", "") == GERMAN
    assert len(warnings) == 1
    assert "not valid UTF-8" in warnings[0]


@given(st.binary(max_size=300))
def test_any_bytes_become_text_or_one_clear_error(content: bytes) -> None:
    """Demand text or InputError, never another exception."""
    try:
        text, _ = decode(content)
    except InputError as error:
        assert error.hint
    else:
        assert isinstance(text, str)


@pytest.mark.parametrize(
    "content", [bytes(range(32)) * 40, b"\x89PNG\r\n\x1a\n" + b"\0\1\2\3" * 50, b"%PDF-1.7\n" + b"\0" * 99]
)
def test_binary_is_refused(content: bytes) -> None:
    """Refuse what is no text with a hint."""
    with pytest.raises(InputError, match="binary") as caught:
        decode(content)
    assert caught.value.hint
