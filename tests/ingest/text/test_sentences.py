"""Check where sentences begin and end, in German and English news."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.text.characters import canonical
from rag.ingest.text.sentences import sentences

PIECES = [
    "Am 7. Dezember", "die 21. Jahreskonferenz", "W. Putin", "z. B.", "Dr. Maier", "U.S.", "„Nein.“", "“No.”",
    "(3,5 Mio.)", "94.000", "?!", "…", ".", "!", "\n", "\n\n", " ", "  ", "Er ging.", "It rained.", "ß", "é",
    "e\u0301", "😀", "https://a.example/b.c?d", "- ", "1.", "a.m.", "«Ja»", "[2.3]", "日本語。", "»", "“",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))

WHOLE_DE = [
    "Am 7. Dezember 2021 sprachen die Präsidenten zwei Stunden.",
    "Auf der 21. Jahreskonferenz in Sotschi sprach der Gast.",
    "Das Treffen begann 7. Jänner 2022 in Genf und endete 27. Okt. 2022 in Wien.",
    "Es war der 46. Präsident, der am 3. Oktober kam.",
    "Im 19. Jahrhundert stand hier der 2. Speicher.",
    "Das Treffen vom 9. und 10. Februar fiel aus.",
    "Nach Angaben von W. Putin und J. R. Biden blieb es dabei.",
    "Der Gast, z. B. Maria, blieb bis zum Abend.",
    "Er kaufte u. a. Brot, d. h. Nahrung für alle.",
    "Dr. Maier und Prof. Lehmann prüften Nr. 5 der Liste.",
    "Das kostet ca. 3 Mio. Euro bzw. 2 Mrd. Rubel.",
    "Nach Ziff. 3 der Satzung gilt die Aufl. 5 des Buchs.",
    "Um 15.30 Uhr standen 94.000 Soldaten an der Grenze.",
    "Er fragte: „Warum?“ und ging.",
    "„Ja!“, sagte sie.",
    "Papst Johannes XXIII. starb im Amt.",
    "Er wohnt in der Goethestr. 12 in Bonn.",
    "Das sagten Dipl.-Ing. Maier und Gen.-Maj. Huber.",
    "Die 94.000 Soldaten stehen in der 3. Division.",
]
WHOLE_EN = [
    "U.S. President Joe Biden spoke with V. Putin on Dec. 7 for two hours.",
    "The U.S. Senate met at 3 p.m. on Tuesday.",
    "It takes approx. 3 days from Sept. 11 on.",
    "Mr. Smith and Gen. Miller visited St. Petersburg.",
    "It cost $3.5 million, i.e. more than planned.",
    "J. K. Rowling and George W. Bush came too.",
    "It began at 3 p.m. Tuesday and ended at 5 p.m. EST that day.",
    "The U.S. House and the U.N. Security Council met.",
    "“We will respond,” he said, “and soon.”",
]
SPLIT = [
    ("de", ["Am 7. Dezember sprach er.", "Danach schwieg er."]),
    ("de", ["Der Krieg endete 1945.", "Es folgten harte Jahre."]),
    ("de", ["Er sagte: „Wir gehen.“", "Dann ging er."]),
    ("de", ["Wann kommt er?", "Bald!", "Niemand glaubt es."]),
    ("de", ["Das geschah am 24. Februar.", "Am 25. Februar war Krieg."]),
    ("de", ["Er lebt in den USA.", "Sie lebt in Bonn."]),
    ("de", ["Das kostet 3 Mio. Euro.", "Das ist zu viel."]),
    ("de", ["Der Rat hat den Bau gestoppt.", "21 Räte stimmten dafür, 17 dagegen."]),
    ("de", ["Es sei „genug.“", "3 Millionen Euro fehlen."]),
    ("de", ["Dort standen 94.000.", "Ein Ende war nicht in Sicht."]),
    ("de", ["Der Preis stieg auf „genau 3,5.“", "Das war viel."]),
    ("de", ["Es kamen CDU, SPD etc.", "Die anderen fehlten."]),
    ("en", ["He lives in the U.S.", "She lives in Bonn."]),
    ("en", ["It began at 3 p.m.", "US officials were there."]),
    ("en", ["The council met.", "21 members voted."]),
    ("en", ["He left in 2021.", "She stayed."]),
    ("en", ["He said: \"We go now.\"", "Then he left."]),
    ("en", ["The summit ended at noon.", "“It was useful,” she said."]),
    ("en", ["V. Putin spoke on Dec. 7.", "J. Biden answered."]),
]  # fmt: skip


def cut(text: str, language: str) -> list[str]:
    """Return the texts of the sentences of `text`."""
    return [text[span.start : span.end] for span in sentences(text, language)]


@given(TEXTS.map(canonical), st.sampled_from(["de", "en", "fr", "xx"]))
def test_spans_are_ordered_disjoint_and_cover_all_that_is_visible(text: str, language: str) -> None:
    """Demand that white space, and nothing else, stands around and between sentences."""
    position = 0
    for span in sentences(text, language):
        assert span.start >= position
        assert text[position : span.start].strip() == ""
        quote = text[span.start : span.end]
        assert quote == quote.strip()
        assert "\n" not in quote
        position = span.end
    assert text[position:].strip() == ""


@pytest.mark.parametrize(
    ("language", "sentence"), [("de", s) for s in WHOLE_DE] + [("en", s) for s in WHOLE_EN]
)
def test_abbreviations_dates_and_initials_do_not_split(language: str, sentence: str) -> None:
    """Keep each sentence whole, alone and between two others."""
    neighbours = {"de": ("Der Abend kam.", "Alle schwiegen."), "en": ("Night fell.", "All was quiet.")}[
        language
    ]
    assert cut(sentence, language) == [sentence]
    between = [neighbours[0], sentence, neighbours[1]]
    assert cut(" ".join(between), language) == between


@pytest.mark.parametrize(("language", "expected"), SPLIT)
def test_real_ends_do_split(language: str, expected: list[str]) -> None:
    """Split where a reader would."""
    assert cut(" ".join(expected), language) == expected


def test_a_line_break_always_ends_a_sentence() -> None:
    """Split a heading from the text below it, full stop or not."""
    assert cut("Gipfel per Video\nDie Präsidenten sprachen\n\nlange.", "de") == [
        "Gipfel per Video",
        "Die Präsidenten sprachen",
        "lange.",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing_has_no_sentences(text: str) -> None:
    """Return no span for text without a visible character."""
    assert sentences(text, "de") == []


@pytest.mark.parametrize("text", ["Er kam. F\u00a0.", "Das sagte Herr F\u00a0. Er blieb dabei."])
def test_what_the_segmenter_panics_at_is_cut_all_the_same(text: str) -> None:
    """Cover a line at which sentencex ends with a panic, which no `except Exception` would catch."""
    spans = sentences(text, "de")
    assert spans[-1].end == len(text)
    assert " ".join(text[span.start : span.end] for span in spans).split() == text.split()
