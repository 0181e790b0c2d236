"""Check what kind of answer a question asks for."""

import pytest

from rag.retrieve.expects import expected, offers


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie viele Soldaten stehen an der Grenze?", "number"),
        ("Wie lange dauerte der Gipfel?", "number"),
        ("How many troops are there?", "number"),
        ("How much did it cost?", "number"),
        ("Wann begann das Treffen?", "time"),
        ("In welchem Jahr war das?", "time"),
        ("When did it begin?", "time"),
        ("Wer war dabei?", None),
        ("What did Putin demand?", None),
        ("Wie reagierte Kiew?", None),
    ],
)
def test_expected(question: str, kind: str | None) -> None:
    """Read it from the question's words."""
    assert expected(question) == kind


@pytest.mark.parametrize(
    ("sentence", "numbers", "times"),
    [
        ("Rund 94.000 Soldaten stehen dort.", True, False),
        ("Zwei Stunden sprachen sie.", True, False),
        ("Am Dienstag begann es.", False, True),
        ("Es begann im Dezember 2021.", True, True),
        ("Er ging nach Hause.", False, False),
        ("They spoke on Tuesday.", False, True),
    ],
)
def test_offers(sentence: str, numbers: bool, times: bool) -> None:
    """Tell whether a sentence holds a number or a point in time."""
    assert (offers(sentence, "number"), offers(sentence, "time")) == (numbers, times)
    assert not offers(sentence, None)
