"""Check that news that begins as buttons and notices do stays, and that buttons and notices go."""

import pytest

from rag.ingest.cleaning.clean import clean

GERMAN = (
    "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das Land am Dienstag mitteilte.",
    "Kritiker halten den Ausbau für zu teuer, weil die Anlegestellen schon heute nicht ausgelastet sind.",
    "Der Minister widersprach am Mittwoch und verwies auf die größeren Schiffe der kommenden Jahre.",
)
ENGLISH = (
    "The harbour of Rostock will be widened for 30 million euros, as the state said on Tuesday.",
    "Critics hold that the work is too dear because the piers are not used to the full even today.",
    "The minister disagreed on Wednesday and pointed to the larger ships of the years to come.",
)
NEWS = """
Mit dem Besuch in Kiew setzt der Kanzler ein Zeichen der Solidarität mit dem Land.
Mit der Nutzung von Wasserstoff will die Werft bis 2030 klimaneutral werden.
Durch die Nutzung von Gas entstehen jedes Jahr Millionen Tonnen Kohlendioxid.
Mit der Anmeldung der Versammlung begann der Streit zwischen Stadt und Verein.
Mehr dazu wollte der Sprecher am Dienstag nicht sagen.
Mehr von ihm war in diesem Jahr nicht zu hören.
Mehr aus der Kasse zu zahlen, lehnte der Kämmerer in der Sitzung ab.
Mehr als 300 Einsätze zählte die Feuerwehr. Lesen Sie hier, hieß es auf dem Zettel an der Tür, was zu tun ist.
Die wichtigsten Nachrichten kamen in dieser Woche aus Moskau und Peking.
Die wichtigsten Artikel des Vertrags blieben bis zum Abend umstritten.
Sie haben Hinweise auf den Täter, sagen die Ermittler in Rostock.
Sie sind bereits registriert, die meisten der Boote in diesem Hafen.
Die Karte ist im Osten des Landes nicht mehr gültig.
Das Video ist inzwischen nicht mehr zu sehen, teilte die Polizei mit.
Die Umfrage wurde am Montag nicht angezeigt, sondern erst am Dienstag.
Das Element ist bei Zimmertemperatur nicht stabil und zerfällt sofort.
Wir brauchen eine neue Technologie für das Netz, schreibt der Forscher.
Wir nutzen zu viele Daten aus dem Ausland, heißt es in dem Papier.
Wir brauchen mehr Inhalte aus den Schulen, schreibt der Verband der Lehrer.
Weitere Meldungen über Schäden lagen der Polizei am Abend nicht vor.
Aktuelle Nachrichten aus dem Kampfgebiet lassen sich kaum überprüfen.
Weitere Themen der Sitzung waren die Fähre und der Preis für das Wasser.
Auch interessant ist, dass die Partei ihre Meinung geändert hat.
Vielgelesen und doch vergessen ist das Buch über den Untergang der Flotte.
Gespeichert unter dem Hafen liegt das Öl aus den siebziger Jahren noch immer.
Keine Nachricht wollte er in dieser Zeit verpassen, sagte der Funker später.
Um die Karte der Bucht neu zu zeichnen, fuhr das Schiff drei Wochen lang.
Nach der Werbung um den Investor kam im Frühjahr die Enttäuschung für die Stadt.
Die Diskussion über den Kai wurde am Abend nach vier Stunden beendet.
Hier wird seit dem Sommer der externe Gutachter mit seinen Leuten arbeiten.
Nächsten Abschnitt des Deichs baut die Firma nach den Plänen erst im Frühjahr.
Das Wichtigste für den Fischer ist das Wetter, das er jeden Morgen prüft, und nicht der Preis.
Save the Children has called for a ceasefire and for more aid.
By using tanks in the city, the army broke the agreement of March.
By providing weapons to Ukraine, Washington had angered Moscow for years.
By signing the treaty, the two states ended a quarrel of forty years.
By continuing the strike, the dockers put the harvest of the valley at risk.
Print the money and prices will rise, the bank warned on Monday.
See the discussion in parliament as a warning, she told the party.
More about this will be known next week, the minister said.
More on this is to be told by the witnesses in the coming days.
Don't miss the point, the judge told the lawyers in court.
Related posts in the ministry were filled by his friends and cousins.
Register to vote, the posters say on every street of the city.
Sign in the window said the shop had closed for good in May.
Log in the river had blocked the ferry for more than a week.
Subscribed capital of the bank had fallen to a third by the summer.
We use data from 40 countries to show how prices rose after the war.
Free breaking alerts were not sent to people in the valley that night.
Share the burden with the smaller ones, he told the allies at the summit.
Save on heating and the gas will last, the mayor told the people of the town.
Filed under the wrong name, the letters lay in the archive for forty years.
Archived in the cellar of the ministry, the files had survived the fire.
Picture, for a moment, a city without any water or power at all.
Lesen Sie mit Kindern, rät die Bibliothek den Eltern der Stadt, und zwar jeden Tag.
Mit Vorsicht lesen Ökonomen die Zahlen des Hafens für das vergangene Jahr.
Bestens informiert über die Pläne waren allein die Fischer von der Insel.
Seite 3 von 40 des Gutachtens nennt den Schaden, den die Stadt verschwieg.
Die Rechte der Fischer an diesem Ufer gelten seit dem Mittelalter.
Unterstützung für den Journalismus verlangte die Gewerkschaft am Montag vom Land.
Thanks for reading the will aloud went to the youngest of the heirs.
Support for independent journalism has fallen in the region, the survey says.
Get involved with the gangs and you will not leave, she told the boys.
Write to the mayor, the old fisherman said, and nothing will come of it.
The transcript was edited by the ministry before it went to the court.
List prices in the harbour rose by a third in a year.
Save the harbour or lose the town, she told the council.
The town is a reader of its own past, and the book shows it.
Published in the spring, her first book sold forty copies.
""".strip().split("\n")  # fmt: skip
NOTICES = """
Mit dem Absenden des Formulars stimmen Sie der Verarbeitung Ihrer Daten zu.
Mit der Anmeldung zum Newsletter werden die Bedingungen des Verlags akzeptiert.
Durch die Nutzung der Website wird dem Einsatz von Cookies zugestimmt.
Mehr dazu lesen Sie in unserem Liveblog aus Rostock.
Mehr zum Thema hören Sie in unserem Podcast.
Mehr zum Thema
Lesen Sie auch: Die Werften haben wieder Arbeit
Weitere Artikel zum Thema finden sich auf der Themenseite.
Das könnte Sie auch interessieren
Wir verwenden Cookies, um diese Seite zu verbessern.
Wir nutzen Cookies und ähnliche Technologien auf dieser Seite.
Unsere Partner verwenden Ihre Daten, um Ihnen Inhalte zu zeigen.
Wir setzen auf dieser Seite Tracking ein, um Werbung zu messen.
Ihr Browser unterstützt leider kein HTML5-Audio.
Dieses Video kann in deinem Land leider nicht abgespielt werden.
Das Video konnte wegen eines Fehlers leider nicht geladen werden.
Dieser Inhalt ist leider nicht mehr verfügbar.
Dieser Artikel ist älter als 2 Jahre und wird nicht mehr gepflegt.
Die Kommentarfunktion zu diesem Artikel wurde nach zwei Tagen geschlossen.
Sie haben Hinweise zu diesem Thema? Schreiben Sie uns.
Haben Sie Fragen zu unserer Berichterstattung aus der Region?
Folgen Sie uns auf Instagram, um mehr aus dem Hafen zu sehen.
Melden Sie sich jetzt an und lesen Sie weiter.
Abonnieren Sie unseren Newsletter für die Region.
Artikel wird weiter unten hinter der Anzeige fortgesetzt.
By clicking the button, you agree to our terms.
By signing up, readers accept the terms of the newsletter.
This video can not be played on the device that is used.
This article is more than 3 years old
We use cookies to make this site better for all.
We and our partners use your data to show what is of interest.
Sign up here to get the news of the harbour each morning.
Sign up for our newsletter and never be without the news.
Log in to leave a comment below the story of the day.
Subscribe now to read the rest of what the harbour does.
Register now to read on and to save what is of interest.
Already a subscriber? Log in
Follow us on Instagram for more of the harbour and its ships.
Share this article with friends on Facebook
Save my name, email, and website in this browser for the next time I comment.
Comments are closed.
Story continues below advertisement
More on this story
Read more on the live blog of the paper.
Do you have a tip for us? Write to the desk.
Examining the latest in health care news every weekday morning.
Copyright 2021 Harbour Gazette. All rights reserved.
Lesen Sie mit Küstenplus, was der Minister den Fischern verschweigt
Mit KP+ lesen Sie alle Artikel auf kuestenpost.example
Möchten Sie diesen Artikel weiterlesen?
Seite 2 von 3
Die Wiedergabe wurde unterbrochen.
Bild nicht mehr verfügbar.
Hier geht es zu den besten Angeboten der Woche
Um kommentieren zu können, müssen Sie angemeldet sein.
Fehler gefunden? Schreiben Sie uns: korrektur@kuestenpost.example
Kopieren Sie den Link zum Einbetten des Videos: Kopiert
Rechte an diesem Artikel können Sie hier erwerben.
Dieser Ticker wird laufend aktualisiert.
Das Papier gibt die Auffassung der Autorin wieder.
Dieser Text steht unter der Lizenz CC BY 4.0
ISSN (Print) 1234-5678
Bestens informiert mit Küstenplus, jetzt vier Wochen kostenlos testen
Enter your email address
View this email in your browser
You are receiving this email because you signed up at harbourgazette.example.
Was this forwarded to you? Sign up here.
Thanks for reading. Hit reply to tell us what you think.
Support local journalism. Become a member today.
What else we're reading
23 thoughts on “Why the harbour is silting up”
Get involved with the news in your community
Comments will be moderated. Keep comments relevant to the article.
Write to Ruth Pennerton at ruth.pennerton@harbourgazette.example
Reach the reporter at rpennerton@harbourgazette.example.
This copy is for your personal, non-commercial use only.
Das könnte Ihnen auch gefallen
HAZ auf WhatsApp – alle Infos zum Hafen
Hier geht's zu unserem Kanal
Be the first to get Breaking News
Install the Harbour News app for free
Please use Chrome browser for a more accessible video player
Die Anlage an der Küste bei Wismar. (IMAGO / Depositphotos)
Zugang zum Chat ist wegen eines Verstoßes gegen die Regeln eingeschränkt.
Täglich wissen, was in Wismar passiert:
Mit meiner Anmeldung zum Newsletter stimme ich den Richtlinien zu.
Found a typo? Select it and press Ctrl + Enter
Partner service
Try for free
zur Hauptnavigation springen.
Posted Tue 15 Aug 2023 at 4:12am, updated Tue 15 Aug 2023 at 7:30am
A crab can weigh up to 17 kilograms. (Supplied: Tom Hale)
2. Seite 2 Die roten Linien
Auf einer Seite lesen
X-Inhalte immer anzeigen
The code has been copied to your clipboard.
No media source currently available
0:02:11
Bild in Lightbox öffnen
Zitiervorschlag: Rostock baut. In: Küstenpost, 22.03.2023
Join our Telegram channel for the latest news
Besuche jetzt den Stellenmarkt der Küstenpost.
In this image provided by the harbour office, the minister speaks with the fishermen in Rostock.
[ ‘He bought the whole town pints’: how a harbour split a town ]
Box aufklappen
Mit WhatsApp teilen
Mit Ihrer Zustimmung wird hier ein externes YouTube-Video geladen.
Wir konnten leider keine passende Umfrage finden.
Mehr Küste mit dem Abo und dem Newsletter: jetzt vier Wochen kostenlos testen.
list 2 of 3
end of list
Lo más leído hoy:
Siehe Kommentare (3)
Suggest a correction
Save articles to read later and create your own reading list.
Type your email…
Slow Signals is a reader-supported publication. To support my work, become a subscriber.
Soldiers at the harbour bridge [Screengrab/Harbourline]
Appeared in the May 13 print edition as “Silt and Sand”.
""".strip().split("\n")  # fmt: skip


def removed(line: str) -> list[str]:
    """Return what goes of an article in the line's language with the line in its midst."""
    german = any(word in GERMAN_WORDS for word in line.lower().split())
    first, second, third = GERMAN if german else ENGLISH
    return [one.text for one in clean("\n\n".join((first, second, line, third))).removed]


GERMAN_WORDS = frozenset("der die das den dem und wir sie mehr weitere dieses dieser unsere ihr nach".split())


@pytest.mark.parametrize("line", NEWS)
def test_news_that_begins_like_a_notice_stays(line: str) -> None:
    """Keep a sentence that neither speaks to the reader nor of what only sites have."""
    assert removed(line) == []


@pytest.mark.parametrize("line", NOTICES)
def test_a_notice_goes(line: str) -> None:
    """Take out what the site says to its reader, sentence or not."""
    assert line in removed(line)
