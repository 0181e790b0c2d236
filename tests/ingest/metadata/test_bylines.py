"""Check who an article is from and of what day, as far as its text and its page tell."""

from datetime import date

import pytest

from rag.ingest.metadata import outlets
from rag.ingest.metadata.bylines import author as author_of
from rag.ingest.metadata.bylines import masthead
from rag.ingest.metadata.dates import Days, days, without_dates
from rag.ingest.metadata.guesses import guessed
from rag.ingest.metadata.sites import mailed, named_as_its_address, paper_of, site

TODAY = date(2026, 1, 1)
LEAD = "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das Land mitteilte."


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("08.12.2021", date(2021, 12, 8)),
        ("8. Dezember 2021, 14.35 Uhr", date(2021, 12, 8)),
        ("Tue 7 Dec 2021 20.36 GMT", date(2021, 12, 7)),
        ("December 7, 2021", date(2021, 12, 7)),
        ("Veröffentlicht am 07.12.2021", date(2021, 12, 7)),
        ("2021-12-07T19:45:00+01:00", date(2021, 12, 7)),
        ("Quelle: https://kueste.example/politik/2021/12/07/hafen-rostock", date(2021, 12, 7)),
        ("© dpa-infocom, dpa:211207-99-288193/3", date(2021, 12, 7)),
        ("Stand: 07.12.21 18:30 Uhr", date(2021, 12, 7)),
        ("07.12.21, 18:30 Uhr", date(2021, 12, 7)),
        ("News Release 7-Dec-2021", date(2021, 12, 7)),
        ("Version 3.4.21.5", None),
        ("31.02.2021", None),
        ("08.12.2031", None),
        ("am 8. Dezember", None),
        ("12.10 Uhr", None),
    ],
)
def test_days_that_stand_around_the_text(line: str, day: date | None) -> None:
    """Read a full date in any of its forms, and none that is impossible or to come."""
    assert days([line], [LEAD], LEAD, TODAY) == Days(day)


def test_the_day_of_a_picture_is_not_the_articles() -> None:
    """Take the day of a caption only where no other is told."""
    caption = ("FILE - The harbour on August 30, 2022. (AP Photo)", "credit")
    page = f"Harbour grows\n{caption[0]}\nUpdated 9:41 PM CEST, September 14, 2022\n{LEAD}"
    removed = [caption, ("Updated 9:41 PM CEST, September 14, 2022", "date")]
    assert guessed(page, LEAD, removed, "Harbour grows", TODAY)["published"] == date(2022, 9, 14)
    assert guessed(page, LEAD, removed[:1], None, TODAY)["published"] == date(2022, 9, 14)
    alone = f"{caption[0]}\n{LEAD}"
    assert guessed(alone, LEAD, removed[:1], None, TODAY)["published"] == date(2022, 8, 30)


def test_a_page_about_its_writer_is_no_outlets() -> None:
    """Keep the writer whom a heading below the text presents, and take her for no publisher."""
    page = f"Harbour grows\nBy Ruth Pennerton\n{LEAD}\nAbout Ruth Pennerton"
    removed = [("By Ruth Pennerton", "byline"), ("About Ruth Pennerton", "after the article")]
    found = guessed(page, LEAD, removed, "Harbour grows", TODAY)
    assert (found.get("author"), found.get("publisher")) == ("Ruth Pennerton", None)


def test_published_and_updated() -> None:
    """Tell the first day from the last change; alone, the change stands for the day."""
    both = ["Veröffentlicht am 7. Dezember 2021", "Stand: 09.12.2021"]
    assert days(both, [LEAD], LEAD, TODAY) == Days(date(2021, 12, 7), date(2021, 12, 9))
    assert days(both[1:], [LEAD], LEAD, TODAY) == Days(date(2021, 12, 9))
    assert days(["Published 9 December 2021", "Updated 9 December 2021"], [LEAD], LEAD, TODAY) == Days(
        date(2021, 12, 9)
    )


@pytest.mark.parametrize(
    ("lead", "rest", "day"),
    [
        ("Am Dienstag, dem 7. Dezember, tagte der Rat.", "Das Budget für 2022 stand 2021 fest.", date(2021, 12, 7)),
        ("The council met on Tuesday, December 7.", "It last met in 2016.", date(2021, 12, 7)),
        ("Der Rat tagt heute (7.) in Rostock.", "Am Freitag (3. Dezember) war 2021 davon keine Rede.", date(2021, 12, 7)),
        ("Am Dienstag, dem 7. Dezember, tagte der Rat.", "Mehr war nicht bekannt.", None),
        ("Am 7. Dezember tagte der Rat.", "Das Budget für 2022 stand 2021 fest.", None),
        ("BERLIN, 7. Dezember 2021 – Der Rat tagte.", "", date(2021, 12, 7)),
        ("Der Vertrag vom 7. Dezember 2021 wurde gekündigt.", "", None),
    ],
)  # fmt: skip
def test_the_day_of_the_news(lead: str, rest: str, day: date | None) -> None:
    """Work out the year of a weekday from the years that the text names; leave it unsaid without one."""
    assert days([], [lead, rest], f"{lead} {rest}", TODAY) == Days(day)


def test_dates_and_times_taken_out() -> None:
    """Leave the words of a line."""
    assert without_dates("Stand: 08.12.2021, 10:15 Uhr").split() == ["Stand:", ","]
    assert without_dates("Fri 19 Aug 2022 18.40 BST").split() == ["Fri"]


@pytest.mark.parametrize(
    ("removed", "running", "publisher", "agency"),
    [
        ([], "(KÜSTENFUNK) - Der Hafen wird ausgebaut.", "KÜSTENFUNK", None),
        ([], "Rostock (dpa) - Der Hafen wird ausgebaut.", None, "dpa"),
        (["© 2021 Harbour Gazette. All rights reserved."], LEAD, "Harbour Gazette", None),
        (["Folgen Sie Küstenblatt auf Instagram", "Foto: Reuters"], LEAD, "Küstenblatt", None),
        (["Quelle: dpa"], LEAD, None, "dpa"),
        (["mit dpa/AFP"], LEAD, None, "dpa, AFP"),
        (["Source: https://www.harbour.example/a/1"], LEAD, "harbour.example", None),
        (["Bei Hafenkurier arbeiten wir für Sie.", "Foto: AFP"], LEAD, "Hafenkurier", None),
        (["Foto: Getty Images"], LEAD, None, None),
        (["© DAS KÜSTENBLATT 2021. Alle Rechte vorbehalten."], LEAD, "DAS KÜSTENBLATT", None),
        (["kuestenblatt.de", "Bild: AP"], LEAD, "kuestenblatt.de", None),
        (["© 2022 Harbour Media Inc."], "WISMAR, Ohio (WXLN) – The harbour grows.", "WXLN", None),
        (["© Stiftung Hafen. Alle Rechte vorbehalten."], LEAD, "Stiftung Hafen", None),
        (["Download the Harbour News app for your phone."], LEAD, "Harbour News", None),
        (["Küstenblatt - Startseite"], LEAD, "Küstenblatt", None),
        (["HAZ auf WhatsApp – alle Infos"], LEAD, "HAZ", None),
        (["Read more from Harbour News:"], LEAD, "Harbour News", None),
        (["Foto: Anna Muster/dpa"], "Rostock (dpa) – Der Hafen wird ausgebaut.", None, "dpa"),
        (["Auswahl der Redaktion"], LEAD, None, None),
        (["Le Monde with AFP"], LEAD, "Le Monde", None),
        (["hafen.de ist das Angebot der Zeitschrift Hafen und Meer."], LEAD, "hafen.de", None),
        (["© 2022 Alle Rechte vorbehalten"], LEAD, None, None),
        (["Hafenreporter – die Genossenschaft für freien Journalismus"], LEAD, "Hafenreporter", None),
        (["© 2022 Harbour Media Inc."], LEAD, "Harbour Media Inc", None),
        (["MDR.DE", "Mehr aus Sachsen"], LEAD, "MDR", None),
        (["Tennis-Newsletter abonnieren", "© Sportpost 2023"], LEAD, "Sportpost", None),
        (["Herausgeber: Ministerium für Häfen und Meere"], LEAD, "Ministerium für Häfen und Meere", None),
        (["© 2015-2023 Ukrinform. All rights reserved."], LEAD, "Ukrinform", None),
        (["© 2023 AFP. All rights reserved."], LEAD, None, None),
        (["© Amt für Häfen / Anna Muster (Ausschnitt)"], LEAD, None, None),
        (
            ["© 2021 The Harbour Post Company", "Follow The Harbour Post on Facebook"],
            LEAD,
            "The Harbour Post",
            None,
        ),
        (["© Harbour Office/TASS"], "WISMAR, December 7. /TASS/. The harbour grows.", "TASS", "TASS"),
        (["Pierline and its partners are not responsible for posts."], LEAD, None, None),
        (["Harbourline! is not responsible for the posts of its readers."], LEAD, "Harbourline", None),
        ([], "Ruth Vega: For the Harbour NewsHour, I'm Ruth Vega in Kiel.", "Harbour NewsHour", None),
    ],
)
def test_publisher_and_agency(
    removed: list[str], running: str, publisher: str | None, agency: str | None
) -> None:
    """Take the publisher from what a site says of itself, never from the picture credits."""
    assert outlets.publisher(removed, [], [running], None) == publisher
    assert outlets.agency(removed, [running], "") == agency


@pytest.mark.parametrize(
    ("above", "running", "author"),
    [
        (["Von Anna Muster, Rostock"], LEAD, "Anna Muster"),
        (["By Ruth Pennerton and Philip Aldgrove"], LEAD, "Ruth Pennerton and Philip Aldgrove"),
        (["Anna Muster"], LEAD, "Anna Muster"),
        (["Ein Interview von Anna Muster"], LEAD, "Anna Muster"),
        (["by Ruth Pennerton and Tom Ellis; photography by Anna Muster"], LEAD, "Ruth Pennerton and Tom Ellis"),
        (["By — Ruth Pennerton"], LEAD, "Ruth Pennerton"),
        (["Posted on May 12, 2020 by Ruth"], LEAD, "Ruth"),
        (["Ruth Pennerton Harbour correspondent"], LEAD, "Ruth Pennerton"),
        (["Anna Muster, Åsa Lind"], LEAD, "Anna Muster, Åsa Lind"),
        (["Peer-Reviewed Publication"], LEAD, None),
        (["Von dpa, Anna Muster"], LEAD, "Anna Muster"),
        (["Ruth Pennerton - desk@harbour.example"], LEAD, "Ruth Pennerton"),
        (["Von dpa"], LEAD, None),
        (["By Harbour Gazette Staff"], LEAD, None),
        (["By Ruth Pennerton, Local democracy reporter"], LEAD, "Ruth Pennerton"),
        (["FOCUS-online-Redakteurin Anna Muster"], LEAD, "Anna Muster"),
        (["Rostock Hafen"], LEAD, None),
        (["Tom Ellis and Ruth Vega"], LEAD, "Tom Ellis and Ruth Vega"),
        (["Anna Muster und Ben Beispiel"], LEAD, "Anna Muster und Ben Beispiel"),
        (["Guten Morgen,"], LEAD, None),
        (["Liebe Leser"], LEAD, None),
        (["Dear Friends"], LEAD, None),
        (["Neue Zahlen"], LEAD, None),
        (["Kalter Winter"], LEAD, None),
        (["Hansa Rostock"], "Die Reederei streicht in diesem Jahr Stellen, sagte der Chef.", None),
        ([], "Der Hafen wird ausgebaut, schreiben Anna Muster und Ben Beispiel in Rostock.", "Anna Muster und Ben Beispiel"),
        ([], LEAD, None),
    ],
)  # fmt: skip
def test_author(above: list[str], running: str, author: str | None) -> None:
    """Take the author from a byline, or from a name that stands alone and is none of the news."""
    assert author_of(above, [running], []) == author


@pytest.mark.parametrize(
    ("lines", "headline", "named"),
    [
        (["Slow Signals", "slowsignals.hafenpost.net"], "", "Slow Signals"),
        (["Muscheln", "Küsten Post", "Alles auf kuesten-post.de lesen"], "", "Küsten Post"),
        (["The Rope Walk", "Write to us at desk@theropewalk.net."], "", "The Rope Walk"),
        (["Neißetaler Bote", "Trauer"], "", "Neißetaler Bote"),
        (["Elb-Saale-Anzeiger", "Region"], "", "Elb-Saale-Anzeiger"),
        (["Hafen Nachrichten", "Weitere Nachrichten", "Meist gelesen"], "", None),
        (["NEISSETALER NACHRICHTEN", "Orte"], "", "NEISSETALER NACHRICHTEN"),
        (["Strandpost – Sonnabend, 11. Mai 2019 – Seite 7"], "", "Strandpost"),
        (["https://www.strandblick.net/politik/wismar-baut-neuen-hafen-1"], "Wismar baut einen neuen Hafen", "strandblick.net"),
        (["https://www.strandblick.net/politik/wismar-baut-neuen-hafen-1"], "Sturm über der Ostsee", None),
        (["https://www.nzz.ch/wismar-baut-neuen-hafen-ld.1"], "Wismar baut einen neuen Hafen", "NZZ"),
        (["Fehler? korrektur@strandblick.net"], "", "strandblick.net"),
        (["Fehler? strandblick@gmail.com", "Facebook", "www.facebook.com/strand"], "", None),
        (["Autorin: Anna Muster, <ausland@dpa.com>"], "", None),
    ],
)  # fmt: skip
def test_a_site_is_known_by_its_addresses(lines: list[str], headline: str, named: str | None) -> None:
    """Take a name that an address spells, a paper's, or the host of the article or of the desk."""
    told = named_as_its_address(lines) or paper_of(lines) or site(lines, headline) or mailed(lines)
    assert told == named


def test_a_day_below_the_headline_is_the_articles() -> None:
    """Give way what is called a date further down: that of a claim, a session, a film."""
    around = ["6. April 2023", "Datum: 28.03.2023"]
    assert days(around, [LEAD], LEAD, TODAY, near=1) == Days(date(2023, 4, 6))
    assert days(around, [LEAD], LEAD, TODAY, near=2) == Days(date(2023, 3, 28))


def test_an_outlet_signs_for_its_desk() -> None:
    """Take an outlet that stands where a writer's name does."""
    assert masthead(["Von Euronews mit dpa"]) == "Euronews"
    assert masthead(["By Al Jazeera Staff"]) == "Al Jazeera"
    assert masthead(["FOCUS-online-Redakteurin Anna Muster"]) == "FOCUS online"
    assert masthead(["Von Anna Muster mit dpa"]) is None
