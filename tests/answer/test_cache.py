"""Check that an identical question on an unchanged store is answered from memory, where that is wanted."""

from datetime import date
from pathlib import Path

from rag import settings
from rag.library import Library
from rag.schema import Filter
from tests.llm_server import MODEL, LanguageModelServer, Reply
from tests.stores import write_news

QUESTION = "Was kostet der Ausbau von Bahnhof und Hafen in Rostock?"


def open_with(store: Path, model: LanguageModelServer, *, cache: bool) -> Library:
    """Open a collection that asks the scripted model."""
    chosen = settings.load(store=store, llm=MODEL, llm_url=model.url, cache=cache, abstain_below=0.0)
    return Library.open(chosen, create=True)


def test_the_second_answer_costs_nothing(tmp_path: Path, model: LanguageModelServer) -> None:
    """Ask the model again only after the articles, the filter or the conversation have changed."""
    news = write_news(tmp_path / "news", range(4))
    with open_with(tmp_path / "store", model, cache=True) as library:
        library.index([news])
        model.say(*["Die Arbeiten kosten 1000 Euro [1.3]."] * 6)
        first = library.ask(QUESTION)
        assert library.ask(QUESTION).text == first.text
        assert len(model.requests) == 1
        library.ask(QUESTION, filter=Filter(languages=("de",)))
        assert len(model.requests) == 2
        library.index([write_news(tmp_path / "more", range(4, 6))])
        library.ask(QUESTION)
        assert len(model.requests) == 3


def test_what_stands_in_for_a_model_is_not_kept(tmp_path: Path, model: LanguageModelServer) -> None:
    """Ask the model again after it failed."""
    with open_with(tmp_path / "store", model, cache=True) as library:
        library.index([write_news(tmp_path / "news", range(4))])
        model.say(Reply(status=400), "Die Arbeiten kosten 1000 Euro [1.3].")
        assert library.ask(QUESTION).model == "extractive"
        assert library.ask(QUESTION).model == MODEL


def test_it_is_off_by_default(tmp_path: Path, model: LanguageModelServer) -> None:
    """Ask the model each time."""
    with open_with(tmp_path / "store", model, cache=False) as library:
        library.index([write_news(tmp_path / "news", range(4))])
        model.say(*["Die Arbeiten kosten 1000 Euro [1.3]."] * 2)
        library.ask(QUESTION)
        library.ask(QUESTION)
        assert len(model.requests) == 2


def test_another_day_is_another_question(tmp_path: Path, model: LanguageModelServer) -> None:
    """Count "gestern" from the day of asking, on a page that has been open since yesterday too."""
    days = [date(2024, 5, 14), date(2024, 5, 15)]
    chosen = settings.load(store=tmp_path / "store", cache=True, abstain_below=0.0)
    with Library.open(chosen, create=True, today=lambda: days[0]) as library:
        library.index([write_news(tmp_path / "news", range(4))])
        first = library.ask("Was kosteten die Arbeiten gestern?")
        days.pop(0)
        second = library.ask("Was kosteten die Arbeiten gestern?")
    assert [one.since for one in first.periods] == [date(2024, 5, 13)]
    assert [one.since for one in second.periods] == [date(2024, 5, 14)]


def test_a_reply_that_broke_off_is_not_kept(tmp_path: Path, model: LanguageModelServer) -> None:
    """Ask the model again where the connection broke."""
    with open_with(tmp_path / "store", model, cache=True) as library:
        library.index([write_news(tmp_path / "news", range(4))])
        broken = Reply("Die Arbeiten kosten 1000 Euro [1.3]. Und mehr noch.", cut_after=5)
        model.say(broken, "Die Arbeiten kosten 1000 Euro [1.3].")
        assert library.ask(QUESTION).warnings
        assert not library.ask(QUESTION).warnings
