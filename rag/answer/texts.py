"""What the answerer itself says, in German and English: frames around quotes, reasons, warnings."""

from __future__ import annotations

from datetime import date
from typing import Final

_MONTHS: Final = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_TEXTS: Final = {
    "frame": {"de": "Das steht in den Artikeln:", "en": "The articles say:"},
    "quote": {"de": "„{quote}“", "en": "“{quote}”"},
    "in_other": {"de": " (auf Englisch)", "en": " (in German)"},
    "undated": {"de": "ohne Datum", "en": "undated"},
    "abstain": {
        "de": "Dazu sagen die Artikel der Sammlung nichts.",
        "en": "The articles in the collection do not say.",
    },
    "too_unlikely": {
        "de": "Keine Stelle passt gut genug zur Frage (geschätzte Wahrscheinlichkeit {p} %).",
        "en": "No passage fits the question well enough (estimated probability {p}%).",
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
    "cut_off": {
        "de": "Die Antwort des Sprachmodells brach ab ({error}).",
        "en": "The language model's reply was cut off ({error}).",
    },
    "dropped": {
        "de": "Aus der Antwort entfernt, weil kein vorgelegter Satz so heißt: {ids} ({n}×).",
        "en": "Removed from the reply, since no sentence it was shown has that number: {ids} ({n}×).",
    },
}  # fmt: skip


def say(name: str, language: str, **values: object) -> str:
    """Return the text `name` in German, or in English for any other language."""
    return _TEXTS[name]["de" if language == "de" else "en"].format(**values)


def day(value: date | None, language: str) -> str:
    """Return a date as it is written in the language: "7. Dezember 2021", "7 December 2021"."""
    if value is None:
        return say("undated", language)
    code = "de" if language == "de" else "en"
    point = "." if code == "de" else ""
    return f"{value.day}{point} {_MONTHS[code][value.month - 1]} {value.year}"
