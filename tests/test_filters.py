"""Check filters by date, publisher and language, through search, answers, LangChain and the database."""

import json
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import NotFoundError
from rag.library import Library
from rag.schema import Abstention, Filter, Source
from tests.questions import NATO
from tests.stores import news

DAYS = st.none() | st.dates(date(2021, 11, 1), date(2025, 3, 1))
PUBLISHERS = ("quellenchat sample desk", "QUELLENCHAT-Musterredaktion")


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    """Draw a filter that fits the sample collection."""
    since, until = draw(DAYS), draw(DAYS)
    if since and until and since > until:
        since, until = until, since
    publishers = draw(st.lists(st.sampled_from(PUBLISHERS), max_size=2, unique=True))
    languages = draw(st.lists(st.sampled_from(["de", "en", "DE"]), max_size=2, unique=True))
    return Filter(since, until, tuple(publishers), tuple(languages))


def admits(chosen: Filter, source: Source) -> bool:
    """Say in plain words whether a filter admits an article."""
    if chosen.dated and source.published is None:
        return False
    if chosen.since and source.published < chosen.since:
        return False
    if chosen.until and source.published > chosen.until:
        return False
    publishers = [one.casefold() for one in chosen.publishers]
    languages = [one.casefold() for one in chosen.languages]
    return (not publishers or (source.publisher or "").casefold() in publishers) and (
        not languages or source.language in languages
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters(), st.integers(1, 60), st.sampled_from(["de", "en"]))
def test_search_is_exact(samples: Library, chosen: Filter, k: int, language: str) -> None:
    """Return k passages where k are admitted, of admitted articles only, best first."""
    admitted = {source.id for source in samples.articles() if admits(chosen, source)}
    everything = samples.search(NATO[language], 10_000)
    exist = sum(hit.source.id in admitted for hit in everything)
    hits = samples.search(NATO[language], k, filter=chosen)
    assert len(hits) == min(k, exist)
    assert {hit.source.id for hit in hits} <= admitted
    of_these = [source for source in samples.articles() if source.id in admitted]
    assert samples.articles(chosen) == of_these
    listed = samples.listed(chosen, limit=k)
    assert (list(listed.sources), listed.admitted) == (of_these[:k], len(of_these))


def test_an_empty_filter_limits_nothing(samples: Library) -> None:
    """Take it for no filter at all."""
    assert not Filter()
    assert Filter(languages=("de",))
    assert samples.search(NATO["de"], filter=Filter()) == samples.search(NATO["de"])


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """Name both days."""
    with pytest.raises(ValueError, match="2022-01-02 to 2022-01-01"):
        Filter(since=date(2022, 1, 2), until=date(2022, 1, 1))


def test_a_filter_takes_what_programs_have(samples: Library) -> None:
    """Take lists, a single name, moments for their days, and names whose accents are signs of their own."""
    named = Filter(date(2021, 12, 1), date(2021, 12, 31), ("Quellenchat-Musterredaktion",), ("de",))
    moments = datetime(2021, 12, 1, 23), datetime(2021, 12, 31, 0)
    assert Filter(*moments, ["Quellenchat-Musterredaktion"], "de") == named  # type: ignore[arg-type]
    assert samples.articles(Filter(*moments, publishers="Quellenchat-Musterredaktion"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`since` must be a date, got '2021-12-01'"):
        Filter(since="2021-12-01")  # type: ignore[arg-type]


def test_names_are_the_same_however_accents_are_made(empty: Library, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\npublisher: Küstenblatt\n---\n{news(1)}", encoding="utf-8")
    empty.index(tmp_path / "a.md")
    name = unicodedata.normalize("NFD", "KÜSTENBLATT")
    assert [one.id for one in empty.articles(Filter(publishers=(name,)))] == ["a.md"]
    assert empty.listed(Filter(publishers=(name,)), words=name).found == 1


def test_answers_rest_on_admitted_articles(samples: Library) -> None:
    """Cite and show nothing else, asked at once, streamed, through the chain and as a retriever."""
    chosen = Filter(since=date(2021, 12, 1), until=date(2021, 12, 8), languages=("en",))
    answers = [
        samples.ask(NATO["en"], filter=chosen),
        list(samples.stream(NATO["en"], filter=chosen))[-1],
        samples.chain.invoke(NATO["en"], filter=chosen),
    ]
    for answer in answers:
        assert answer.hits
        assert all(admits(chosen, one.source) for one in (*answer.hits, *answer.citations))
    documents = samples.as_retriever(k=5, filter=chosen).invoke(NATO["en"])
    assert len(documents) == 5
    assert all(document.metadata["language"] == "en" for document in documents)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_filter_that_admits_nothing_is_named(samples: Library, language: str) -> None:
    """Abstain and say that the filter is why."""
    answer = samples.ask(NATO[language], filter=Filter(until=date(1999, 12, 31)))
    assert isinstance(answer, Abstention)
    assert "filter" in answer.reason.casefold()
    assert answer.hits == ()


def test_an_unknown_publisher_is_an_error_that_names_the_known(samples: Library) -> None:
    """Name what the collection has, the most alike first."""
    for ask in (samples.search, samples.ask):
        with pytest.raises(NotFoundError, match="Quellenchat Sample") as caught:
            ask(NATO["en"], filter=Filter(publishers=("Quellenchat Sample",)))
        assert caught.value.hint.startswith("the collection has: Quellenchat Sample Desk, Quellenchat-Must")
    with pytest.raises(NotFoundError, match="deutsch") as caught:
        samples.articles(Filter(languages=("deutsch",)))
    assert caught.value.hint == "the collection has: de, en"
    assert samples.publishers() == ["Quellenchat Sample Desk", "Quellenchat-Musterredaktion"]
    assert samples.languages() == ["de", "en"]


def test_undated_articles_are_left_out_by_date_and_counted(empty: Library, tmp_path: Path) -> None:
    """Say so where nothing was found."""
    dump = tmp_path / "a.jsonl"
    text = "Der Hafen von Rostock wird im Frühjahr ausgebaut. Das sagte der Minister am Dienstag."
    rows = [
        {"id": "dated", "text": text, "published": "2021-12-07", "publisher": "Küstenblatt"},
        {"id": "undated", "text": text, "publisher": "ÖSTERREICH AKTUELL"},
    ]
    dump.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    empty.index([dump])
    question = "Was wird im Frühjahr ausgebaut?"
    found = empty.search(question, filter=Filter(since=date(2021, 1, 1)))
    assert [hit.source.id for hit in found] == ["dated"]
    assert empty.undated(Filter(since=date(2021, 1, 1))) == 1
    assert empty.undated(Filter(since=date(2021, 1, 1), publishers=("küstenblatt",))) == 0
    assert empty.undated(Filter(languages=("de",))) == 0
    found = empty.search(question, filter=Filter(publishers=("österreich aktuell",)))
    assert [hit.source.id for hit in found] == ["undated"]
    answer = empty.ask(question, filter=Filter(since=date(2022, 1, 1)))
    assert not answer.answered
    assert any("1" in warning and "Datum" in warning for warning in answer.warnings)


def test_filters_see_what_was_written_since(empty: Library, tmp_path: Path) -> None:
    """Forget what a filter admitted when articles come and go."""
    chosen = Filter(languages=("de",))
    dump = tmp_path / "a.jsonl"
    for count in (1, 2):
        text = "Der Hafen von Rostock wird ausgebaut, sagte der Minister am Dienstag der Zeitung."
        dump.write_text("\n".join(json.dumps({"id": str(n), "text": text}) for n in range(count)))
        empty.index([dump])
        assert len(empty.search("Was wird ausgebaut?", filter=chosen)) == count
    empty.remove(["0"])
    assert [hit.source.id for hit in empty.search("Was wird ausgebaut?", filter=chosen)] == ["1"]
