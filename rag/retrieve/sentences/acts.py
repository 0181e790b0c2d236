"""What is done by saying it (Austin 1962): demanding, warning, rejecting …, in a question and in a sentence.

"Was forderte Putin?" asks for a demand, not for whatever else he said. The verbs are too common to weigh much
as words, and one act has many of them, in either language.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_BETWEEN: Final = r"\b[^.;:!?]{0,160}?\b"  # a German verb and its prefix, with which the clause ends
_ENDS: Final = r"(?=\s*(?:[^\w\s]|und\b|oder\b|$))"


def _act(*words: str, apart: tuple[tuple[str, str], ...] = ()) -> re.Pattern[str]:
    """Compile an act from words, and from German verbs with the prefix that stands apart from them."""
    separated = (rf"(?:{verb}){_BETWEEN}{prefix}{_ENDS}" for verb, prefix in apart)
    return re.compile(rf"\b(?:{'|'.join((*words, *separated))})", re.IGNORECASE)


_ACTS: Final = {
    "demand": _act(
        r"(?:auf|ein)?(?:ge)?forder(?:t|te|ten|n|ung|ungen)\b", "verlang",
        r"(?:besteh|bestand|poch)\w*\s+auf\b",
        r"interessiert\b.*\bzu\s+(?:erhalten|bekommen)\b", r"(?:will|wollen|wollten?)\b.*\bvo[nm]\b",
        r"aufgerufen\b", "demand", "insist", r"call(?:s|ed|ing)?\s+(?:for|on|upon)\b",
        r"urg(?:e|es|ed|ing)\b", r"wants?\b.*\bfrom\b",
        apart=(("(?:rief|riefen|ruft)", "auf"),),
    ),
    "warning": _act(
        r"(?:ge)?warn(?:t|te|ten|en|s|ed|ing|ings|ung|ungen)?\b",
        r"(?:an)?(?:ge)?droh(?:t|te|ten|en|ung|ungen)\b",
        "threat",
    ),
    "refusal": _act(
        r"ab(?:ge|zu)?lehn", "zurück(?:ge|zu)?w[ei]", r"ausgeschlossen\b", "reject", "refus", "dismiss",
        r"rul(?:e|es|ed|ing)\s+out\b", r"turn(?:s|ed)\s+down\b",
        apart=(
            ("lehn(?:t|te|ten|en)", "ab"), ("w(?:eist|eisen|ies|iesen)", "zurück"),
            ("schl(?:oss|ossen|ießt)", "aus"),
        ),
    ),
    "denial": _act("bestr(?:eit|itt)", "dementi", "leugne", r"den(?:y|ies|ied|ial)\b"),
    "announcement": _act(
        "an(?:ge|zu)?kündig", "bekannt(?:ge|zu)?g[ea]b", "announc", "unveil",
        apart=(("kündig(?:t|te|ten|en)", "an"), ("g(?:ibt|eben|ab|aben)", "bekannt")),
    ),
    "promise": _act(
        "verspr[aeio]ch", "zu(?:ge)?(?:sag|sicher)", "promis", "pledg", r"vow(?:s|ed)\b",
        "assur(?:ed|es|ance)",
        apart=(("(?:sag|sicher)(?:t|te|ten|n)", "zu"),),
    ),
    "proposal": _act(
        "vor(?:ge|zu)?schl[aäu]g", "an(?:ge)?reg(?:t|te|ten|en|ung)", "propos", "suggest", r"offer(?:s|ed)\b",
        apart=(("schl[aäu]g(?:t|en)?", "vor"), ("reg(?:t|te|ten|en)", "an")),
    ),
    "criticism": _act(
        "kritisier", r"kritik\b", "verurteil", "beklag", "bemängel", r"rüg(?:t|te|ten|en)\b", "beanstand",
        "critici[sz]", "condemn", "denounc", "complain", r"object(?:s|ed)\s+to\b",
    ),
    "accusation": _act(
        "beschuldig", "vorge(?:worfen|halten)", "vorw[uü]rf", "accus", r"blam(?:e|es|ed)\b",
        apart=(("(?:w[ai]rf|h[iä]e?lt)(?:t|en)?", "vor"),),
    ),
    "agreement": _act(
        r"(?:ge)?einig(?:t|te|ten|en|ung|ungen)\b", "vereinbar", "verabrede",
        r"verständig(?:t|te|ten|en)\s+sich\b", r"sich\b[^.;:!?]{0,80}\bverständig(?:t|te|ten|en)\b",
        "übereingek[ao]m", r"beschlossen\b",
        r"agree(?:d|s|ments?)?\b", r"deals?\b",
        apart=(("k(?:am|amen|ommt|ommen)", "überein"),),
    ),
    "decision": _act(
        r"beschl(?:oss|ossen|ießt|ießen|uss|üsse)\b", r"entsch(?:ied|ieden|eidet|eiden|eidung|eidungen)\b",
        r"decid(?:e|es|ed|ing)\b", r"decisions?\b", r"rul(?:ed|ing|ings)\b(?!\s+out\b)",
    ),
    "praise": _act(
        r"begrüß(?:t|te|ten|en)\b", r"(?:ge)?lob(?:t|te|ten|en)?\b", "welcom", "prais", r"hail(?:s|ed)\b"
    ),
    "regret": _act("bedauer", "entschuldig", "regret", "apologi[sz]"),
    "admission": _act(
        r"eingeräumt\b", r"zugegeben\b", r"gestand(?:en)?\b", "admit", "acknowledg", "conced", "confess",
        apart=(("räum(?:t|te|ten|en)", "ein"), ("g(?:ibt|eben|ab|aben)", "zu")),
    ),
}  # fmt: skip


@lru_cache(maxsize=64)
def acts(text: str) -> frozenset[str]:
    """Return what is done by saying it in a text, such as "demand" and "refusal".

    >>> sorted(acts("Biden wies die Forderungen zurück."))
    ['demand', 'refusal']
    """
    return frozenset(name for name, words in _ACTS.items() if words.search(text))


def told(question: str, sentence: str) -> float:
    """Return the share of the acts a question asks about that a sentence tells of; 0 if it asks of none."""
    asked = acts(question)
    return sum(bool(_ACTS[name].search(sentence)) for name in asked) / len(asked) if asked else 0.0
