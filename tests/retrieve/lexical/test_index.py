"""Check the lexical index against BM25 written down once more, naively."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import StoreError
from rag.retrieve.lexical.analysis import analyse
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.terms import expand

EMPTY = Lexicon({})
WORDS = ["Tor", "Berg", "Wald", "Hut", "94.000", "2021", "Putin", "US", "Mond", "Dezember"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
PASSAGES = st.lists(st.tuples(TEXT, st.sampled_from(["de", "en", "fr", "es"])), max_size=12)


def naive(texts: list[list[str]], query: list[dict[str, float]]) -> list[float]:
    """Return BM25 of analysed texts (k1 1.2, b 0.75) for terms that are weighted alternatives."""
    scores = [0.0] * len(texts)
    mean = max(sum(map(len, texts)) / len(texts), 1.0)
    for options in query:
        tf = [sum(weight * text.count(term) for term, weight in options.items()) for text in texts]
        df = sum(weight * sum(term in text for text in texts) for term, weight in options.items())
        df = min(df, len(texts))
        idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
        for i, text in enumerate(texts):
            scores[i] += idf * tf[i] * 2.2 / (tf[i] + 1.2 * (0.25 + 0.75 * len(text) / mean))
    return scores


@pytest.fixture
def index() -> Iterator[LexicalIndex]:
    """Return an empty index in memory."""
    opened = LexicalIndex(Path(":memory:"), EMPTY)
    yield opened
    opened.close()


@given(PASSAGES, TEXT)
def test_scores_are_bm25_within_each_language(passages: list[tuple[str, str]], question: str) -> None:
    """Demand the naive score for every passage, and none for those without a term."""
    index = LexicalIndex(Path(":memory:"), EMPTY)
    index.add((key, text, language) for key, (text, language) in enumerate(passages))
    scores = index.scores(expand(question, "de", EMPTY))
    index.close()
    words = list(dict.fromkeys(question.split()))
    groups: dict[str, list[int]] = {}
    for key, (_, language) in enumerate(passages):
        groups.setdefault(language if language in ("de", "en") else "other", []).append(key)
    for language, keys in groups.items():
        code = "fr" if language == "other" else language
        texts = [analyse(passages[key][0], code) for key in keys]
        query = [{analyse(word, code)[0]: 1.0} for word in words]
        for key, score in zip(keys, naive(texts, query), strict=True):
            assert scores.get(key, 0.0) == pytest.approx(score)
            assert (key in scores) == (score > 0)


def test_translations_share_frequency_and_rarity() -> None:
    """Treat all translations of a term as one term, weighted."""
    lexicon = Lexicon({("de", "wald"): (("wood", 0.6), ("forest", 0.4))})
    texts = ["wood wood forest bird", "forest bird", "bird bird bird"]
    index = LexicalIndex(Path(":memory:"), EMPTY)
    index.add((key, text, "en") for key, text in enumerate(texts))
    scores = index.scores(expand("Wald", "de", lexicon))
    index.close()
    expected = naive([text.split() for text in texts], [{"wood": 0.6, "forest": 0.4, "wald": 0.2}])
    assert [scores.get(key, 0.0) for key in range(3)] == pytest.approx(expected)
    assert scores[0] > scores[1] > 0
    assert 2 not in scores


def test_a_repeated_question_term_counts_once(index: LexicalIndex) -> None:
    """Score a question as a set of terms."""
    index.add([(1, "Tor Berg", "de"), (2, "Wald", "de")])
    once, thrice = (index.scores(expand(text, "de", EMPTY)) for text in ("Tor", "Tor Tor Tor"))
    assert once == thrice != {}


def test_the_question_may_be_in_another_language(index: LexicalIndex) -> None:
    """Find names and numbers across languages without a lexicon."""
    index.add([(1, "Putin spricht von 94.000 Soldaten im Dezember.", "de"), (2, "Biden spoke.", "en")])
    assert set(index.scores(expand("94,000 in December", "en", EMPTY))) == {1}
    assert set(index.scores(expand("Biden", "de", EMPTY))) == {2}


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("lawrow", "de", "Lawrow sprach."),
        ("selenskyjs rede", "de", "Selenskyj sprach."),
        ("zelensky", "en", "Zelensky spoke."),
        ("Impfstoff", "de", "Die Impfstoffe kamen."),
        ("die Impfstoffe", "de", "Der Impfstoff kam."),
        ("Dez.", "de", "Im Dezember kam er."),
        ("Dec.", "en", "He came in December."),
    ],
)
def test_a_word_is_found_however_it_is_written(
    index: LexicalIndex, question: str, language: str, text: str
) -> None:
    """Find names that a question writes small, and what ends as Slavic names do in singular and plural."""
    index.add([(1, text, language), (2, "Tor Berg", language)])
    assert set(index.scores(expand(question, language, EMPTY))) == {1}


def test_an_unknown_name_is_found_in_the_spelling_of_the_other_language(index: LexicalIndex) -> None:
    """Spell a name that no lexicon has as the other language's analysis does."""
    index.add([(1, "Shapovalov spoke.", "en"), (2, "A gate.", "en")])
    assert set(index.scores(expand("Schapowalow", "de", EMPTY))) == {1}


def test_adding_again_replaces(index: LexicalIndex) -> None:
    """Forget the old text of a key, in scores and in rarity."""
    index.add([(1, "Tor", "de"), (2, "Berg", "de")])
    assert index.scores(expand("Tor", "de", EMPTY))
    index.add([(1, "Wald", "de")])
    assert index.scores(expand("Tor", "de", EMPTY)) == {}
    assert set(index.scores(expand("Wald", "de", EMPTY))) == {1}
    assert index.keys() == [1, 2]
    assert index.count() == 2


def test_deleting_forgets(index: LexicalIndex) -> None:
    """Score as if the passage had never been there; unknown keys are no error."""
    index.add([(1, "Tor Tor", "de"), (2, "Tor", "de")])
    alone = index.scores(expand("Tor", "de", EMPTY))
    index.add([(3, "Berg Tor Wald", "de")])
    assert index.scores(expand("Tor", "de", EMPTY)) != alone
    index.delete([3, 99])
    assert index.scores(expand("Tor", "de", EMPTY)) == alone
    index.delete([1, 2])
    assert (index.keys(), index.count(), index.scores(expand("Tor", "de", EMPTY))) == ([], 0, {})


@pytest.mark.parametrize(
    "text",
    ['NEAR("Tor" Berg)', "Tor* AND NOT Berg", '"Tor', "Tor:Berg", "{Tor} ^Berg", "'; DROP TABLE terms; --"],
)
def test_query_syntax_is_text(index: LexicalIndex, text: str) -> None:
    """Search words, whatever the full-text engine would read into them."""
    index.add([(1, "Tor Berg", "de"), (2, "Wald", "de")])
    index.add([(3, text, "de")])
    found = index.scores(expand(text, "de", EMPTY))
    assert 3 in found
    assert 2 not in found


def test_rare_terms_are_informative(index: LexicalIndex) -> None:
    """Weigh a term that stands in one passage above one that stands in all, and no empty index fails."""
    terms = expand("Tor Putin Unbekannt", "de", EMPTY)
    assert index.weights(terms) == [0.0, 0.0, 0.0]
    index.add([(key, "Tor", "de") for key in range(9)] + [(9, "Tor Putin", "de")])
    common, rare, unknown = index.weights(terms)
    assert 0 < common < rare <= unknown


def test_a_language_of_few_passages_makes_no_word_less_informative(index: LexicalIndex) -> None:
    """Weigh a rare word as before when the first article in another language is added, which lacks it."""
    index.add([(number, "Tor Berg" if number > 1 else "Tor Wald", "de") for number in range(1, 100)])
    question = expand("Tor Wald Hut", "de", EMPTY)
    before = index.weights(question)
    index.add([(100, "Ship", "en"), (101, "Bateau", "fr")])
    assert index.weights(question) == before
    assert before[0] < before[1] < before[2]


def test_words_that_no_passage_holds_do_not_pile_up(
    index: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.retrieve.lexical.index._CACHED", 1_000)
    index.add([(1, "Der Berg ruft.", "de")])
    for number in range(2_000):
        index.scores([{"de": {f"unbekannt{number}": 1.0}}])
    assert 0 < len(index._cache) <= 1_000 // 32
    assert index.scores(expand("Berg", "de", EMPTY)).get(1, 0.0) > 0


def test_an_index_lasts(tmp_path: Path) -> None:
    """Find after opening again, unless another lexicon would cut words otherwise."""
    path = tmp_path / "lexical.sqlite"
    for lexicon, kept in ((EMPTY, False), (EMPTY, True), (Lexicon({}, "other"), False)):
        index = LexicalIndex(path, lexicon)
        assert bool(index.count()) == kept
        index.add([(1, "Tor", "de")])
        index.close()


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """Say which file, and that it can be rebuilt."""
    with pytest.raises(StoreError, match="weg") as caught:
        LexicalIndex(tmp_path / "weg" / "lexical.sqlite", EMPTY)
    assert caught.value.hint


def test_forms_that_no_stemmer_joins_are_found_but_count_less() -> None:
    """Find "starb" by "gestorben", behind a passage that says the very word."""
    lexicon = Lexicon({("de", "gestorb"): (("die", 1.0),), ("en", "die"): (("gestorb", 0.5), ("starb", 0.5))})
    index = LexicalIndex(Path(":memory:"), lexicon)
    index.add([(1, "Er starb.", "de"), (2, "Er ist gestorben.", "de"), (3, "Er lebt.", "de")])
    scores = index.scores(expand("gestorben", "de", lexicon))
    index.close()
    assert scores[2] > scores[1] > 0
    assert 3 not in scores


def test_what_another_process_adds_meanwhile_counts_from_the_next_refresh_on(tmp_path: Path) -> None:
    """Add before, between and behind what an open index has read of the passages, but not of the term."""
    mine, other = (LexicalIndex(tmp_path / "lexical.sqlite", EMPTY) for _ in range(2))
    other.add([(10, "Mond Berg", "de"), (20, "Wald", "de")])
    assert set(mine.scores(expand("Wald", "de", EMPTY))) == {20}
    other.add([(5, "Mond", "de"), (15, "Mond Mond", "de"), (30, "Mond", "de")])
    asked = expand("Mond", "de", EMPTY)
    assert set(mine.scores(asked)) == {10}
    mine.refresh()
    assert set(mine.scores(asked)) == {5, 10, 15, 30}
    mine.close()
    other.close()
