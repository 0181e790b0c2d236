"""Check that what a reader takes for the same word, number or date is the same term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.lexical.analysis import STOPWORDS, analyse, fold, number, tokens


@pytest.mark.parametrize(
    ("german", "english"),
    [("94.000 Soldaten", "94,000 Soldaten"), ("100.000", "100,000"), ("1.234.567", "1,234,567"), ("7", "7"),
     ("Dezember", "December"), ("März", "March"), ("Jänner", "January"), ("Mai", "May"),
     ("Putin", "Putin"), ("NATO", "NATO"), ("3,5", "3.5"), ("1.234,5", "1,234.5"), ("94 000", "94,000"),
     ("94'000", "94,000"), ("1 234 567,5", "1,234,567.5"), ("US-Präsident", "U.S. President"),
     ("UN", "U.N."), ("CO2", "CO₂")],
)  # fmt: skip
def test_both_languages_write_the_same_term(german: str, english: str) -> None:
    """Demand one form of numbers, months and names."""
    first, second = (analyse(text, language) for text, language in ((german, "de"), (english, "en")))
    assert first[0] == second[0]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("Häuser", "Haus", "de"), ("Präsidenten", "Präsident", "de"), ("Forderung", "Forderungen", "de"),
     ("Straße", "Strasse", "de"), ("NATO", "Nato", "de"), ("soldiers", "soldier", "en"),
     ("7.12.2021", "7. Dezember 2021", "de"), ("2021-12-07", "7 December 2021", "en"),
     ("07.12.2021", "7 December 2021", "en"),
     ("demanded", "demands", "en"), ("Müller", "Mu\u0308ller", "de"), ("Café", "Cafe", "en")],
)  # fmt: skip
def test_forms_of_a_word_are_one_term(one: str, other: str, language: str) -> None:
    """Demand one stem, without accents and case."""
    assert analyse(one, language) == analyse(other, language) != []


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("Haus", "Maus", "de"), ("94.000", "94.001", "de"), ("1,5", "15", "de"), ("2021", "2022", "en"),
     ("Dezember", "November", "de"), ("Jan", "Januar", "de"), ("12 345", "12 345 678", "de"),
     ("may", "May", "en"), ("us", "US", "en")],
)  # fmt: skip
def test_different_words_stay_different(one: str, other: str, language: str) -> None:
    """Demand that folding does not go too far."""
    assert analyse(one, language) != analyse(other, language)


def test_compounds_joined_by_hyphens_are_cut() -> None:
    """Find the parts of what is joined by a hyphen."""
    assert analyse("Putin-Biden-Gipfel", "de") == analyse("Putin Biden Gipfel", "de")
    assert analyse("US-Präsident", "de") == ["us", *analyse("Präsident", "de")]


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [("us and the US", "en", ["us"]), ("who is the WHO", "en", ["who"]), ("it and IT", "en", ["it"]),
     ("und der die das", "de", []), ("I and a", "en", []), ("USA", "de", ["usa"])],
)  # fmt: skip
def test_capitals_are_no_function_words(text: str, language: str, terms: list[str]) -> None:
    """Keep US, WHO and IT where us, who and it are dropped."""
    assert analyse(text, language) == terms


def test_other_languages_are_folded_only() -> None:
    """Keep the words of a language without a stemmer."""
    assert analyse("Les élections présidentielles", "fr") == ["les", "elections", "presidentielles"]


def test_terms_stand_in_order_with_repetitions() -> None:
    """Keep order and count, which scoring needs."""
    assert analyse("Putin traf Putin", "de") == ["putin", analyse("traf", "de")[0], "putin"]
    words = [word for word, _ in tokens("Die Häuser am 7. Dezember", "de")]
    assert words == ["häuser", "7", "dezember"]


@pytest.mark.parametrize(
    ("token", "made"),
    [("2021", "2021"), ("94.000", "94000"), ("3,5", "3.5"), ("0.123", "0.123"), ("1,234,567.5", "1234567.5"),
     ("12.08", "12.08"), ("7.12.2021", "7.12.2021"), ("1.000", "1000"), ("1234.567", "1234.567")],
)  # fmt: skip
def test_number(token: str, made: str) -> None:
    """Take thousands separators out of what has them."""
    assert number(token) == made


@given(st.integers(0, 999_999_999))
def test_grouped_numbers_are_the_number(value: int) -> None:
    """Demand one term for a number however its thousands are set apart."""
    grouped = f"{value:,}"
    assert number(grouped) == number(grouped.replace(",", ".")) == str(value)


@given(st.text(max_size=80), st.sampled_from(["de", "en", "fr"]))
def test_terms_are_folded_words_whatever_is_read(text: str, language: str) -> None:
    """Demand terms without white space, capitals and combining accents, for any text."""
    for term in analyse(text, language):
        assert term
        assert term == "".join(term.split())
        assert fold(term) == term


def test_function_words_are_lower_case_words() -> None:
    """Demand lists that can match at all."""
    for words in STOPWORDS.values():
        assert len(words) > 100
        assert all(word == word.lower() and word.isalpha() for word in words)
