"""Scrapes as they come from news sites: our own articles with the furniture of made-up pages around them."""

import random
from dataclasses import dataclass
from pathlib import Path

from rag import resources
from rag.ingest.formats.markdown import front_matter, plain

_NAMES = [
    "Jana Brettschneider",
    "Tobias Ohlendorf",
    "Maren Quast",
    "Philip Aldgrove",
    "Ruth Pennerton",
    "Ilka Svoboda",
]
_SITES = [
    "Hafenkurier",
    "Küstenblatt",
    "Norddeutsche Warte",
    "The Tidewater Post",
    "Harbour Gazette",
    "Morgenlage",
]
_AGENCIES = ["AFP", "Reuters", "dpa", "Getty Images", "AP", "picture alliance", "Imago"]

_HEAD = {
    "de": """Direkt zum Inhalt
Menü öffnen
☰
{site}
Politik
Ausland
Politik | Wirtschaft | Sport | Kultur | Reise
Home › Politik › International
Mein Konto
Einloggen
Abo testen
E-Paper
Suchbegriff eingeben
Auf Facebook teilen
Per WhatsApp versenden
Beitrag drucken
Merkzettel
Von {name}
{name}, Berlin
{date}, 14:07 Uhr
Stand: {date}
Zuletzt aktualisiert am {date} um 17:12 Uhr
Lesedauer: ca. {n} Min.
Diesen Artikel vorlesen lassen
Foto: {agency}
Bild: {name}/{agency}
Vielen Dank für Ihre Registrierung! Bitte bestätigen Sie den Link, den wir Ihnen per E-Mail geschickt haben.
Damit wir Ihnen diese Seite zeigen können, setzen wir und unsere Partner Cookies. Sie können Ihre Einwilligung jederzeit in den Einstellungen widerrufen.
Ihr Browser ist veraltet. Bitte aktualisieren Sie ihn, um die Website richtig zu nutzen.
Sie haben {n} von 5 freien Artikeln gelesen. Mit einem Abo lesen Sie ohne Grenzen weiter.""",
    "en": """Jump to content
Toggle navigation
{site}
World
Politics
News | Opinion | Sport | Culture | Lifestyle
Home › World › Europe
My profile
Log in
Start your free trial
Search the site
Share on Facebook
Email this story
Print article
Save for later
By {name}
{name} in Brussels
Published {date_en}
Last updated: {date_en}, 6:41pm
{n} minute read
Listen to this story
Photo: {agency}
Photograph: {name}/{agency}
Thanks for registering! Please confirm the link we have just emailed you.
We and our partners store cookies on your device to personalise content and ads. You may withdraw your consent at any time under settings.
Your browser is out of date. Please update it to use our website properly.
You have read {n} of your 5 free articles this month. Subscribers read without limits.""",
}
_MIDDLE = {
    "de": """Anzeige
– Werbung –
[Anzeige]
Nach der Werbung geht es weiter
{name} bei einem Termin in der vergangenen Woche (Archivbild). Foto: {agency}
Blick auf das Tagungsgebäude am Morgen. (Bild: {name}/{agency})
Die Delegationen vor Beginn der Gespräche © {agency}
Demonstranten am Rande des Treffens | Quelle: {agency}
Passend dazu: Was die Einigung für Reisende bedeutet
Lesen Sie auch: {teaser}
Mehr zum Thema
Das Wichtigste des Tages in Ihrem Postfach: Melden Sie sich kostenlos für unseren Newsletter an.
Sie möchten keine Nachricht verpassen? Laden Sie unsere App herunter und aktivieren Sie die Push-Mitteilungen.
Dieser Inhalt stammt von YouTube. Wenn Sie ihn laden, werden Daten an den Anbieter übertragen, und Sie stimmen den Datenschutzhinweisen zu.
Video: {teaser}
Tweet laden
Diese Grafik kann nicht angezeigt werden
{n} Kommentare
Teilen
Артикул по темата
Comparte esta noticia con tus amigos
Partager cet article sur les réseaux""",
    "en": """Advertisement
– Ad –
[Sponsored]
Article continues after advertisement
{name} at an event last week (file photo). Photo: {agency}
A view of the conference building in the morning. (Image: {name}/{agency})
Delegations before the start of the talks © {agency}
Protesters outside the venue. [{name}/{agency}]
Read also: {teaser}
Related stories
The day's biggest stories in your inbox: sign up for our free newsletter.
Never want to miss a story? Download our app and switch on push notifications.
This content comes from YouTube. If you load it, data will be sent to the provider and you accept its privacy policy.
Watch: {teaser}
Load tweet
This chart could not be displayed
{n} comments
Share
Lesen Sie diesen Beitrag auf Deutsch
Comparte esta noticia con tus amigos
Читать статью на русском языке""",
}
_TAIL = {
    "de": """Diesen Beitrag weiterempfehlen
Schlagwörter: Diplomatie, Gipfel, Sicherheit
Außenpolitik
Quelle: {agency}
(mit Material der dpa)
{name} ist Korrespondentin der Zeitung „{site}“ und berichtet seit 2015 aus Osteuropa.
Die hier geäußerten Meinungen geben nicht notwendigerweise die Ansicht der Redaktion wieder.
© 2021 {site}. Alle Rechte vorbehalten. Nachdruck nur mit Genehmigung.
Haben Sie einen Fehler entdeckt? Schreiben Sie uns über das Feedback-Formular, damit wir den Artikel verbessern können.
Gefällt Ihnen dieser Artikel? Unterstützen Sie unseren Journalismus mit einer Spende.
Kommentare ({n})
Neueste zuerst
Beste Bewertung
Antworten
Melden
Bitte loggen Sie sich ein, um einen Kommentar zu verfassen.
Beliebteste Artikel
{teaser}
{teaser}
{teaser}
Nach oben
Impressum | Datenschutz | AGB | Jobs | Kontakt
Cookie-Einstellungen
Folgen Sie {site} auf Instagram
загрузка""",
    "en": """Recommend this article
Tags: diplomacy, summit, security
Foreign policy
Source: {agency}
(with reporting from AFP)
{name} is a correspondent for {site} and has covered Eastern Europe since 2015.
The views expressed here are the author's own and do not necessarily reflect those of the editors.
© 2021 {site}. All rights reserved. No part may be reprinted without permission.
Spotted a mistake? Write to us with the feedback form so that we can improve this article.
Enjoyed this article? Support our journalism with a donation.
Comments ({n})
Newest first
Best rated
Reply
Report
Please log in to post your comment.
Most popular
{teaser}
{teaser}
{teaser}
Back to top
Imprint | Privacy | Terms | Jobs | Contact
Cookie settings
Follow {site} on Instagram
загрузка""",
}
_TEASERS = {
    "de": ["Warum die Butter wieder teurer wird", "Diese fünf Städte sind im Sommer fast leer", "Kaffee aus der Kapsel im Vergleich",
           "So gelingt der Umzug ohne Ärger", "Der lange Weg zum neuen Stadtbad", "Zoo zeigt drei junge Luchse"],
    "en": ["Why butter is getting dearer again", "Five towns that empty out in summer", "Capsule coffee put to the test",
           "How to move house without tears", "The long road to a new town pool", "Zoo shows off three young lynxes"],
}  # fmt: skip


@dataclass(frozen=True)
class Scrape:
    """A page as text, and the lines of it that are the article's."""

    text: str
    title: str
    language: str
    lines: tuple[str, ...]


def scrapes(count: int, seed: int = 0) -> list[Scrape]:
    """Return scrapes of the sample articles, each with other furniture; every third has no headline."""
    paths = sorted((resources.folder("data") / "articles").glob("*.md"))
    return [_scrape(paths[number % len(paths)], random.Random(seed + number)) for number in range(count)]


def _scrape(path: Path, chance: random.Random) -> Scrape:
    fields, body = front_matter(path.read_text(encoding="utf-8"))
    code = str(fields["language"])
    rows = [row for row in plain(body).split("\n") if row.strip()]
    title = str(fields["title"])
    headed = chance.random() < 0.67
    lines = [title, *rows] if headed else rows

    def some(of: dict[str, str], least: int, most: int) -> list[str]:
        all_lines = of[code].split("\n")
        chosen = sorted(
            chance.sample(range(len(all_lines)), chance.randint(least, min(most, len(all_lines))))
        )
        return [_filled(all_lines[place], code, chance) for place in chosen]

    page = some(_HEAD, 2, 14)
    if headed:
        page.insert(chance.randint(0, len(page)), title)
    middle = some(_MIDDLE, 1, 6)
    for place, row in enumerate(rows):
        page.append(row)
        # Furniture stands between paragraphs, not between a heading and its paragraph.
        if middle and place < len(rows) - 1 and len(row.split()) > 14 and chance.random() < 0.5:
            page += [middle.pop() for _ in range(min(len(middle), chance.randint(1, 2)))]
    page += some(_TAIL, 2, 16)
    return Scrape(chance.choice(["\n", "\n\n"]).join(page), title, code, tuple(lines))


def _filled(line: str, code: str, chance: random.Random) -> str:
    day, month = chance.randint(1, 28), chance.randint(1, 12)
    return line.format(
        site=chance.choice(_SITES), name=chance.choice(_NAMES), agency=chance.choice(_AGENCIES),
        n=chance.randint(2, 90), teaser=chance.choice(_TEASERS[code]), date=f"{day:02}.{month:02}.2021",
        date_en=f"{day} March 2021",
    )  # fmt: skip
