"""Every language of the page says everything, and write dates and numbers as they are written."""

import string
from dataclasses import asdict, replace
from datetime import date
from types import SimpleNamespace

import pytest

from rag import settings
from rag.library import Library
from rag.ui.conversation.suggestions import suggestions
from rag.ui.drawers import answerers
from rag.ui.files import head
from rag.ui.masthead import greeting
from rag.ui.texts.languages import DE, EN, LANGUAGES, Texts, choose, next_language, of, translations
from rag.ui.texts.problems import told


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_a_language_says_everything_with_the_same_gaps(texts: Texts) -> None:
    for key, text in asdict(texts).items():
        assert text, key
        if isinstance(text, str):
            assert _fields(text) == _fields(getattr(EN, key)), key
    assert len(set(texts.months)) == 12
    assert {"de", "en"} <= dict(texts.languages).keys()
    assert dict(texts.guessable).keys() == dict(EN.guessable).keys()
    assert LANGUAGES[texts.language] is texts


def test_gradio_gets_the_same_keys_in_every_language() -> None:
    labels = translations()
    assert labels.keys() == LANGUAGES.keys() >= {"de", "en"}
    assert all(one.keys() == labels["en"].keys() for one in labels.values())
    assert labels["de"]["new_conversation"] == "Neues Gespräch"


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", DE),
        ("de", DE),
        ("DE-at", DE),
        ("en-GB,en;q=0.9,de;q=0.8", EN),
        ("eo-XX,de;q=0.5", EN),
        ("den", EN),
        ("", EN),
        (None, EN),
    ],
)
def test_the_first_language_of_the_browser_decides(header: str | None, texts: Texts) -> None:
    assert choose(header) is texts


def test_a_third_language_is_its_texts_and_its_name_in_the_list(
    monkeypatch: pytest.MonkeyPatch, samples: Library
) -> None:
    """Add one: browsers get it, the page offers it in turn; what it has no form for is said in English."""
    before = list(LANGUAGES.values())
    further = replace(EN, language="eo", own_name="Esperanto", greeting="Saluton", thousands=" ")
    monkeypatch.setitem(LANGUAGES, "eo", further)
    assert choose("eo-XX,en;q=0.8") is of("eo") is further
    assert [next_language(one) for one in (*before, further)] == [*before[1:], further, before[0]]
    assert translations()["eo"]["question_label"] == EN.question_label
    assert f'data-languages="{" ".join(LANGUAGES)}"' in head()
    assert 'lang="eo"' in greeting(True, further) and further.greeting in greeting(True, further)
    assert further.articles(12_345) == "12 345 articles"
    assert told("the question is empty", further) == "the question is empty"
    assert suggestions(samples, further) == suggestions(samples, EN)


def test_dates_and_numbers() -> None:
    assert DE.date(date(2021, 12, 7)) == "7. Dezember 2021"
    assert EN.date(date(2021, 3, 17)) == "17 March 2021"
    assert DE.date(None) == "ohne Datum"
    assert (DE.articles(1), DE.articles(12_345)) == ("1 Artikel", "12.345 Artikel")
    assert (EN.articles(1), EN.articles(12_345)) == ("1 article", "12,345 articles")


def test_languages_have_names() -> None:
    assert (DE.language_name("en"), EN.language_name("de"), EN.language_name("pt")) == (
        "Englisch",
        "German",
        "PT",
    )
    assert of("de") is DE and of("eo") is EN


@pytest.mark.parametrize(
    ("chosen", "said", "unsaid"),
    [
        ({}, "Nothing leaves this machine", "another machine"),
        ({"embedding_url": "http://127.0.0.1:8080"}, "Nothing leaves this machine", "another machine"),
        ({"embedding_url": "https://tei.example"}, "texts of articles go to another", "Nothing leaves"),
        ({"chroma_url": "http://localhost:8000"}, "Nothing leaves this machine", "another machine"),
        ({"chroma_url": "http://chroma:8000"}, "kept on another machine", "Nothing leaves"),
    ],
)
def test_the_page_says_what_leaves_the_machine(chosen: dict[str, str], said: str, unsaid: str) -> None:
    here = SimpleNamespace(offered=lambda: ("ollama:qwen3:4b",))
    library = SimpleNamespace(model="extractive", settings=settings.load(**chosen), remote=False, models=here)
    known = answerers(library, EN)  # type: ignore[arg-type]
    assert [value for value, _, _ in known] == ["", "ollama:qwen3:4b"]
    for _, _, line in known:
        assert said in line and unsaid not in line
