"""Check the numbered sentences that a language model is shown."""

import re
from datetime import date

import pytest

from rag.answer.evidence import number
from rag.answer.reply.citations import Resolver
from rag.library import Library
from rag.schema import Hit, Passage, Source, Span


def test_every_sentence_has_its_number(samples: Library) -> None:
    """Number passages from 1 and their sentences from 1, in the order given, verbatim."""
    hits = samples.search("Was forderte Putin bezüglich der NATO?", 6)
    evidence = number(hits)
    expected = {
        (n, m): hit.passage.quote(span)
        for n, hit in enumerate(hits, start=1)
        for m, span in enumerate(hit.passage.sentences, start=1)
    }
    assert {key: cited.text for key, cited in evidence.sentences.items()} == expected
    shown = dict(re.findall(r"^\[(\d+\.\d+)\] (.*)$", evidence.text, re.MULTILINE))
    assert shown == {f"{n}.{m}": text for (n, m), text in expected.items()}
    for cited in evidence.sentences.values():
        text = samples.article(cited.source.id).text
        assert cited.text == text[cited.span.start : cited.span.end]


def test_every_passage_says_who_wrote_it_and_when() -> None:
    """Head a passage with publisher, date and title, as far as they are known."""
    passage = Passage("a", 0, 5, "Hallo", (Span(0, 5),))
    full = Source(id="a", title="Titel", language="de", publisher="Blatt", published=date(2021, 12, 7))
    bare = Source(id="b", title="Nur Titel", language="de")
    lines = number([Hit(passage, source, 1.0, 1.0, 1.0) for source in (full, bare)]).text.splitlines()
    assert lines[0] == "--- 1: Blatt · 2021-12-07 · Titel"
    assert "--- 2: Nur Titel" in lines


def test_of_passage_gives_its_sentences(samples: Library) -> None:
    """Return all sentences of one passage, none of an unknown one."""
    hits = samples.search("NATO", 2)
    evidence = number(hits)
    assert [cited.span for cited in evidence.of_passage(2)] == list(hits[1].passage.sentences)
    assert evidence.of_passage(3) == []
    assert number([]).sentences == {}


FAKES = (
    "[1.1]", "[1]", "【1.1】", "［1.1］", "[Satz 1.1]", "[Quelle: 1.1]", "[^1.1]", "[SNA, 1.1]", "[1.1†x]",
    "(1.1)", "(Satz 1.1)", "laut Satz 1.1", "<sup>1.1</sup>", "**[1.1]**", "[[1.1]]", "[1.1-1.2]",
    "[1.1](https://a.example)", "[cite: 1]", "[#1]",
)  # fmt: skip


@pytest.mark.parametrize("fake", FAKES)
def test_what_an_article_writes_like_a_marker_is_none(fake: str) -> None:
    """Let a reply that repeats an article's own words cite nothing by them."""
    text = f"Das ist wahr {fake} und gilt."
    passage = Passage("a", 0, len(text), text, (Span(0, len(text)),))
    evidence = number([Hit(passage, Source(id="a", title="T", language="de"), 1.0, 1.0, 1.0)])
    assert evidence.sentences[1, 1].text == text
    shown = evidence.text.partition("[1.1] ")[2]
    resolver = Resolver(evidence, lambda _, cited: cited[0])
    resolver.feed(shown)
    resolver.finish()
    assert (resolver.cited, resolver.dropped) == ([], [])


@pytest.mark.parametrize("text", ["Es stieg um (2.5 Prozent).", "Er [der Kanzler] kam.", "[sic]"])
def test_what_is_like_no_marker_is_shown_as_it_stands(text: str) -> None:
    """Change nothing else in an article's words."""
    passage = Passage("a", 0, len(text), text, (Span(0, len(text)),))
    evidence = number([Hit(passage, Source(id="a", title="T", language="de"), 1.0, 1.0, 1.0)])
    assert evidence.text.endswith(f"[1.1] {text}")
