"""Check that cleaning takes the page out of a scrape and leaves the article whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.cleaning import clean
from rag.ingest.outcomes import Reading
from rag.ingest.reading import read
from rag.ingest.sentences import sentences
from rag.ingest.text import canonical
from tests.ingest.scrapes import scrapes

ARTICLE = """Rostock baut seinen Hafen für Millionen aus

Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut. Das Land übernimmt davon die Hälfte, wie der Minister am Dienstag in Schwerin sagte.

Streit über die Kosten

Kritiker halten den Ausbau des Hafens für zu teuer. Die Anlegestellen seien schon heute nicht ausgelastet, sagen sie, und der Minister habe falsch gerechnet.

Der Minister widersprach am Mittwoch. Der Ausbau rechne sich für Rostock in wenigen Jahren, sagte er, weil dann auch größere Schiffe in den Hafen einlaufen könnten."""


def removed(text: str) -> list[str]:
    """Return what cleaning takes out of a text."""
    return [one.text for one in clean(canonical(text)).removed]


def with_line(line: str, after: str) -> str:
    """Put a line below the one that starts so."""
    rows = ARTICLE.split("\n\n")
    place = next(number for number, row in enumerate(rows) if row.startswith(after)) + 1
    return "\n\n".join([*rows[:place], line, *rows[place:]])


def test_a_hundred_scrapes() -> None:
    """Keep at least .98 of the articles' sentences, and at least .98 of what is kept is theirs."""
    right = kept = wanted = 0
    for scrape in scrapes(100):
        text = clean(canonical(scrape.text)).text
        found = {text[span.start : span.end] for span in sentences(text, scrape.language)}
        own = {
            line[span.start : span.end]
            for line in map(canonical, scrape.lines)
            for span in sentences(line, scrape.language)
        }
        right, kept, wanted = right + len(found & own), kept + len(found), wanted + len(own)
    assert right / kept >= 0.98
    assert right / wanted >= 0.98


def test_a_clean_article_stays_as_it_is() -> None:
    """Take nothing out where there is nothing of a page."""
    assert clean(ARTICLE).text == ARTICLE
    assert clean(ARTICLE).removed == ()


@pytest.mark.parametrize(
    "line",
    [
        "Die Nutzer müssen der Verwendung von Cookies zustimmen, entschied das Gericht in Rostock.",
        "„Wir verwenden Ihre Daten nicht, und Sie können Ihr Konto jederzeit löschen“, sagte der Anbieter.",
        "Sie teilten den Artikel auf Facebook und Twitter, wie der Minister weiter sagte.",
        "Anzeige gegen drei Beamte erstattet",
        "Mehr Geld für kleine Werften",
        "Ist der Hafen zu klein?",
        "Auf den Fotos der Agentur Reuters sind vierzig Schiffe zu sehen, die vor dem Hafen warten (dpa).",
        "„I have never seen such a harbour“, sagte ein Kapitän aus Glasgow.",
        "Der Verlag Springer (Foto: „Bild“) verlor den Prozess um das Urheberrecht nach drei Jahren in Rostock.",
        "Russland übernimmt keine Verantwortung für den Unfall im Hafen, sagte der Sprecher des Kremls.",
    ],
)
def test_what_only_looks_like_a_page_stays(line: str) -> None:
    """Keep what is said about cookies, shares and photos, headings, and speech of any kind."""
    assert removed(with_line(line, "Der Hafen von Rostock wird")) == []


@pytest.mark.parametrize(
    ("box", "gone"),
    [
        (["12 Kommentare", "Antworten", "vor 3 Stunden"], ["12 Kommentare", "Antworten"]),
        (["Lesen Sie auch", "Die Werften haben wieder Arbeit"], ["Lesen Sie auch"]),
        (["Mehr zum Thema", "Neue Kräne für den Hafen", "Meistgelesen"], ["Mehr zum Thema", "Neue Kräne für den Hafen", "Meistgelesen"]),
    ],
)  # fmt: skip
def test_an_article_goes_on_below_a_box(box: list[str], gone: list[str]) -> None:
    """Keep paragraphs below comments and teasers amid the text, a short last one too."""
    short = "Der Ausbau beginnt im Mai."
    text = ARTICLE.replace(
        "\n\nDer Minister widersprach", "\n\n" + "\n".join(box) + "\n\nDer Minister widersprach"
    )
    taken = removed(f"{text}\n\n{short}")
    assert set(gone) <= set(taken) <= set(box)


def test_readers_below_an_article_go() -> None:
    """Take out comments with who wrote them, to the end of the page."""
    told = "Das ist doch wieder typisch für diese Stadt, die Leute fragt ja keiner."
    posts = [
        "Kommentare (2)",
        "kai schrieb am 12.03.2024:",
        told,
        "Antworten",
        "ute, vor 2 Stunden",
        f"Wieso? {told}",
        "Antworten",
    ]
    assert removed(ARTICLE + "\n\n" + "\n".join(posts)) == posts


def test_lists_of_an_article_stay() -> None:
    """Keep the items under a line that announces them, at the end too."""
    text = f"{ARTICLE}\n\nDas Land zahlt für:\n\n- drei Kräne\n- zwei Anleger\n- eine Schleuse"
    assert removed(text) == []


def test_reasons_and_line_numbers() -> None:
    """Say of every line what it was and where it stood."""
    text = canonical(f"Startseite\nAuf Facebook teilen\n{ARTICLE}\n\n17 Kommentare\nAlle Rechte vorbehalten.")
    result = clean(text)
    assert [(one.line, one.reason) for one in result.removed] == [
        (1, "navigation"), (2, "share"), (13, "comments"), (14, "disclaimer"),
    ]  # fmt: skip
    assert all(text.split("\n")[one.line - 1] == one.text for one in result.removed)
    assert result.text == ARTICLE


def test_byline_and_date_below_the_lead_go() -> None:
    """Take out who wrote it when, also where the lead stands above them; a chronicle keeps its dates."""
    rows = ARTICLE.split("\n\n")
    text = "\n\n".join([*rows[:2], "Von Anna Muster, Rostock", "Dienstag, 07.12.2021, 20.35 Uhr", *rows[2:]])
    assert [(one.text, one.reason) for one in clean(text).removed] == [
        ("Von Anna Muster, Rostock", "byline"),
        ("Dienstag, 07.12.2021, 20.35 Uhr", "date"),
    ]
    assert removed(f"{ARTICLE}\n\n7. Dezember 2021\n\n{rows[1].replace('Hafen', 'Kanal')}") == []


def test_what_other_articles_have_too_goes() -> None:
    """Take out lines that are known to stand in other articles of the publisher."""
    line = "Der Hafenfreund sammelt Muscheln und Steine für Sie"
    text = with_line(line, "Der Hafen von Rostock wird")
    assert clean(text, repeated={line}).text == ARTICLE


def test_what_most_texts_of_a_folder_share_is_the_sites(tmp_path: Path) -> None:
    """Learn a site's lines from the folder; copies of one article teach nothing."""
    site = "Der Hafenfreund sammelt Muscheln und Steine für Sie"
    for number in range(5):
        own = ARTICLE.replace("Rostock", f"Ort{number}").replace("Minister", f"Rat{number}")
        rows = own.replace("Kosten", f"Kosten in Ort{number}").split("\n\n")
        (tmp_path / f"{number}.txt").write_text("\n\n".join([*rows[:3], site, *rows[3:]]), encoding="utf-8")
    (made,) = read(tmp_path / "3.txt", "3.txt", 100_000)
    assert isinstance(made, Reading)
    assert [(one.text, one.reason) for one in made.removed] == [(site, "repeated in other articles")]
    copies = tmp_path / "copies"
    copies.mkdir()
    for number in range(5):
        (copies / f"{number}.txt").write_text(ARTICLE, encoding="utf-8")
    (whole,) = read(copies / "3.txt", "3.txt", 100_000)
    assert isinstance(whole, Reading)
    assert whole.article.text == ARTICLE


@given(st.text(alphabet="abcDE .!?:|\n©„“0123", max_size=300))
def test_nothing_is_invented(text: str) -> None:
    """Keep lines of the text in their order, whatever it is; kept and removed are all of it."""
    whole = canonical(text)
    result = clean(whole)
    rows = [row.strip() for row in whole.split("\n") if row.strip()]
    kept = [row.strip() for row in result.text.split("\n") if row.strip()]
    assert sorted(kept + [one.text for one in result.removed]) == sorted(rows)


def test_a_headline_that_a_picture_repeats_stays() -> None:
    """Take out the picture's line with its credit, not the headline it was named after."""
    headline = "Hafenkonferenz der Küstenländer und mögliche Folgen für die Fischerei"
    lead = "(OSTSEEFUNK) - Die Minister der Küstenländer haben am Dienstag in Wismar über neue Fangquoten beraten, und die Fischer warten auf das Ergebnis."
    more = "Die Gespräche waren von beiden Seiten seit dem Sommer vorbereitet worden, weil die Bestände in der Bucht weiter sinken."
    picture = f"{headline} - Bild 1Die Ministerinnen Anna Petrie (l.) und Lena Holm beim Treffen in Wismar. (Foto: Küstenbild)"
    cleaned = clean("\n\n".join((headline, "Bea Timm", lead, picture, more)))
    assert cleaned.headline == headline
    assert cleaned.text == f"{headline}\n\n{lead}\n\n{more}"
