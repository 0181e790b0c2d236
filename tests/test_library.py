"""Check what a person or a program does with a collection: open, search, ask, stream."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from langchain_core.documents import Document

from rag import settings
from rag.errors import (
    ModelError,
    NotFoundError,
    QuellenchatError,
    QuestionError,
    SettingsError,
    StoreError,
    StoreMismatchError,
)
from rag.library import Library
from rag.schema import Abstention, Answer
from rag.store import exists, read_manifest, write_manifest
from tests.stores import agree, write_news

NATO = {"de": "Was forderte Putin bezüglich der NATO?", "en": "What did Putin demand regarding NATO?"}
UNANSWERABLE = {
    "de": "Wie viele Einwohner hat die Hauptstadt von Peru?",
    "en": "Which team won the basketball championship in Brazil?",
}


# -- opening ----------------------------------------------------------------------------------------------


def test_opening_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    """Say how to begin, and leave no folder behind."""
    with pytest.raises(StoreError, match="no collection") as caught:
        Library.open(settings.load(store=tmp_path / "weg"))
    assert "rag index" in caught.value.hint
    assert not (tmp_path / "weg").exists()


def test_opening_twice_is_possible(store: Path) -> None:
    """Let two libraries of one process ask the same store."""
    with Library.open(settings.load(store=store)) as one, Library.open(settings.load(store=store)) as two:
        assert one.articles() == two.articles()
        assert one.search(NATO["de"], 3) == two.search(NATO["de"], 3)


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    ("change", "setting"),
    [({"embedding_model": "other@1"}, "RAG_EMBEDDING_MODEL"), ({"dimension": 768}, "RAG_EMBEDDING_MODEL"),
     ({"chunking": "passages of 60 words, version 1"}, "RAG_PASSAGE_WORDS")],
)  # fmt: skip
def test_a_store_of_another_making_is_refused_and_kept(
    store: Path, change: dict[str, object], setting: str, create: bool
) -> None:
    """Refuse to mix, say which setting helps, and change nothing."""
    import dataclasses

    right = read_manifest(store)
    write_manifest(store, dataclasses.replace(right, **change))  # type: ignore[arg-type]
    before = (store / "articles.sqlite").read_bytes()
    with pytest.raises(StoreMismatchError) as caught:
        Library.open(settings.load(store=store), create=create)
    assert setting in caught.value.hint
    assert (store / "articles.sqlite").read_bytes() == before
    write_manifest(store, right)
    assert agree(store)


def test_passage_words_are_part_of_the_making(store: Path) -> None:
    """Refuse other settings for an existing store; take them for a new one."""
    with pytest.raises(StoreMismatchError, match="60 words"):
        Library.open(settings.load(store=store, passage_words=60))


def test_smaller_passages_make_more_of_them(tmp_path: Path) -> None:
    """Cut a new store as the settings say."""
    folder = write_news(tmp_path / "news", range(1))
    long = folder / "000.txt"
    long.write_text("Der Rat beriet lange über den Bau einer Brücke am Fluss. " * 40, encoding="utf-8")
    counts = []
    for words in (60, 240):
        with Library.open(
            settings.load(store=tmp_path / str(words), passage_words=words), create=True
        ) as made:
            made.index([folder])
            counts.append(len(made.search("Was beriet der Rat?", 50)))
    assert counts[0] > counts[1] > 0


@pytest.mark.parametrize("path", ["/proc/version/store", "/dev/null"])
def test_a_store_that_cannot_be_made_is_named(path: str) -> None:
    """Say so in one line."""
    with pytest.raises(StoreError, match="cannot be made") as caught:
        Library.open(settings.load(store=path), create=True)
    assert "--store" in caught.value.hint


def test_an_embedding_model_that_is_not_there_makes_no_store(tmp_path: Path) -> None:
    """Name the folder that holds no model, and the bundled one as the way out."""
    chosen = settings.load(store=tmp_path / "store", embedding_model=str(tmp_path / "kein-modell"))
    with pytest.raises(ModelError, match="kein-modell") as caught:
        Library.open(chosen, create=True)
    assert "bundled" in caught.value.hint
    assert not exists(tmp_path / "store")


def test_settings_that_make_no_sense_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Name the variable, the value and what is wrong with it."""
    monkeypatch.setenv("RAG_PASSAGES", "viele")
    with pytest.raises(SettingsError, match="RAG_PASSAGES='viele'"):
        settings.load(store=tmp_path)


def test_settings_come_from_variables_and_options_win(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Read RAG_* and `.env`, in the order option, variable, file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("RAG_PASSAGES=3\nRAG_LLM=none\nRAG_LLM_API_KEY=geheim\nOTHER=x\n")
    assert settings.load().passages == 3
    monkeypatch.setenv("RAG_PASSAGES", "4")
    assert settings.load().passages == 4
    assert settings.load(passages=5).passages == 5
    assert settings.load(passages=None).passages == 4
    assert settings.load().model_name() is None
    assert "geheim" not in repr(settings.load())


def test_a_store_at_home_is_found_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Read ~ in `.env`, where no shell does; refuse a store without a name, which would be this folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / ".env").write_text("RAG_STORE=~/news\nRAG_USERS=~/people.json\n")
    assert settings.load().store == tmp_path / "home" / "news"
    assert settings.load().users == tmp_path / "home" / "people.json"
    for wrong in ("", " ", "~niemand-mit-diesem-namen/news"):
        monkeypatch.setenv("RAG_STORE", wrong)
        with pytest.raises(SettingsError, match="RAG_STORE="):
            settings.load()


def test_an_env_file_in_another_encoding_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("RAG_STORE=Küste\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8"):
        settings.load()


@pytest.mark.parametrize(
    ("database", "remote"),
    [
        ("postgresql:///news", False),
        ("postgresql:///news?host=/run/postgresql", False),
        ("postgresql://localhost/news", False),
        ("postgresql:///news?host=db.example.org", True),
        ("postgresql://db.example.org/news", True),
    ],
)
def test_a_database_on_another_machine_is_known_as_one(database: str, remote: bool) -> None:
    assert settings.load(database_url=database).remote_store is remote


@pytest.mark.parametrize("name", ["was?", "50%25", "a#b"])
def test_a_store_may_lie_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    with Library.open(settings.load(store=tmp_path / name), create=True) as library:
        assert library.count() == 0
    assert (tmp_path / name / "articles.sqlite").is_file()


# -- asking -----------------------------------------------------------------------------------------------


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
