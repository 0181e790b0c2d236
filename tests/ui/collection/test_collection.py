"""The collection view's words: filters as the browser sends them, lists, outcomes, hostile titles."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.indexing import IndexReport
from rag.schema import Filter, Listed
from rag.ui.article.place import Place
from rag.ui.article.reader import article_markup
from rag.ui.collection.adding import Adding, Run
from rag.ui.collection.forms import edit_fields
from rag.ui.collection.listing import SHOWN_AT_MOST, chip, chosen_filter, entries, options
from rag.ui.collection.progress import progress_markup
from rag.ui.markup import unescape
from rag.ui.texts.languages import DE, EN
from tests.ui.samples import ARTICLE, SOURCE


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (None, Filter()),
        ({"since": "", "publisher": ""}, Filter()),
        ({"since": "2021-02-30", "until": 3, "publisher": {}, "language": None}, Filter()),
        ({"since": "2022-01-01", "until": "2021-01-01"}, Filter(date(2021, 1, 1), date(2022, 1, 1))),
        ({"publisher": "Blatt", "language": ["de"]}, Filter(publishers=("Blatt",), languages=("de",))),
    ],
)
def test_a_filter_is_read_from_whatever_the_browser_sends(asked: object, chosen: Filter) -> None:
    assert chosen_filter(asked) == chosen


def test_a_hostile_article_is_listed_as_text() -> None:
    hostile = replace(SOURCE, id='"><script>', title="<b>${x}{{y}}", publisher="<i>", url="javascript:x")
    markup = (
        entries(Listed((hostile,), 1, 1), DE)
        + options(["<i>"], ["<i>"], DE)
        + chip(Filter(publishers=("<i>",)), 1, 0, DE)
    )
    assert "<script" not in markup and "<b>" not in markup and "<i>" not in markup
    assert "${" not in markup and "{{" not in markup and "javascript:" not in markup


def test_guessed_fields_are_named_in_the_list_and_above_the_article() -> None:
    guessed = replace(SOURCE, guessed=frozenset({"published", "title"}))
    shown = Place("a.md")
    for texts, words in (
        (DE, "Aus dem Text vermutet: Titel, Datum"),
        (EN, "Guessed from the text: title, date"),
    ):
        assert words in unescape(entries(Listed((guessed,), 1, 1), texts))
        assert words in unescape(article_markup(replace(ARTICLE, source=guessed), shown, texts))
        assert "qc-guessed" not in entries(Listed((SOURCE,), 1, 1), texts) + article_markup(
            ARTICLE, shown, texts
        )


def test_a_form_holds_what_is_known_and_asks_about_guesses_only() -> None:
    hostile = replace(
        SOURCE, title='"><b>', author=None, language="pl", guessed=frozenset({"published", "language"})
    )
    markup = edit_fields(hostile, DE)
    assert "<b>" not in markup and "2021-12-07" in unescape(markup)
    assert markup.count('type="checkbox"') == 2
    assert 'type="url" name="url"' in markup
    bare = edit_fields(replace(SOURCE, url="www.blatt.example/a"), DE)
    assert 'type="text" name="url"' in bare  # a browser would let nothing be saved
    assert 'value="pl" selected="selected"' in markup and markup.count(' selected="') == 1


def test_more_articles_are_offered_than_are_shown() -> None:
    many = tuple(replace(SOURCE, id=str(number)) for number in range(50))
    markup = entries(Listed(many, 60, 70), EN)
    assert markup.count("<li") == 50 and "qc-more-articles" in markup and "10" in markup
    assert "Weitere zeigen: 10" in unescape(entries(Listed(many, 60, 70), DE))
    most = many[:1] * SHOWN_AT_MOST
    ended = entries(Listed(most, SHOWN_AT_MOST + 1, 70), EN)
    assert "The first 5,000 are shown" in unescape(ended) and "qc-more-articles" not in ended
    assert "qc-empty" not in entries(Listed(most, SHOWN_AT_MOST, 70), EN)
    assert "qc-more-articles" not in entries(Listed(many, 50, 70), EN) and entries(Listed((), 0, 3), EN) == ""


def test_what_limits_the_answers_is_said_in_words() -> None:
    assert chip(Filter(), 3, 0, DE) == ""
    assert "2021" in chip(Filter(since=date(2021, 1, 1)), 3, 2, EN) and "2" in chip(
        Filter(since=date(2021, 1, 1)), 3, 2, EN
    )


def test_failures_are_told_file_by_file_in_the_language_of_the_page() -> None:
    from rag.ingest.outcomes import Failure

    report = IndexReport(added=["a"], failed=[Failure("/tmp/x/leer.txt", "it holds no text", "")])
    markup = progress_markup(Run(report=report), DE)
    assert "leer" in markup and "kein Text" in markup and "tmp" not in markup
    report.warnings = [("https://blatt.example/feed", "3 older addresses were left out (--limit)")]
    assert "3 ältere Adressen wurden ausgelassen" in unescape(progress_markup(Run(report=report), DE))
    assert "Darin" in progress_markup(Run(error=InputError("it holds no text")), DE)


def test_progress_of_a_feed_counts_its_articles() -> None:
    markup = progress_markup(Run(total=1, articles=12, share=0.25), EN)
    assert "0 of 1 read, 12 articles" in unescape(markup) and 'value="0.250"' in markup


def test_what_is_kept_never_replaces_another_text(tmp_path: Path) -> None:
    adding = Adding(None, tmp_path)  # type: ignore[arg-type]
    places = []
    for text in ("eins", "zwei", "eins"):
        upload = tmp_path / "upload"
        upload.write_text(text)
        places.append(adding.keep(upload, "../../a b?.TXT"))
    assert [place.name for place in places] == ["a b.txt", "a b 2.txt", "a b.txt"]
    assert all(place.parent == tmp_path / "added" for place in places)


def test_pasted_text_keeps_what_is_known_of_it(tmp_path: Path) -> None:
    adding = Adding(None, tmp_path)  # type: ignore[arg-type]
    place = adding.write("Ein Text.", {"title": "A: b", "published": "2021-12-07", "url": " ", "id": "x"})
    assert place.read_text() == "---\ntitle: 'A: b'\npublished: '2021-12-07'\n---\nEin Text.\n"
    assert adding.write("Nur Text.", {}).read_text() == "Nur Text.\n"
    with pytest.raises(InputError):
        adding.write(" ", {})
