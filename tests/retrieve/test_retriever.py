"""Check the hybrid first stage on the sample articles."""

import json
from datetime import date
from pathlib import Path

import pytest

from rag.library import Library
from rag.retrieve.retriever import PassageRetriever, document
from rag.schema import Hit, Passage, Source, Span

QUESTIONS = [
    "Was forderte Putin bezüglich der NATO?",
    "What did Putin demand regarding NATO?",
    "How many Russian troops are near the border with Ukraine?",
    "Wer gewann den Goldenen Bären?",
    "94.000",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_are_in_a_total_order(samples: Library, question: str) -> None:
    """Order by score, then by article and place, the same every time."""
    hits = samples.search(question, 100)
    keys = [(-hit.score, hit.source.id, hit.passage.start) for hit in hits]
    assert keys == sorted(keys)
    assert hits == samples.search(question, 100)


def test_equal_hits_are_ordered_by_article(empty: Library, tmp_path: Path) -> None:
    """Order articles of the same text by id, in whatever order they came."""
    dump = tmp_path / "gleich.jsonl"
    text = "Der Hafen von Rostock wird im Frühjahr ausgebaut. Das sagte der Minister am Dienstag."
    dump.write_text("\n".join(json.dumps({"id": one, "title": "Hafen", "text": text}) for one in "cadb"))
    empty.index([dump])
    hits = empty.search("Was wird im Frühjahr ausgebaut?")
    assert len({round(hit.score, 6) for hit in hits}) == 1
    assert [hit.source.id for hit in hits] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_carry_both_scores(samples: Library, question: str) -> None:
    """Give cosine and BM25 their ranges, and the exact text of the article."""
    for hit in samples.search(question, 100):
        assert -1.001 <= hit.cosine <= 1.001
        assert hit.bm25 >= 0
        assert hit.passage.article == hit.source.id
        assert hit.passage.text == samples.article(hit.source.id).text[hit.passage.start : hit.passage.end]


@pytest.mark.parametrize(
    ("question", "article"),
    [("Wer gewann den Goldenen Bären?", "2025-02-23-berlinale-goldener-baer.md"),
     ("When did Notre-Dame reopen?", "2024-12-08-notre-dame-reopening.md"),
     ("Who was charged in the REvil ransomware case?", "2021-11-09-revil-ransomware-charges.md"),
     ("Wann wurde Notre-Dame wiedereröffnet?", "2024-12-08-notre-dame-reopening.md"),
     ("What did the European Central Bank decide about interest rates?", "2025-01-31-ezb-leitzins.md")],
)  # fmt: skip
def test_the_right_article_is_first_in_either_language(samples: Library, question: str, article: str) -> None:
    """Find an article by a question in its own and in the other language."""
    assert samples.search(question, 1)[0].source.id == article


def test_a_document_says_where_it_stands() -> None:
    """Turn a hit into LangChain's document, undated ones too."""
    passage = Passage("a/b", 10, 15, "Hallo", (Span(10, 15),))
    source = Source(id="a/b", title="T", language="de", publisher="P", published=date(2021, 12, 7))
    made = document(Hit(passage, source, score=1.5, cosine=0.5, bm25=2.0))
    assert (made.page_content, made.id) == ("Hallo", "a/b#10-15")
    assert made.metadata == {
        "article": "a/b", "start": 10, "end": 15, "title": "T", "publisher": "P", "published": "2021-12-07",
        "url": None, "language": "de", "score": 1.5,
    }  # fmt: skip
    undated = document(Hit(passage, Source(id="a/b", title="T", language="de"), 1.0, 0.5, 2.0))
    assert undated.metadata["published"] is None


def test_the_retriever_is_a_langchain_runnable(samples: Library) -> None:
    """Compose with other runnables, in batches too."""
    retriever = samples.as_retriever(k=2)
    assert isinstance(retriever, PassageRetriever)
    titles = retriever | (lambda documents: [one.metadata["title"] for one in documents])
    batch = titles.batch(QUESTIONS[:2])
    assert [len(one) for one in batch] == [2, 2]
    assert batch[0] == titles.invoke(QUESTIONS[0])
