"""The library's messages in English → their German forms, for those that a visitor of the page can meet."""

from __future__ import annotations

from typing import Final

# The English message with its variable parts as groups → the German one; the parts are told in German, too.
GERMAN: Final = {
    # Questions and what they name
    r"the question is empty": "Die Frage ist leer",
    r"ask in a few words, in German or English": "Fragen Sie in einigen Wörtern, auf Deutsch oder Englisch.",
    r"the question has ([\d,]+) characters, the limit is ([\d,]+)": (
        "Die Frage hat {0} Zeichen, erlaubt sind {1}"
    ),
    r"ask it in a sentence or two": "Fragen Sie in ein, zwei Sätzen.",
    r"the collection is empty": "Die Sammlung ist leer",
    r"add articles first: rag index PATH": "Fügen Sie zuerst Artikel hinzu.",
    r"no article has the (\w+) ['\"](.+)['\"]": "Kein Artikel mit {0} „{1}“",
    r"id": "Kennung",
    r"title": "Titel",
    r"publisher": "Herausgeber",
    r"language": "Sprache",
    r"the collection has: (.+)": "Die Sammlung hat: {0}",
    r"no article of the collection states its (.+)": "Zu keinem Artikel der Sammlung ist bekannt: {0}",
    r"`rag articles` lists the ids of the collection": "Die Ansicht „Sammlung“ nennt alle Artikel.",
    r"an article's id is needed, got (.+)": "Die Adresse nennt keinen Artikel",
    # Who may do what, and how much
    r"only editors may add, edit or remove articles": (
        "Nur wer zur Redaktion gehört, darf Artikel hinzufügen, ändern und entfernen"
    ),
    r"ask an editor of this collection": "Fragen Sie jemanden aus der Redaktion dieser Sammlung.",
    r"(\d+) of your questions are being answered": "{0} Ihrer Fragen werden gerade beantwortet",
    r"wait for one of the answers, or stop it": "Warten Sie auf eine der Antworten oder brechen Sie eine ab.",
    r"you have put (\d+) questions within a minute": "Sie haben in einer Minute {0} Fragen gestellt",
    r"ask again in (\d+) seconds": "Fragen Sie in {0} Sekunden noch einmal.",
    r"more than (\d+) files at once": "Mehr als {0} Dateien auf einmal",
    r"add them in several goes": "Fügen Sie sie nach und nach hinzu.",
    r"(\d+) of your runs of adding are not finished": (
        "{0} Ihrer Durchgänge zum Hinzufügen sind noch nicht fertig"
    ),
    r"wait until one of them is finished": "Warten Sie, bis einer davon fertig ist.",
    r"too much is being added at once": "Gerade wird zu viel auf einmal hinzugefügt",
    r"add it again in a minute": "Fügen Sie es in einer Minute noch einmal hinzu.",
    r"this page is being closed": "Diese Seite wird gerade beendet",
    r"ask again in a minute": "Fragen Sie in einer Minute noch einmal.",
    # Correcting what is known of an article
    r"nothing to set": "Nichts zu ändern",
    r"no field (.+) can be set": "Das Feld {0} lässt sich nicht ändern",
    r"(?:fields are|give one of) (.+)": "Ändern lassen sich: {0}",
    r"an article cannot be without a (.+)": "Ein Artikel braucht die Angabe: {0}",
    r"give one": "Füllen Sie das Feld aus",
    r"['\"](.*)['\"] is no language code": "„{0}“ ist kein Sprachkürzel",
    r"write two letters, such as de or en": "Schreiben Sie zwei Buchstaben wie de oder en",
    r"['\"](.*)['\"] is no date": "„{0}“ ist kein Datum",
    r"`(\w+)` is no date: (.+)": "{1} ist kein Datum",
    r"['\"](.*)['\"] is no web address": "„{0}“ ist keine Internetadresse",
    r"(.+) is no text": "{0} ist kein Text",
    r"give a text": "Geben Sie einen Text an",
    r"write it like 2021-12-07": "Schreiben Sie es wie 2021-12-07",
    # Language models
    r"the language model (.+) is not there to be chosen": "Das Sprachmodell {0} steht nicht zur Wahl",
    r"start Ollama, or choose another one in the settings": (
        "Starten Sie Ollama, oder wählen Sie in den Einstellungen ein anderes"
    ),
    r"no language model is chosen": "Kein Sprachmodell ist gewählt",
    r"choose one in the settings": "Wählen Sie eines in den Einstellungen",
    r"no translation: (.+)": "Keine Übersetzung: {0}",
    r"the model said nothing": "das Modell sagte nichts",
    r"the quote itself stands above; try again later": (
        "Das Zitat selbst steht darüber; versuchen Sie es später noch einmal"
    ),
    r"the provider ['\"](.+)['\"] is not installed": "Der Anbieter {0} ist nicht installiert",
    r"the language model (.+) cannot be opened without a key": (
        "Das Sprachmodell {0} lässt sich ohne Schlüssel nicht öffnen"
    ),
    r"set RAG_LLM_API_KEY or (\w+) to your key, or ask with --llm none": (
        "Setzen Sie RAG_LLM_API_KEY oder {0}, oder fragen Sie mit --llm none"
    ),
    r"the language model (.+) cannot be opened: (.+)": "Das Sprachmodell {0} lässt sich nicht öffnen: {1}",
    r"check RAG_LLM, RAG_LLM_URL and RAG_LLM_API_KEY, or ask with --llm none": (
        "Prüfen Sie RAG_LLM, RAG_LLM_URL und RAG_LLM_API_KEY, oder fragen Sie mit --llm none"
    ),
    r"RAG_LLM_URL names a server, and RAG_LLM no model of it": (
        "RAG_LLM_URL nennt einen Server, RAG_LLM aber kein Modell dazu"
    ),
    r"set RAG_LLM to a model that the server has \(any word for llama\.cpp\), or to none": (
        "Setzen Sie RAG_LLM auf ein Modell des Servers (für llama.cpp ein beliebiges Wort) oder auf none"
    ),
    r"RAG_LLM_URL=['\"](.+)['\"] is no address": "RAG_LLM_URL={0} ist keine Adresse",
    r"write the whole of it, such as http://127\.0\.0\.1:8080/v1": (
        "Schreiben Sie sie ganz, etwa http://127.0.0.1:8080/v1"
    ),
    r"RAG_LLM=['\"](.+)['\"] names no (model|provider)": "RAG_LLM={0} ist unvollständig",
    r"write (ollama:qwen3:8b) or (openai:\S+), or give the server's address as RAG_LLM_URL": (
        "Schreiben Sie {0} oder {1}, oder nennen Sie mit RAG_LLM_URL die Adresse des Servers"
    ),
    # The store
    r"the store (.+) is being written by (.+), for more than (\S+) s": (
        "In die Sammlung schreibt seit über {2} Sekunden: {1}"
    ),
    r"another process": "ein anderes Programm",
    r"wait until it is done, then try again": (
        "Warten Sie, bis das fertig ist, und versuchen Sie es noch einmal"
    ),
    r"the store (.+) cannot be (locked|read|made): (.+)": "Die Sammlung {0} ist nicht zugänglich: {2}",
    r"the store (.+) is not writable": "In die Sammlung {0} lässt sich nicht schreiben",
    r"check that it is writable": "Prüfen Sie die Schreibrechte",
    r"choose another folder with --store(?:, or change its rights)?": (
        "Wählen Sie mit --store einen anderen Ordner oder ändern Sie die Rechte"
    ),
    r"the store (.+) was built with the embedding model (.+), not with (.+)": (
        "Die Sammlung {0} wurde mit dem Modell {1} gebaut, nicht mit {2}"
    ),
    r"the store (.+) was cut with (.+), not with (.+)": (
        "Die Sammlung {0} wurde mit {1} zerlegt, nicht mit {2}"
    ),
    r"build it anew with `rag rebuild`": "Bauen Sie sie im Terminal neu auf: rag rebuild",
    r"set (RAG_\w+) to the (?:model|value) that built it(?: \(.+\))?, or build it anew with `rag rebuild`": (
        "Setzen Sie {0} wie beim Bau der Sammlung oder bauen Sie sie neu: rag rebuild"
    ),
    r"the store (.+) has format (.+), this version reads format (.+)": (
        "Die Sammlung {0} hat das Format {1}, diese Version liest {2}"
    ),
    r"use the version that wrote it, or index your articles into a new store": (
        "Nehmen Sie die Version, die sie schrieb, oder eine neue Sammlung"
    ),
    r"the collection (.+) was replaced while it was open here": (
        "Die Sammlung {0} wurde ersetzt, während sie hier geöffnet war"
    ),
    r"start this program again": "Starten Sie das Programm neu",
    r"there is no collection in (.+)": "In {0} ist keine Sammlung",
    r"(.+) is damaged \((.+)\)": "{0} ist beschädigt ({1})",
    r"`rag rebuild` makes the store anew from the articles in it": (
        "`rag rebuild` baut die Sammlung aus ihren Artikeln neu"
    ),
    r"the article database refused to ([\w ]+): (.+)": "Die Datenbank der Artikel ließ das nicht zu: {1}",
    r"the article database is damaged: (.+)": "Die Datenbank der Artikel ist beschädigt: {0}",
    r"`rag doctor` says more; `rag restore` brings a backup back": (
        "`rag doctor` sagt Näheres, `rag restore` holt eine Sicherung zurück"
    ),
    r"the article database (.+) is missing": "Die Datenbank der Artikel fehlt: {0}",
    r"bring a backup back with `rag restore`, or index your articles into a new store": (
        "Holen Sie mit `rag restore` eine Sicherung zurück oder nehmen Sie eine neue Sammlung"
    ),
    r"the article database cannot be opened: (.+)": "Die Datenbank der Artikel lässt sich nicht öffnen: {0}",
    r"check free disk space and that the store's folder is writable": (
        "Prüfen Sie den freien Platz und die Rechte des Ordners"
    ),
    r"check that the store's folder is (?:readable and )?writable(?: and articles\.sqlite undamaged)?": (
        "Prüfen Sie die Rechte des Ordners der Sammlung"
    ),
    r"the list of sources cannot be opened: (.+)": "Die Liste der Quellen lässt sich nicht öffnen: {0}",
    r"(.+) is not among the sources": "{0} ist keine der Quellen",
    r"`rag sources` lists what is refreshed": "„rag sources“ nennt, was aufgefrischt wird",
    r"the database holds no collection": "Die Datenbank enthält noch keine Sammlung",
    # The servers a collection may be kept on
    r"RAG_DATABASE_URL is no address of a PostgreSQL database": (
        "RAG_DATABASE_URL ist keine Adresse einer PostgreSQL-Datenbank"
    ),
    r"write it like ((?:postgresql|http):\S+(?: or \S+)?)": "Schreiben Sie es wie {0}",
    r"PostgreSQL's driver is not installed": "Der Treiber für PostgreSQL ist nicht installiert",
    r"pip install (.+)": "pip install {0}",
    r"the article database (\S+) does not answer: (.+)": "Die Datenbank {0} antwortet nicht: {1}",
    r"start the database server, or check RAG_DATABASE_URL; then ask again": (
        "Starten Sie den Datenbankserver oder prüfen Sie RAG_DATABASE_URL; fragen Sie dann noch einmal"
    ),
    r"the article database (\S+) refuses: (.+)": "Die Datenbank {0} lehnt ab: {1}",
    r"check its log, its rights and its disk": "Prüfen Sie ihr Protokoll, ihre Rechte und ihren Platz",
    r"the article database (\S+) has the encoding (.+), not UTF8": (
        "Die Datenbank {0} hat die Kodierung {1} statt UTF8"
    ),
    r"make it with: (createdb .+)": "Legen Sie sie so an: {0}",
    r"the store is being written by (.+), for more than (\S+) s": (
        "In die Sammlung schreibt seit über {1} Sekunden: {0}"
    ),
    r"the vectors in (.+) cannot be (?:opened|searched|read|written|counted|listed|'7'|7): (.+)": (
        "Die Vektoren in {0} sind nicht erreichbar: {1}"
    ),
    r"the vectors in (.+) are damaged: (.+)": "Die Vektoren in {0} sind beschädigt: {1}",
    r"the vectors at (.+) belong to another store": "Die Vektoren auf {0} gehören zu einer anderen Sammlung",
    r"name a database for this one: (.+)": "Geben Sie dieser Sammlung eine eigene Datenbank: {0}",
    r"start the Chroma server, or check RAG_CHROMA_URL and RAG_CHROMA_TOKEN; then ask again": (
        "Starten Sie den Chroma-Server oder prüfen Sie RAG_CHROMA_URL und RAG_CHROMA_TOKEN; "
        "fragen Sie dann noch einmal"
    ),
    r"RAG_CHROMA_URL=(.+) is no address of a Chroma server": (
        "RAG_CHROMA_URL={0} ist keine Adresse eines Chroma-Servers"
    ),
    r"RAG_EMBEDDING_URL=(.+) is no address of a server": (
        "RAG_EMBEDDING_URL={0} ist keine Adresse eines Servers"
    ),
    r"the embedding server (.+) does not say which model is meant": (
        "Der Einbettungsserver {0} sagt nicht, welches Modell gemeint ist"
    ),
    r"set RAG_EMBEDDING_MODEL to the name of one of its models": (
        "Setzen Sie RAG_EMBEDDING_MODEL auf eines seiner Modelle"
    ),
    r"the embedding server (.+) has the model (.+), not (.+)": (
        "Der Einbettungsserver {0} hat das Modell {1}, nicht {2}"
    ),
    r"set RAG_EMBEDDING_MODEL to the model it has, or leave it unset": (
        "Setzen Sie RAG_EMBEDDING_MODEL auf sein Modell oder gar nicht"
    ),
    r"the embedding server (.+) does not answer with (\d+) vectors": (
        "Der Einbettungsserver {0} antwortet nicht mit {1} Vektoren"
    ),
    r"the embedding server (.+) does not answer: (.+)": "Der Einbettungsserver {0} antwortet nicht: {1}",
    r"the embedding server (.+) refuses with status (\d+): (.*)": (
        "Der Einbettungsserver {0} lehnt ab (Status {1}): {2}"
    ),
    r"check RAG_EMBEDDING_URL, RAG_EMBEDDING_MODEL and RAG_EMBEDDING_API_KEY, and that the server runs": (
        "Prüfen Sie, ob er läuft, und RAG_EMBEDDING_URL, RAG_EMBEDDING_MODEL und RAG_EMBEDDING_API_KEY"
    ),
    # Files
    r"no suffix: not a format it can read": "Ohne Endung ist das Format nicht zu erkennen",
    r"(\S+): not a format it can read": "{0}: dieses Format wird nicht gelesen",
    r"it reads (.+)": "Gelesen werden {0}",
    r"it holds no text": "Darin steht kein Text",
    r"the file is empty": "Die Datei ist leer",
    r"it is no regular file": "Das ist keine gewöhnliche Datei",
    r"no path is given": "Es ist kein Pfad angegeben",
    r"name a file, a folder or an address": "Nennen Sie eine Datei, einen Ordner oder eine Adresse",
    r"there is no such file or folder": "Diese Datei oder diesen Ordner gibt es nicht",
    r"no path this system can follow: (.+)": "Diesem Pfad kann das System nicht folgen: {0}",
    r"the folder holds no article": "In dem Ordner ist kein Artikel",
    r"cannot be read: (.+)": "Nicht lesbar: {0}",
    r"check the path and its permissions": "Prüfen Sie Pfad und Rechte",
    r"check the path": "Prüfen Sie den Pfad",
    r"check its permissions": "Prüfen Sie die Rechte",
    r"Permission denied": "Zugriff verweigert",
    r"give a file with the text of an article": "Nötig ist eine Datei mit dem Text eines Artikels",
    r"its text has ([\d,]+) characters, the limit for one article is ([\d,]+)": (
        "Der Text hat {0} Zeichen, erlaubt sind {1} je Artikel"
    ),
    r"the file has (\S+) MB, too much for one article": "Die Datei hat {0} MB, zu viel für einen Artikel",
    r"it cannot be read \((.+)\)": "Es lässt sich nicht lesen ({0})",
    r"give its text as \.txt": "Geben Sie den Text als .txt",
    r"a field has ([\d,]+) values": "Ein Feld hat {0} Werte",
    r"give at most (\d+)": "Geben Sie höchstens {0} an",
    r"a field holds a (\w+) in the place of text": "In einem Feld steht etwas anderes als Text ({0})",
    r"give text, or a list of texts": "Geben Sie Text an oder eine Liste von Texten",
    r"the page has (\S+) MB without its pictures, too much for one article": (
        "Die Seite hat ohne ihre Bilder {0} MB, zu viel für einen Artikel"
    ),
    r"split it into articles(?: \(or a \.jsonl dump\))?, or raise RAG_ARTICLE_MB": (
        "Teilen Sie den Text in Artikel oder erhöhen Sie RAG_ARTICLE_MB"
    ),
    r"split it into articles": "Teilen Sie das Dokument in Artikel",
    r"the id (.+) stands in (.+) already": "Die Kennung {0} steht schon in {1}",
    r"line (\d+)": "Zeile {0}",
    r"give every article (?:of a dump )?an id of its own": "Geben Sie jedem Artikel eine eigene Kennung",
    r"this is a binary file, not (\w+)": "Das ist eine Binärdatei, kein {0}",
    r"text": "Text",
    r"convert it to text, Markdown, HTML or JSONL first": (
        "Wandeln Sie sie zuerst in Text, Markdown oder HTML um"
    ),
    r"read as (\S+), it is not UTF-8": "Gelesen als {0}, denn es ist kein UTF-8",
    r"read as (\S+), it has no byte order mark": "Gelesen als {0}, ohne Kennzeichen der Bytefolge",
    r"bytes that are not (\S+) were replaced by (.+)": "Was nicht {0} ist, wurde durch {1} ersetzt",
    r"([\d,]+) bytes are not valid UTF-8 and were replaced by (.+)": (
        "{0} Bytes sind kein gültiges UTF-8 und wurden durch {1} ersetzt"
    ),
    # Markdown, HTML, dumps
    r"its front matter is not closed": "Der Vorspann hat kein Ende",
    r"end it with a line `---`": "Beenden Sie ihn mit einer Zeile `---`",
    r"its front matter is not TOML: (.+)": "Der Kopf der Datei ist kein gültiges TOML: {0}",
    r"see the documentation of TOML": "Wie es zu schreiben ist, steht unter toml.io",
    r"its front matter is not YAML: (.+)": "Der Vorspann ist kein YAML: {0}",
    r'put values that contain ":" in quotation marks': "Setzen Sie Werte mit „:“ in Anführungszeichen",
    r"its front matter holds an impossible date: (.+)": "Im Vorspann steht ein unmögliches Datum: {0}",
    r"its front matter is no list of `name: value` lines": (
        "Der Vorspann besteht nicht aus Zeilen `Name: Wert`"
    ),
    r"see data/articles for the form": "Die Form zeigen die Beispiele in data/articles",
    r"save the page as HTML": "Speichern Sie die Seite als HTML",
    r"no article was found on the page": "Auf der Seite wurde kein Artikel gefunden",
    r"save the article's own page, or its text as \.txt": (
        "Speichern Sie die Seite des Artikels selbst oder seinen Text als .txt"
    ),
    r"not valid (JSON|CSV|\S+): (.+)": "Das ist kein gültiges {0}: {1}",
    r"one JSON object a line, without line breaks in it": "Nötig ist ein JSON-Objekt je Zeile",
    r"the row has no text": "In der Zeile steht kein Text",
    r"fill its column, or take it out": "Füllen Sie ihre Spalte, oder nehmen Sie sie heraus",
    r"no JSON object with a string `text`": "Kein JSON-Objekt mit einem Text unter `text`",
    r'write lines like (\{.+\})(?:, or name the column: --map text=COLUMN)?': (
        "Schreiben Sie Zeilen wie {0}"
    ),
    r"put one JSON object with `id` and `text` on each line": (
        "Nötig ist je Zeile ein JSON-Objekt mit `id` und `text`"
    ),
    r"write it as UTF-8 text": "Speichern Sie sie als UTF-8-Text",
    r"put quotation marks around the text": "Setzen Sie den Text in Anführungszeichen",
    r"no column holds the text; there are: (.+)": "Keine Spalte enthält den Text; es gibt: {0}",
    r"name it: --map text=COLUMN": "Nennen Sie sie im Terminal: rag index --map text=SPALTE",
    r"the line is longer than (\S+) MB": "Die Zeile ist länger als {0} MB",
    r"put one article on each line": "Schreiben Sie einen Artikel je Zeile",
    # PDF, office documents, mail
    r"this (\S+) is damaged: (.+)": "Die Datei ({0}) ist beschädigt: {1}",
    r"this (\S+) is locked with a password": "Die Datei ({0}) ist mit einem Passwort geschützt",
    r"this (\S+) holds no (text|article)": "In der Datei ({0}) steht kein {1}",
    r"only the first of its ([\d,]+) articles was taken": "Nur der erste ihrer {0} Artikel wurde aufgenommen",
    r"article": "Artikel",
    r"mail": "E-Mail",
    r"save it without one": "Speichern Sie es ohne Passwort",
    r"it cannot be opened": "Sie lässt sich nicht öffnen",
    r"no page can be read": "Keine Seite lässt sich lesen",
    r"damaged pages were left out: (.+)": "Beschädigte Seiten wurden ausgelassen: {0}",
    r"export it again": "Exportieren Sie es noch einmal",
    r"the PDF has ([\d,]+) pages, the limit for one article is ([\d,]+)": (
        "Das PDF hat {0} Seiten, erlaubt sind {1} je Artikel"
    ),
    r"the PDF is scanned: its pages are pictures without text": (
        "Das PDF ist gescannt: Seine Seiten sind Bilder ohne Text"
    ),
    r"run text recognition over it first, for example ocrmypdf": (
        "Lassen Sie zuerst eine Texterkennung laufen, zum Beispiel ocrmypdf"
    ),
    r"the PDF holds no text on its ([\d,]+) pages": "Auf den {0} Seiten des PDFs steht kein Text",
    r"give a PDF with text": "Nötig ist ein PDF mit Text",
    r"it names no book": "Sie nennt kein Buch",
    r"its XML is damaged: (.+)": "Sein XML ist beschädigt: {0}",
    r"save it again, or as \.txt": "Speichern Sie es noch einmal oder als .txt",
    r"give the pages as HTML or text": "Nehmen Sie die Seiten als HTML oder Text",
    r"save its text as \.txt": "Speichern Sie den Text als .txt",
    r"this is no mail: it has no head": "Das ist keine E-Mail: Der Kopf fehlt",
    r"export the mail as \.eml": "Exportieren Sie die E-Mail als .eml",
    r"save the page again, as HTML": "Speichern Sie die Seite noch einmal, als HTML",
    # Zips
    r"the file is damaged: it is no zip inside": "Die Datei ist beschädigt: Innen ist sie kein Zip",
    r"it holds ([\d,]+) files, the limit is ([\d,]+)": "Darin sind {0} Dateien, erlaubt sind {1}",
    r"it would unpack to (\S+) MB from (\S+) MB, more than articles do": (
        "Aus {1} MB würden {0} MB, mehr als bei Artikeln"
    ),
    r"(.+) unpacks to more than (\S+) MB": "{0} hätte entpackt mehr als {1} MB",
    r"(.+) is missing in it": "{0} fehlt darin",
    r"(.+) in it is damaged": "{0} darin ist beschädigt",
    r"it is locked with a password": "Es ist mit einem Passwort geschützt",
    r"it names a file outside itself: (.+)": "Es nennt eine Datei außerhalb: {0}",
    r"do not trust it": "Trauen Sie ihm nicht",
    r"get (?:it|the file) again": "Besorgen Sie die Datei noch einmal",
    r"unpack it(?: yourself(?: if you trust it)?)?": "Entpacken Sie es selbst, wenn Sie ihm trauen",
    r"a zip in a zip in a zip is not opened": "Ein Zip im Zip im Zip wird nicht geöffnet",
    r"the zip holds no article": "Im Zip ist kein Artikel",
    # Addresses
    r"this is no web address": "Das ist keine Internetadresse",
    r"not an address: (.+)": "Das ist keine Adresse: {0}",
    r"(\S+) scheme: only http and https addresses are fetched": (
        "Nur Adressen mit http und https werden abgerufen"
    ),
    r"write it like (https:\S+)": "Schreiben Sie sie wie {0}",
    r"the address holds a user name": "Die Adresse enthält einen Benutzernamen",
    r"leave it out; pages behind a login cannot be read": (
        "Lassen Sie ihn weg; Seiten hinter einer Anmeldung sind nicht lesbar"
    ),
    r"addresses are not read here": "Adressen werden hier nicht gelesen",
    r"save the page as \.html and index the file": (
        "Speichern Sie die Seite als .html und fügen Sie die Datei hinzu"
    ),
    r"the host (.+) is not known": "Den Rechner {0} gibt es nicht",
    r"(\S+) cannot be reached: (.+)": "{0} ist nicht erreichbar: {1}",
    r"\[Errno -?\d+\] (.+)": "{0}",
    r"Connection refused": "Verbindung abgelehnt",
    r"the certificate of (\S+) is not valid: (.+)": "Das Zertifikat von {0} ist nicht gültig: {1}",
    r"if you trust it all the same, save the page from a browser and index the file": (
        "Wenn Sie ihm dennoch trauen, speichern Sie die Seite im Browser und fügen Sie die Datei hinzu."
    ),
    r"(\S+) took too long": "{0} hat zu lange gebraucht",
    r"check the address and the network": "Prüfen Sie Adresse und Netz",
    r"check the address": "Prüfen Sie die Adresse",
    r"try again later": "Versuchen Sie es später noch einmal",
    r"try again later, or raise RAG_FETCH_TIMEOUT_S": (
        "Versuchen Sie es später noch einmal oder erhöhen Sie RAG_FETCH_TIMEOUT_S"
    ),
    r"there is no such page \(status (\d+)\)": "Diese Seite gibt es nicht (Status {0})",
    r"the server keeps it to itself \(status (\d+)\)": "Der Server gibt sie nicht heraus (Status {0})",
    r"the server answered with status (\d+)": "Der Server antwortete mit Status {0}",
    r"the server asks to wait (\d+) seconds": "Der Server bittet, {0} Sekunden zu warten",
    r"save the page from a browser(?: and index the file)?": (
        "Speichern Sie die Seite im Browser und fügen Sie die Datei hinzu"
    ),
    r"the robots\.txt of (\S+) does not allow it": "Die robots.txt von {0} erlaubt es nicht",
    r"the robots\.txt of (\S+) cannot be read: status (\d+)": (
        "Die robots.txt von {0} ist nicht lesbar: Status {1}"
    ),
    r"more than (\d+) redirects": "Mehr als {0} Weiterleitungen",
    r"a redirect that leads nowhere \(status (\d+)\)": "Eine Weiterleitung ins Leere (Status {0})",
    r"a redirect to no address": "Eine Weiterleitung, die keine Adresse nennt",
    r"open it in a browser": "Öffnen Sie sie im Browser",
    r"open it in a browser and use its final address": (
        "Öffnen Sie sie im Browser und nehmen Sie die letzte Adresse"
    ),
    r"open it in a browser and check it": "Öffnen und prüfen Sie sie im Browser",
    r"packed as (\S+), which was not asked for": "Gepackt als {0}, obwohl nicht darum gebeten wurde",
    r"its packed content is (damaged|broken off)": "Der gepackte Inhalt ist beschädigt",
    r"larger than (\S+) MB": "Größer als {0} MB",
    r"raise RAG_FETCH_MB": "Erhöhen Sie RAG_FETCH_MB",
    r"(\S+(?: \(\S+\))?) is not on the public internet": "{0} liegt nicht im öffentlichen Netz",
    r"set RAG_FETCH_PRIVATE=1 to read it all the same": "RAG_FETCH_PRIVATE=1 erlaubt es trotzdem",
    r"a feed that cannot be read": "Ein Feed, der sich nicht lesen lässt",
    r"a sitemap that cannot be read": "Eine Sitemap, die sich nicht lesen lässt",
    r"no sitemap is there": "Dort ist keine Sitemap",
    r"the (\S+) lists no article": "{0} ohne Artikel",
    r"feed": "Feed",
    r"sitemap": "Sitemap",
    r"([\d,]+) older addresses were left out \(--limit\)": "{0} ältere Adressen wurden ausgelassen",
    r"kept as it was: (.+)": "Der Artikel blieb, wie er war: {0}",
    r"only what the feed holds of it: (.+)": "Nur das, was der Feed davon enthält: {0}",
    r"the file was not uploaded": "Die Datei wurde nicht hochgeladen",
    r"drop it again": "Ziehen Sie sie noch einmal hierher",
}  # fmt: skip
