"""`data/boilerplate.toml` → the words and patterns that tell a line of a site from one of an article."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from rag import resources

_ARTICLE: Final = re.compile(r"^(?:The|Der|Die|Das|DER|DIE|DAS) ")
_SHORT: Final = 4  # letters of a name that may be an abbreviation
_NONE: Final = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words, some of them open-ended ("abonn*")."""

    whole: frozenset[str]
    stems: tuple[str, ...]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (word in self.whole or word.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class Phrases:
    """All known phrases; the keys of the mappings are the reasons that are shown."""

    function_words: Mapping[str, frozenset[str]]
    interface: Mapping[str, Words]
    sections: Words
    starts: Mapping[str, re.Pattern[str]]
    notices: Mapping[str, re.Pattern[str]]
    notice_words: Words
    address: re.Pattern[str]
    of_the_site: re.Pattern[str]
    only_sites: re.Pattern[str]
    caption_marks: re.Pattern[str]
    credit_end: re.Pattern[str]
    credit_inside: re.Pattern[str]
    photographers: re.Pattern[str]
    agencies: frozenset[str]
    outlets: Mapping[str, str]  # names as they are spelt, by their lower-case form
    outlet_names: re.Pattern[str]
    beside_outlets: re.Pattern[str]


@cache
def known() -> Phrases:
    """Return the phrases of the package, read once."""
    with (resources.folder("data") / "boilerplate.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    caption = table["caption"]
    credit, names = caption["credit_words"], caption["photographers"]
    return Phrases(
        function_words={code: frozenset(text.split()) for code, text in table["function_words"].items()},
        interface={reason: _words(text) for reason, text in table["interface"].items()},
        sections=_words(table["sections"]["words"]),
        starts={reason: _any(patterns, start=True) for reason, patterns in table["starts"].items()},
        notices={reason: _any(patterns) for reason, patterns in table["notices"].items()},
        notice_words=_words(table["notice_words"]["words"]),
        address=re.compile(table["notice_words"]["address"]),
        of_the_site=re.compile(table["notice_words"]["of_the_site"], re.IGNORECASE),
        only_sites=re.compile(table["notice_words"]["only_sites"], re.IGNORECASE),
        caption_marks=re.compile(caption["marks"], re.IGNORECASE),
        # "… in Sotschi. (Foto: AFP) |", "… [Jane Doe/AP Photo]", "… Bild: dpa", "… © Reuters"
        credit_end=re.compile(
            rf"(?:[(\[]\s*(?:(?:{credit})\s*(?:[:©/]|by\b|via\b)|©|(?:file|archiv)\s*:)[^()\[\]]{{1,90}}[)\]]"
            rf"|[(\[][^()\[\]]{{0,60}}(?:/|\bvia )\s*(?:{names})(?: photo)?(?:/[^()\[\]]{{1,40}})?[)\]]"
            rf"|[(\[](?:{names})(?: photo)? ?/ ?[^()\[\]]{{1,40}}[)\]]|\[[^\[\]]{{0,60}}\b(?:{names})\]"
            rf"|\[[^\[\]/]{{2,40}}/[^\[\]/]{{2,40}}\]"
            rf"|(?:\b(?:{credit})\s*[:©]|©)[^.!?)\]]{{1,80}}"
            rf"|(?<=[.!?…] )(?:{credit}) (?:by|von) (?-i:[A-ZÄÖÜ])[^.!?:]{{2,40}}"
            rf"|(?:/ ?|\bvia |\| )(?:{names})(?: ?/[\w ]+)*|\b(?:{names}) ?/ ?[\w .]{{1,40}})[\s|.]*$",
            re.IGNORECASE,
        ),
        credit_inside=re.compile(
            rf"(?:{credit})\s?(?:©|: ?©|: [A-ZÄÖÜ])|\w©\s?\w|©\s?\w+\s?/"
            r"|(?:image|picture) source,\s|\bPhotos?/[^\W\d_]|\bcredit(?:\.\.\.|…)", re.IGNORECASE
        ),
        photographers=re.compile(rf"(?:(?:{credit})[\s:©]*)?(?:©\s*)?[\w .\-]{{0,40}}?[/,|\s]*\b(?:{names})\b"
                                 rf"[\w\s.,/|\-]{{0,40}}", re.IGNORECASE),
        agencies=frozenset(table["agencies"]["names"].split()),
        outlets={name.lower(): name for name in table["outlets"]["names"]},
        outlet_names=_names(table["outlets"]["names"]),
        beside_outlets=re.compile(rf"[\W_]+(?:{table['outlets']['beside']})[\W_]*$", re.IGNORECASE),
    )  # fmt: skip


def _words(text: str) -> Words:
    words = text.split()
    return Words(
        frozenset(word for word in words if not word.endswith("*")),
        tuple(word[:-1] for word in words if word.endswith("*")) or ("\0",),
    )


def _names(names: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of outlets' names in a sentence; none that may be short for others ("The Times")."""
    bare = {name: _ARTICLE.sub("", name) for name in names}
    clear = [name for name, own in bare.items() if not any(one.endswith(f" {own}") for one in bare.values())]
    spelt = {*clear, *(name.title() for name in clear if name.isupper() and len(name) > _SHORT)}
    longest = "|".join(re.escape(name) for name in sorted(spelt, key=len, reverse=True))
    longest = longest.replace("The\\ ", "[Tt]he\\ ")
    return re.compile(rf"(?<![\w.@])({longest})(?:\.[a-z]{{2,3}})?(?!\w)")


def _any(patterns: Iterable[str], *, start: bool = False) -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    if not joined:
        return _NONE
    return re.compile(rf"[\W_]*(?:{joined})" if start else joined, re.IGNORECASE)
