"""Check that an answer is cut into its statements, each with the markers in it or behind it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.reply.statements import statements


def test_statements_know_their_markers() -> None:
    """Cut an answer into its sentences, each with the markers in it or behind it."""
    text = "Putin forderte Garantien [1]. Biden nicht. [2][3] Und laut [1] auch nicht. Ende"
    made = statements(text, "de")
    assert [text[one.span.start : one.span.end] for one in made] == [
        "Putin forderte Garantien [1].", "Biden nicht. [2][3]", "Und laut [1] auch nicht.", "Ende",
    ]  # fmt: skip
    assert [one.markers for one in made] == [("[1]",), ("[2]", "[3]"), ("[1]",), ()]
    assert [one.supported for one in made] == [True, True, True, False]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("1. Er kam heute [1].\n2. Sie ging gestern [2].",
         [("Er kam heute [1].", "[1]"), ("Sie ging gestern [2].", "[2]")]),
        ("- Er kam heute. [1]\n- Sie ging gestern. [2]",
         [("Er kam heute. [1]", "[1]"), ("Sie ging gestern. [2]", "[2]")]),
        ("[1] Er kam heute. [2] Sie ging gestern.",
         [("[1] Er kam heute.", "[1]"), ("[2] Sie ging gestern.", "[2]")]),
        ("- [1] Er kam heute.\n- [2] Sie ging gestern.",
         [("[1] Er kam heute.", "[1]"), ("[2] Sie ging gestern.", "[2]")]),
        ("[1] Er kam heute. [1] Sie ging gestern. [2]",
         [("Er kam heute. [1]", "[1]"), ("Sie ging gestern. [2]", "[2]")]),
    ],
)  # fmt: skip
def test_markers_of_lists_and_before_sentences_belong_to_them(text: str, made: list[tuple[str, str]]) -> None:
    """Leave numbers and bullets out of a statement, and see whether markers lead or follow."""
    found = statements(text, "de")
    assert [(text[one.span.start : one.span.end], "".join(one.markers)) for one in found] == made


def test_the_day_of_a_date_is_no_number_of_a_list() -> None:
    """Leave the day that begins an entry of a timeline in its statement."""
    text = "9. Dezember 2021: Putin sprach [1].\n- 10. Dez. 2021: Biden sprach [2].\n1. Merkel sprach [3]."
    made = [text[one.span.start : one.span.end] for one in statements(text, "de")]
    assert made == [
        "9. Dezember 2021: Putin sprach [1].",
        "10. Dez. 2021: Biden sprach [2].",
        "Merkel sprach [3].",
    ]


@given(st.lists(st.sampled_from(["Es war so.", " [1]", "[2]", " ", "\n", "2021", "[2024]"]), max_size=20))
def test_statements_are_ordered_and_lose_no_marker(pieces: list[str]) -> None:
    """Demand disjoint spans in order, and no statement without a word."""
    text = "".join(pieces)
    made = statements(text, "de")
    for one, following in pairwise(made):
        assert one.span.end <= following.span.start
    for one in made:
        assert any(character.isalnum() for character in text[one.span.start : one.span.end])
        assert all(marker in text[one.span.start : one.span.end] for marker in one.markers)
    behind = text[text.find("Es war so.") :] if "Es war so." in text else ""
    for marker in ("[1]", "[2]"):
        if "\n" not in text and marker in behind:
            assert any(marker in one.markers for one in made)
