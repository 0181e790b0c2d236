"""Text → terms for the lexical side: folded Snowball stems, numbers and dates in one form.

German and English are analysed each by its own stemmer; any other language is only folded.
Stemmers: M. Porter, "Snowball: a language for stemming algorithms", 2001.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from rag.calendar import MONTHS, SHORT_MONTHS

# A day in figures, "94 000" and "94'000" as the Swiss press has it, any other number, "U.S.", a word.
WORD: Final = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d(?![\d-])|(?<![\d.,])\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
    r"|[A-Z](?:\.[A-Z])+\b\.?|[^\W\d_]+"
)
_DAY: Final = re.compile(
    r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
    r"|(?P<day_>\d{1,2})\.(?P<month_>\d{1,2})\.(?P<year_>(?:19|20)\d\d)"
)
# Slavic names by their endings; a genitive -s is German. English writes them with v, German with w.
_NAME: Final = re.compile(
    r"(?P<name>\w+(?:(?<!i)[oe][wv]|[oe]ff|[sz]k(?:yy|yj|ij|iy|y|i)|[aeo]nko|imir|ymyr|[dx]e[jiy]|ge[jiy]"
    r"|mitr(?:ij|i|y)|(?<=[JYjy])uri[jy]?))s?"
)
_SPELLINGS: Final = (
    ("schtsch", "shch"), ("tsch", "ch"), ("sch", "sh"), ("kh", "ch"), ("ff", "v"), ("w", "v"), ("z", "s"),
    ("ks", "x"), ("yy", "i"), ("yj", "i"), ("ij", "i"), ("iy", "i"), ("ej", "ei"), ("ey", "ei"), ("ju", "yu"),
    ("ja", "ya"), ("je", "e"), ("ye", "e"),
)  # fmt: skip
_STEMMERS: Final = {"de": "german", "en": "english"}
_LOCAL = threading.local()

_MONTHS: Final = {
    name.lower(): f"month{number}" for code in ("de", "en") for name, number in MONTHS[code].items()
}
# Of the short names those that are no names of people, as Jan and Mar are.
SHORT_MONTH_TERMS: Final = {
    name.lower(): f"month{number}"
    for code in ("de", "en")
    for name, number in SHORT_MONTHS[code].items()
    if name in "Feb Mrz Aug Sept Okt Oct Nov Dez Dec".split()
}

STOPWORDS: Final = {
    "de": frozenset(
        """ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beide
        beiden beim bereits bin bis bist da dabei dadurch dafür dagegen daher damit danach dann
        daran darauf daraus darin darum darüber das dass dein deine dem den denen denn der deren des
        deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein
        eine einem einen einer eines er es etwa etwas euch euer für gegen gewesen hab habe haben hat
        hatte hatten hier hin hätte hätten ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in
        indem ins ist ja je jede jedem jeden jeder jedes jedoch jene jenem jenen jener jenes kann
        kein keine keinem keinen keiner können könnte könnten man manche mein meine mich mir mit
        muss möchte müssen nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen
        seiner seines s seit selbst sich sie sind so sogar solche soll sollen sollte sollten somit
        sondern sowie um und uns unser unsere unter vom von vor war waren warum was wegen weil
        welche welchem welchen welcher welches wem wen wenn wer werde werden wessen wie wieder wieso
        wir wird wirst wo wobei wodurch wofür woher wohin womit worden worüber wurde wurden während
        würde würden zu zum zur zwar zwischen über""".split()
    ),
    "en": frozenset(
        """a about above after again all also am an and any are as at be because been before being
        below between both but by can could did do does doing down during each few for from further
        had has have having he her here hers him his how i if in into is it its itself just may me
        might more most must my no nor not now of off on once only or other our ours out over own s
        same she should so some such t than that the their theirs them then there these they this
        those through to too under until up us very was we were what when where which while who whom
        whose why will with would you your yours""".split()
    ),
}


def analyse(text: str, language: str) -> list[str]:
    """Return the terms of `text` in order, repetitions kept, function words left out.

    Compounds joined by hyphens are cut, 94.000, 94,000 and 94 000 all become "94000", month names of both
    languages "month12", days in figures what they are in words, and "U.S." is "US". Neither an all-capital
    word (US, WHO, IT) nor May is a function word.
    """
    return [term for _, term in tokens(text, language)]


def tokens(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield each term of `text` behind the lower-case word it was made of."""
    for word in WORD.findall(unicodedata.normalize("NFKC", text)):
        if day := _DAY.fullmatch(word):
            yield from _in_words(day)
        elif token := _token(word.replace(".", "") if word[0].isupper() else word, language):
            yield token


def _in_words(day: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield the tokens of "7. Dezember 2021" for 7.12.2021 and 2021-12-07."""
    parts = {name.strip("_"): str(int(value)) for name, value in day.groupdict().items() if value}
    yield parts["day"], parts["day"]
    yield parts["month"], f"month{parts['month']}"
    yield parts["year"], parts["year"]


@lru_cache(maxsize=100_000)
def _token(word: str, language: str) -> tuple[str, str] | None:
    """Return a word in lower case and its term, None for a function word."""
    lowered = word.lower()
    if word[0].isdecimal():
        return word, number(word)
    stops = STOPWORDS.get(language, frozenset())
    if lowered in stops and not (word.isupper() and len(word) > 1) and word != "May":
        return None
    return lowered, _MONTHS.get(lowered) or name_key(word, language) or stem(lowered, language)


@lru_cache(maxsize=20_000)
def name_key(word: str, language: str) -> str | None:
    """Return one spelling for what German and English make of a Slavic name, None for any other word.

    >>> name_key("Lawrow", "de"), name_key("Lavrov", "en")
    ('lavrov', 'lavrov')
    >>> name_key("Selenskyjs", "de"), name_key("Zelensky", "en")
    ('selenski', 'selenski')
    """
    if not word[0].isupper() or len(word) < 4:
        return None
    match = _NAME.fullmatch(fold(word.lower()))
    if match is None or (language == "en" and word.lower().endswith("w")):
        return None
    key = match.group("name")
    for spelling, common in _SPELLINGS:
        key = key.replace(spelling, common)
    return re.sub(r"(.)\1", r"\1", key[:-1] + "i" if key.endswith("y") else key)


def number(token: str) -> str:
    """Return a number without thousands separators and with "." before decimals.

    >>> number("94.000"), number("94 000"), number("1,234,567.5"), number("3,5")
    ('94000', '94000', '1234567.5', '3.5')
    """
    parts = re.split(r"[.,]", re.sub(r"[\s'’]", "", token))
    if len(parts) == 1:
        return parts[0]
    if all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0] != "0":
        return "".join(parts)
    if all(len(part) == 3 for part in parts[1:-1]):
        return "".join(parts[:-1]) + "." + parts[-1]
    return ".".join(parts)


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Return the folded stem of a lower-case word: Snowball, then accents and ß taken off."""
    return fold(_stemmer(language).stemWord(word) if language in _STEMMERS else word)


def fold(word: str) -> str:
    """Return `word` without accents, "ß" as "ss"."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.replace("ß", "ss"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _stemmer(language: str) -> Any:
    """Return this thread's stemmer: a Snowball stemmer keeps the word it works on as state."""
    stemmers: dict[str, Any] = _LOCAL.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import snowballstemmer

        stemmers[language] = snowballstemmer.stemmer(_STEMMERS[language])
    return stemmers[language]
