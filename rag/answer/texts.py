"""What the answerer itself says, in German and English: frames around quotes, reasons, warnings."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Final, Literal

from rag.calendar import DAY, month_names, written

_TEXTS: Final = {
    "frame": {"de": "Das steht in den Artikeln:", "en": "The articles say:"},
    "frame_timeline": {
        "de": "Das steht in den Artikeln, nach dem Tag ihres Erscheinens:",
        "en": "The articles say, in the order of their publication:",
    },
    "frame_compare": {
        "de": "Das steht in den Artikeln, jeder für sich:",
        "en": "The articles say, each for itself:",
    },
    "frame_voices": {
        "de": "Das steht in den Artikeln, nach Artikeln geordnet:",
        "en": "The articles say, article by article:",
    },
    "doubtful": {"de": "Nicht belegt", "en": "Not supported"},
    "differing": {
        "de": "Die Artikel nennen verschiedene Zahlen: {figures} und {last}.",
        "en": "The articles give different figures: {figures} and {last}.",
    },
    "searched": {"de": "gesucht nach: {query}", "en": "searched for: {query}"},
    "found": {"de": "automatisch gefunden", "en": "found automatically"},
    "by_extractive": {
        "de": "Zitate aus den Artikeln, ohne Sprachmodell",
        "en": "Quotations from the articles, without a language model",
    },
    "by_model": {"de": "Geschrieben vom Sprachmodell {model}", "en": "Written by the language model {model}"},
    "quote": {"de": "„{quote}“", "en": "“{quote}”"},
    "quote_around": {"de": "»{quote}«", "en": "‘{quote}’"},
    "in_other": {"de": " (auf Englisch)", "en": " (in German)"},
    "headed": {"de": "Artikel {title}", "en": "Article {title}"},
    "undated": {"de": "ohne Datum", "en": "undated"},
    "abstain": {
        "de": "Dazu sagen die Artikel der Sammlung nichts.",
        "en": "The articles in the collection do not say.",
    },
    "too_unlikely": {
        "de": "Keine Stelle passt gut genug zur Frage (geschätzte Wahrscheinlichkeit {p} %).",
        "en": "No passage fits the question well enough (estimated probability {p}%).",
    },
    "unnamed": {
        "de": "Nichts davon steht in den nächstliegenden Stellen: {names}.",
        "en": "The nearest passages do not name: {names}.",
    },
    "model_abstains": {
        "de": "Das Sprachmodell fand in den gelesenen Stellen keine Antwort.",
        "en": "The language model found no answer in the passages it read.",
    },
    "nothing_found": {
        "de": "Keine Stelle der Sammlung hat mit der Frage zu tun.",
        "en": "No passage of the collection has to do with the question.",
    },
    "nothing_admitted": {
        "de": "Kein Artikel der Sammlung entspricht dem Filter.",
        "en": "No article of the collection fits the filter.",
    },
    "left_out": {
        "de": "Artikel ohne Datum, die der Filter nach Datum deshalb ausließ: {n}.",
        "en": "Articles without a date, which the filter by date therefore left out: {n}.",
    },
    "model_failed": {
        "de": "Das Sprachmodell {model} hat nicht geantwortet ({error}); Zitate stehen dafür.",
        "en": "The language model {model} did not answer ({error}); quotations stand in.",
    },
    "model_uncited": {
        "de": "Die Antwort des Sprachmodells {model} belegte nichts; statt ihrer stehen hier Zitate.",
        "en": "The reply of the language model {model} cited nothing that exists; quotations stand in.",
    },
    "model_empty": {
        "de": "Das Sprachmodell {model} hat nichts geantwortet; Zitate stehen dafür.",
        "en": "The language model {model} replied with nothing; quotations stand in.",
    },
    "failure_timeout": {
        "de": "es schwieg länger, als RAG_LLM_TIMEOUT_S erlaubt",
        "en": "it stayed silent for longer than RAG_LLM_TIMEOUT_S allows",
    },
    "failure_no_server": {
        "de": "unter seiner Adresse ist kein Server zu erreichen; läuft er?",
        "en": "no server can be reached at its address; is it running?",
    },
    "failure_key": {
        "de": "der Server verlangt einen gültigen Schlüssel, siehe RAG_LLM_API_KEY",
        "en": "the server wants a valid key, see RAG_LLM_API_KEY",
    },
    "failure_unknown_model": {
        "de": "der Server kennt dieses Modell oder diese Adresse nicht; mit Ollama hilft „ollama pull“",
        "en": "the server does not know this model or address; with Ollama, try “ollama pull”",
    },
    "failure_rate": {
        "de": "der Server nimmt gerade keine Anfragen mehr an",
        "en": "the server takes no more requests just now",
    },
    "failure_rate_until": {
        "de": "der Server nimmt erst in {n} Sekunden wieder Anfragen an",
        "en": "the server takes requests again in {n} seconds only",
    },
    "failure_quota": {
        "de": "das Guthaben bei seinem Anbieter ist aufgebraucht",
        "en": "the quota at its provider is used up",
    },
    "failure_no_stream": {
        "de": "unter seiner Adresse antwortet kein Sprachmodell; RAG_LLM_URL endet meist auf /v1",
        "en": "what answers at its address is no language model; RAG_LLM_URL mostly ends in /v1",
    },
    "failure_unfinished": {
        "de": "ehe es antwortete, war geschrieben, was RAG_LLM_REPLY erlaubt",
        "en": "it had written all that RAG_LLM_REPLY allows before it answered",
    },
    "failure_context": {
        "de": "die Belege passen nicht in sein Kontextfenster",
        "en": "the evidence does not fit its context window",
    },
    "failure_length": {
        "de": "sie wurde länger, als das Modell schreiben darf",
        "en": "it grew longer than the model may write",
    },
    "shortened": {
        "de": "Das Sprachmodell las nur {shown} von {all} Stellen: Mehr fasst sein Kontextfenster nicht.",
        "en": "The language model read {shown} of {all} passages only: its context window holds no more.",
    },
    "links_removed": {
        "de": "Aus der Antwort entfernte Links, die in keinem der Artikel vorkommen: {n}.",
        "en": "Links removed from the reply, since none of the articles has them: {n}.",
    },
    "cut_off": {
        "de": "Die Antwort des Sprachmodells brach ab ({error}).",
        "en": "The language model's reply was cut off ({error}).",
    },
    "dropped": {
        "de": "Aus der Antwort entfernt, weil kein vorgelegter Satz so heißt: {ids} ({n}×).",
        "en": "Removed from the reply, since no sentence it was shown has that number: {ids} ({n}×).",
    },
    "support_weak": {
        "de": "Der angegebene Satz sagt das nicht erkennbar.",
        "en": "The sentence given does not recognisably say so.",
    },
    "support_none": {
        "de": "Kein Satz der gelesenen Stellen belegt das.",
        "en": "No sentence of the passages read supports this.",
    },
    "missing_figure": {
        "de": "Im angegebenen Satz steht nicht: {what} (Zahl).",
        "en": "Not in the sentence given: {what} (figure).",
    },
    "missing_date": {
        "de": "Im angegebenen Satz steht nicht: {what} (Datum).",
        "en": "Not in the sentence given: {what} (date).",
    },
    "missing_name": {
        "de": "Im angegebenen Satz steht nicht: {what} (Name).",
        "en": "Not in the sentence given: {what} (name).",
    },
    "missing_opposite": {
        "de": "Der angegebene Satz sagt erkennbar das Gegenteil.",
        "en": "The sentence given recognisably says the opposite.",
    },
    "missing_quote": {
        "de": "Nicht wörtlich im angegebenen Satz: „{what}“.",
        "en": "Not word for word in the sentence given: “{what}”.",
    },
}  # fmt: skip


_MARKS: Final = re.compile('[„“”»«"]')
_ANGLED: Final = re.compile("[»«]")
_WHOLE: Final = re.compile('[„“»«"][^„“”»«"]*[“”»«"]')

# Those that tell of an answer and are no part of it: the page may be in another language than the question.
_ABOUT: Final = ("too_unlikely", "nothing_", "left_out", "model_", "failure_", "shortened", "links_removed",
                 "cut_off", "dropped", "support_", "missing_", "unnamed")  # fmt: skip


def say(name: str, language: str, **values: object) -> str:
    """Return the text `name` in German, or in English for any other language."""
    return _TEXTS[name]["de" if language == "de" else "en"].format(**values)


def marks_around(quote: str) -> Literal["usual", "other", "none"]:
    """Tell which quotation marks a sentence needs: other ones than its own, none where it stands in some."""
    if _WHOLE.fullmatch(quote):
        return "none"
    return "other" if _MARKS.search(quote) and not _ANGLED.search(quote) else "usual"


def quoted(quote: str, language: str) -> str:
    """Return a sentence, as it is, in the quotation marks that it needs."""
    marks = marks_around(quote)
    if marks == "none":
        return quote
    return say("quote_around" if marks == "other" else "quote", language, quote=quote)


def retold(text: str, language: str) -> str:
    """Return a reason or a warning, or several in a row, in the other of both languages.

    What `say` never said is returned as it stands, as is a text that is in `language` already.
    """
    target = "de" if language == "de" else "en"
    return _retold(text, target) or text


def _retold(text: str, target: str) -> str | None:
    patterns = _patterns("en" if target == "de" else "de")
    taken = [_taken(name, found) for name, pattern in patterns if (found := pattern.fullmatch(text))]
    for name, values, rest in sorted(taken, key=_chars):
        after = _retold(rest, target) if rest else ""
        if after is not None:
            told = say(name, target, **{key: retold(value, target) for key, value in values.items()})
            return f"{told} {after}".rstrip()
    return None


def _taken(name: str, found: re.Match[str]) -> tuple[str, dict[str, str], str]:
    values = found.groupdict()
    return name, values, values.pop("rest") or ""


def _chars(one: tuple[str, dict[str, str], str]) -> int:
    """Count the characters of the values: of several ways to read a text the one with the least is right."""
    return sum(map(len, one[1].values()))


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return what matches each text that tells of an answer, its values as groups, and what follows it."""
    patterns = []
    for name, texts in _TEXTS.items():
        if name.startswith(_ABOUT):
            said = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(texts[language]))
            patterns.append((name, re.compile(said + r"(?: (?P<rest>.+))?", re.DOTALL)))
    return patterns


def day(value: date | None, language: str) -> str:
    """Return a date as it is written in the language: "7. Dezember 2021", "7 December 2021"."""
    if value is None:
        return say("undated", language)
    code = "de" if language == "de" else "en"
    return written(value, DAY[code], month_names(code))
