"""Check that cleaning takes the page out of a scrape and leaves the article whole."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.cleaning.clean import clean
from rag.ingest.outcomes import Reading
from rag.ingest.reading import read
from rag.ingest.text.characters import canonical
from rag.ingest.text.sentences import sentences
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


@pytest.mark.parametrize(
    "line",
    [
        "Der Kanzler sagte zu Bild: Das ist nicht wahr und war es auch nie.",
        "Im Interview mit Bild: „Das ist nicht wahr“, sagte er über die Vorwürfe am Abend.",
        "Die Folgen",
        "Die Antwort",
        "Das Konto",
        "The Vote",
    ],
)
def test_words_of_pages_in_an_article_stay(line: str) -> None:
    """Keep a paper's name before a colon, and a heading of one noun between two paragraphs."""
    rows = ARTICLE.split("\n\n")
    assert removed("\n\n".join([*rows[:2], line, *rows[3:]])) == []


@pytest.mark.parametrize("answer", ["Nein.", "Ja.", "Kein Kommentar.", "Bitte nicht."])
def test_an_answer_below_its_question_stays(answer: str) -> None:
    """Keep what buttons say, too, where it ends with a full stop and a question stands above it."""
    rows = ARTICLE.split("\n\n")
    asked = "Frage: Werden Sie den Ausbau des Hafens noch in diesem Jahr beginnen?"
    assert removed("\n\n".join([*rows[:2], asked, answer, *rows[3:]])) == []


def test_an_interview_keeps_its_first_answers() -> None:
    """Begin the article at the first question that is answered, however short."""
    rows = [
        "Strompreise: Wann wird es wieder billiger?",
        "Frau Voss, steigen die Preise weiter?",
        "Ja.",
        "Warum?",
        "Weil das Netz ausgebaut wird und weil die Kraftwerke an der Küste im Winter mehr Gas brauchen.",
        "Und wann endet das?",
        "Das weiß in der Stadt im Augenblick niemand, auch wir in den Stadtwerken wissen es nicht.",
    ]
    assert removed("\n\n".join(rows)) == []


def test_a_speech_keeps_what_sounds_like_a_notice() -> None:
    """Count short sentences, too, where an article speaks to its readers."""
    rows = [
        "Rede der Bürgermeisterin an die Stadt",
        "Liebe Bürger, der Winter war lang und die Arbeit in den Häusern der Stadt war schwer für alle.",
        "Bleiben Sie gesund.",
        "Bitte unterstützen Sie unsere Ärzte. Folgen Sie den Regeln, die für die Leser der Bibliothek gelten.",
        "Achten Sie auf sich.",
        "Wir müssen unsere Freiheit teilen und unser Konto an Vertrauen nicht überziehen.",
        "Der Frühling kommt bald in die Stadt und mit ihm kommen die Boote zurück in den Hafen.",
    ]
    assert removed("\n\n".join(rows)) == []


def test_reasons_name_what_a_line_is() -> None:
    """Say of a line of several kinds of widgets what it is for."""
    page = f"Skip to main content\nPosted 12/07/2021 4:15 PM\nJetzt anmelden\n{ARTICLE}"
    assert [one.reason for one in clean(canonical(page)).removed] == ["navigation", "date", "login"]


@pytest.mark.parametrize(
    "tail",
    [
        ["Programm am Freitag:", "18 Uhr Eröffnung durch die Bürgermeisterin", "19 Uhr Konzert der Band Nordlicht"],
        ["10.00 Uhr: Bundestag berät über den Haushalt", "14:30 Uhr Feuerwerk am Hafen"],
        ["1891: Geburt in Hamburg", "1930: Der blaue Engel", "1960: Tod in Kempfenhausen"],
        ["„So kann es nicht weitergehen“"],
        ["Statistik", "Rostock – Hamburg 2:1", "Zuschauer: 21.300"],
        ["Foto: Anna Muster/dpa", "Zuschauer: 21.300"],
    ],
)  # fmt: skip
def test_what_ends_an_article_stays(tail: list[str]) -> None:
    """Keep programmes, chronicles, results and a last quotation; below a box of the site they go."""
    credit = [line for line in tail if line.startswith("Foto")]
    assert removed("\n\n".join([ARTICLE, *tail])) == credit
    gone = removed("\n\n".join([ARTICLE, "Mehr zum Thema", *tail]))
    assert set(gone) == {"Mehr zum Thema", *tail}


@pytest.mark.parametrize(
    "headline", ["Kiew brennt", "Trump siegt", "Putin droht", "Mann stirbt", "Alles anders"]
)
def test_a_short_headline_stays(headline: str) -> None:
    """Take the only line above the text for its headline, a name or a section excepted."""
    rows = ARTICLE.split("\n\n")
    cleaned = clean("\n\n".join([headline, *rows[1:]]))
    assert (cleaned.headline, cleaned.removed) == (headline, ())
    assert clean("\n\n".join(["Hafenausbau", *rows[1:]])).headline == "Hafenausbau"
    for line in ("Anna Muster", "Politik", "Mein Konto", "Sonderseite"):
        assert removed("\n\n".join([line, *rows[1:]])) == [line]


@pytest.mark.parametrize("words", ["Anna Berta Clara ", "der ‚ab ", "Sie kam zu der Stadt. "])
def test_a_long_line_takes_no_more_than_its_length(words: str) -> None:
    """Take for four times the line no sixteen times the time."""

    def seconds(size: int) -> float:
        start = time.process_time()
        clean(f"{ARTICLE}\n\n{(words * size)[:size].strip()}")
        return time.process_time() - start

    clean(ARTICLE)
    assert seconds(100_000) < 10 * max(seconds(25_000), 0.2)
