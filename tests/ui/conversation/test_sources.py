"""The cards of the sources panel."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from rag.schema import Citation, Span
from rag.ui.conversation.sources import empty_panel, panel, uncited
from rag.ui.markup import unescape
from rag.ui.texts.languages import DE, EN
from tests.ui.samples import QUOTE, SOURCE, TEXT, abstention, answer


def test_a_card_names_its_article_and_quotes_it() -> None:
    markup = panel(answer(), 4, DE)
    for part in ("Blatt", "7. Dezember 2021", "Deutsch", "Ein Titel", "<q lang=", "Hier steht das Zitat."):
        assert part in markup
    assert f'data-cite="4-1" data-article="a.md" data-start="{QUOTE.start}" data-end="{QUOTE.end}"' in markup
    assert f'data-from="{QUOTE.start}" data-to="{len(TEXT)}"' in markup
    assert "7 December 2021" in panel(answer(), 4, EN)


def test_quotes_of_one_article_share_a_card() -> None:
    one = answer().citations[0]
    two = Citation("[2]", SOURCE, replace(QUOTE, start=0, end=14), TEXT[:14], 0.5)
    markup = panel(answer("A [1] b [2].", citations=(one, two)), 1, DE)
    assert markup.count('class="qc-card"') == 1 and markup.count("<q ") == 2


def test_what_was_read_but_not_cited_is_folded_away() -> None:
    read = uncited(answer().hits, answer().citations)
    assert [(hit.passage.start, hit.passage.end) for hit in read] == [(0, 14)]
    assert "Gelesen, aber nicht zitiert" in panel(answer(), 1, DE)
    assert "<details" not in panel(answer(final=False), 1, DE)


def test_an_abstention_offers_its_nearest_passages() -> None:
    markup = panel(abstention(), 1, DE)
    assert "Nächstliegende Passagen" in markup and "Erster Absatz." in markup


def test_the_original_is_linked_only_where_it_is_a_web_address() -> None:
    assert 'href="https&#58;&#47;&#47;blatt.example&#47;a"' in panel(answer(), 1, DE)
    hostile = replace(SOURCE, url="javascript:alert(1)", publisher=None, published=None)
    markup = panel(answer(source=hostile), 1, DE)
    assert "qc-original" not in markup and "Herausgeber unbekannt" in markup and "ohne Datum" in markup


def test_hostile_titles_and_quotes_stay_text() -> None:
    hostile = replace(
        SOURCE, id='a" onclick="x', title="<img src=x onerror=alert(1)>", publisher="${alert(1)}"
    )
    markup = panel(answer(source=hostile), 1, DE)
    assert "<img" not in markup and "${" not in markup and 'onclick="' not in markup


def test_an_empty_panel_explains_itself() -> None:
    assert "ganze Artikel" in empty_panel(DE)
    assert "qc-empty" not in empty_panel(DE, turn=1)


def test_other_articles_that_tell_the_same_are_named_and_can_be_opened() -> None:
    other = replace(SOURCE, id="b.md", publisher="<i>", published=date(2021, 12, 8))
    (citation,) = answer().citations
    fields = {name: getattr(citation, name) for name in citation.__dataclass_fields__}
    told = SimpleNamespace(**(fields | {"also_in": (other,)}))
    markup = panel(answer(citations=(told,)), 1, DE)
    assert 'data-open="b.md"' in markup and "8. Dezember 2021" in markup and "<i>" not in markup
    assert "qc-also" not in panel(answer(), 1, DE)


def test_different_figures_are_told_in_one_statement_each_with_its_day_and_marker() -> None:
    counts = {7: "94.000", 9: "175.000", 8: "120.000"}
    cited = tuple(
        Citation(f"[{number}]", replace(SOURCE, id=f"{day}.md", published=date(2021, 12, day)),
                 Span(0, 9), f"An der Grenze zur Ukraine stehen {count} Soldaten.", 1.0)
        for number, (day, count) in enumerate(counts.items(), start=1)
    )  # fmt: skip
    shown = answer("A [1] b [2] c [3].", citations=cited, hits=())
    for texts, words in (
        (DE, "Die Artikel nennen verschiedene Zahlen: „94.000_Soldaten“ (7. Dezember 2021 [1]), "
             "„120.000_Soldaten“ (8. Dezember 2021 [3]) und „175.000_Soldaten“ (9. Dezember 2021 [2])."),
        (EN, "The articles give different figures: “94.000_Soldaten” (7 December 2021 [1]), "
             "“120.000_Soldaten” (8 December 2021 [3]) and “175.000_Soldaten” (9 December 2021 [2])."),
    ):  # fmt: skip
        (note,) = re.findall('<p class="qc-differing">.*?</p>', panel(shown, 1, texts))
        assert unescape(re.sub("<[^>]+>", "", note)) == words.replace("_", "\N{NO-BREAK SPACE}")
        assert re.findall('href="#q1-([0-9])"', unescape(note)) == ["1", "3", "2"]


def test_figures_that_a_correction_puts_right_are_not_told_to_differ_as_well() -> None:
    by = replace(SOURCE, id="b.md", title="Korrektur: Ein Titel", published=date(2021, 12, 9))
    third = replace(SOURCE, id="c.md", title="Ein dritter", published=date(2021, 12, 10))
    cited = tuple(
        Citation(f"[{number}]", source, Span(0, len(quote)), quote, 1.0)
        for number, (source, quote) in enumerate(
            [
                (SOURCE, "An der Grenze zur Ukraine stehen 94.000 Soldaten."),
                (
                    by,
                    f"In „{SOURCE.title}“ hieß es falsch: An der Grenze zur Ukraine stehen 175.000 Soldaten.",
                ),
                (third, "An der Grenze zur Ukraine stehen 20.000 Soldaten."),
            ],
            start=1,
        )
    )
    markup = unescape(panel(answer("A [1] b [2] c [3].", citations=cited, hits=()), 1, DE))
    notes = [one for one in markup.split("<p ") if "qc-differing" in one]
    assert "berichtigt" in notes[0]
    assert len(notes) == 2 and "175.000" in notes[1] and "20.000" in notes[1] and "94.000" not in notes[1]


def test_a_correction_without_a_date_is_told_in_a_whole_sentence() -> None:
    by = replace(SOURCE, id="b.md", title="Korrektur: Ein Titel", published=None)
    cited = tuple(
        Citation(f"[{number}]", source, Span(0, 14), "Erster Absatz.", 1.0)
        for number, source in enumerate((SOURCE, by), start=1)
    )
    (german, english) = (
        unescape(panel(answer("A [1] b [2].", citations=cited, hits=()), 1, texts)) for texts in (DE, EN)
    )
    assert "Ein Artikel (ohne Datum) ist die Berichtigung eines früheren." in german
    assert "An article (undated) is a correction of an earlier one." in english
