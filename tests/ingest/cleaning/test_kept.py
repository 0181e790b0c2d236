"""Check that sentences, rows and headlines of an article stay that look or stand like lines of a page."""

import pytest

from rag.ingest.cleaning.clean import clean
from tests.ingest.cleaning.test_clean import ARTICLE, removed, with_line

ROWS = ARTICLE.split("\n\n")


@pytest.mark.parametrize(
    "line",
    [
        "Wir suchen weiter.",
        "Alle sind jetzt hier.",
        "Sie bitten um Hilfe.",
        "Weiter so.",
        "Und jetzt?",
        "Ja.",
        "Und alle schließen mit.",
        "No comment.",
        "All are here now.",
    ],
)
def test_a_short_sentence_between_others_stays(line: str) -> None:
    """Keep a sentence whose words buttons have, too, between two paragraphs."""
    assert removed("\n\n".join([*ROWS[:2], line, *ROWS[3:]])) == []


@pytest.mark.parametrize(
    "line", ["Jetzt lesen.", "Mehr dazu hier.", "Hier klicken.", "Mehr lesen?", "Read more here.", "Log in."]
)
def test_a_button_between_sentences_goes(line: str) -> None:
    """Take out what calls upon or leads on, with a full stop, too."""
    assert removed("\n\n".join([*ROWS[:2], line, *ROWS[3:]])) == [line]


@pytest.mark.parametrize("opening", [["Es regnet."], ["Stille.", "Dann ein Knall."], ["Niemand antwortet."]])
def test_an_article_may_begin_with_few_words(opening: list[str]) -> None:
    """Keep short sentences right above the first paragraph."""
    assert removed("\n\n".join([ROWS[0], "Von Anna Muster", *opening, *ROWS[1:]])) == ["Von Anna Muster"]


def test_a_short_deck_stays() -> None:
    """Keep a line of few words between headline and byline, but no section."""
    deck = "Turnout was the highest since 1997"
    assert removed("\n\n".join([ROWS[0], deck, "Von Anna Muster", *ROWS[1:]])) == ["Von Anna Muster"]
    assert removed("\n\n".join([ROWS[0], deck, "Anna Muster", *ROWS[1:]])) == ["Anna Muster"]
    gone = ["Aus Stadt und Land", "Von Anna Muster"]
    assert removed("\n\n".join([ROWS[0], *gone, *ROWS[1:]])) == gone


def test_a_first_sentence_below_a_credit_stays() -> None:
    """Take no short first sentence for a caption below its credit."""
    lead = "Sechs Jahre nach dem Feuer zählt die Stadt die Platten noch, statt sie abzubauen."
    top = ["April 3, 2021", "By Ruth Pennerton", "Foto: Anna Muster"]
    first = "Ich schlafe seit Februar 2015 in meinen Kleidern."
    assert removed("\n\n".join([ROWS[0], lead, *top, first, *ROWS[1:]])) == top


def test_a_short_deck_right_above_the_text_stays() -> None:
    """Keep a line of few words between headline and text, and one above a credit with its own caption."""
    assert removed("\n\n".join([ROWS[0], "Land und Bund geben 24 Millionen Euro", *ROWS[1:]])) == []
    deck = "The chemist Ragnhild Sande, 67, on luck, soap and the silence after a call from Stockholm"
    picture = "Ragnhild Sande in her laboratory in Bergen CREDIT: Tom Aasen"
    assert removed("\n".join([ROWS[0], "8 October 2021 • 6:00am", deck, picture, *ROWS[1:]])) == [
        "8 October 2021 • 6:00am",
        picture,
    ]


def test_the_heading_of_the_first_points_stays() -> None:
    """Keep what stands above the points with which an article begins, below a credit, too."""
    points = [
        "- Eine Firma in Wismar wollte den Hund im Büro nicht haben.",
        "- Das Gericht gibt der Frau recht.",
    ]
    page = [ROWS[0], "KEYSTONE", "Darum geht es", *points, *ROWS[1:]]
    assert removed("\n".join(page)) == ["KEYSTONE"]


@pytest.mark.parametrize(
    ("above", "headline"),
    [
        ("Gewerkschaft Holz und Papier", "Gewerkschaft Holz und Papier kündigt Warnstreiks an"),
        ("Theater in Kassel", "Hamlet geht baden"),
    ],
)
def test_a_headline_stands_below_its_sender_or_topic(above: str, headline: str) -> None:
    """Take the line that says what the one above it does, or what happens there."""
    body = (
        "Die Gewerkschaft Holz und Papier ruft zu Streiks in den Sägewerken auf, und es sind nicht wenige.",
        "In Kassel steht Hamlet zwei Stunden lang im Wasser, und es ist nicht einmal warm.",
    )
    cleaned = clean("\n\n".join([above, headline, *body]))
    assert (cleaned.headline, [one.text for one in cleaned.removed]) == (headline, [above])


def test_a_papers_name_is_no_headline() -> None:
    """Take the line that says something, though the text has all words of the paper's name."""
    headline = "Bakery shuts after 112 years"
    body = "HOLLOW VALLEY — The smell is gone. On Friday Dora Klein closed the bakery for the last time."
    page = ["Hollow Valley News", "Local", headline, "By TESS BIRCH", body, *ENGLISH_ADVICE[1:]]
    assert clean("\n\n".join(page)).headline == headline


@pytest.mark.parametrize(
    "tail",
    [
        ["Rostock: Ohm 7, Brandt 3", "Schiedsrichter: Thomsen / Zander", "Zuschauer: 5600"],
        ["Selected results", "Brandt (Ger) bt Moretti (Ita) 7-6 6-7", "Osei (Gha) bt Lind (Swe) 6-1 6-2"],
        ["Leben in Daten", "1941: Geburt in Görlitz", "1968: Gründung des Verlags"],
    ],
)
def test_rows_below_the_text_stay(tail: list[str]) -> None:
    """Keep who stands between rows of figures, and a chronicle with its heading."""
    assert removed("\n\n".join([ARTICLE, *tail])) == []


def test_a_last_sentence_below_links_stays() -> None:
    """Keep a short sentence below lines that hold their link themselves."""
    links = ["READ MORE: Flood barrier to cost twice as much", "READ MORE: Man rescued from marsh"]
    last = "Die Bürgerschaft tagt wieder am 23. Mai."
    page = ["Facebook", "More On", "Mehr zum Thema", "Wahlen im Land"]
    assert last not in removed("\n\n".join([ARTICLE, *links, last, *page]))


def test_a_headline_with_pictures_in_it_stays() -> None:
    """Take no clause after "…bilder:" for the name of a photographer."""
    headline = "Drohnenbilder: So sieht der Hafen von Rostock nach der Flut aus"
    assert clean("\n\n".join([headline, *ROWS[1:]])).headline == headline
    assert removed(with_line("Beitragsbild: Landesamt für Häfen", "Der Hafen")) == [
        "Beitragsbild: Landesamt für Häfen"
    ]


def test_a_headline_that_stands_twice_stays_once() -> None:
    """Know a headline by the trail above it though the text has none of its words, and above a credit."""
    body = "\n\n".join(ROWS[3:])
    cleaned = clean(f"Archäologie: Älteste Flöte entdeckt\n\nÄlteste Flöte entdeckt\n\n{body}")
    assert cleaned.headline == "Älteste Flöte entdeckt"
    credit = "FILE - A carrier waits off Rostock on Aug. 30, 2022. (AP Photo/Emil Muster, File)"
    page = ["Sports", "Politics", ROWS[0], ROWS[0], credit, *ROWS[1:]]
    assert clean("\n\n".join(page)).headline == ROWS[0]


def test_how_long_videos_are_makes_no_live_ticker() -> None:
    """Find the headline below the times of a player."""
    page = ["0:00", "1:42", *ROWS, "Mehr Videos", "Deich im Bau", "3:05", "Robbe im Zelt", "0:48"]
    assert clean("\n\n".join(page)).headline == ROWS[0]


def test_a_live_ticker_keeps_its_times_and_not_its_dates() -> None:
    """Take out when the page appeared and who wrote it, not the times of its entries."""
    stamps = ["Fri 19 Aug 2022 18.40 BST", "First published on Fri 19 Aug 2022 07.02 BST", "Ruth Pennerton"]
    picture = ["Der Hafen von oben.", "Der Hafen von oben. Photograph: Jens Ohm/PA"]
    times = ["18.40 BST", "16.02 BST", "12.35 BST"]
    told = "Der Ticker sagt, was am Freitag im Hafen von Rostock geschah und wer dabei war."
    entries = [line for time, row in zip(times, [*ROWS[1:2], *ROWS[3:]], strict=True) for line in (time, row)]
    gone = removed("\n\n".join([ROWS[0], told, *stamps, *picture, *entries]))
    assert gone == [*stamps, *picture]


GERMAN_ADVICE = (
    "Unfall im Ausland: Was Sie jetzt tun sollten",
    "Ein Unfall im Urlaub ist ärgerlich. Wenn Sie einige Regeln kennen, bekommen Sie Ihr Geld zurück.",
    "Sichern Sie zuerst die Stelle. Stellen Sie das Warndreieck auf und ziehen Sie die Weste an.",
    "Bei einem Streit hilft Ihnen eine Schlichtungsstelle, die es in jedem Land der Union gibt.",
    "Verjährt sind Ihre Ansprüche in der Regel erst nach drei Jahren, wenn Sie sich nicht vorher rühren.",
)
ENGLISH_ADVICE = (
    "Accident abroad: what you should do now",
    "An accident on holiday is a nuisance. If you know some rules, you will get your money back.",
    "Secure the place first. Put up the triangle, and put on your vest before you leave the car.",
    "If you disagree, you can turn to a body of conciliation, which every country of the union has.",
    "Your claims expire after three years as a rule, if you do not raise them before.",
)


def advised(line: str, article: tuple[str, ...]) -> bool:
    """Tell whether a line stays amid an article that speaks to its readers."""
    gone = removed("\n\n".join([*article[:3], line, *article[3:]]))
    assert gone in ([], [line])
    return not gone


@pytest.mark.parametrize(
    "line",
    [
        "Schreiben Sie Ihrem Vermieter einen Brief.",
        "Melden Sie sich bei Ihrer Versicherung.",
        "Testen Sie die Bremsen regelmäßig.",
        "Teilen Sie den Schaden unter den Fahrern auf.",
        "Tragen Sie sich in die Liste ein.",
        "Registrieren Sie sich vor der Reise beim Auswärtigen Amt.",
        "Lesen Sie auch das Kleingedruckte, bevor Sie unterschreiben.",
        "Um die Karte zu sperren, rufen Sie die Nummer 116 116 an.",
    ],
)
def test_german_advice_stays(line: str) -> None:
    """Keep what an article tells its readers to do, though sites begin so, too."""
    assert advised(line, GERMAN_ADVICE)


@pytest.mark.parametrize(
    "line",
    [
        "Share the cost among the drivers.",
        "Print the form and take it with you.",
        "By signing the form, you accept the blame.",
        "Don't miss the deadline.",
    ],
)
def test_english_advice_stays(line: str) -> None:
    """Keep what an article tells its readers to do, though sites begin so, too."""
    assert advised(line, ENGLISH_ADVICE)


def test_advice_below_a_box_stays() -> None:
    """Keep the end of an article that speaks to its readers below a link, and its last advice above one."""
    last = "Melden Sie sich bei Ihrer Werkstatt, falls eine Schraube abreißt."
    link = ["Lesen Sie auch", "Winterreifen im Test: Diese fünf fallen durch"]
    end = "Notieren Sie auf jedem Reifen, wo er saß. Im Frühjahr wissen Sie es sonst nicht mehr."
    site = "Mit Ihrem Abo unterstützen Sie unsere Arbeit. Jetzt vier Wochen kostenlos testen."
    assert removed("\n\n".join([*GERMAN_ADVICE, last, *link, end, site])) == [*link, site]


@pytest.mark.parametrize(
    ("line", "article"),
    [
        ("Melden Sie sich jetzt an und lesen Sie weiter.", GERMAN_ADVICE),
        ("Lesen Sie auch, warum Rostock seinen Hafen für Millionen ausbaut.", GERMAN_ADVICE),
        ("Schreiben Sie einen Kommentar.", GERMAN_ADVICE),
        ("Schreiben Sie uns, was Sie von der Regel halten.", GERMAN_ADVICE),
        ("Erhalten Sie die wichtigsten Nachrichten per Push.", GERMAN_ADVICE),
        ("Besuchen Sie unseren Shop.", GERMAN_ADVICE),
        ("Sign up for our newsletter.", ENGLISH_ADVICE),
        ("Share this article with your friends.", ENGLISH_ADVICE),
        ("Log in to comment.", ENGLISH_ADVICE),
    ],
)
def test_what_a_site_asks_amid_advice_goes(line: str, article: tuple[str, ...]) -> None:
    """Take out what is about the site or says "us", in an article that speaks to its readers, too."""
    assert not advised(line, article)


def test_a_writer_may_ask_for_letters() -> None:
    """Keep a call with no word of a site, wherever it stands."""
    assert (
        removed("\n\n".join([ARTICLE, "Schreiben Sie mir ruhig einen Brief. Ich antworte mit einem Blatt."]))
        == []
    )


def test_the_headline_of_a_video_has_its_label() -> None:
    """Put back "Watch: …" where no other line above the text may be the headline; below one it is a link."""
    label = "Watch: Rostock baut seinen Hafen aus"
    assert clean("\n\n".join(["Now playing", label, *ROWS[1:]])).headline == label
    cleaned = clean("\n\n".join([ROWS[0], label, *ROWS[1:]]))
    assert (cleaned.headline, [one.text for one in cleaned.removed]) == (ROWS[0], [label])
