"""Check which language a question or an article is taken for."""

import subprocess
import sys

import pytest

from rag import resources
from rag.language import DEFAULT, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Was forderte Putin bezüglich der NATO?", "de"),
        ("What did Putin demand regarding NATO?", "en"),
        ("Wie viele Soldaten?", "de"),
        ("How many soldiers?", "en"),
        ("who won", "en"),
        ("wer gewann", "de"),
        ("Wer ist Yuri Ushakov?", "de"),
        ("Who is Heinrich Müller?", "en"),
        ("Mit wem sprach Blinken?", "de"),
        ("With whom did Baerbock meet Außenminister Lawrow?", "en"),
        ("Was Biden in Geneva when the summit began?", "en"),
        ("And Biden?", "en"),
        ("Und Biden?", "de"),
        ("Did Putin congratulate Trump?", "en"),
        ("Hatten Biden und Putin telefoniert?", "de"),
        ("Was Biden in Genf, als der Gipfel begann?", "de"),
        ("Did many die in Bucha?", "en"),
        ("Haben Putin und Trump nach der Wahl telefoniert?", "de"),
        ("Was will Putin?", "de"),
        ("Was plant Trump?", "de"),
        ("Was ist SWIFT?", "de"),
        ("was macht biden in warschau", "de"),
        ("Was Will Smith there?", "en"),
        ("Was Trump convicted?", "en"),
        ("was it cold", "en"),
        ("Was hat Trump über die „Days of Thunder“ gesagt?", "de"),
        ("Tell me what Merkel said about the „Recht auf Heimat“", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    """Tell German from English in a few words."""
    assert detect(text) == language


def test_a_word_or_two_are_in_the_language_of_what_was_asked_before() -> None:
    """Go by the conversation where the words tell nothing, and by the words where they do."""
    assert detect("In 2014?", "en") == "en"
    assert detect("Biden?", "en") == "en"
    assert detect("Wie lange?", "en") == "de"
    assert detect("Was sagte Biden zur Ukraine?", "en") == "de"


@pytest.mark.parametrize("text", ["", "2021", "???", "😀", "\u4e2d\u6587"])
def test_no_clue_is_german(text: str) -> None:
    """Fall back where there is nothing to go by."""
    assert detect(text) == DEFAULT == "de"


def test_only_the_beginning_is_read() -> None:
    """Judge a long text by its first thousands of characters."""
    assert detect("Das ist ein deutscher Satz über das Wetter. " * 100 + "This is English. " * 5_000) == "de"


def test_an_article_that_is_plainly_of_one_language_needs_no_detector() -> None:
    """Tell the sample articles apart by their little words: the detector takes 0.4 s to load, 2 ms a text."""
    code = (
        "import sys, pathlib\n"
        "from rag.language import detect\n"
        "texts = [path.read_text(encoding='utf-8') for path in pathlib.Path(sys.argv[1]).glob('*.md')]\n"
        "told = [detect(text.split('---', 2)[2]) for text in texts]\n"
        "assert told == [text.split('language: ')[1][:2] for text in texts], told\n"
        "assert set(told) == {'de', 'en'} and 'lingua' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code, str(resources.folder("data") / "articles")], check=True)
