"""A statement and the sentences it cites → how well they carry it, and what in it they do not hold.

Figures, dates, names and quotations of a statement must stand in the sentences it cites, and it must not say
the opposite; how much alike the two are in meaning and words gives the rest. An entailment model, where one
is set, replaces likeness and opposites.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag import resources
from rag.answer.checks.polarity import reversed_by
from rag.answer.evidence import Cited
from rag.answer.facts import offices, reading
from rag.answer.facts.names import Name, names
from rag.answer.facts.naming import Naming
from rag.answer.facts.spellings import level
from rag.answer.logistic import probability
from rag.answer.markers import PATTERN
from rag.answer.texts import say
from rag.calendar import ITEM
from rag.retrieve.lexical.lexicon import Lexicon
from rag.retrieve.lexical.terms import Alternatives, Held, coverage, expand, term_set

_MARKER: Final = re.compile(rf"\s*{PATTERN}|\*+|^\s*(?:[-•–]|{ITEM})\s+")
# Quotation marks in pairs of one kind; what stands between two quotations is none.
_QUOTED: Final = re.compile(
    r"(?<![\w.,!?…])(?:[„“\"]([^„“”\"]+)[“”\"]|»([^»«]+)«|«([^»«]+)»|›([^›‹]+)‹|‹([^›‹]+)›|[‚‘]([^‚‘]+?)[‘’])(?!\w)"
)
_QUOTED_WORDS: Final = 3  # fewer are a term, not a quotation
_QUOTED_CHARS: Final = 12
_PRONOUN: Final = re.compile(
    r"\b(?:[Ee]r|[Ss]ie|[Ii]hn|[Ii]hm|[Ii]hr\w{0,2}|[Ss]ein\w{0,2}|[Dd]iese\w?"
    r"|[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im|[Tt]hey|[Tt]heir|[Ii]t|[Ii]ts|[Tt]his|[Tt]hese)\b"
)
# States and bodies whose names have nothing in common in both languages, or are written out and not.
_COMMON: Final = tuple(
    (re.compile(rf"\b(?:{pattern})(?!\w|-Dollar)"), name)
    for pattern, name in (
        (r"U\.S\.(?:A\.)?|US|Vereinigte[nr]? Staaten(?: von Amerika)?|United States(?: of America)?", "USA"),
        (r"Vereinte[nr]? Nationen|United Nations|UNO", "UN"),
        (r"Europäische[nr]? Union|European Union", "EU"),
        (r"Europäische[nr]? Zentralbank|European Central Bank|ECB", "EZB"),
        (r"Vereinigte[ns]? Königreichs?|United Kingdom|U\.K\.|UK", "Großbritannien"),
        (r"Internationale[nr]? Währungsfonds|International Monetary Fund|IMF", "IWF"),
        (r"Weltgesundheitsorganisation|World Health Organi[sz]ation", "WHO"),
        (r"Internationale[nr]? Strafgerichtshofs?|International Criminal Court|ICC", "IStGH"),
        (r"Internationale[nr]? Atomenergie-?[Oo]rganisation|International Atomic Energy Agency|IAEA", "IAEO"),
        (r"Bundesverfassungsgerichts?|Federal Constitutional Court", "Bundesverfassungsgericht"),
    )
)
_ENTAILED: Final = 0.5  # probability from which an entailment model carries a statement
_REMEMBERED: Final = 512  # sentences whose terms and names are kept
_CANDIDATES: Final = 6  # sentences looked at closely when one is sought for a statement without any

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Entail = Callable[[str, str], float]  # premise, hypothesis → probability


@dataclass(frozen=True, slots=True)
class Missing:
    """What a statement says and the sentences it cites do not hold."""

    kind: str  # "figure", "date", "name", "quote" or "opposite"
    text: str  # as the statement writes it


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well sentences carry a statement."""

    support: float  # 0 to 1; below the threshold whenever anything is missing
    supported: bool
    missing: tuple[Missing, ...] = ()

    def reason(self, language: str) -> str:
        """Return in words why the statement is not supported, "" where it is."""
        if self.supported:
            return ""
        if not self.missing:
            return say("support_weak", language)
        listed = {
            kind: ", ".join(dict.fromkeys(one.text for one in self.missing if one.kind == kind))
            for kind in dict.fromkeys(one.kind for one in self.missing)
        }
        return " ".join(say(f"missing_{kind}", language, what=what) for kind, what in listed.items())


@dataclass(frozen=True, slots=True)
class SupportCalibration:
    """A fitted logistic model of likeness, and the least support of a citation given and of one found."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    found: float

    def probability(self, likeness: Likeness) -> float:
        """Return the probability, 0 to 1, that a sentence says what a statement says."""
        return probability(self.weights, self.intercept, likeness)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much alike statement and sentence are."""

    cosine: float  # of their vectors
    coverage: float  # share of the statement's terms that stand in the sentence, translations too


class Checker:
    """Checks statements against sentences."""

    def __init__(
        self, encode: Encode, lexicon: Lexicon, calibration: SupportCalibration, entail: Entail | None = None
    ) -> None:
        """Take a function from texts to unit vectors (n, d), and an entailment model where there is one."""
        self._encode = encode
        self._lexicon = lexicon
        self._calibration = calibration
        self._entail = entail
        # A reply's statements are held against the same few sentences again and again.
        self._naming = lru_cache(_REMEMBERED)(lambda text, code: Naming(text, code, lexicon))

    def check(self, statement: str, language: str, cited: Sequence[Cited]) -> Verdict:
        """Judge a statement by all sentences it cites together."""
        said = plain(statement)
        if not cited:
            return Verdict(0.0, False)
        missing, claims = self.missing(said, language, cited)
        alike, threshold = self._carried(said, language, cited)
        if missing:
            return Verdict(alike * threshold * (1 - len(missing) / max(claims, len(missing))), False, missing)
        return Verdict(alike, alike >= threshold)

    def alone(self, statement: str, language: str, cited: Cited) -> float:
        """Return how well one sentence alone says what a statement says, 0 to 1, whatever is missing."""
        return self._carried(plain(statement), language, [cited])[0]

    def find(self, statement: str, language: str, shown: Sequence[Cited]) -> tuple[Cited, Verdict] | None:
        """Return the sentence that carries a statement best, None where none clears the threshold."""
        said = plain(statement)
        terms = expand(said, language, self._lexicon)
        if not terms:
            return None
        ranked = sorted(shown, key=lambda one: -sum(self._held(terms, one)))[:_CANDIDATES]
        judged = [(one, self.check(said, language, [one])) for one in ranked]
        least = _ENTAILED if self._entail else self._calibration.found
        fitting = [
            (one, verdict) for one, verdict in judged if verdict.supported and verdict.support >= least
        ]
        return max(fitting, key=lambda pair: pair[1].support, default=None)

    def likeness(self, statement: str, language: str, cited: Sequence[Cited]) -> Likeness:
        """Measure how much alike a statement and the sentences it cites are."""
        said = plain(statement)
        texts = [one.text for one in cited]
        if len(texts) > 1:
            texts.append(" ".join(texts))
        vectors = self._encode([said, *texts])
        facts_apart, held_facts = _without_facts(_common(said), language)
        terms = expand(facts_apart, language, self._lexicon)
        best = [max(shares) for shares in zip(*(self._held(terms, one) for one in cited), strict=True)]
        best += [1.0] * held_facts  # looked for by themselves, in whatever form
        share = sum(best) / len(best) if best else 0.0
        return Likeness(max(0.0, float((vectors[1:] @ vectors[0]).max())), share)

    def missing(self, said: str, language: str, cited: Sequence[Cited]) -> tuple[tuple[Missing, ...], int]:
        """Return what of a statement its sentences do not hold, and how many facts the statement has."""
        claimed = reading.read(said, language)
        given = [(reading.read(one.text, one.source.language), one.source.published) for one in cited]
        named = names(_common(said), language, self._lexicon)
        holders = offices.holders(_common(said), named)
        quoted = _quotations(said)
        texts = [f" {level(one.text)} " for one in cited]
        found = [
            *(
                Missing("figure", one)
                for one in reading.missing_figures(claimed, [read for read, _ in given])
            ),
            *(Missing("date", one) for one in reading.missing_moments(claimed, given)),
            *(
                Missing("name", one.text)
                for one in named
                if not self._named(one, language, cited)
                and not self._of_office(one, holders.get(one), language, cited)
            ),
            *(
                Missing("quote", one)
                for one in quoted
                if not any(f" {level(one)} " in text for text in texts)
            ),
        ]
        if self._entail is None and self._opposite(said, language, cited):
            found.append(Missing("opposite", said))
        claims = len(claimed.figures) + len(claimed.moments) + len(named) + len(quoted)
        return tuple(found), claims

    def _opposite(self, said: str, language: str, cited: Sequence[Cited]) -> bool:
        """Tell whether a statement says the opposite of the sentences it cites."""
        terms = expand(said, language, self._lexicon)
        weights = [1.0] * len(terms)
        languages = {one.source.language for one in cited}

        def covers(clause: str) -> float:
            return max(
                coverage(terms, weights, term_set(clause, other, self._lexicon), other) for other in languages
            )

        return reversed_by(said, [one.text for one in cited], covers)

    def _named(self, name: Name, language: str, cited: Sequence[Cited]) -> bool:
        """Tell whether a sentence names someone: itself, in its source, or before it where it says "he"."""
        for one in cited:
            about = [one.text, one.source.title, one.source.publisher or "", one.source.author or ""]
            if one.before and _PRONOUN.search(one.text):
                about.append(one.before)
            if self._naming(_common("\n".join(about)), one.source.language).holds(name, language):
                return True
        return False

    def _of_office(self, body: Name, holder: Name | None, language: str, cited: Sequence[Cited]) -> bool:
        """Tell whether a sentence names whoever holds an office of some body, and its article which body."""
        return holder is not None and any(
            self._naming(_common(phrase), one.source.language).holds(body, language)
            for one in cited
            if self._named(holder, language, [one])
            for phrase in offices.phrases(holder, one.read)
        )

    def _carried(self, said: str, language: str, cited: Sequence[Cited]) -> tuple[float, float]:
        """Return how probably sentences say what a statement says, and the least that is enough."""
        if self._entail is not None:
            premise = " ".join(f"{one.before} {one.text}".strip() for one in cited)
            return self._entail(premise, said), _ENTAILED
        probability = self._calibration.probability(self.likeness(said, language, cited))
        return probability, self._calibration.threshold

    def _held(self, terms: Sequence[Alternatives], one: Cited) -> list[float]:
        """Return how far a sentence holds each of a statement's terms (n,)."""
        language = one.source.language
        return Held(terms, language).by(term_set(_common(one.text), language, self._lexicon))


def plain(statement: str) -> str:
    """Return a statement's words, without markers, bold type and bullets."""
    return _MARKER.sub("", statement).strip()


@lru_cache(maxsize=1)
def bundled() -> SupportCalibration:
    """Load the calibration fitted for the bundled model: data/model/support.json."""
    path = resources.folder("data") / "model" / "support.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    return SupportCalibration(fields["weights"], fields["intercept"], fields["threshold"], fields["found"])


def _without_facts(text: str, language: str) -> tuple[str, int]:
    """Return a text without its dates and figures, and how many they are."""
    read = reading.read(text, language)
    for written in [one.text for one in read.moments] + [one.text for one in read.figures]:
        text = text.replace(written, " ", 1)
    return text, len(read.moments) + len(read.figures)


def _common(text: str) -> str:
    """Write states and bodies the same way for both languages."""
    for pattern, name in _COMMON:
        text = pattern.sub(name, text)
    return text


def _quotations(said: str) -> list[str]:
    """Return what a statement quotes, terms in quotation marks left out."""
    quoted = ["".join(groups) for groups in _QUOTED.findall(said)]
    return [one for one in quoted if len(one) >= _QUOTED_CHARS and len(one.split()) >= _QUOTED_WORDS]
