"""Text → the names in it, and whether another text, German or English, names the same.

Countries and cities in both languages come from Unicode's CLDR (Babel), spellings of Slavic names from
`analysis.name_key`, everything else from the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Final

from rag.answer.moments import DATE_WORDS
from rag.retrieve.analysis import STOPWORDS, analyse, fold, name_key, tokens
from rag.retrieve.lexicon import Lexicon
from rag.retrieve.terms import terms_of

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_INITIALS: Final = re.compile(r"\b([A-Z])\.\s?([A-Z])\.(?:([A-Z])\.)?")
_JOINT: Final = re.compile(r"(?:[ \u00a0-]|-\s|\s(?:von|van|der|de|al|of)\s)$")
_ENDS: Final = '.!?:;\n„“"»«–—'
_DETERMINER: Final = re.compile(
    r"(?:^|\s)(?:d(?:er|ie|as|em|en|es)|k?ein\w{0,2}|[msd]ein\w{0,2}|ihr\w{0,2}|unser\w{0,2}|dies\w{1,2}"
    r"|jed\w{1,2}|im|am|zu[mr]|vom|beim|ins|ans|welche\w?|alle\w?|viele\w?|mehrere\w?|beide\w?"
    r"|\w+(?:ige|ische|liche)[mnrs]?)\s$",
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
_TITLES: Final = frozenset(
    """president chancellor minister foreign prime defence defense secretary general state senator governor
    king queen prince princess chief mr mrs ms dr prof professor sir lady judge article articles
    according i spokesman spokeswoman congressman congresswoman representative ambassador premier former
    democrat republican chair chairman chairwoman herr frau""".split()
)
_PEOPLE: Final = re.compile(
    r"\w+(?:ian|ians|ean|eans|ish|ese|rman|rmans|rench|utch|reek|iss|ican|icans|aqi|aeli)"
)
_SPELLINGS: Final = (
    ("tsch", "ch"), ("lts", "ls"), ("sch", "sh"), ("kh", "ch"), ("w", "v"), ("z", "s"), ("j", "y"),
)  # fmt: skip
# What may stand between the words that an abbreviation is made of: Bund für Umwelt und Naturschutz.
_WITHIN: Final = re.compile(r"[ \u00a0-](?:(?:of|for|and|the|der|des|für|und) ){0,2}")
_ALIKE: Final = 0.85  # difflib's ratio from which two spellings are one name
_FIRST_ALIKE: Final = 0.58  # and two first names: Wolodymyr and Vladimir, but not Hillary and Bill
_AROUND: Final = ".,;:!?()„“\"'»«"
_LIKELY: Final = 0.25  # of the weight of the likeliest translation


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; the last word of a person's name counts: "Joe Biden" is named by "Biden"."""

    text: str
    words: tuple[str, ...]


def names(text: str, language: str, lexicon: Lexicon) -> tuple[Name, ...]:
    """Return the names in a German or English text, in order, each once."""
    text = _spelled(text)
    runs: list[list[re.Match[str]]] = []
    for match in _WORD.finditer(text):
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


class Naming:
    """What a text names, for looking names up in it; nothing is analysed before it is asked for."""

    def __init__(self, text: str, language: str, lexicon: Lexicon) -> None:
        """Take a text in German or English."""
        self._text = _spelled(text)
        self._language = language
        self._lexicon = lexicon

    @cached_property
    def _capitalised(self) -> list[str]:
        return [word for word in _WORD.findall(self._text) if word[0].isupper()]

    @cached_property
    def _initials(self) -> frozenset[str]:
        return frozenset(_abbreviations(self._text, self._language))

    @cached_property
    def _names(self) -> tuple[Name, ...]:
        return names(self._text, self._language, self._lexicon)

    @cached_property
    def _capitals(self) -> set[str]:
        return {_bare(word) for word in self._capitalised}

    @cached_property
    def _words(self) -> set[str]:
        return {_bare(word) for word in _WORD.findall(self._text)}

    @cached_property
    def _terms(self) -> set[str]:
        return set(terms_of(self._text, self._language, self._lexicon))

    @cached_property
    def _places(self) -> frozenset[str]:
        return _places_in(self._text)

    def holds(self, name: Name, language: str) -> bool:
        """Tell whether the text names the same, by the last word, the place or the initials.

        A person of the same surname whom the text gives another first name is not the same.
        """
        places = _places_in(name.text)
        if places and places & self._places:
            return True
        if len(name.words) > 1:
            if self._is_another(name, language):
                return False
            initials = "".join(word[0] for word in name.words)
            if _abbreviates(name.words) and self._holds_word(initials, language):
                return True
        return self._holds_word(name.words[-1], language)

    def _is_another(self, name: Name, language: str) -> bool:
        """Tell whether the text has the surname, and before it first names that are not this one."""
        first, last = map(_bare, name.words[-2:])
        before = [_bare(one.words[-2]) for one in self._names if _is_surname(one, last)]
        if not before or any(_may_be_first(first, other) for other in before):
            return False
        if language != self._language and any(_is_alike(first, word) for word in self._words):
            return False  # a profession: "Ozeanograf Masters", "oceanographer Jeff Masters"
        return not self._holds_word(name.words[-2], language)

    def _holds_word(self, word: str, language: str) -> bool:
        bare = _bare(word)
        if bare in self._words:
            return True
        if word.isupper() and len(word) > 1 and word in self._initials:
            return True
        for lowered, term in tokens(word, language):
            wanted = {term}
            if language != self._language:
                same = next(iter(analyse(word, self._language)), lowered)
                weights = self._lexicon.translate(term, same, language)
                likely = _LIKELY * max(weights.values())
                wanted = {other for other, weight in weights.items() if weight >= likely}
                key = name_key(word, language)
                wanted |= {key} if key else set()
            if wanted & self._terms:
                return True
        within = language == self._language
        return len(bare) > 4 and any(
            _alike(bare, other) and not (within and _is_misspelt(bare, other)) for other in self._capitals
        )


def _abbreviations(text: str, language: str) -> Iterator[str]:
    """Yield what capitalised words in a row are abbreviated to: "Federal Bureau of Investigation" to FBI.

    A row begins and ends where it does, or at an "of" within: "Director of the Federal Bureau".
    """
    rows: list[list[list[str]]] = []  # of the words between one "of" and the next
    end = 0
    for word in _WORD.finditer(text):
        if not word.group()[0].isupper() or word.group().lower() in STOPWORDS.get(language, frozenset()):
            continue
        between = _WITHIN.fullmatch(text, end, word.start()) if rows else None
        if between is None:
            rows.append([[]])
        elif len(between.group()) > 1:
            rows[-1].append([])
        rows[-1][-1].append(word.group())
        end = word.end()
    for parts in rows:
        for first, last in combinations(range(len(parts) + 1), 2):
            words = [word for part in parts[first:last] for word in part]
            if _abbreviates(words):
                yield "".join(word[0] for word in words)


def _abbreviates(words: Sequence[str]) -> bool:
    """Tell whether words may have an abbreviation: "Eastern Ukraine" has none."""
    return len(words) > 2 or not any(map(_places_in, words))


def _is_surname(name: Name, surname: str) -> bool:
    """Tell whether a name is one of several words and ends in a folded surname."""
    last = _bare(name.words[-1])
    return len(name.words) > 1 and (last == surname or (len(last) > 4 and _alike(last, surname)))


def _may_be_first(one: str, other: str) -> bool:
    """Tell whether two folded first names may be forms of one: Sergej and Sergey, Mike and Michael."""
    left, right = _transliterated(one), _transliterated(other)
    return left[:2] == right[:2] or _is_alike(left, right)


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _FIRST_ALIKE


def _is_misspelt(one: str, other: str) -> bool:
    """Tell whether words of one language differ in letters, and not by an ending: Petersen and Peterson."""
    return len(one) == len(other) and _transliterated(one) != _transliterated(other)


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
    if lowered in _TITLES:
        return False
    if language != "de":
        first = not text[: match.start()].rstrip() or text[: match.start()].rstrip()[-1] in _ENDS
        return not first or _known_name(word, language, lexicon) or _unknown(word, language, lexicon)
    return (
        bool(_places_in(word))
        or _known_name(word, language, lexicon)
        or _unknown(word, language, lexicon)
        or bool(_APPOSITION.search(text[: match.start()]))
    )


def _names_alone(text: str, match: re.Match[str], language: str, lexicon: Lexicon) -> bool:
    """Tell whether a single capitalised word is a name."""
    word = match.group()
    if _places_in(word) or name_key(word, language) or (word.isupper() and len(word) > 1):
        return True
    if language != "de":
        return not _PEOPLE.fullmatch(word.lower())
    return not _DETERMINER.search(text[: match.start()])


def _known_name(word: str, language: str, lexicon: Lexicon) -> bool:
    """Tell whether the other language writes a word the same way, as it does with names."""
    if name_key(word, language) is not None or _places_in(word):
        return True
    other = "en" if language == "de" else "de"
    for lowered, term in tokens(_bare(word), language):
        known = lexicon.translations.get((language, term))
        if known:
            best = max(known, key=lambda one: one[1])[0]
            same = next(iter(analyse(lowered, other)), lowered)
            return best == same or _alike(best, lowered)
    return False


def _unknown(word: str, language: str, lexicon: Lexicon) -> bool:
    return all(
        (language, term) not in lexicon.translations and not lexicon.parts(lowered, language)
        for lowered, term in tokens(_bare(word), language)
    )


def _spelled(text: str) -> str:
    """Write "U.S." as one word."""
    return _INITIALS.sub(lambda match: "".join(filter(None, match.groups())), text)


@lru_cache(maxsize=50_000)
def _bare(word: str) -> str:
    """Return a word folded, without a genitive's ending after an apostrophe."""
    return fold(re.sub(r"['’].*", "", word).lower())


def _alike(one: str, other: str) -> bool:
    """Tell whether two folded spellings are one name, with or without a German genitive's s."""
    if _transliterated(one.rstrip("s")) == _transliterated(other.rstrip("s")):
        return True
    if one[:1] != other[:1]:
        return False
    compared = SequenceMatcher(None, one, other)  # the quick ratios are upper bounds of the ratio
    ratios = compared.real_quick_ratio, compared.quick_ratio, compared.ratio
    return all(ratio() >= _ALIKE for ratio in ratios)


@lru_cache(maxsize=20_000)
def _transliterated(word: str) -> str:
    """Return one spelling for what German and English make of a Slavic name: Charkiw and Kharkiv."""
    for spelling, common in _SPELLINGS:
        word = word.replace(spelling, common)
    return word


def _places_in(text: str) -> frozenset[str]:
    """Return the codes of the countries, unions and cities that a text names."""
    return frozenset(_find_places(fold(text.replace("-", " ").lower())))


def _find_places(folded: str) -> Iterator[str]:
    words = folded.split()
    table, beginnings = _places()
    for start, word in enumerate(words):
        if word.strip(_AROUND) not in beginnings:
            continue
        for length in (3, 2, 1):
            phrase = " ".join(words[start : start + length]).strip(_AROUND)
            found = next((table[form] for form in _without_genitive(phrase) if form in table), None)
            if found:
                yield found


def _without_genitive(phrase: str) -> tuple[str, str, str]:
    return phrase, phrase.removesuffix("'s").removesuffix("’s"), phrase.removesuffix("s")


@lru_cache(maxsize=1)
def _places() -> tuple[dict[str, str], frozenset[str]]:
    """Return the code of each country and city by its folded names, and the words that may begin these."""
    from babel import Locale

    table = {"usa": "US", "united states of america": "US", "grossbritannien": "GB", "britain": "GB",
             "great britain": "GB", "england": "GB", "bozen": "Bozen", "bolzano": "Bozen", "meran": "Meran",
             "merano": "Meran", "brixen": "Brixen", "bressanone": "Brixen"}  # fmt: skip
    for language in ("de", "en"):
        locale = Locale(language)
        for code, name in locale.territories.items():
            if code.isalpha():
                table.setdefault(fold(str(name).replace("-", " ").lower()), code)
        for zone, known in locale.time_zones.items():
            city = known.get("city") or zone.rpartition("/")[2].replace("_", " ")
            for form in (city, zone.rpartition("/")[2].replace("_", " ")):
                table.setdefault(fold(form.replace("-", " ").lower()), zone)
    known = {name: code for name, code in table.items() if len(name) > 3 or name == "usa"}
    first = {name.partition(" ")[0].strip(_AROUND) for name in known}
    return known, frozenset(word + ending for word in first for ending in ("", "s", "'s", "’s"))
