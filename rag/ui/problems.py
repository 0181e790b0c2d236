"""What the library says went wrong, in English → the same in the page's language.

The library's messages are English, as the command line is. Those that a visitor of the page can meet have
a German form here; any other is shown as it stands, for a message half understood beats none.
"""

from __future__ import annotations

import re
from typing import Final

from rag.ui.texts import Texts

# The English message with its variable parts as groups → the German one. Order does not matter.
GERMAN: Final = {
    r"the question is empty": "Die Frage ist leer",
    r"ask in a few words, in German or English": "Fragen Sie in einigen Wörtern, auf Deutsch oder Englisch.",
    r"the question has ([\d,]+) characters, the limit is ([\d,]+)": (
        "Die Frage hat {0} Zeichen, erlaubt sind {1}"
    ),
    r"ask it in a sentence or two": "Fragen Sie in ein, zwei Sätzen.",
    r"the collection is empty": "Die Sammlung ist leer",
    r"add articles first: rag index PATH": "Fügen Sie zuerst Artikel hinzu.",
    r"no article has the id (.+)": "Kein Artikel hat die Kennung {0}",
    r"no article has the publisher (.+)": "Kein Artikel hat den Herausgeber {0}",
    r"no article has the language (.+)": "Kein Artikel hat die Sprache {0}",
    r"the collection has: (.+)": "Die Sammlung hat: {0}",
    r"`rag articles` lists the ids of the collection": "Die Ansicht „Sammlung“ nennt alle Artikel.",
    r"an article's id is needed, got (.+)": "Die Adresse nennt keinen Artikel",
    r"(.+) is writing to the store (.+)": "{0} schreibt gerade in die Sammlung",
    r"no suffix: not a format it can read": "Ohne Endung ist das Format nicht zu erkennen",
    r"(\S+): not a format it can read": "{0}: dieses Format wird nicht gelesen",
    r"it reads (.+)": "Gelesen werden {0}",
    r"it holds no text": "Darin steht kein Text",
    r"the file is empty": "Die Datei ist leer",
    r"give a file with the text of an article": "Nötig ist eine Datei mit dem Text eines Artikels",
    r"its text has ([\d,]+) characters, the limit for one article is ([\d,]+)": (
        "Der Text hat {0} Zeichen, erlaubt sind {1} je Artikel"
    ),
    r"split it into articles, or raise RAG_ARTICLE_MB": (
        "Teilen Sie ihn in Artikel oder erhöhen Sie RAG_ARTICLE_MB"
    ),
    r"`published` is no date: (.+)": "{0} ist kein Datum",
    r"['\"](.+)['\"] is no date": "„{0}“ ist kein Datum",
    r"write it like 2021-12-07": "Schreiben Sie es wie 2021-12-07",
    r"its front matter is not closed": "Der Vorspann hat kein Ende",
    r"its front matter is not YAML: (.+)": "Der Vorspann ist kein YAML: {0}",
    r"end it with a line `---`": "Beenden Sie ihn mit einer Zeile `---`",
    r"this is a binary file, not (\w+)": "Das ist eine Binärdatei, kein {0}",
    r"convert it to text, Markdown, HTML or JSONL first": (
        "Wandeln Sie sie zuerst in Text, Markdown oder HTML um"
    ),
    r"save the page as HTML": "Speichern Sie die Seite als HTML",
    r"no article was found on the page": "Auf der Seite wurde kein Artikel gefunden",
    r"save the article's own page, or its text as \.txt": (
        "Speichern Sie die Seite des Artikels selbst oder seinen Text als .txt"
    ),
    r"not valid JSON: (.+)": "Das ist kein gültiges JSON: {0}",
    r"one JSON object a line, without line breaks in it": "Nötig ist ein JSON-Objekt je Zeile",
    r"the id (.+) stands in (.+) already": "Die Kennung {0} steht schon in {1}",
    r"give every article an id of its own": "Geben Sie jedem Artikel eine eigene Kennung",
    r"cannot be read: (.+)": "Nicht lesbar: {0}",
    r"check the path and its permissions": "Prüfen Sie Pfad und Rechte",
    r"addresses cannot be indexed yet": "Adressen werden noch nicht gelesen",
    r"save the page as \.html and index the file": (
        "Speichern Sie die Seite als .html und fügen Sie die Datei hinzu"
    ),
    r"the host (.+) is not known": "Den Rechner {0} gibt es nicht",
    r"(\S+) cannot be reached: (.+)": "{0} ist nicht erreichbar: {1}",
    r"(\S+) took too long": "{0} hat zu lange gebraucht",
    r"check the address and the network": "Prüfen Sie Adresse und Netz",
    r"check the address": "Prüfen Sie die Adresse",
    r"try again later": "Versuchen Sie es später noch einmal",
    r"there is no such page \(status (\d+)\)": "Diese Seite gibt es nicht (Status {0})",
    r"the server keeps it to itself \(status (\d+)\)": "Der Server gibt sie nicht heraus (Status {0})",
    r"save the page from a browser and index the file": (
        "Speichern Sie die Seite im Browser und fügen Sie die Datei hinzu"
    ),
    r"the robots\.txt of (\S+) does not allow it": "Die robots.txt von {0} erlaubt es nicht",
    r"(\S+) stands for (\S+), which is not on the public internet": (
        "{0} steht für {1}, und das liegt nicht im öffentlichen Netz"
    ),
    r"set RAG_FETCH_PRIVATE=1 to read from your own network": (
        "RAG_FETCH_PRIVATE=1 erlaubt Adressen im eigenen Netz"
    ),
    r"the article database refused to (\w+): (.+)": "Die Datenbank der Artikel ließ das nicht zu: {1}",
    r"check free disk space and that the store's folder is writable": (
        "Prüfen Sie den freien Platz und die Rechte des Ordners"
    ),
}  # fmt: skip
_COMPILED: Final = {re.compile(english, re.DOTALL): german for english, german in GERMAN.items()}


def told(message: str, texts: Texts) -> str:
    """Return a message of the library in the language of the page, or as it is where there is no other."""
    if texts.language != "de":
        return message
    for english, german in _COMPILED.items():
        if match := english.fullmatch(message.strip()):
            return german.format(*match.groups())
    return message
