"""Check the numbered sentences that a language model is shown."""

import re
from datetime import date

from rag.answer.evidence import number
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
