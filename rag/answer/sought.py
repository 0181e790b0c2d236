"""What a question asks for by name, and which of the passages found for it name that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from rag.answer.facts.names import Name, names
from rag.answer.facts.naming import Naming
from rag.language import SPOKEN
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.retriever import Query
from rag.retrieve.sentences.voices import speaker
from rag.schema import Hit

BEST: Final = 3  # passages and sentences looked at
_YEAR: Final = re.compile(r"(?<![\d.,])(?:1\d|20)\d\d(?![\d%€]|[.,]\d)")


class Sought:
    """What a query asks for by name, looked for in hits; each hit is looked through once at most."""

    def __init__(self, query: Query, hits: Sequence[Hit], lexicon: Lexicon) -> None:
        """Find the names and years of a query; nothing is looked for before it is asked for."""
        self.hits = hits
        self.lexicon = lexicon
        self._language = query.language
        self._namings: dict[int, Naming] = {}
        self._names = names(query.text, query.language, lexicon) if query.language in SPOKEN else ()
        self._years = tuple(dict.fromkeys(_YEAR.findall(query.text)))
        self._subject = speaker(query.text).split()

    @cached_property
    def lacking(self) -> list[list[str]]:
        """The names and years that each of the best passages lacks, in the query's order."""
        return [self._lacking(place) for place in range(len(self.hits[:BEST]))]

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The names and years that none of the hits has: those beyond the best ones are shown, too."""
        absent = [one for one in next(iter(self.lacking), ()) if all(one in other for other in self.lacking)]
        for place in range(BEST, len(self.hits)):
            absent = [one for one in absent if one in self._lacking(place)] if absent else []
        return tuple(absent)

    @property
    def spoken(self) -> bool:
        """Whether one of the hits names all whose words or deeds are asked for."""
        asked_of = [one for one in self._names if one.words[-1] in self._subject]
        return any(all(self._holds(place, one) for one in asked_of) for place in range(len(self.hits)))

    def _lacking(self, place: int) -> list[str]:
        """Return the names and years that a hit lacks, with its titles and its article's date."""
        missing = [one.text for one in self._names if not self._holds(place, one)]
        hit = self.hits[place]
        known = set(_YEAR.findall(told(hit))) if self._years else set()
        known |= {str(hit.source.published.year)} if hit.source.published else set()
        return missing + [one for one in self._years if one not in known]

    def _holds(self, place: int, name: Name) -> bool:
        """Tell whether a hit names someone, spelled or translated as either language does it."""
        if place not in self._namings:
            hit = self.hits[place]
            self._namings[place] = Naming(told(hit), hit.source.language, self.lexicon)
        return self._namings[place].holds(name, self._language)


def told(hit: Hit) -> str:
    """Return a passage under its article's title and its own heading."""
    return "\n".join((hit.source.title, hit.passage.heading, hit.passage.text))
