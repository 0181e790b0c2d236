"""Check the hybrid first stage on the sample articles."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.library import Library
from rag.retrieve.langchain import LangChainRetriever, document
from rag.schema import Filter, Hit, Passage, Source, Span
from rag.settings import Settings
from tests.stores import news

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
    keys = [
        (-hit.score, -(hit.source.published or date.min).toordinal(), hit.source.id, hit.passage.start)
        for hit in hits
    ]
    assert keys == sorted(keys)
    assert [-hit.score for hit in hits] == sorted(-hit.score for hit in hits)
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
    hits = samples.search(question, 100)
    assert len(hits) > 10
    for hit in hits:
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


def test_a_question_in_capitals_is_read_as_if_it_were_written_small(samples: Library) -> None:
    """Take no function word for a name where all is in capitals, but "NATO USA" for names."""
    question = "was forderte putin bezüglich der nato?"
    assert samples.search(question.upper()) == samples.search(question)
    assert samples.search("NATO USA") == samples.search("Nato USA")


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
    assert isinstance(retriever, LangChainRetriever)
    titles = retriever | (lambda documents: [one.metadata["title"] for one in documents])
    batch = titles.batch(QUESTIONS[:2])
    assert [len(one) for one in batch] == [2, 2]
    assert batch[0] == titles.invoke(QUESTIONS[0])


def write_dump(path: Path, *rows: dict[str, str]) -> Path:
    """Write articles as a dump."""
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_among_equals_the_newer_comes_first(empty: Library, tmp_path: Path) -> None:
    """Order hits of one score by day, the newest first, undated last, whatever their ids."""
    days = {"a": "2021-03-01", "b": "2023-03-01", "c": None, "d": "2022-03-01"}
    text = "Der Hafen von Rostock wird ausgebaut. Das sagte der Rat."  # too short to be taken for a copy
    rows = [
        {"id": one, "title": "Hafen", "text": text} | ({"published": day} if day else {})
        for one, day in days.items()
    ]
    empty.index([write_dump(tmp_path / "a.jsonl", *rows)])
    hits = empty.search("Wird der Hafen ausgebaut?")
    assert len({hit.score for hit in hits}) == 1
    assert [hit.source.id for hit in hits] == ["b", "d", "a", "c"]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return 200 articles: most from 1990 to 2020 in nearly the same words, read on 20 June 2022."""
    folder = tmp_path_factory.mktemp("harbour")
    days = {"december": "2021-12-08", "march": "2022-03-04", "june": "2022-06-14"}
    days |= {f"other{number:03}": f"{1990 + number % 31}-09-09" for number in range(137)}
    rows = [
        {"id": one, "published": day, "title": "Hafen",
         "text": f"Der Minister sprach über den Hafen von Rostock, Kai {number + 3}. "
         "Er versprach den Ausbau und neue Kräne."}
        for number, (one, day) in enumerate(days.items())
    ]  # fmt: skip
    rows += [{"id": f"z{n}", "title": "Stadt", "text": news(n, "Wismar")} for n in range(60)]
    chosen = Settings(store=folder / "store", _env_file=None)
    with Library.open(chosen, create=True, today=lambda: date(2022, 6, 20)) as library:
        library.index([write_dump(folder / "a.jsonl", *rows)])
        yield library


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was sagte der Minister im Dezember 2021 zum Hafen?", "december"),
        ("Was sagte der Minister am 4. März 2022 zum Hafen?", "march"),
        ("What did the minister say about the port in March 2022?", "march"),
        ("Was sagte der Minister 2021 zum Hafen?", "december"),
        ("Was sagte der Minister letzte Woche zum Hafen?", "june"),
        ("What did the minister say last week about the port?", "june"),
        ("Was sagte der Minister seit Juni zum Hafen?", "june"),
    ],
)
def test_articles_of_the_time_asked_for_come_first(harbour: Library, question: str, expected: str) -> None:
    """Prefer articles published when the question says, though others of the same words are many."""
    assert harbour.search(question)[0].source.id == expected
    answer = harbour.ask(question)
    assert answer.periods == harbour.periods(question) != ()
    before = harbour.search(question, 40, Filter(until=date(2020, 12, 31)))
    assert len(before) == 40
    assert all(hit.source.id.startswith("other") for hit in before)


@pytest.mark.parametrize(
    "question",
    ["Was sagte der Minister vor 1991 zum Hafen?", "What did the minister say about the port before 1991?",
     "Was sagte der Minister bis Ende 1990 zum Hafen?"],
)  # fmt: skip
def test_articles_from_before_a_day_come_first(harbour: Library, question: str) -> None:
    """Prefer what was published until then, however far back, to the many that came later."""
    found = [hit.source.published for hit in harbour.search(question, 3)]
    assert found == [date(1990, 9, 9)] * 3


def test_a_question_without_a_period_prefers_none(samples: Library) -> None:
    """Name no period, and keep the order by meaning and words."""
    assert (
        samples.periods("Was geschah im M\u00e4rz 2021?")
        == samples.periods("Was geschah im Ma\u0308rz 2021?")
        != ()
    )
    assert samples.periods(QUESTIONS[0]) == ()
    assert samples.ask(QUESTIONS[0]).periods == ()
