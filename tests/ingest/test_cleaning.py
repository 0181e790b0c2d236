"""Check that cleaning takes the page out of a scrape and leaves the article whole."""

import time
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
    for line in ("Anna Muster", "Politik", "Mein Konto"):
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


@pytest.mark.parametrize("end", ["dpa/AFP", "dpa / AFP", "dpa/lno", "(dpa/AFP)", "© dpa"])
def test_a_paragraph_that_its_agencies_sign_stays(end: str) -> None:
    """Take no sign-off for a picture credit: the paragraph would go with it."""
    assert removed(f"{ARTICLE} Gebaut wird ab Mai. {end}") == []


@pytest.mark.parametrize(
    "line",
    [
        "Die Fischer warten im Hafen. APA / Georg Muster",
        "Georg Muster / NZZ",
        "« Der Hafen im Winter",
        "Wo die Boote schlafen »",
        "Strandpost – Sonnabend, 11. Mai 2019 – Seite 8",
    ],
)
def test_lines_with_the_signs_of_a_page_go(line: str) -> None:
    """Take out credits with a slash, the posts before and after, and the heads of printed pages."""
    assert removed(with_line(line, "Der Hafen von Rostock wird")) == [line]


def test_a_heading_below_a_list_of_links_stays() -> None:
    """Keep the line whose words the paragraph below it takes up; an interview among the links goes."""
    links = ["Mehr zum Thema", "Wer zahlt?", 'Interview: "Das reicht hinten und vorne nicht"']
    box = "\n\n".join([*links, "Widerspruch des Ministers"])
    text = ARTICLE.replace("\n\nDer Minister widersprach", f"\n\n{box}\n\nDer Minister widersprach")
    assert removed(text) == links


def test_a_live_ticker_keeps_its_entries() -> None:
    """Take what the ticker is about for its headline, and keep the headings of its entries."""
    told = ARTICLE.split("\n\n")[1:]
    rows = [
        "Live-Blog: Sturmflut an der Küste – Wismar ruft die höchste Stufe aus",
        "Stand: 17. September 2024, 21:10 Uhr",
        *("21:04 Uhr", "Hafen wächst", told[0], "19:37 Uhr", "Kritik", told[2], "18:15 Uhr", "Antwort des Ministers", told[3]),
    ]  # fmt: skip
    cleaned = clean("\n\n".join(rows))
    assert cleaned.headline == rows[0]
    assert {"Hafen wächst", "Antwort des Ministers", *told[2:]} <= set(cleaned.text.split("\n\n"))


def test_who_the_writer_is_goes() -> None:
    """Take out the line that introduces who stands in the byline, and nobody else."""
    rows = ARTICLE.split("\n\n")
    told = "Ms. Pennerton is an economist and was the deputy director of the harbour office."
    assert removed("\n\n".join([rows[0], "By Ruth Pennerton", told, *rows[1:]])) == [
        "By Ruth Pennerton",
        told,
    ]
    assert removed("\n\n".join([rows[0], "By Tom Hale", told, *rows[1:]])) == ["By Tom Hale"]


def test_figures_with_a_currency_end_an_article() -> None:
    """Keep the rows of a table below the text, in dollars too."""
    assert removed(f"{ARTICLE}\n\nPrice of a berth: $98.70\n\nGermany: $11.00") == []


def test_a_section_is_no_headline() -> None:
    """Take the line that says something, not the section or the site's motto above it."""
    rows = ARTICLE.split("\n\n")[1:]
    for above in ("Hafen Politik & Minister", "alles über den Hafen und den Minister"):
        assert clean("\n\n".join([above, "Minister baut Hafen für Millionen aus", *rows])).headline == (
            "Minister baut Hafen für Millionen aus"
        )


def test_an_offer_goes_with_all_its_lines() -> None:
    """Take out what stands between two lines of an offer, its list and its calls."""
    offer = [
        "Dear Harbourline reader",
        "Subscribe now for unrestricted access to Harbourline.",
        "Unlimited access on desktop and mobile",
        "All premium articles and analysis",
        "Harbourline is the only independent source on the coast.",
        "We value your support.",
        "If you already have an account click here to login.",
    ]
    rows = ARTICLE.split("\n\n")
    assert removed("\n\n".join([*rows[:2], *offer, *rows[3:]])) == offer
    asked = [
        "Wollen Sie wissen, was die Woche bringt?",
        "Alle Termine in Ihrem Postfach.",
        "Jetzt kostenlos anmelden",
    ]
    assert removed("\n\n".join([*rows, *asked])) == asked


def test_an_offer_takes_no_paragraph_along() -> None:
    """Keep what stands beside or between offers and only says "we", quotes, or has figures."""
    rows = ARTICLE.split("\n\n")
    for line in ("Die Stadt zahlt 4 Millionen Euro.", "„Das ist Ihre Entscheidung“, sagte er."):
        boxed = ["Newsletter abonnieren", line, "Jetzt kostenlos anmelden"]
        assert line not in removed("\n\n".join([*rows[:2], *boxed, *rows[3:]]))
    for line in ("Wir werden die Folgen spüren, auch an der Küste.", "Der Rat stimmt im Juni ab."):
        beside = [line, "Newsletter abonnieren"]
        assert line not in removed("\n\n".join([*rows[:2], *beside, *rows[3:]]))


@pytest.mark.parametrize("mark", ["ENDE", "###", "-ENDS-", "# # #"])
def test_what_follows_the_end_of_a_release_goes(mark: str) -> None:
    """Take out notes for editors below the mark that ends a press release."""
    notes = [
        "Hinweise für Redaktionen",
        "Das Amt ist die führende Stimme der Häfen an der Küste und berät das Land.",
    ]
    assert removed("\n\n".join([ARTICLE, mark, *notes])) == [mark, *notes]


def test_what_a_publisher_says_it_is_goes() -> None:
    """Take out "Über X" with what X is; a heading that begins so stays."""
    told = "Die Hafenwerke sind seit 1950 für die Anleger und Schleusen an der Küste zuständig."
    assert removed("\n\n".join([ARTICLE, "Über die Hafenwerke", told])) == ["Über die Hafenwerke", told]
    assert removed("\n\n".join([ARTICLE, "Über Leichen", told])) == []


def test_a_caption_may_stand_below_its_credit() -> None:
    """Take out what the picture shows, above the text, where its agency stands first."""
    rows = ARTICLE.split("\n\n")
    picture = ["Reuters", "Der Minister bei einer Pressekonferenz in Rostock"]
    assert removed("\n".join([rows[0], *picture, *rows[1:]])) == picture


def test_a_link_of_its_own_is_all_that_a_teaser_takes() -> None:
    """Keep the heading and the table below "Read also: …"."""
    table = ["Was gebaut wird", "Kai I: 84 Meter, 2023", "Kai II: 52 Meter, 2024"]
    rows = ARTICLE.split("\n\n")
    teaser = "Lesen Sie auch: Polen verlängert den Notstand"
    assert removed("\n\n".join([*rows[:2], teaser, *table, *rows[3:]])) == [teaser]


def test_a_sender_below_the_text_goes_with_its_time() -> None:
    """Take a programme with day and hour for none of the figures that may end an article."""
    line = "Radio 4 Nord, 15.11.2023, 12:00 Uhr; red/agenturen"
    assert removed(f"{ARTICLE}\n\n{line}") == [line]


def test_who_wrote_a_paper_goes_and_news_of_research_stays() -> None:
    """Take out at the end who a scholar is; a last paragraph of what scholars found is no such line."""
    who = "Dr. Jonas Hellmer ist Wissenschaftler in der Forschungsgruppe Häfen und Meere."
    assert removed(f"{ARTICLE}\n\n{who}") == [who]
    found = (
        "Die Entdeckung ist ein wichtiger Schritt für den Hafen, da Wissenschaftler den Sand erkennen müssen."
    )
    assert removed(f"{ARTICLE}\n\n{found}") == []


def test_a_sentence_after_quelle_stays() -> None:
    """Keep what is told of a source; its name alone goes."""
    told = "Quelle: Nach Angaben des Landes nahm auch der Berater der Stadt Wismar an der Sitzung teil."
    assert removed(with_line(told, "Der Hafen von Rostock wird")) == []
    assert removed(with_line("Quelle: Land, eigene Recherchen", "Der Hafen von Rostock wird")) != []


def test_a_short_paragraph_below_a_list_of_links_stays() -> None:
    """End a list of links at a sentence, though it has few of the commonest words."""
    told = "Spediteure beider Länder fürchten Verluste. Pro Tag fertigte Rostock zuletzt 900 Wagen ab."
    box = ["Mehr aus Osteuropa", "Bei den Nachbarn", "Slowakei", told]
    rows = ARTICLE.split("\n\n")
    assert removed("\n\n".join([*rows[:2], *box, *rows[3:]])) == box[:3]


def test_what_is_strange_to_the_article_below_its_end_goes() -> None:
    """Take out a footer that is running text; a last paragraph below a box of links stays, strange or not."""
    footer = (
        "We acknowledge the islanders as the custodians of the meadows where our families live and learn."
    )
    story = "\n\n".join(
        (
            "The harbour of Rostock will be widened for 30 million euros, as the state of the coast said on Tuesday after a long meeting.",
            "Critics hold that the harbour of Rostock is too small for the state and that the money of the coast is lost for good.",
            "The state of the coast disagreed on Wednesday and said that the harbour of Rostock would be large enough for years.",
        )
    )
    page = ["Posted Tue 7 Dec 2021 at 4:12am, updated Tue 7 Dec 2021 at 7:30am", "12 Comments"]
    assert removed("\n\n".join([story, *page, footer])) == [*page, footer]
    links = ["Read more:", "Ferries are late again", "Silt in the bay"]
    assert footer not in removed("\n\n".join([story, *links, footer]))


def test_a_run_of_strange_lines_with_a_call_goes() -> None:
    """Take out a promotion of several short lines between paragraphs; one line may be a heading."""
    told = ARTICLE.split("\n\n")[1]
    paragraph = (
        f"{told} Damit endet in Rostock der Streit, den das Land und die Stadt seit Jahren geführt hatten."
    )
    box = ["Rezepte aus Omas Küche", "Backen mit Herz", "Unser Podcast für Genießer"]
    assert removed("\n\n".join([paragraph, *box, paragraph.replace("Hafen", "Anleger")])) == box
    for lone in ("Backen mit Herz", "Unser Podcast für Genießer"):
        assert removed("\n\n".join([paragraph, lone, paragraph.replace("Hafen", "Anleger")])) == []


def test_a_letter_from_the_publisher_goes() -> None:
    """Take out the appeal that a salutation of readers begins, at the end of the page."""
    letter = [
        "Dear readers,",
        "We are facing a hard time, and the state has named us an unwanted paper of the coast.",
        "Our journalism needs your support. Please support us with a monthly donation.",
        "Your support, no matter how small, helps our independent journalism.",
    ]
    assert set(letter[1:]) <= set(removed("\n\n".join([ARTICLE, *letter])))


def test_the_headline_stands_above_the_byline() -> None:
    """Take no point of a summary for the headline, nor a search field."""
    rows = ARTICLE.split("\n\n")[1:]
    points = ["Der Hafen von Rostock wird ausgebaut", "Das Land übernimmt die Hälfte"]
    page = [
        "Suche in Nachrichten und Artikeln",
        "Wie an der Küste um Geld gerungen wird",
        "Von Anna Muster",
        *points,
        *rows,
    ]
    cleaned = clean("\n\n".join(page))
    assert cleaned.headline == page[1]
    assert set(points) <= set(cleaned.text.split("\n\n"))
