"""Check what speaks for a sentence, and how it is weighed."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import resources
from rag.library import Library
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.terms import expand
from rag.retrieve.sentences.expects import Kind
from rag.retrieve.sentences.signals import NAMES, Signals, Weights, bundled, dates, importance

EMPTY = Lexicon({})
NOTHING = dict.fromkeys(NAMES, 0.0)


def spans(text: str) -> list[tuple[int, int]]:
    """Cut a text into pieces of three characters at most, as a tokenizer might."""
    return [(start, min(start + 3, len(text))) for start in range(0, len(text), 3)]


def test_tokens_count_by_the_term_they_are_part_of() -> None:
    """Give function words nothing, and each piece of a word that word's weight."""
    text = "Was tat Stoltenberg"
    pieces = [(0, 3), (4, 7), (8, 14), (14, 19)]
    shares = importance(text, "de", expand(text, "de", EMPTY), [1.0, 3.0], pieces)
    assert shares.tolist() == pytest.approx([0.0, 1 / 7, 3 / 7, 3 / 7])


@given(st.text(max_size=40), st.sampled_from(["de", "en", "fr"]))
def test_shares_add_up_to_one(text: str, language: str) -> None:
    """Demand shares whatever is typed; where no word counts, all pieces count the same."""
    terms = expand(text, language, EMPTY)
    shares = importance(text, language, terms, [1.0] * len(terms), spans(text))
    assert len(shares) == len(spans(text))
    assert not text or shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()


def test_months_and_years_are_dates() -> None:
    """Tell them from other numbers."""
    terms = expand("Dezember 2021 mit 94.000 Soldaten", "de", EMPTY)
    assert dates(terms) == [True, True, False, False]


def test_a_score_is_the_weighted_sum() -> None:
    """Weigh each signal, and what the question asks for by its kind."""
    weights = Weights({"match": 2.0, "has_person": 1.5}, {"match": -1.0})
    plain, named = Signals(**(NOTHING | {"match": 0.5})), Signals(**(NOTHING | {"match": 0.5}), kind="person")
    assert weights.score(plain, True) == pytest.approx(1.0)
    assert weights.score(named, True) == pytest.approx(2.5)
    assert weights.score(named, False) == pytest.approx(-0.5)


def test_the_shipped_weights_know_their_signals() -> None:
    """Demand that nothing is weighed which is not seen, and that likeness always speaks for a sentence."""
    known = {*NAMES, *(f"has_{kind}" for kind in get_args(Kind))}
    shipped = bundled()
    for weights in (shipped.with_tokens, shipped.without_tokens):
        assert set(weights) <= known
        assert weights["cosine"] > 0
        assert weights.get("asks", 0.0) <= 0
    file = resources.folder("data") / "model" / "sentences.json"
    assert json.loads(file.read_text(encoding="utf-8"))["with_tokens"]["questions"] > 1000


def test_in_an_article_of_the_time_asked_for_the_date_need_not_stand(samples: Library) -> None:
    """Take the day an article appeared for the date that its sentences do not repeat."""
    found = samples.chain.signals("What did Moscow suggest about diplomatic missions in December 2021?")
    (suggested,) = [
        one for hit, span, one in found if hit.passage.quote(span).startswith("Die russische Seite regte an")
    ]
    dated = [one for hit, span, one in found if "6. Dezember 2021" in hit.passage.quote(span)]
    assert dated
    assert all(suggested.coverage > one.coverage for one in dated)


def test_a_question_in_an_article_is_known_as_one(samples: Library) -> None:
    """See that an article itself asks, which answers nobody."""
    found = samples.chain.signals("How do the estimates of Russian troops near Ukraine differ?")
    asking = [hit.passage.quote(span) for hit, span, one in found if one.asks]
    assert asking == ["Why do the totals differ?"]


def test_without_token_vectors_the_sentence_itself_is_compared(samples: Library) -> None:
    """See the same sentences of each passage, with nothing of tokens."""
    question = "When did Notre-Dame reopen?"
    seen = samples.chain.signals(question)
    bare = samples.chain.signals(question, with_tokens=False)
    spans, others = ({hit.key: [] for hit, _, _ in some} for some in (bare, seen))
    for known, some in ((spans, bare), (others, seen)):
        for hit, span, _ in some:
            known[hit.key].append(span)
    both = spans.keys() & others.keys()
    assert len(both) >= 5  # what is read last differs: passages are ranked by their tokens, too
    assert all(spans[key] == others[key] for key in both)
    assert all(one.match == one.context == 0 for _, _, one in bare)
    assert all(one.match > 0 and one.context > 0 for _, _, one in seen)
