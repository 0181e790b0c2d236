"""Who speaks: of whom a question asks what they say, whether a sentence tells it, and whose words it tells.

Read from word order, without a parser: who stands before a verb of saying speaks, unless the verb comes
first in its clause or an adverbial takes the first place; then the one behind it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.retrieve.sentences.acts import acts

_CAPITAL: Final = r"(?:[A-ZÄÖÜ][\w’'-]+|(?:[A-Z]\.)+)"
_NAMED: Final = (  # "der russische Präsident Wladimir Putin", "U.S. President Biden"
    r"(?:(?:der|die|das)\s+(?:(?-i:[a-zäöüß]+e)\s+)?|the\s+)?(?:(?:präsident|president|herr|mr\.?)\s+)?"
    rf"((?-i:{_CAPITAL}(?:\s+{_CAPITAL}){{0,4}}))"
)
_TELLS: Final = re.compile(  # German asks with the verb of saying before its subject, English with "did"
    r"\b(?:sag|äußer|erklär|forder|verlang|reagier|antworte|kritisier|warn|kündig|bewerte|mein|begründe|beton"
    rf"|behaupte|beschreib|bezeichne)\w*\s+{_NAMED}"
    rf"|\b(?:hält|hielt|denkt|dachte|nennt|nannte|beschrieb|wies|droht|drohte|versprach)\s+{_NAMED}"
    rf"|\b(?:did|does|do)\s+{_NAMED}"
    rf"|\b(?:hat|haben|hatten?)\s+{_NAMED}(?=.*\b(?:(?:an)?ge)?(?:sag|äußer|erklär|forder|verlang|reagier|antworte"
    r"|kritisier|warn|kündig|bewerte|mein|begründe|beton|behaupte)\w*t\b)"
    rf"|\b(?:has|have|had)\s+{_NAMED}(?=\s+(?:said|told|demanded|responded|reacted|criticized|claimed|warned"
    r"|declared|announced|suggested)\b)",
    re.IGNORECASE,
)
# Verbs alone: German nouns such as "Begrüßung" and "Forderung" are capitalised. In the perfect the auxiliary
# counts, which stands where the verb would: "Biden hat die Forderung zurückgewiesen".
_SAID: Final = (
    r"(?:(?:(?:an|auf|zu)?ge)?(?:sag|forder|warn|kündig|droh|antworte|äußer|reg|lob|rüg|mein)t"
    r"|(?:erklär|beton|kritisier|bestätig|begrüß|verlang|verurteil|dementier|beschuldig|bedauer|behaupte|bezeichne"
    r"|bewerte|reagier|versicher)t|mitgeteilt|abgelehnt|eingeräumt|aufgerufen|ausgeschlossen|bestritten|versprochen"
    r"|geschrieben|genannt|zurückgewiesen|bekannt\s?gegeben|vorge(?:schlagen|worfen|halten))"
)
_SAYING: Final = re.compile(
    r"\b(?:(?:zu)?(?:ge)?(?:sag|erklär|forder|warn|beton|äußer|kritisier|bestätig|antworte|begrüß)(?:e|t|te|ten|en)"
    r"|(?:an)?(?:ge)?kündig(?:t|te|ten|en)|mein(?:t|te|ten)|droh(?:t|te|ten)|verlang(?:t|te|ten|en)"
    r"|(?:verurteil|dementier|beschuldig|bedauer|lob|rüg)(?:t|te|ten)|bestr(?:eit|itt)(?:et|en)?|verspr(?:icht|ach|achen)"
    r"|lehn(?:t|te|ten)\b(?=.*\bab\b)|weis(?:t|en)\b(?=.*\bzurück\b)|w[ai]rf(?:t|en)?\b(?=.*\bvor\b)|h(?:ält|ielt|ielten)\b(?=.*\bvor\b)"
    r"|schl[äu]g(?:t|en)?\b(?=.*\bvor\b)|(?:rief|riefen|ruft)\b(?=.*\bauf\b)"
    r"|schrieb(?:en)?|schreibt|teilten?|nannten?|wies(?:en)?|hieß|reagier\w+|bezeichne\w+|bewert\w+|räumte\w?"
    rf"|h(?:at|aben|abe|atten?)\b(?=[^.,;:]*\b{_SAID}\b)"
    r"|[Ll]aut|zufolge|[Aa]ccording\s+to"
    r"|(?<=[,“”»«\"‘’]\s)so(?=\s+(?:(?:der|die|das)\s+)?[A-ZÄÖÜ])|twittert|twitterten?|tweet(?:s|ed)"
    r"|said|says?|told|tells?|stated|warn(?:s|ed)|demand(?:s|ed)|announced|called|described|wrote"
    r"|(?:claim|declare|add|reject|dismiss|welcome|criticiz|criticis|react|respond|answer|repli|deni)(?:s|e?d|es)"
    r"|(?:condemn|insist|threaten)(?:s|ed)|admit(?:s|ted)|(?:accus|prais|promis|propos|pledg|refus|suggest|urg|vow)ed)\b"
)
# Reported speech by its subjunctives and quotation marks.
_REPORTED: Final = re.compile(
    r"\b(?:sei|seien|habe|hätten|werde|wolle|müsse|dürfe|könne|solle|aufgenommen|lehn(?:t|te|ten)|thinks?|thought)\b"
    r"|:\s*[„“”»«\"]|[“”«»\"]\s?[,–]"
)
_ASKED: Final = re.compile(
    r"\b(?:(?:an)?ge)?(?:sag|äußer|erklär|forder|verlang|reagier|antworte|kritisier|warn|kündig|bewerte|begründe|beton"
    r"|behaupte)\w*|\b(?:hält|hielt|denkt|dachte|nennt|nannte)\b"
    r"|\b(?:say|said|tell|demand|respond|react|criticiz|criticis|claim|warn|think|declare|announce|suggest)\w*\b",
    re.IGNORECASE,
)
_WITHHELD: Final = re.compile(
    r"\blie(?:ß|ßen|ss)\s+(?:\w+\s+){0,3}offen\b|\b(?:blieb|bleibt|ist|sind|war)\s+(?:\w+\s+){0,4}(?:offen|unklar|umstritten)\b"
    r"|\b(?:nannten?|nennt|machten?|gab(?:en)?|äußerten?|lag)\b[^.]*\b(?:nicht|keine?)\b|\bnicht\s+bekannt\b"
    r"|\b(?:is|was|are|were|remain\w*)\s+(?:\w+\s+){0,2}(?:unclear|unknown|disputed)\b"
    r"|\b(?:did|does|would|could)\s*n[o'’]t\s+(?:\w+\s+)?(?:say|tell|specify|name|disclose|comment|elaborate|go\s+into)\b",
    re.IGNORECASE,
)
_BEFORE_THE_NAME: Final = re.compile(r"laut|according|so", re.IGNORECASE)
_NEXT_NAME: Final = re.compile(rf"\s*(?:[a-zäöüß]+\s+){{0,3}}{_CAPITAL}(?:\s+{_CAPITAL})*")
_LED: Final = re.compile(  # an adverbial in the first place
    r"\W*(?:am|an|auf|aus|bei|beim|dabei|damit|danach|dann|darin|demnach|deshalb|doch|dort|durch|gestern|für|gegen|heute|im|in|mit|nach|nun|schon|seit"
    r"|über|um|unter|vom|von|vor|während|wie|zu|zudem|zugleich|zum|zur|zuvor|auch|at|on|as|after|before)\b",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"[,;:()„“”\"»«–]")
_ASIDE: Final = re.compile(  # what follows whoever speaks
    r"\b(?:am|an|auf|bei|gegenüber|im|in|mit|nach|vom|von|vor|zu|zum|zur|at|in|on|to|with)\b"
)
_NAMES: Final = re.compile(r"\b[A-ZÄÖÜ]")
_OPENING: Final = 8  # words within which a clause names who acts
_BEHIND: Final = 4  # words behind a verb of saying within which it names who speaks


def speaker(question: str, texts: Sequence[str] = ()) -> str:
    """Return of whom a question asks what they say or do, as it names them; "" where it asks of nobody.

    German names whom one speaks to right behind whoever speaks: names that the texts have, but never beside
    each other, are not one's.

    >>> speaker("Was sagte Selenskyj über das Treffen?"), speaker("What did Zelensky say?")
    ('Selenskyj', 'Zelensky')
    >>> speaker("Wovor warnte Biden Putin?", ["Biden telefonierte mit Putin."])
    'Biden'
    """
    found = _TELLS.search(question)
    if not found:
        return ""
    words = found.group(found.lastindex or 0).split()
    for end in range(1, len(words)):
        pair, apart = " ".join(words[end - 1 : end + 1]), words[end - 1 : end + 1]
        if not any(pair in text for text in texts) and all(
            any(word in text for text in texts) for word in apart
        ):
            return " ".join(words[:end])
    return " ".join(words)


def asks_for_words(question: str) -> bool:
    """Tell whether a question asks what someone says or thinks, or does by saying it."""
    return bool(_ASKED.search(question) or acts(question))


def tells(sentence: str) -> bool:
    """Tell whether a sentence has a verb of saying."""
    return bool(_SAYING.search(sentence))


def reports(sentence: str) -> bool:
    """Tell whether a sentence has the subjunctive or the quotation marks of someone's words."""
    return bool(_REPORTED.search(sentence))


def withholds(sentence: str) -> bool:
    """Tell whether a sentence says that something is not known or not said.

    >>> withholds("Welche Strafen das sind, ließ er offen."), withholds("Er nannte drei Strafen.")
    (True, False)
    """
    return bool(_WITHHELD.search(sentence))


def speaking(sentence: str) -> str:
    """Return the words of a sentence that may name who speaks or, where nobody does, who acts.

    >>> speaking("Biden forderte Putin auf."), speaking("Am Mittwoch forderte Putin Garantien.")
    ('Biden', 'Putin Garantien.')
    """
    found = [_speaker(sentence, one) for one in _SAYING.finditer(sentence)]
    return " ".join(filter(None, found)) or " ".join(sentence.split()[:_OPENING])


def _speaker(sentence: str, verb: re.Match[str]) -> str:
    """Return the words about a verb of saying that may name who speaks."""
    *earlier, before = _BREAK.split(sentence[: verb.start()])
    rest = _BREAK.split(sentence[verb.end() :])
    behind = " ".join(_ASIDE.split(rest[0])[0].split()[:_BEHIND])
    if _BEFORE_THE_NAME.fullmatch(verb.group().split()[0]):
        name = _NEXT_NAME.match(rest[0])
        return name.group().strip() if name else behind
    if before.strip():
        return behind if _LED.match(before) else " ".join(before.split()[:_OPENING])
    if _NAMES.search(behind):  # "…, sagte Jen Psaki, die Sprecherin"
        return " ".join((behind, *rest[1:2]))
    return " ".join(earlier[-2:]).strip()  # "Andriy Yermak, his chief of staff, said on television"
