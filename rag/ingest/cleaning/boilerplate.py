"""One line of a scraped page → why it is none of an article's, whatever stands around it.

A line is judged by what it says: known phrases, words of buttons and menus, credits, addresses, bylines,
notices of the site's owner, scraps of other languages.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from rag import language
from rag.calendar import ANY_WEEKDAY
from rag.ingest.metadata.bylines import is_byline
from rag.ingest.metadata.dates import is_stamp, starts_with_date, without_dates
from rag.ingest.metadata.sites import is_running_head
from rag.ingest.text.lines import Line
from rag.ingest.text.phrases import known

LINE_CHARS: Final = 1_500  # a longer line is running text, and would cost the patterns their time
NOTICE_WORDS: Final = 120
BYLINE_WORDS: Final = 12
_INTERFACE_WORDS: Final = 9
_FIRST_ALONE: Final = frozenset(
    {"related", "share", "consent"}
)  # "Meine News" and "Direkt zum Inhalt" are neither
_START_WORDS: Final = 30
_SOURCED: Final = re.compile(r"(?:quelle|source)\s*:", re.IGNORECASE)
_SAID_WORDS: Final = 9  # "Quelle: Nach Angaben des Weißen Hauses nahm auch …": a sentence
_CREDIT_WORDS: Final = 6
_CAPTION_WORDS: Final = 60
_LOWERED: Final = 0.35  # share of a scrap's words that are in lower case
_NEAR_CHARS: Final = 8  # before a word: enough to see whether it begins a sentence
_DAYS: Final = frozenset((*ANY_WEEKDAY, *"mon tue tues wed thu thurs fri sat sun am pm uhr".split()))
_URL: Final = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]+\.[a-z]{2,6}/\S+", re.IGNORECASE)
_HANDLE: Final = re.compile(r"^[—–-]\s.{2,60}\(@\w+\)|^(?:[#@]\w+[\s,]*)+$")
_WITH_HANDLE: Final = re.compile(r" @\w+$")  # "Political correspondent @annamuster"
_CODE: Final = re.compile(r"^(?=\S*_)(?=\S*[A-Z0-9])[A-Za-z0-9_-]+$")  # "DWO_TEASER_0815"
_LATELY: Final = re.compile(
    r"^(?:heute|gestern|today|yesterday),? (?:um |at )?\d{1,2}[:.]\d\d(?: Uhr)?$", re.I
)
_MENU: Final = re.compile(r"\s(?:[|·•›»>]|/{1,2})\s")
_TRAIL: Final = re.compile(r"^\S+(?: \S+){0,2}\s[›»>]\s\S+(?: \S+){0,2}\s[›»>]\s")  # a breadcrumb trail
_DAY: Final = re.compile(r"^\w{2,10}[.,]{1,2}\s")  # "Mi., 16. Februar 2022 um 10:21 Uhr"
_DATE_END: Final = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d$|\b(?:19|20)\d\d-\d\d-\d\d$")
_NAMED_DATE_END: Final = re.compile(  # of a caption: "… bei ihrer Rede in Wismar, 7. Dezember 2021"
    r"^(?:\S+ ){4,}\S+, (?:\d{1,2}\. [A-ZÄÖÜ]\w+|[A-Z]\w+\.? \d{1,2},) (?:19|20)\d\d$"
)
_URGES: Final = re.compile(  # "Jetzt Digital-Abo testen."
    r"\b[Jj]etzt\b[^.!?]{0,40}\b(?:testen|abonnieren|bestellen|sichern|anmelden|registrieren|entdecken|lesen)\W*$"
)
_YOU: Final = re.compile(
    r"\b(?:Sie|Ihre?[nmrs]?|Ihnen|du|dich|dir|deine?[nmrs]?|euch|you|your)\b", re.IGNORECASE
)
_SUBJECT: Final = re.compile(  # buttons have no subject: "Wir suchen weiter."
    r"(?:Ich|Er|Sie|Es|Wir|Man|Alle|Niemand|I|He|She|It|We|They|All|Nobody|Everybody)\b"
)
_WITH_ITS_LINK: Final = re.compile(r":\s\W*\w+(?:\W+\w+){2}")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:…]['\"“”»«)]*\s)$")
_SENTENCE_ENDS: Final = re.compile(r"[a-zäöüß][.!?…]['\"“”»«)]*(?=\s)")
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?…|)\]]['\"“”»«]*\s*)$")


def reason_of(line: Line, code: str) -> str:
    """Return why a line is none of an article's whatever stands around it, "" where it may be one."""
    if len(line.text) > LINE_CHARS:
        return ""
    return (
        _interface(line)
        or ("byline" if is_byline(line.text) and len(line.words) <= BYLINE_WORDS else "")
        or _credit(line)
        or _address(line)
        or _known_start(line)
        or _menu(line)
        or notice(line, least=2)
        or _foreign(line, code)
    )


def _interface(line: Line) -> str:
    """Name the widget of a short line that has only words of widgets, function words and numbers."""
    said = Line(line.number, without_dates(line.text), line.after_gap).words
    words = [part for word in said for part in _parts(word) if part not in _DAYS]
    if not 0 < len(words) <= _INTERFACE_WORDS:
        return ""
    phrases = known()
    named: Counter[str] = Counter()
    for word in words:
        of = next((name for name, widget in phrases.interface.items() if word in widget), "")
        named[of] += bool(of)
        if not of and not any(word in commonest for commonest in phrases.function_words.values()):
            return ""
    if (
        line.is_speech
        or 2 * named.total() < len(words)
        or (line.is_sentence and len(words) > 5 and not addressed(line.text))
    ):
        return ""
    if is_stamp(line.text):
        return "date"
    if _SUBJECT.match(line.text) and line.is_sentence and line.has_full_stop and not calls_upon(line.text):
        return ""
    first, *others = [reason for reason, count in named.items() if count]
    vague = first == "navigation"  # "Jetzt anmelden", "Skip ad": words of all kinds of widgets
    return next((reason for reason in others if vague and reason not in _FIRST_ALONE), first)


def _parts(word: str) -> list[str]:
    """Return the words of a compound with hyphens or dots, unless it is a word of widgets as a whole."""
    whole = any(word in widget for widget in known().interface.values())
    return [word] if whole else [part for part in re.split(r"[-.]", word) if part]


def _credit(line: Line) -> str:
    if len(line.words) > _CAPTION_WORDS or (line.text[0].isdigit() and starts_with_date(line.text)):
        return ""
    phrases = known()
    end = phrases.credit_end.search(line.text)
    closes = end and not _is_sign_off(line.text, end) and _stands_apart(line, end)
    sourced = _SOURCED.match(line.text) and line.is_running_text and len(line.words) >= _SAID_WORDS
    if not sourced and (phrases.starts["credit"].match(line.text) or closes):
        return "credit"
    _, slash, outlet = line.text.rpartition(" / ")
    if slash and outlet.lower() in phrases.outlets and len(line.words) <= _CREDIT_WORDS:
        return "credit"  # "Anna Muster / NZZ"
    inside = phrases.credit_inside.search(line.text)
    if not line.is_terminated and (
        (inside and not _announces(line, inside)) or phrases.photographers.fullmatch(line.text)
    ):
        return "credit"
    dated = (_DATE_END.search(line.text) and "," in line.text) or _NAMED_DATE_END.search(line.text)
    return "credit" if dated and not line.is_sentence else ""


def _announces(line: Line, match: re.Match[str]) -> bool:
    """Tell whether a compound with "Bilder" heads a clause: "Drohnenbilder: So …"; credits name somebody."""
    if not line.text[max(0, match.start() - 1) : match.start()].isalpha():
        return False
    told = [word for word in line.text[match.end() - 1 :].split() if word.isalpha() and word.islower()]
    common = frozenset().union(*known().function_words.values())
    return len(told) > 1 and not common.issuperset(told)


def _stands_apart(line: Line, end: re.Match[str]) -> bool:
    """Tell whether a credit at the end is no part of a sentence: "… sagte zu Bild: Das ist falsch."."""
    if end.group()[0] in "([©" or not line.is_running_text or not line.is_terminated:
        return True
    return not line.is_speech and bool(_SENTENCE_END.search(line.text[: end.start()][-_NEAR_CHARS:]))


def _is_sign_off(text: str, match: re.Match[str]) -> bool:
    """Tell whether a line ends with the agencies of its text, "… (dpa/AFP)", and not with a credit."""
    end, told = match.group(), text[: match.start()]
    if end[0] in "©/" or "©" in end:
        told = told if len(_SENTENCE_ENDS.findall(told)) > 1 else ""  # captions are no two sentences
    return (end[0] in "([" or bool(_SENTENCE_ENDS.search(told))) and all(
        word in known().agencies or _is_initials(word) for word in re.findall(r"[\w-]+", end)
    )


def _is_initials(word: str) -> bool:
    """Tell whether a word of a sign-off is an editor's: "(fmö/dpa)"; a photographer's name is a capital's."""
    return word.islower() and len(word) <= 5


def _address(line: Line) -> str:
    if _HANDLE.match(line.text) or (_WITH_HANDLE.search(line.text) and len(line.words) <= _CREDIT_WORDS):
        return "share"
    if len(line.words) <= BYLINE_WORDS and is_stamp(line.text) and starts_with_date(_DAY.sub("", line.text)):
        return "date"
    if _LATELY.match(line.text):
        return "date"
    if line.text.startswith("« ") != line.text.endswith(" »") and len(line.words) <= BYLINE_WORDS:
        return "navigation"  # "« Boiling an egg": the post before
    if line.text.startswith("[ ") and line.text.endswith(" ]"):
        return "related"  # "[ ‘He bought the whole town pints’ ]"
    if is_running_head(line.text) or _CODE.match(line.text) or line.text.startswith(("/ ", "> ", "› ", "» ")):
        return "navigation"
    rest = _URL.sub("", line.text)
    return "source" if rest != line.text and len(rest.split()) <= 4 else ""


def _known_start(line: Line) -> str:
    if len(line.words) > _START_WORDS or line.text.startswith(("„", "“", '"', "»", "«")):
        return ""
    reason = next((reason for reason, start in known().starts.items() if start.match(line.text)), "")
    return "" if reason and _tells(line) else reason


def _tells(line: Line) -> bool:
    """Tell whether a line that begins like a notice is news: neither to the reader nor of what sites have."""
    return line.is_running_text and not addressed(line.text) and not known().only_sites.search(line.text)


def _menu(line: Line) -> str:
    parts = _MENU.split(line.text)
    if len(parts) >= 3 and not line.is_sentence and all(len(part.split()) <= 3 for part in parts):
        return "navigation"
    if _TRAIL.match(line.text) and not line.is_terminated:
        return "navigation"
    words = line.words
    if len(words) < 3 or line.is_terminated:
        return ""
    sections = sum(word in known().sections for word in words)
    widgets = sum(any(word in widget for widget in known().interface.values()) for word in words)
    if sections == len(words) or (
        sections >= 3 and not line.function_share and 4 * (sections + widgets) >= 3 * len(words)
    ):
        return "navigation"
    return ""


def notice(line: Line, least: int) -> str:
    """Recognise a site owner speaking to the reader of things such as newsletters, accounts, cookies."""
    urged = addressed(line.text) or _URGES.search(line.text)
    if len(line.words) > NOTICE_WORDS or line.is_speech or not urged:
        return ""
    spoken = {word[:6] for word in line.words if word in known().notice_words}
    return "notice" if len(spoken) >= least + (len(line.words) > 35) else ""


def addressed(text: str) -> bool:
    """Tell whether the reader is addressed; German "Sie" that begins a sentence may mean anybody."""
    return any(
        match.group() not in ("Sie", "Ihr", "Ihre")
        or not _SENTENCE_START.search(text[max(0, match.start() - _NEAR_CHARS) : match.start()])
        for match in known().address.finditer(text)
    )


def calls_upon(text: str) -> bool:
    """Tell whether the reader is addressed by "you", not by a "we" that may be anybody's."""
    return bool(_YOU.search(text)) and addressed(text)


def has_its_link(text: str) -> bool:
    """Tell whether a line that announces a link holds it, too: "Read also: Poland extends emergency"."""
    return bool(_WITH_ITS_LINK.search(text))


def _foreign(line: Line, code: str) -> str:
    """Recognise a scrap in a third language; what is quoted or mixed with the article's own stays."""
    if line.is_speech or not line.words:
        return ""
    letters = [character for character in line.text if character.isalpha()]
    if sum(ord(character) > 0x24F and not 0x1E00 <= ord(character) < 0x1F00 for character in letters) > (
        len(letters) / 2
    ):
        return "language"
    lowered = sum(word[0].islower() for word in line.text.split())  # names and results of sports have few
    if (
        4 <= len(line.words) <= _CAPTION_WORDS
        and line.function_share < 0.1
        and lowered >= _LOWERED * len(line.words)
    ):
        other = language.foreign(line.text)
        return "language" if other not in (None, code) else ""
    return ""
