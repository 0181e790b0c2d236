"""Check what goes of a page for where it stands and what stands beside it, and what of an article stays."""

import pytest

from rag.ingest.cleaning.clean import clean
from tests.ingest.cleaning.test_clean import ARTICLE, removed, with_line


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
        *("21:04 Uhr", "Hafen wächst", told[0]),
        *("19:37 Uhr", "Kritik", told[2]),
        *("18:15 Uhr", "Antwort des Ministers", told[3]),
    ]
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


def test_who_the_writer_is_goes_below_the_byline() -> None:
    """Take out what the writer does, where a deck stands above the byline."""
    rows = ARTICLE.split("\n\n")
    deck = "Sechs Jahre nach dem Beschluss zählt die Stadt die Kräne noch immer."
    page = ["Von Ruth Pennerton", "Ruth Pennerton leitet den Verein der Kranführer in Rostock."]
    assert removed("\n\n".join([rows[0], deck, *page, *rows[1:]])) == page


def test_who_the_writer_is_goes_with_few_words_too() -> None:
    """Take out a short last sentence that introduces the writer."""
    rows = ARTICLE.split("\n\n")
    page = ["by Ruth Pennerton", "Ruth Pennerton covers climate and energy."]
    assert removed("\n\n".join([rows[0], page[0], *rows[1:], page[1]])) == page


@pytest.mark.parametrize(
    "line",
    [
        "Der Kran steht seit Montag still. Photo by Ruth Pennerton",
        "Mehr Meldungen aus dem Landkreis finden Sie auf unserer Themenseite.",
        "Keep reading",
        "Alle Angaben ohne Gewähr.",
        "Ruth Pennerton can be reached at 555-0100 or ruth@hafenblatt.example.",
        "Hat Ihnen der Text gefallen? Dann empfehlen Sie uns weiter.",
        "Our editor selects her favourite stories in this weekly newsletter.",
    ],
)
def test_lines_below_the_text_go(line: str) -> None:
    """Take out what a picture shows with its photographer, and where there is more."""
    assert removed(f"{ARTICLE}\n\n{line}") == [line]


def test_whom_the_byline_names_as_photographer_goes() -> None:
    """Take out a photographer's name alone, and what the picture above it shows."""
    rows = ARTICLE.split("\n\n")
    byline = "By Tom Ellis; photography by Jens Ohm"
    picture = "Der Minister steigt zum letzten Mal auf den Kran.\nJENS OHM"
    page = "\n\n".join([rows[0], byline, "December 30, 2019", picture, *rows[1:]])
    assert removed(page) == [byline, "December 30, 2019", *picture.split("\n")]


def test_a_box_of_a_newsletter_goes_from_an_interview() -> None:
    """Take out an offer with its name, day and field, though the article says "you" itself."""
    rows = ARTICLE.split("\n\n")
    asked = ["Was würden Sie tun?", "Und was raten Sie Ihren Kindern?", "Sehen Sie das auch so?"]
    offer = [
        "Newsletter",
        "Unser Land",
        "Was in der Region wichtig ist, jeden Donnerstag in Ihrem Postfach.",
        "E-Mail-Adresse",
        "Jetzt bestellen",
    ]
    told = [asked[0], rows[1], *offer, asked[1], rows[3], asked[2], rows[4]]
    assert removed("\n\n".join([rows[0], *told])) == offer


def test_how_to_reach_the_writer_goes() -> None:
    """Take out a line with an address of mail below the text, where it is no sentence."""
    line = "leitet das Ressort Lokales. Ihr schreiben? r.pennerton@hafenblatt.example"
    assert removed("\n\n".join([ARTICLE, line])) == [line]
    told = "Hinweise nimmt die Polizei unter wache@hafen.example entgegen."
    assert removed("\n\n".join([ARTICLE, told])) == []


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
    level = (
        "Kalium A1 is best kept below 7 percent, the researchers of the harbour institute write on Tuesday."
    )
    assert removed(f"{ARTICLE}\n\n{level}") == []


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
            "The harbour of Rostock will be widened for 30 million euros, as the state of the coast said on "
            "Tuesday after a long meeting.",
            "Critics hold that the harbour of Rostock is too small for the state and that the money of the "
            "coast is lost for good.",
            "The state of the coast disagreed on Wednesday and said that the harbour of Rostock would be "
            "large enough for years.",
        )
    )
    page = ["Posted Tue 7 Dec 2021 at 4:12am, updated Tue 7 Dec 2021 at 7:30am", "12 Comments"]
    assert removed("\n\n".join([story, *page, footer])) == [*page, footer]
    links = ["Read more:", "Ferries are late again", "Silt in the bay"]
    assert footer not in removed("\n\n".join([story, *links, footer]))


def test_a_run_of_strange_lines_with_a_call_goes() -> None:
    """Take out a promotion of several short lines between paragraphs; one line may be a heading."""
    told = ARTICLE.split("\n\n")[1]
    paragraph = f"{told} Damit endet in Rostock der Streit, den das Land und die Stadt lange geführt hatten."
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


def test_captions_below_the_byline_go_and_leads_stay() -> None:
    """Take out a short sentence beside a credit below byline or date; a lead of two sentences stays there."""
    rows = ARTICLE.split("\n\n")
    credit, caption = "Foto: Anna Muster / Küstenblatt", "Die Ministerin vor dem Hafen in Wismar."
    page = [rows[0], "08.12.2021, 11.30 Uhr", "Ruth Pennerton", caption, credit, *rows[1:]]
    assert {caption, credit} <= set(removed("\n\n".join(page[:4]) + "\n" + "\n\n".join(page[4:])))
    lead = "Das Land baut den Hafen aus. Der Minister hat die Kosten dennoch verteidigt."
    page = [rows[0], "08.12.2021, 11.30 Uhr", lead, credit, *rows[1:]]
    assert lead not in removed("\n\n".join(page[:3]) + "\n" + "\n\n".join(page[3:]))


def test_a_link_follows_a_label_with_a_colon() -> None:
    """Take the line below "Lesen Sie auch:" for its link; without a colon it may be a heading."""
    rows = ARTICLE.split("\n\n")
    for label, gone in (("LESEN SIE AUCH:", 2), ("Lesen Sie auch", 1)):
        box = [label, "Warum Wismar jetzt baggert"]
        assert removed("\n\n".join([*rows[:2], *box, *rows[3:]])) == box[:gone]


def test_a_writer_below_the_lead_goes() -> None:
    """Take out a name, a desk and a handle between the lead and the text, and name the writer."""
    rows = ARTICLE.split("\n\n")
    meta = ["Hollie Muster", "Political correspondent @holliemuster"]
    text = "\n\n".join([rows[0], rows[1], *meta, "Monday 18 December 2023 22:31, UK", *rows[3:]])
    assert [one.reason for one in clean(text).removed] == ["byline", "share", "date"]


def test_a_caption_says_what_the_picture_shows() -> None:
    """Take out "Das Bild zeigt …" above a credit, also below a lead."""
    rows = ARTICLE.split("\n\n")
    picture = ["Das vom Land verbreitete Bild zeigt den Minister in Wismar.", "Foto: Anna Muster/dpa"]
    assert (
        removed("\n\n".join(rows[:2]) + "\n\n" + "\n".join(picture) + "\n\n" + "\n\n".join(rows[3:]))
        == picture
    )


def test_a_list_that_is_announced_stays_strange_or_not() -> None:
    """Keep items without bullets below a line ending in a colon, though they speak of what sites have."""
    told = ARTICLE.split("\n\n")[1]
    paragraph = f"{told} Damit endet in Rostock der Streit, den das Land und die Stadt lange geführt hatten."
    items = [
        "Behörden verbietet das Land künftig:",
        "Newsletter aus Übersee",
        "Podcast ohne Quellen",
    ]
    text = "\n\n".join([paragraph, *items, paragraph.replace("Hafen", "Anleger")])
    assert set(items[1:]).isdisjoint(removed(text))
