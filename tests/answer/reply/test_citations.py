"""Check that markers become exact sentences, however models write them, and that nothing else is touched."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.answer.evidence import Cited, Evidence, number
from rag.answer.reply.citations import Resolver
from rag.ingest.chunking import passages
from rag.schema import Article, Hit, Source

TEXTS = (
    "Putin forderte Garantien. Biden lehnte das ab. Beide sprachen zwei Stunden lang.",
    "The Kremlin denied the call. Trump did not comment. Reporters asked twice. Nobody answered.",
    "Nur ein einziger Satz steht hier.",
)


def evidence() -> Evidence:
    """Number the sentences of three short articles: 1.1 to 1.3, 2.1 to 2.4, 3.1."""
    hits = []
    for n, text in enumerate(TEXTS):
        article = Article(Source(id=f"a{n}", title=f"Titel {n}", language="de"), text)
        (passage,) = passages(article, 130)
        hits.append(Hit(passage, article.source, 1.0, 0.5, 1.0))
    return number(hits)


EVIDENCE = evidence()


def by_length(statement: str, cited: Sequence[Cited]) -> Cited:
    """Choose a sentence by the statement, so that a test sees which statement it was."""
    return cited[len(statement.strip()) % len(cited)]


def resolve(*deltas: str) -> tuple[str, Resolver]:
    """Return the text that is shown for a reply that comes in pieces, and its resolver."""
    resolver = Resolver(EVIDENCE, by_length)
    return "".join([*(resolver.feed(delta) for delta in deltas), resolver.finish()]), resolver


def ids(resolver: Resolver) -> list[str]:
    """Return the evidence ids of what was cited, in the order of its markers."""
    places = {(cited.source.id, cited.span): f"{n}.{m}" for (n, m), cited in EVIDENCE.sentences.items()}
    return [places[cited.source.id, cited.span] for cited in resolver.cited]


@pytest.mark.parametrize(
    ("reply", "shown", "cited"),
    [
        ("A [1.2].", "A [1].", ["1.2"]),
        ("A [1.2]. B [1.2].", "A [1]. B [1].", ["1.2"]),
        ("A [1.2, 2.1].", "A [1][2].", ["1.2", "2.1"]),
        ("A [1.2; 2.1] und B.", "A [1][2] und B.", ["1.2", "2.1"]),
        ("A [1.2 und 2.1].", "A [1][2].", ["1.2", "2.1"]),
        ("A [1.2 and 2.1].", "A [1][2].", ["1.2", "2.1"]),
        ("A [1.2][2.1].", "A [1] [2].", ["1.2", "2.1"]),
        ("A [1.2] [2.1].", "A [1] [2].", ["1.2", "2.1"]),
        ("A 【1.2】.", "A [1].", ["1.2"]),
        ("A 【1.2†source】.", "A [1].", ["1.2"]),
        ("A (1.2).", "A [1].", ["1.2"]),
        ("A (1.2, 2.1).", "A [1][2].", ["1.2", "2.1"]),
        ("A [1.1-1.3].", "A [1][2][3].", ["1.1", "1.2", "1.3"]),
        ("A [1.1–1.2].", "A [1][2].", ["1.1", "1.2"]),
        ("A [Satz 1.2].", "A [1].", ["1.2"]),
        ("A [Sätze 1.1 und 1.2].", "A [1][2].", ["1.1", "1.2"]),
        ("A [sentence 1.2].", "A [1].", ["1.2"]),
        ("A [ 1.2 ].", "A [1].", ["1.2"]),
        ("A[1.2].", "A [1].", ["1.2"]),
        ("**A** [1.2]\n- B [2.1]\n", "**A** [1]\n- B [2]", ["1.2", "2.1"]),
        ("Laut [1.2] ist B so.", "Laut [1] ist B so.", ["1.2"]),
        ("A [3].", "A [1].", ["3.1"]),
        ("A [1.2, 1.2].", "A [1].", ["1.2"]),
        ("A.[1.2] B.[1.1]", "A. [1] B. [2]", ["1.2", "1.1"]),
        ("A [1.2], [2.1].", "A [1][2].", ["1.2", "2.1"]),
        ("A ([1.2]).", "A [1].", ["1.2"]),
        ("A (siehe [1.2], [2.1]).", "A [1][2].", ["1.2", "2.1"]),
        ("A [[1.2]].", "A [1].", ["1.2"]),
        ("A **[1.2]** und `[2.1]`.", "A [1] und [2].", ["1.2", "2.1"]),
        ("A \\[1.2\\].", "A [1].", ["1.2"]),
        ("A <sup>1.2</sup> B <sup>[2.1]</sup>.", "A [1] B [2].", ["1.2", "2.1"]),
        ("A [1.2](https://evil.example/?q=1).", "A [1].", ["1.2"]),
        ("A [1.2](#).", "A [1].", ["1.2"]),
        ("A ［1.2］.", "A [1].", ["1.2"]),
        ("A 【1.2†L3-L5】.", "A [1].", ["1.2"]),
        ("A [1.2†source].", "A [1].", ["1.2"]),
        ("A [Quelle: 1.2].", "A [1].", ["1.2"]),
        ("A [Source 1.2, Source 2.1].", "A [1][2].", ["1.2", "2.1"]),
        ("A [cite: 1.2].", "A [1].", ["1.2"]),
        ("A [^1.2] B [#2.1] C [S1.1].", "A [1] B [2] C [3].", ["1.2", "2.1", "1.1"]),
        ("A [siehe Satz 1.2].", "A [1].", ["1.2"]),
        ("A [Küstenblatt, 1.2].", "A [1].", ["1.2"]),
        ("A [1.2: Biden lehnt ab].", "A [1].", ["1.2"]),
        ("A (Satz 1.2) B (vgl. 2.1).", "A [1] B [2].", ["1.2", "2.1"]),
        ("A laut Satz 1.2 und B.", "A laut [1] und B.", ["1.2"]),
        ("A [1.2 bis 1.3].", "A [1][2].", ["1.2", "1.3"]),
        (
            "A [1.2/2.1] B [1.1 | 2.2] C [1.3 2.3].",
            "A [1][2] B [3][4] C [5][6].",
            ["1.2", "2.1", "1.1", "2.2", "1.3", "2.3"],
        ),
        ("A [1.1, 1.2, and 2.1].", "A [1][2][3].", ["1.1", "1.2", "2.1"]),
        ("A [1.2.]. B [1.2,].", "A [1]. B [1].", ["1.2"]),
        ("[1.2] Er kam. [2.1] Sie ging.", "[1] Er kam. [2] Sie ging.", ["1.2", "2.1"]),
        ("[1.2] Er kam.\n[2.1] Sie ging.", "[1] Er kam.\n[2] Sie ging.", ["1.2", "2.1"]),
        ("Er kam.\n[1.2]\n\nSie ging.\n[2.1]", "Er kam. [1]\n\nSie ging. [2]", ["1.2", "2.1"]),
    ],
)
def test_markers_of_every_kind_are_resolved(reply: str, shown: str, cited: list[str]) -> None:
    """Understand what models write, and number in the order of the first marker."""
    text, resolver = resolve(reply)
    assert re.sub(r"\] \[", "][", text) == re.sub(r"\] \[", "][", shown)
    assert ids(resolver) == cited
    assert resolver.dropped == []


@pytest.mark.parametrize(
    ("reply", "shown", "dropped"),
    [
        ("A [9.9].", "A.", ["9.9"]),
        ("A [1.9, 1.2].", "A [1].", ["1.9"]),
        ("A [9].", "A.", ["9"]),
        ("A [0.1] [1.0].", "A.", ["0.1", "1.0"]),
        ("A 【7.1】.", "A.", ["7.1"]),
        ("[9.1][9.2][9.3]", "", ["9.1", "9.2", "9.3"]),
        ("A [3.1-3.9].", "A [1].", ["3.2", "3.3", "3.4", "3.5"]),
        ("A [99.999].", "A.", ["99.999"]),
        ("A [1.2-9.4].", "A [1].", ["9.4"]),
    ],
)
def test_ids_that_do_not_exist_are_dropped_and_counted(reply: str, shown: str, dropped: list[str]) -> None:
    """Take a marker to nothing out of the text, and remember it."""
    text, resolver = resolve(reply)
    assert text == shown
    assert resolver.dropped == dropped


@pytest.mark.parametrize(
    "reply",
    [
        "Im Jahr [2024] geschah es.", "Im Jahr (2024) auch.", "Er sagte [sic] das.",
        "Das [laut Kreml] stimmt.",
        "Rund (94.000) Soldaten.", "Es waren (12,5) Prozent.", "Ein [Link](https://a.example/1.2).",
        "a[i] = b",
        "[ ] offen", "[x] erledigt", "[] leer", "Um 2.3 Prozent.", "Am 7.12.2021.", "[1.2.3]", "[1.2345]",
        "[-1]", "[1.]", "[.2]", "Zum Schluss [", "Zum Schluss [1.", "Zum Schluss (1.2",
        "Ende [1.2 und", "(9.9) ist keine Quelle", "A [plus 1.2 Prozent] B", "A [1.2 Mrd. Euro] B",
        "Am [7.12.2021] war es.", "A [94.000 Soldaten] B", "laut Satz 9.9 der Ordnung", "A (Satz 9.9)",
        "A **fett** und *kursiv*, `so`", "A <b>1.2</b>", "[100]", "A [2021-2024] B",
    ],
)  # fmt: skip
def test_what_is_no_marker_stays(reply: str) -> None:
    """Leave years, figures, links and open brackets as they are."""
    text, resolver = resolve(reply)
    assert text == reply
    assert (resolver.cited, resolver.dropped) == ([], [])


def test_a_marker_of_a_whole_passage_takes_the_sentence_that_fits() -> None:
    """Ask for the sentence that carries the statement before the marker."""
    asked: list[tuple[str, int]] = []

    def choose(statement: str, cited: Sequence[Cited]) -> Cited:
        asked.append((statement, len(cited)))
        return cited[-1]

    resolver = Resolver(EVIDENCE, choose)
    resolver.feed("Erstens [1.1]. Zweitens stimmt es [2].")
    assert ids(resolver) == ["1.1", "2.4"]
    assert asked == [("Erstens [1]. Zweitens stimmt es", 4)]


ID = st.one_of(
    st.builds("{}.{}".format, st.integers(0, 4), st.integers(0, 5)),
    st.integers(0, 4).map(str),
    st.just("2024"),
)
MARKER = st.one_of(
    ID.map("[{}]".format), ID.map("【{}】".format), ID.map("({})".format),
    st.lists(ID, min_size=1, max_size=12).map(lambda some: f"[{', '.join(some)}]"),
    st.tuples(ID, ID).map(lambda pair: f"[{pair[0]}-{pair[1]}]"),
)  # fmt: skip
PIECE = st.one_of(
    MARKER, st.text(max_size=6),
    st.sampled_from(["Putin sagte", " ", ". ", "\n", "[", "]", "(", ")", "【", "Satz ", "1.2", "[2024]", "**",
                     "*", "`", "<sup>", "</sup>", "\\[", "\\]", ", ", ": ", "[Quelle 1.1]",
                     "(#)", "[SNA, 1.2]"]),
)  # fmt: skip
REPLY = st.lists(PIECE, max_size=20).map("".join)


@settings(max_examples=400)
@example("Eine lange Liste [1.1, 1.2, 1.3, 2.1, 2.2, 2.3, 2.4, 3.1, 1.1, 1.2, 1.3, 2.1] endet.", [30, 60])
@given(REPLY, st.lists(st.integers(0, 200), max_size=12))
def test_the_pieces_a_reply_comes_in_do_not_matter(reply: str, places: list[int]) -> None:
    """Demand the same text, citations and dropped ids for any way to cut a reply."""
    cuts = sorted(place for place in places if place < len(reply))
    pieces = [reply[a:b] for a, b in pairwise([0, *cuts, len(reply)])]
    whole_text, whole = resolve(reply)
    text, resolver = resolve(*pieces)
    assert text == whole_text
    assert resolver.cited == whole.cited
    assert resolver.dropped == whole.dropped
    letters_text, letters = resolve(*reply)
    assert (letters_text, letters.cited, letters.dropped) == (whole_text, whole.cited, whole.dropped)


@given(REPLY)
def test_no_marker_leads_to_what_was_not_shown(reply: str) -> None:
    """Demand that every citation is a sentence of the evidence, word for word, and numbered without gaps."""
    text, resolver = resolve(reply)
    for cited in resolver.cited:
        assert cited in EVIDENCE.sentences.values()
        source = TEXTS[int(cited.source.id[1:])]
        assert cited.text == source[cited.span.start : cited.span.end]
    assert len(set(ids(resolver))) == len(resolver.cited)
    for n in range(1, len(resolver.cited) + 1):
        assert f"[{n}]" in text


@given(
    st.lists(
        st.tuples(st.sampled_from(["Wort", "94.000", "[2024]", "(siehe oben)", "„Ja“"]), MARKER), max_size=9
    )
)
def test_text_between_markers_is_kept(pairs: list[tuple[str, str]]) -> None:
    """Demand every character that is not part of a marker, in its place."""
    text, _ = resolve(" ".join(f"{word} {marker}" for word, marker in pairs))
    kept = re.sub(r"\[\d{1,2}\]|\([\d.]+\)|\[[\d., ]+\]|\[[\d.]+-[\d.]+\]|\s|【2024】", "", text)
    words = "".join(word.replace(" ", "") for word, _ in pairs)
    assert kept == re.sub(r"\[2024\]", "", words)


def test_text_is_shown_as_soon_as_it_is_decided() -> None:
    """Keep back what may become a marker, and nothing else."""
    resolver = Resolver(EVIDENCE, by_length)
    assert resolver.feed("Putin sagte") == "Putin sagte"
    assert resolver.feed(" das [1.") == " das"
    assert resolver.feed("2") == ""
    assert resolver.feed("]. Und") == " [1]. Und"
    assert resolver.finish() == ""


def test_a_reply_in_a_circle_is_not_kept_back_forever() -> None:
    """Show what goes on and on as it comes, in little time."""
    resolver = Resolver(EVIDENCE, by_length)
    shown = [resolver.feed("[1.2] ") for _ in range(2_000)]
    assert sum(map(bool, shown)) > 10
