"""Check the bilingual lexicon: reading it, and what it says of a word it does not know."""

import lzma
from pathlib import Path

import pytest

from rag.retrieve.lexical.lexicon import Lexicon, load

LEXICON = Lexicon({("de", "haus"): (("hous", 0.7), ("home", 0.3))})


def test_translations_come_with_their_weights() -> None:
    """Give all translations, and the word itself a little."""
    assert LEXICON.translate("haus", "haus", "de") == {"hous": 0.7, "home": 0.3, "haus": 0.2}


def test_an_unknown_word_stands_for_itself() -> None:
    """Search a name in the other language as it is."""
    assert LEXICON.translate("putin", "putin", "de") == {"putin": 1.0}
    assert LEXICON.translate("haus", "haus", "en") == {"haus": 1.0}


def test_a_translation_equal_to_the_word_keeps_its_weight() -> None:
    """Never lower what the lexicon says."""
    lexicon = Lexicon({("de", "gas"): (("gas", 0.9), ("petrol", 0.1))})
    assert lexicon.translate("gas", "gas", "de") == {"gas": 0.9, "petrol": 0.1}


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Read language, term, translation and weight from compressed lines."""
    path = tmp_path / "lexicon.tsv.xz"
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.write("en\thous\thaus\t1.0\nde\thaus\thous\t0.7\nde\thausarzt\tgp\t1\nde\thaus\thome\t0.3\n")
    lexicon = load(path)
    assert dict(lexicon.translations) == {
        ("de", "haus"): (("hous", 0.7), ("home", 0.3)), ("de", "hausarzt"): (("gp", 1.0),),
        ("en", "hous"): (("haus", 1.0),),
    }  # fmt: skip
    assert ("de", "hausa") not in lexicon.translations and len(lexicon.translations) == 3
    assert lexicon.translate("haus", "haus", "de") == LEXICON.translate("haus", "haus", "de")
    assert lexicon.translate("hous", "hous", "en")["haus"] == pytest.approx(1.0)


FAMILY = Lexicon(
    {
        ("de", "starb"): (("die", 1.0),),
        ("de", "kiste"): (("box", 1.0),),
        ("en", "die"): (("starb", 0.4), ("gestorb", 0.4), ("wurfel", 0.16), ("ging", 0.04)),
        ("en", "box"): (("kiste", 0.9), ("boxt", 0.1)),
    }
)


def test_kin_are_the_terms_that_translate_alike() -> None:
    """Join forms that no stemmer joins, those that come back less often less, noise not at all."""
    kin = FAMILY.kin("starb", "de")
    assert list(kin) == ["gestorb", "wurfel"]
    assert 0 < kin["wurfel"] < kin["gestorb"] < 1
    assert kin["wurfel"] / kin["gestorb"] == pytest.approx(0.4)
    assert FAMILY.kin("kiste", "de")["boxt"] < kin["wurfel"]  # a chest comes back as itself


def test_a_term_that_is_not_known_has_no_kin() -> None:
    """Leave names alone, and other languages."""
    assert FAMILY.kin("putin", "de") == {}
    assert FAMILY.kin("starb", "fr") == {}


def test_parts_of_ever_more_words_do_not_pile_up() -> None:
    """Forget the words of a large archive, each of which was cut once, and cut them as before."""
    lexicon = Lexicon({("de", "berg"): (), ("de", "wald"): ()})
    for number in range(250_000):
        lexicon.parts(f"w{number}", "de")
    assert lexicon.parts("bergwald", "de") == lexicon.parts("bergwald", "de") == ("berg", "wald")
    assert len(lexicon._parts) <= 100_000
