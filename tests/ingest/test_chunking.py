"""Check that passages are whole sentences, keep everything, and hold headings to what they head."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.chunking import context, passages
from rag.ingest.text.characters import canonical
from rag.ingest.text.sentences import sentences
from rag.schema import Article, Passage, Source

WORDS = 60
SENTENCE = st.integers(1, 40).map(lambda n: "Wort " + "noch " * n + "eins.")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=6).map(" ".join)
HEADING = st.sampled_from(["Der erste Abschnitt", "Was nun folgt", "Streit um Öl und Gas", "Ausblick"])
BLOCKS = st.lists(st.one_of(PARAGRAPH, PARAGRAPH, HEADING), min_size=1, max_size=14)
WILD = st.lists(
    st.one_of(
        st.text(max_size=40), st.sampled_from(["\n", "\n\n", "a" * 1300, "wort " * 400, "Ende. ", "Titel"])
    ),
    max_size=12,
).map("".join)


def article(text: str) -> Article:
    """Make an article of a text."""
    return Article(Source(id="a", title="Titel", language="de"), canonical(text))


def words(passage: Passage) -> int:
    """Count the words of a passage."""
    return len(passage.text.split())


def is_heading(text: str) -> bool:
    """Tell whether a block of BLOCKS is one of the headings."""
    return not text.endswith(".")


@given(WILD)
def test_passages_are_exact_disjoint_and_lose_nothing(text: str) -> None:
    """Demand exact offsets, order, and every sentence in one passage."""
    whole = article(text)
    position = 0
    for passage in passages(whole, WORDS):
        assert whole.text[passage.start : passage.end] == passage.text
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        assert whole.text[position : passage.start].strip() == ""
        for left, right in pairwise(passage.sentences):
            assert whole.text[left.end : right.start].strip() == ""
        position = passage.end
    assert whole.text[position:].strip() == ""


@given(BLOCKS)
def test_passages_are_made_of_whole_sentences(blocks: list[str]) -> None:
    """Demand that the passages' sentences are the article's, one for one."""
    whole = article("\n\n".join(blocks))
    kept = [span for passage in passages(whole, WORDS) for span in passage.sentences]
    assert kept == sentences(whole.text, "de")


@given(BLOCKS)
def test_passages_are_no_longer_than_promised(blocks: list[str]) -> None:
    """Demand 1.5 times the words at most, but for a single long sentence and its headings."""
    for passage in passages(article("\n\n".join(blocks)), WORDS):
        below = [s for s in passage.sentences if not is_heading(passage.quote(s))]
        assert words(passage) <= WORDS * 1.5 or len(below) == 1


@given(st.lists(st.tuples(st.lists(HEADING, max_size=3), PARAGRAPH), max_size=8))
def test_headings_stay_with_what_follows(sections: list[tuple[list[str], str]]) -> None:
    """Demand that no passage ends with a heading: title, section and subsection lead their text."""
    blocks = [block for headings, paragraph in sections for block in (*headings, paragraph)]
    for passage in passages(article("\n\n".join(blocks)), WORDS):
        assert not is_heading(passage.quote(passage.sentences[-1]))


def test_a_long_menu_is_no_heading() -> None:
    """Cut a list of a hundred short lines into passages like any other text."""
    made = passages(article("\n".join(f"Punkt {n} der langen Liste" for n in range(100))), WORDS)
    assert len(made) > 5
    assert all(words(passage) <= WORDS * 1.5 for passage in made)


@given(st.lists(SENTENCE, min_size=30, max_size=40))
def test_passages_are_filled(blocks: list[str]) -> None:
    """Demand that short paragraphs are gathered: two neighbours never fit into one passage."""
    made = passages(article("\n\n".join(blocks)), WORDS)
    for left, right in pairwise(made):
        first = len(right.quote(right.sentences[0]).split())
        assert words(left) + first > WORDS


def test_a_section_starts_a_passage_and_names_it() -> None:
    """Cut before a heading when the passage is half full, and carry it on to the next passage."""
    sentence = "Das ist ein Satz mit genau acht Wörtern. "
    text = f"{sentence * 6}\n\nDer Streit\n\n{(sentence * 6).strip()}\n\n{sentence * 6}"
    made = passages(article(text), WORDS)
    assert [passage.heading for passage in made] == ["", "Der Streit", "Der Streit"]
    assert made[1].text.startswith("Der Streit\n\nDas ist")


def test_more_words_a_passage_make_fewer_passages(samples_text: Sequence[str]) -> None:
    """Demand that the knob does what it says on real articles."""
    counts = [sum(len(passages(article(text), size)) for text in samples_text) for size in (60, 130, 260)]
    assert counts[0] > counts[1] > counts[2]


@pytest.fixture(scope="module")
def samples_text() -> list[str]:
    """Return the bodies of the sample articles."""
    from rag.ingest.formats.markdown import front_matter, plain
    from rag.resources import folder

    files = sorted((folder("data") / "articles").glob("*.md"))
    return [plain(front_matter(path.read_text(encoding="utf-8"))[1]) for path in files]


def test_an_endless_sentence_is_cut_at_white_space() -> None:
    """Cut a table of 6,000 characters into pieces that each hold whole words."""
    whole = article("wort " * 1200)
    made = passages(whole, WORDS)
    assert len(made) > 3
    assert {word for passage in made for word in passage.text.split()} == {"wort"}
    assert sum(words(passage) for passage in made) == 1200


def test_context_says_what_a_passage_is_about() -> None:
    """Put title, heading and the end of the passage before in front, each once."""
    sentence = "Das ist ein Satz mit genau acht Wörtern."
    text = "Der Streit\n\n" + "\n\n".join([f"{sentence} {sentence}"] * 8)
    first, second = passages(article(text), WORDS)[:2]
    assert context("Titel", first, None) == f"Titel\n{first.text}"
    assert context("Titel", second, first) == f"Titel\nDer Streit\n{sentence}\n{second.text}"
    assert context("Der Streit", second, None) == f"Der Streit\n{second.text}"
    assert context("", first, None) == first.text
