"""A browser's language → every word the page says, in German or English, with dates and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Texts:
    """Every word of the page in one language; `{…}` are filled in by `str.format`."""

    language: str
    question_label: str
    question_hint: str
    new_conversation: str
    conversation: str
    greeting: str
    greeting_more: str
    empty: str
    empty_more: str
    index_command: str
    article_one: str
    article_many: str
    local_extractive: str
    local_model: str
    remote_model: str
    sources: str
    sources_empty: str
    sources_none: str
    original: str
    all_sources: str
    previous: str
    next: str
    close: str
    citation: str
    nearest: str
    nearest_open: str
    not_cited: str
    show_sources_one: str
    show_sources_many: str
    by_extractive: str
    by_model: str
    unsupported: str
    unsupported_why: str
    abstained: str
    searching: str
    searched: str
    writing: str
    stopped: str
    failed: str
    unexpected: str
    unexpected_hint: str
    copy: str
    copied: str
    author: str
    undated: str
    publisher_unknown: str
    excerpt: str
    earlier: str
    later: str
    offline: str
    ask_about: str
    months: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]

    def date(self, day: date | None) -> str:
        """Write a day as this language writes it: "8. Dezember 2021", "8 December 2021"."""
        if day is None:
            return self.undated
        dot = "." if self.language == "de" else ""
        return f"{day.day}{dot} {self.months[day.month - 1]} {day.year}"

    def number(self, value: int) -> str:
        """Write a whole number with this language's thousands separator."""
        return f"{value:,}".replace(",", "." if self.language == "de" else ",")

    def articles(self, count: int) -> str:
        """Say how many articles there are."""
        return (self.article_one if count == 1 else self.article_many).format(count=self.number(count))

    def language_name(self, code: str) -> str:
        """Name an article's language, its code in capitals where it has no name here."""
        return dict(self.languages).get(code, code.upper())


DE: Final = Texts(
    language="de",
    question_label="Frage",
    question_hint="Frage auf Deutsch oder Englisch …",
    new_conversation="Neues Gespräch",
    conversation="Gespräch",
    greeting="Was möchten Sie wissen?",
    greeting_more="Auf Deutsch oder Englisch. Die Zahlen in einer Antwort führen zum Satz im Artikel.",
    empty="Die Sammlung ist noch leer.",
    empty_more="Nehmen Sie in einem zweiten Terminal Artikel auf, diese Seite bemerkt es von selbst:",
    index_command="rag index ORDNER",
    article_one="{count} Artikel",
    article_many="{count} Artikel",
    local_extractive="Antworten sind wörtliche Sätze, ohne Sprachmodell. Nichts verlässt diesen Rechner.",
    local_model="Antworten schreibt {model} auf diesem Rechner. Nichts verlässt ihn.",
    remote_model="Antworten schreibt {model} auf einem anderen Rechner; Fragen und Passagen gehen dorthin.",
    sources="Quellen",
    sources_empty="Hier stehen die Sätze, auf denen eine Antwort ruht, und der ganze Artikel dazu.",
    sources_none="Diese Antwort nennt keine Quelle.",
    original="Original",
    all_sources="Alle Quellen",
    previous="Vorige Textstelle",
    next="Nächste Textstelle",
    close="Schließen",
    citation="Textstelle {number}: {title}",
    nearest="Nächstliegende Passagen",
    nearest_open="Nächstliegende Passagen ansehen",
    not_cited="Gelesen, aber nicht zitiert",
    show_sources_one="{count} Quelle",
    show_sources_many="{count} Quellen",
    by_extractive="Wörtliche Sätze aus den Artikeln, ohne Sprachmodell",
    by_model="Geschrieben von {model}, belegt mit wörtlichen Sätzen",
    unsupported="ohne Beleg",
    unsupported_why="Unterstrichenes belegt kein Satz der Artikel.",
    abstained="Keine Antwort in den Artikeln",
    searched="Gesucht nach: {query}",
    searching="Die Antwort wird gesucht …",
    writing="Die Antwort wird geschrieben …",
    stopped="Angehalten. Die Antwort ist unvollständig und noch nicht geprüft.",
    failed="Das hat nicht geklappt",
    unexpected="Beim Antworten ist ein unerwarteter Fehler aufgetreten.",
    unexpected_hint="Versuchen Sie es noch einmal; Näheres steht im Terminal, in dem die Seite läuft.",
    copy="Kopieren",
    copied="Kopiert",
    author="Von {author}",
    undated="ohne Datum",
    publisher_unknown="Herausgeber unbekannt",
    excerpt="Langer Artikel: gezeigt werden die Zeichen {start} bis {end} von {total}.",
    earlier="Davor weiterlesen",
    later="Danach weiterlesen",
    offline="Die Seite erreicht ihren Server nicht. Läuft „rag serve“ noch?",
    ask_about="Worum geht es in „{title}“?",
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    languages=(("de", "Deutsch"), ("en", "Englisch"), ("fr", "Französisch"), ("ru", "Russisch")),
)  # fmt: skip

EN: Final = Texts(
    language="en",
    question_label="Question",
    question_hint="Ask in English or German …",
    new_conversation="New conversation",
    conversation="Conversation",
    greeting="What would you like to know?",
    greeting_more="In English or German. The numbers in an answer lead to the sentence in the article.",
    empty="The collection is still empty.",
    empty_more="Add articles from a second terminal, this page will notice by itself:",
    index_command="rag index FOLDER",
    article_one="{count} article",
    article_many="{count} articles",
    local_extractive="Answers are verbatim sentences, no language model. Nothing leaves this machine.",
    local_model="Answers are written by {model} on this machine. Nothing leaves it.",
    remote_model="Answers are written by {model} on another machine; questions and passages go there.",
    sources="Sources",
    sources_empty="The sentences that an answer rests on will stand here, with the whole article.",
    sources_none="This answer names no source.",
    original="Original",
    all_sources="All sources",
    previous="Previous citation",
    next="Next citation",
    close="Close",
    citation="Citation {number}: {title}",
    nearest="Nearest passages",
    nearest_open="See the nearest passages",
    not_cited="Read, but not cited",
    show_sources_one="{count} source",
    show_sources_many="{count} sources",
    by_extractive="Verbatim sentences from the articles, no language model",
    by_model="Written by {model}, backed by verbatim sentences",
    unsupported="unsupported",
    unsupported_why="What is underlined is supported by no sentence of the articles.",
    abstained="No answer in the articles",
    searched="Searched for: {query}",
    searching="Looking for the answer …",
    writing="Writing the answer …",
    stopped="Stopped. The answer is incomplete and has not been checked.",
    failed="That did not work",
    unexpected="An unexpected error occurred while answering.",
    unexpected_hint="Try again; the terminal that runs this page tells more.",
    copy="Copy",
    copied="Copied",
    author="By {author}",
    undated="undated",
    publisher_unknown="Unknown publisher",
    excerpt="A long article: showing characters {start} to {end} of {total}.",
    earlier="Read what comes before",
    later="Read what comes after",
    offline="The page cannot reach its server. Is “rag serve” still running?",
    ask_about="What is “{title}” about?",
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    languages=(("de", "German"), ("en", "English"), ("fr", "French"), ("ru", "Russian")),
)  # fmt: skip

_LABELS: Final = ("question_label", "question_hint", "new_conversation", "conversation")


def choose(accept_language: str | None) -> Texts:
    """Return German where it is the browser's first language, else English."""
    first = (accept_language or "").split(",")[0].strip().lower()
    return DE if first == "de" or first.startswith("de-") else EN


def of(language: str) -> Texts:
    """Return the texts for an answer's language, English where there are none."""
    return DE if language == "de" else EN


def translations() -> dict[str, dict[str, str]]:
    """Return the labels that Gradio itself sets, by language and key, as its I18n wants them."""
    return {texts.language: {key: getattr(texts, key) for key in _LABELS} for texts in (DE, EN)}
