"""The article view: the window of a long text, the marked quote, the shaded passage."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.schema import Article, Span
from rag.ui.article.place import Place, as_now, checksum, place
from rag.ui.article.reader import RADIUS, article_markup, window
from rag.ui.texts.languages import DE
from tests.ui.samples import ARTICLE, QUOTE, SOURCE, TEXT


def _marked(markup: str) -> list[str]:
    return [html.unescape(mark) for mark in re.findall(r"<mark[^>]*>(.*?)</mark>", markup)]


def test_the_quote_is_marked_exactly() -> None:
    markup = article_markup(ARTICLE, Place("a.md", QUOTE), DE)
    assert _marked(markup) == [TEXT[QUOTE.start : QUOTE.end]]


@given(st.text("ab.\n ", min_size=2, max_size=80), st.data())
def test_marks_together_are_the_quote_whatever_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    markup = article_markup(Article(SOURCE, text), Place("a.md", Span(start, end), Span(0, len(text))), DE)
    lines = [line for line in text[start:end].split("\n") if line]
    marked = "".join(_marked(markup)).replace(" ", "")
    assert marked == "".join(lines).replace(" ", "")


def test_the_passage_is_shaded_by_lines_and_in_parts_of_lines() -> None:
    whole = article_markup(ARTICLE, Place("a.md", QUOTE, Span(0, len(TEXT))), DE)
    assert whole.count('<p class="qc-shaded">') == 2 and 'class="qc-heading qc-shaded"' in whole
    part = article_markup(ARTICLE, Place("a.md", None, Span(0, 14)), DE)
    assert '<span class="qc-shaded">Erster Absatz.</span>' in part


def test_list_items_are_no_headings() -> None:
    text = "Es gibt drei Punkte.\n\nerster Punkt\nzweiter Punkt\n\nDas war es schon."
    assert "qc-heading" not in article_markup(Article(SOURCE, text), Place("a.md"), DE)


def test_short_articles_are_shown_whole_without_a_notice() -> None:
    markup = article_markup(ARTICLE, Place("a.md", QUOTE), DE)
    assert "Von Autorin" in markup and "qc-note" not in markup and "qc-step" not in markup


def test_of_a_very_long_article_only_a_part_is_sent() -> None:
    text = "Ein Satz steht hier.\n" * 200_000
    middle = 2_000_000
    quote = Span(text.index("Ein", middle), text.index("Ein", middle) + 20)
    markup = article_markup(Article(SOURCE, text), Place("a.md", quote, middle=quote.start), DE)
    assert _marked(markup) == ["Ein Satz steht hier."]
    assert len(markup) < 4 * RADIUS and markup.count("qc-step") == 2
    assert "von 4.200.000" in html.unescape(markup)


def test_whoever_goes_on_reading_goes_on_where_the_part_ended() -> None:
    text = "".join(f"Satz {number} steht hier.\n" for number in range(20_000))
    first = article_markup(Article(SOURCE, text), Place("a.md"), DE)
    (end,) = re.findall(r'data-middle="(\d+)"', first)
    more = article_markup(Article(SOURCE, text), place({"article": "a.md", "middle": end}), DE)
    (here,) = re.findall(r'<span class="qc-here"></span>(.*?)</p>', more)
    assert text[int(end) :].lstrip().startswith(html.unescape(here))
    assert "qc-here" not in first
    line = "Ein Satz ohne Ende und " * 20_000  # is cut in the middle
    (here,) = re.findall(
        r'class="qc-here"></span>(.{20})',
        article_markup(Article(SOURCE, line), place({"article": "a.md", "middle": 90_001}), DE),
    )
    assert here == line[90_001:90_021]


def test_a_place_behind_the_end_marks_nothing() -> None:
    markup = article_markup(ARTICLE, Place("a.md", Span(0, 9_999)), DE)
    assert _marked(markup) == [] and "seither geändert" in html.unescape(markup)


@given(st.integers(-5, 400), st.integers(1, 60))
def test_windows_stay_inside_and_hold_their_middle(middle: int, radius: int) -> None:
    text = "eine Zeile\n" * 30
    start, end = window(text, middle, radius)
    inside = min(max(middle, 0), len(text))
    assert 0 <= start <= inside <= end <= len(text)


@pytest.mark.parametrize("asked", [None, "a.md", {}, {"article": 1}, {"article": None}, ["a.md"]])
def test_a_place_needs_an_article(asked: object) -> None:
    with pytest.raises(ValueError, match="article's id"):
        place(asked)


@pytest.mark.parametrize("start", ["-1", "x", "1e3", None, 3.5, True, "9" * 40])
def test_numbers_that_make_no_span_are_left_out(start: object) -> None:
    assert place({"article": "a", "start": start, "end": "9"}) == Place("a")


def test_a_place_is_read_from_what_the_browser_sends() -> None:
    asked = {"article": "a", "start": "3", "end": "9", "from": "0", "to": "20"}
    assert place(asked) == Place("a", Span(3, 9), Span(0, 20), 3)
    assert place(asked | {"middle": "500"}).middle == 500
    assert place({"article": "a", "start": 9, "end": 3}).quote is None


def test_a_quote_is_known_again_in_an_article_that_was_changed() -> None:
    quote = TEXT[QUOTE.start : QUOTE.end]
    where = Place("a.md", QUOTE, Span(0, 14), QUOTE.start, checksum(quote))
    assert _marked(article_markup(ARTICLE, where, DE)) == [quote]
    moved = article_markup(Article(SOURCE, "Ein Nachtrag. " + TEXT), where, DE)
    assert _marked(moved) == [quote] and "qc-note" not in moved


def test_a_sentence_that_is_gone_is_not_replaced_by_what_stands_in_its_place() -> None:
    where = Place("a.md", QUOTE, None, QUOTE.start, checksum(TEXT[QUOTE.start : QUOTE.end]))
    markup = article_markup(Article(SOURCE, TEXT.replace("das Zitat", "etwas anderes")), where, DE)
    assert _marked(markup) == [] and "qc-shaded" not in markup
    assert "seither geändert" in html.unescape(markup)


def test_a_hostile_article_stays_text() -> None:
    text = "<script>alert(1)</script>\n<img src=x onerror=alert(1)> ${alert(1)}"
    hostile = Article(replace(SOURCE, title='"><b>', author="<i>"), text)
    markup = article_markup(hostile, Place("a.md", Span(0, 8)), DE)
    assert "<script" not in markup and "<img" not in markup and "<b>" not in markup and "<i>" not in markup
    assert _marked(markup) == ["<script>"]


def test_a_passage_is_known_again_and_what_is_gone_is_not_replaced() -> None:
    where = Place("a.md", None, Span(0, 14), 0, checksum(TEXT[:14]))
    assert as_now(where, TEXT) == (where, True)
    moved, stands = as_now(where, "Ein Nachtrag. " + TEXT)
    assert stands and moved.passage == Span(14, 28) and moved.middle == 14
    gone, stands = as_now(where, TEXT[14:])
    assert not stands and gone.passage is None and gone.quote is None


def test_a_span_that_no_sentence_or_passage_has_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[int] = []

    def counting(text: str) -> str:
        hashed.append(len(text))
        return "00000000"

    monkeypatch.setattr("rag.ui.article.place.checksum", counting)
    text = "Ein Wort nach dem andern. " * 2_000
    assert as_now(Place("a.md", Span(0, 40_000), check="ffffffff"), text)[1] is False
    assert sum(hashed) <= 40_000
