"""A statement and the sentences it cites → whether it says the opposite of what they say.

Two rules that would rather miss a reversal than see one where there is none. Words that take a side, such as
"stimmte zu" and "rejected", must not stand with the other sign. And a statement is held against the clause
that says nearly the same: negated here and not there, it says the opposite. Negation is a word of the clause
(Chapman et al., "A simple algorithm for identifying negated findings", 2001), not of a parse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

Covers = Callable[[str], float]  # a clause → the share of the statement's terms that stand in it

_NEGATOR: Final = re.compile(
    r"\b(?:nicht|nichts|nie|niemals|niemand\w*|nirgend\w*|kein\w{0,2}|keineswegs|keinesfalls|weder|ohne"
    r"|not|cannot|never|no|nobody|none|nothing|neither|nor|without|\w+n['’]t)\b",
    re.IGNORECASE,
)
# Words that deny without a negator: where one stands, the second rule is silent.
_DENIAL: Final = re.compile(
    r"\b(?:kaum|un(?:möglich|wahr|klar|bekannt|wahrscheinlich|annehmbar)\w*|scheiter\w*|gescheitert|fehl\w*"
    r"|mangel\w*|verfrüht\w*|verhinder\w*|vermeid\w*|vermied\w*|verzicht\w*|nur|offen|aus(?:stehend\w*|ge\w+)"
    r"|hardly|barely|impossible|unlikely|unknown|unclear|unacceptable|fail\w*|lack\w*|premature|prevent\w*"
    r"|avoid\w*|only|open|absent|end\w*|stop\w*|halt\w*|suspend\w*)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    r"[,;:–—]|\s(?:und|aber|doch|sondern|während|obwohl|weil|and|but|while|although|because)\s"
)
_SIDES: Final = tuple(
    (re.compile(rf"\b(?:{yes})\b", re.IGNORECASE), re.compile(rf"\b(?:{no})\b", re.IGNORECASE))
    for yes, no in (
        (
            r"zustimm\w*|zugestimmt\w*|stimm\w*\b[^,;]*\bzu|billig(?:t|te|ten|en)|gebilligt\w*|bewillig\w*"
            r"|genehmig\w*|akzeptier\w*|agree[sd]?(?=\s+to)|accept\w*|approv\w*|endors\w*",
            r"ab(?:ge)?lehn\w*|lehn\w*\b[^,;]*\bab|verweiger\w*|zurück(?:ge)?w(?:ie|ei)s\w*"
            r"|w(?:ie|ei)s\w*\b[^,;]*\bzurück|reject\w*|refus\w*|declin(?:e|ed|es|ing)(?=\s+to)|turn\w*\s+down",
        ),
        (
            r"bestätig\w*|räum\w*\b[^,;]*\bein|eingeräumt|confirm\w*|admit\w*|acknowledg\w*",
            r"bestr(?:ei|i)t\w*|dementier\w*|leugne\w*|den(?:y|ies|ied|ying)|disput\w*",
        ),
        (
            r"st(?:ei|ie)g\w*|gestiegen\w*|erhöh\w*|wuchs\w*|gewachsen\w*|zunahm\w*|zugenommen|kletter\w*"
            r"|ris(?:e[sn]?|ing)|rose|increas\w*|gr[eo]w\w*|climb\w*"
            r"|rais(?:e[sd]?|ing)(?!\s+(?:\w+\s+){0,2}(?:concern|issue|question|doubt|objection|alarm|topic|subject|point)s?\b)",
            r"s(?:i|a|u)nk\w*|gesunken\w*|fiel\w*|gefallen\w*|senk\w*|gesenkt\w*|abnahm\w*|abgenommen"
            r"|f[ae]ll\w*|dropp?\w*|decreas\w*|lower(?:ed|s|ing)|cut(?:s|ting)?",
        ),
        (
            r"erlaub\w*|gestatt\w*|allow\w*|permit\w*",
            r"verb(?:ie|o)t\w*|untersag\w*|ban(?:s|ned|ning)?|forb(?:ids?|ade|idden)|prohibit\w*",
        ),
    )
)
_SAME: Final = 0.2  # share of a statement's terms from which a clause speaks of the same
_NEAR: Final = 0.6  # share of a statement's terms from which a clause says nearly the same


def reversed_by(statement: str, sentences: Sequence[str], covers: Covers) -> bool:
    """Tell whether a statement says the opposite of the sentences it cites, as far as that can be seen."""
    clauses = [clause for one in sentences for clause in _clauses(one)]
    same = _sides([clause for clause in clauses if covers(clause) >= _SAME])
    return _against(_sides(_clauses(statement)), same, _sides(clauses)) or _negated(
        statement, sentences, covers
    )


def _against(said: dict[int, set[bool]], same: dict[int, set[bool]], given: dict[int, set[bool]]) -> bool:
    """Tell whether clauses that speak of the same take the other side, and none at all takes this one."""
    return any(same.get(group) and not signs & given[group] for group, signs in said.items())


def _sides(clauses: Sequence[str]) -> dict[int, set[bool]]:
    """Return for each pair of opposites in clauses the signs it is used with; a negator turns one around."""
    found: dict[int, set[bool]] = {}
    for clause in clauses:
        denied = bool(_NEGATOR.search(clause))
        for group, pair in enumerate(_SIDES):
            for sign, pattern in zip((True, False), pair, strict=True):
                if pattern.search(clause):
                    found.setdefault(group, set()).add(sign != denied)
    return found


def _negated(statement: str, sentences: Sequence[str], covers: Covers) -> bool:
    """Tell whether the clauses nearest to a statement are negated where it is not, or the other way round."""
    if _DENIAL.search(statement) or any(_takes_side(one) for one in (statement, *sentences)):
        return False
    near = [clause for one in sentences for clause in _clauses(one) if covers(clause) >= _NEAR]
    if not near or any(_DENIAL.search(one) for one in sentences):
        return False
    if _NEGATOR.search(statement):
        return not any(_NEGATOR.search(one) for one in sentences)
    return all(_NEGATOR.search(clause) for clause in near)


def _takes_side(text: str) -> bool:
    return any(pattern.search(text) for pair in _SIDES for pattern in pair)


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(text) if clause.strip()]
