"""Check which words are names and that German and English spellings are one."""

import pytest

from rag.answer.facts.names import Name, names
from rag.answer.facts.naming import Naming
from rag.retrieve.lexical.lexicon import bundled


def found(text: str, language: str) -> list[str]:
    """Return the names of a text."""
    return [one.text for one in names(text, language, bundled())]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("de", "Putin forderte von Biden rechtlich bindende Garantien.", ["Putin", "Biden"]),
        ("de", "Der Minister sagte, die Konferenz in Genf sei gescheitert.", []),
        ("de", "Friedrich Merz und Robert Habeck stritten.", ["Friedrich Merz", "Robert Habeck"]),
        ("de", "Rund 94.000 Soldaten stehen 500 Kilometer entfernt.", []),
        ("de", "Welche Rolle spielte Putin?", ["Putin"]),
        ("de", "Das teilte Landrat Steinmann mit.", ["Steinmann"]),
        ("en", "President Joe Biden warned President Vladimir Putin.", ["Joe Biden", "Vladimir Putin"]),
        ("en", "The talks on Tuesday in May were short.", []),
        ("de", "Dr. Drosten und Prof. Streeck warnten.", ["Drosten", "Streeck"]),
        ("de", "Das Gespräch zwischen Macron und Selenskyj endete.", ["Macron", "Selenskyj"]),
    ],
)  # fmt: skip
def test_names_are_told_from_nouns(language: str, text: str, wanted: list[str]) -> None:
    """Find persons and places, neither titles nor German nouns nor weekdays."""
    assert found(text, language) == wanted


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Lawrow", "Lavrov"), ("Selenskyj", "Zelensky"), ("Charkiw", "Kharkiv"), ("Wien", "Vienna"),
        ("Deutschland", "Germany"), ("USA", "U.S."), ("EZB", "European Central Bank"), ("Riad", "Riyadh"),
        ("Jelzin", "Yeltsin"), ("Bozen", "Bolzano"),
    ],
)  # fmt: skip
def test_a_name_is_known_in_both_languages(german: str, english: str) -> None:
    """Hold a name in the other language's spelling."""
    said = f"In the end they spoke with {english}."
    (name,) = names(said, "en", bundled())
    assert Naming(f"Am Ende sprach {german} davon.", "de", bundled()).holds(name, "en")


def test_another_person_is_not_held() -> None:
    """Demand the family name, not the first."""
    (name,) = names("Das sagte Olaf Scholz.", "de", bundled())
    assert Naming("Scholz said so.", "en", bundled()).holds(name, "de")
    assert not Naming("Olaf Müller said so.", "en", bundled()).holds(name, "de")


@pytest.mark.parametrize(
    ("language", "abbreviation", "text", "held"),
    [
        ("de", "EU", "Der Einmarsch in die Ukraine begann.", False),
        ("en", "EU", "Eastern Ukraine imposed sanctions.", False),
        ("en", "FBI", "The Director of the Federal Bureau of Investigation spoke.", True),
        ("en", "FBI", "Former Federal Bureau Investigators spoke.", False),
        ("de", "IS", "Der Islamische Staat bekannte sich.", True),
    ],
)
def test_an_abbreviation_is_held_by_the_words_it_is_made_of(
    language: str, abbreviation: str, text: str, *, held: bool
) -> None:
    """Demand that the words stand together, and no others with them."""
    assert Naming(text, language, bundled()).holds(Name(abbreviation, (abbreviation,)), language) is held


@pytest.mark.parametrize(
    ("name", "text", "held"),
    [
        ("Jill Biden", "Joe Biden sprach.", False),
        ("Hillary Clinton", "Präsident Bill Clinton sprach.", False),
        ("Eastern Ukraine", "Die EU sprach.", False),
        ("Petersen", "Peterson sprach.", False),
        ("Jill Biden", "Präsident Biden sprach.", True),
        ("Joe Biden", "US-Präsident Joseph Biden sprach.", True),
        ("Vladimir Putin", "Wladimir Putin sprach.", True),
        ("Sergej Lawrow", "Sergei Lawrow sprach.", True),
        ("Wolodymyr Selenskyj", "Volodymyr Selenskyj sprach.", True),
        ("Wladimir Putin", "Kremlchef Putin sprach.", True),
        ("Christian Drosten", "Prof. Drosten sprach.", True),
        ("Joe Biden", "Joe Biden und Jill Biden sprachen.", True),
        ("Petersen", "Petersens Buch erschien.", True),
    ],
)
def test_another_first_name_is_another_person(name: str, text: str, *, held: bool) -> None:
    """Compare first names where both have one, in whatever spelling."""
    assert Naming(text, "de", bundled()).holds(Name(name, tuple(name.split())), "de") is held
