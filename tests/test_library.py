"""Check what a person or a program does with a collection: search, ask, stream."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from langchain_core.documents import Document

from rag import settings
from rag.errors import (
    NotFoundError,
    QuellenchatError,
    QuestionError,
    StoreError,
    StoreMismatchError,
)
from rag.library import Library
from rag.schema import Abstention, Answer
from tests.questions import NATO, UNANSWERABLE
from tests.stores import agree, write_news


def check_quotes(library: Library, answer: Answer | Abstention) -> None:
    """Demand that every quote is its article's text, and every marker stands in the answer."""
    for citation in answer.citations:
        text = library.article(citation.source.id).text
        assert citation.quote == text[citation.span.start : citation.span.end]
        assert citation.marker in answer.text
    for hit in answer.hits:
        text = library.article(hit.source.id).text
        assert hit.passage.text == text[hit.passage.start : hit.passage.end]


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_answer_quotes_what_putin_demanded(samples: Library, language: str) -> None:
    """Answer in the language of the question with the sentence on binding guarantees."""
    answer = samples.ask(NATO[language])
    assert isinstance(answer, Answer)
    assert (answer.language, answer.model, answer.final) == (language, "extractive", True)
    assert any("rechtlich bindende" in citation.quote for citation in answer.citations)
    assert answer.text.startswith({"de": "Das steht", "en": "The articles say"}[language])
    check_quotes(samples, answer)


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_the_articles_do_not_say_is_said_so(samples: Library, language: str) -> None:
    """Abstain with a reason and the nearest passages, in the language of the question."""
    outcome = samples.ask(UNANSWERABLE[language])
    assert isinstance(outcome, Abstention)
    assert (outcome.language, outcome.answered, outcome.citations) == (language, False, ())
    assert outcome.text == {
        "de": "Dazu sagen die Artikel der Sammlung nichts.",
        "en": "The articles in the collection do not say.",
    }[language]  # fmt: skip
    assert outcome.reason
    assert outcome.hits
    check_quotes(samples, outcome)


def test_the_threshold_of_abstention_is_a_setting(samples_store: Path) -> None:
    """Answer everything at 0, nothing at 1."""
    with Library.open(settings.load(store=samples_store, abstain_below=0.0)) as bold:
        assert bold.ask(UNANSWERABLE["de"]).answered
    with Library.open(settings.load(store=samples_store, abstain_below=1.0)) as shy:
        assert not shy.ask(NATO["de"]).answered


def test_the_same_question_has_the_same_answer(samples: Library) -> None:
    """Demand the same answer from the same store, timings aside."""
    import dataclasses

    from rag.schema import Timings

    first, second = (dataclasses.replace(samples.ask(NATO["en"]), timings=Timings()) for _ in range(2))
    assert first == second


def test_streaming_ends_with_the_answer(samples: Library) -> None:
    """Yield one final snapshot, at the end."""
    snapshots = list(samples.stream(NATO["de"]))
    assert [snapshot.final for snapshot in snapshots] == [False] * (len(snapshots) - 1) + [True]
    assert snapshots[-1].text == samples.ask(NATO["de"]).text
    assert snapshots[-1].timings.retrieve > 0
    assert snapshots[-1].timings.total >= snapshots[-1].timings.answer


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "???", "\u200b\u00ad", "…!"])
def test_no_question_is_refused(samples: Library, question: str) -> None:
    """Refuse what holds no letter and no figure, asked or searched."""
    for ask in (samples.ask, samples.search):
        with pytest.raises(QuestionError, match="empty") as caught:
            ask(question)
        assert caught.value.hint


def test_a_question_of_20000_characters_is_refused(samples: Library) -> None:
    """Say how long it is and how long it may be."""
    for ask in (samples.ask, samples.search):
        with pytest.raises(QuestionError, match=r"20,000 characters, the limit is 4,000"):
            ask("Frage" * 4_000)


@pytest.mark.parametrize(
    "question",
    ["x", "NATO", "2021", "' OR 1=1 --", "普京", 'NEAR("a" "b") AND NOT c*', "😀 Gipfel?",
     "Что требовал Путин?",
     "\ud800 Putin", "Putin " * 600, "a:b ^c {d} [e]", "Was\0forderte\x1bPutin?",
     "<script>alert(1)</script> NATO"],
)  # fmt: skip
def test_any_question_has_an_outcome(samples: Library, question: str) -> None:
    """Answer or abstain, whatever is asked in whatever characters."""
    check_quotes(samples, samples.ask(question))


def test_white_space_in_a_question_does_not_matter(samples: Library) -> None:
    """Ask the same with line breaks and odd spaces."""
    odd = " Was\nforderte  Putin\u00a0bezüglich der\tNATO?\n"
    assert samples.search(odd) == samples.search(NATO["de"])


def test_an_empty_collection_cannot_be_asked(empty: Library) -> None:
    """Say that articles must be added first; a search finds nothing."""
    with pytest.raises(StoreError, match="empty") as caught:
        empty.ask(NATO["de"])
    assert "rag index" in caught.value.hint
    assert empty.search(NATO["de"]) == []
    assert (empty.count(), empty.articles()) == (0, [])


def test_an_unknown_article_is_named(samples: Library) -> None:
    """Say which id is unknown."""
    with pytest.raises(NotFoundError, match="weg"):
        samples.article("weg")


@pytest.mark.parametrize("k", [1, 3, 60, 500])
def test_search_returns_k_hits_best_first(samples: Library, k: int) -> None:
    """Order by score, and give all there are where there are fewer."""
    hits = samples.search(NATO["de"], k)
    everything = samples.search(NATO["de"], 10_000)
    assert hits == everything[:k]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({(hit.source.id, hit.passage.start) for hit in everything}) == len(everything)


def test_langchain_retriever_returns_documents(samples: Library) -> None:
    """Return what LangChain expects: the passage as content, its place as metadata."""
    documents = samples.as_retriever(k=4).invoke(NATO["en"])
    hits = samples.search(NATO["en"], 4)
    assert len(documents) == 4
    for document, hit in zip(documents, hits, strict=True):
        assert isinstance(document, Document)
        about = document.metadata
        text = samples.article(about["article"]).text
        assert document.page_content == text[about["start"] : about["end"]] == hit.passage.text
        assert about["title"] == hit.source.title
        assert about["published"] == (hit.source.published.isoformat() if hit.source.published else None)
    assert len({document.id for document in documents}) == 4


def test_the_chain_is_a_langchain_runnable(samples: Library) -> None:
    """Compose the whole way from question to answer with other runnables."""
    marked = samples.chain | (lambda answer: [citation.marker for citation in answer.citations])
    expected = [citation.marker for citation in samples.ask(NATO["de"]).citations]
    assert marked.invoke(NATO["de"]) == expected
    assert marked.batch([NATO["de"], UNANSWERABLE["de"]]) == [expected, []]


def test_threads_ask_while_one_writes(library: Library, tmp_path: Path) -> None:
    """Let four threads ask while a fifth adds and removes articles: every answer holds."""
    folder = write_news(tmp_path / "news", range(40))
    stop = threading.Event()

    def ask() -> int:
        asked = 0
        while not stop.is_set():
            answer = library.ask(NATO["de"])
            assert answer.answered
            assert all(c.quote == library.article(c.source.id).text[c.span.start : c.span.end]
                       for c in answer.citations)  # fmt: skip
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            report = library.index([folder])
            library.remove(report.added[:20])
        finally:
            stop.set()
        assert all(one.result() for one in asking)
    store = library.settings.store
    library.close()
    assert agree(store)


def test_every_error_has_a_message_and_room_for_a_hint() -> None:
    """Demand one tree of errors."""
    error = StoreMismatchError("this", hint="that")
    assert isinstance(error, StoreError)
    assert isinstance(error, QuellenchatError)
    assert (str(error), error.hint, StoreError("x").hint) == ("this", "that", "")


def test_warming_up_changes_nothing(samples: Library, tmp_path: Path) -> None:
    """Load what questions need, in a full collection and in an empty one."""
    before = samples.search("Nato", 3)
    samples.warm_up()
    assert samples.search("Nato", 3) == before
    with Library.open(settings.load(store=tmp_path / "empty"), create=True) as empty:
        empty.warm_up()
        assert empty.search("Nato") == []
