"""German or English text → the names in it, as far as its words show that they are names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rag.answer.facts.moments import DATE_WORDS
from rag.answer.facts.places import places_in
from rag.answer.facts.spellings import alike, bare
from rag.retrieve.lexical.analysis import STOPWORDS, analyse, fold, name_key, tokens
from rag.retrieve.lexical.lexicon import Lexicon

WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_INITIALS: Final = re.compile(r"\b([A-Z])\.\s?([A-Z])\.(?:([A-Z])\.)?")
_JOINT: Final = re.compile(r"(?:[ \u00a0-]|-\s|\s(?:von|van|der|de|al|of)\s)$")
_WINDOW: Final = 60  # characters before a word, more than the longest word that is looked for there
_ENDS: Final = '.!?:;\n„“"»«–—'
_DETERMINER: Final = re.compile(
    r"(?:^|\s)(?:d(?:er|ie|as|em|en|es)|k?ein\w{0,2}|[msd]ein\w{0,2}|ihr\w{0,2}|unser\w{0,2}|dies\w{1,2}"
    r"|jed\w{1,2}|im|am|zu[mr]|vom|beim|ins|ans|welche\w?|alle\w?|viele\w?|mehrere\w?|beide\w?"
    r"|(?!\w*zwischen\b)\w+(?:ige|ische|liche)[mnrs]?)\s$",
    re.IGNORECASE,
)
# German sets a noun beside a noun for titles: "Landrat Steinmann"; after a number it is a measure.
_APPOSITION: Final = re.compile(
    r"(?<!\d )(?<!\d\u00a0)\b[A-ZÄÖÜ][a-zäöüß]+(?:in|er|or|at|ef|ent|eur|ant|ist|är|nt) $"
)
# German capitalises measures, and a first word, without naming anyone.
_MEASURE: Final = re.compile(
    r"rund|etwa|knapp|gut|circa|ungefähr|mindestens|höchstens|(?:kilo|zenti|milli|quadrat)*meter|(?:kilo|mega|giga|tera)?"
    r"watt(?:stunden?)?|[kmgt]wh?|grad|hektar|liter|tonnen?|prozent(?:punkte?)?|basispunkte?|(?:us-)?dollar|euro|franken"
    r"|eur|usd|gbp|chf|mio|mrd|tsd",
    re.IGNORECASE,
)
# No names, though capitalised: titles, and in English peoples and languages.
TITLES: Final = frozenset(
    """president chancellor minister foreign prime defence defense secretary general state senator governor
    king queen prince princess chief mr mrs ms dr prof professor sir lady judge article articles
    according i spokesman spokeswoman congressman congresswoman representative ambassador premier former
    democrat republican chair chairman chairwoman herr frau""".split()
)
_PEOPLE: Final = re.compile(
    r"\w+(?:ian|ians|ean|eans|ish|ese|rman|rmans|rench|utch|reek|iss|ican|icans|aqi|aeli)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; the last word of a person's name counts: "Joe Biden" is named by "Biden"."""

    text: str
    words: tuple[str, ...]


def names(text: str, language: str, lexicon: Lexicon) -> tuple[Name, ...]:
    """Return the names in a German or English text, in order, each once."""
    text = spelled(text)
    runs: list[list[re.Match[str]]] = []
    for match in WORD.finditer(text):
        if not _may_name(text, match, language, lexicon):
            continue
        if runs and _joins(runs[-1][-1].group(), text[runs[-1][-1].end() : match.start()]):
            runs[-1].append(match)
        else:
            runs.append([match])
    found = [
        Name(text[run[0].start() : run[-1].end()], tuple(one.group() for one in run))
        for run in runs
        if len(run) > 1 or _names_alone(text, run[0], language, lexicon)
    ]
    found = [one for one in found if not _MEASURE.fullmatch(one.text)]
    return tuple({fold(one.text.lower()): one for one in reversed(found)}.values())[::-1]


def _joins(word: str, between: str) -> bool:
    """Tell whether a name goes on behind a word: "Saudi-Arabien", but not "Germany's Olaf Scholz"."""
    return bool(_JOINT.fullmatch(between)) and not re.search(r"['’]s?$", word)


def _may_name(text: str, match: re.Match[str], language: str, lexicon: Lexicon) -> bool:
    word = match.group()
    lowered = word.lower()
    if not word[0].isupper() or lowered in DATE_WORDS:
        return False
    if lowered in STOPWORDS.get(language, frozenset()) and not (word.isupper() and len(word) > 1):
        return False
    if word.isupper() and len(word) > 1:
        return True
    if lowered in TITLES:
        return False
    if language != "de":
        before = _before(text, match).rstrip()
        first = not before or before[-1] in _ENDS
        return not first or _known_name(word, language, lexicon) or _unknown(word, language, lexicon)
    return (
        bool(places_in(word))
        or _known_name(word, language, lexicon)
        or _unknown(word, language, lexicon)
        or bool(_APPOSITION.search(_before(text, match)))
    )


def _before(text: str, match: re.Match[str]) -> str:
    """Return what stands before a word, as far as it can tell of it."""
    return text[max(0, match.start() - _WINDOW) : match.start()]


def _names_alone(text: str, match: re.Match[str], language: str, lexicon: Lexicon) -> bool:
    """Tell whether a single capitalised word is a name."""
    word = match.group()
    if places_in(word) or name_key(word, language) or (word.isupper() and len(word) > 1):
        return True
    if language != "de":
        return not _PEOPLE.fullmatch(word.lower())
    return not _DETERMINER.search(_before(text, match))


def _known_name(word: str, language: str, lexicon: Lexicon) -> bool:
    """Tell whether the other language writes a word the same way, as it does with names."""
    if name_key(word, language) is not None or places_in(word):
        return True
    other = "en" if language == "de" else "de"
    for lowered, term in tokens(bare(word), language):
        known = lexicon.translations.get((language, term))
        if known:
            best = max(known, key=lambda one: one[1])[0]
            same = next(iter(analyse(lowered, other)), lowered)
            return best == same or alike(best, lowered)
    return False


def _unknown(word: str, language: str, lexicon: Lexicon) -> bool:
    return all(
        (language, term) not in lexicon.translations and not lexicon.parts(lowered, language)
        for lowered, term in tokens(bare(word), language)
    )


def spelled(text: str) -> str:
    """Write "U.S." as one word."""
    return _INITIALS.sub(lambda match: "".join(filter(None, match.groups())), text)
