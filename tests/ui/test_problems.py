"""The library's messages in German: those it really says, and any other as it stands."""

import re

import pytest

from rag.errors import QuellenchatError
from rag.library import Library
from rag.schema import Filter
from rag.ui.problems import GERMAN, told
from rag.ui.texts import DE, EN


def test_what_the_library_says_has_a_german_form(samples: Library, empty: Library) -> None:
    for call in (
        lambda: samples.ask("???"),
        lambda: samples.ask("x" * 5_000),
        lambda: samples.article("gone"),
        lambda: samples.articles(Filter(publishers=("Niemand",))),
        lambda: empty.ask("Was?"),
    ):
        with pytest.raises(QuellenchatError) as caught:
            call()
        assert told(str(caught.value), DE) != str(caught.value)
        assert told(str(caught.value), EN) == str(caught.value)
        assert told(caught.value.hint, DE) != caught.value.hint


def test_an_unknown_message_stays_as_it_is() -> None:
    assert told("something new went wrong", DE) == "something new went wrong"


@pytest.mark.parametrize("english", GERMAN)
def test_each_form_names_only_what_the_message_holds(english: str) -> None:
    gaps = re.findall(r"\{(\d)\}", GERMAN[english])
    assert all(int(gap) < re.compile(english).groups for gap in gaps)
