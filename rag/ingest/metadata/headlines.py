"""A text and the lines above it → its headline, or one made of its lead."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import Final

from rag import language
from rag.ingest.metadata.bylines import lists_people, names_writers
from rag.ingest.metadata.dates import is_stamp, without_dates
from rag.ingest.metadata.outlets import MASTHEAD, without_dateline
from rag.ingest.metadata.sites import is_running_head
from rag.ingest.text.phrases import known
from rag.ingest.text.sentences import sentences

_TERMINAL: Final = re.compile(r"[.!?…]['\"“”»«)]*$")
_TITLE_CHARS: Final = (15, 160)
_LEAD_CHARS: Final = 110
_SENTENCE_CHARS: Final = 20  # at least, of a lead's first sentence
_CLAUSE_CHARS: Final = 40  # a headline made of the lead ends with a clause that is at least as long
_WORD: Final = re.compile(r"\w{3,}")
_BYLINE_WORDS: Final = 5
_WIDGET_WORDS: Final = 6
_STEM: Final = 5  # letters
_NO_TITLE: Final = re.compile(
    r"[.…:,;]['\"“”»«)]*$|^\+\+\+|[.!?] [A-ZÄÖÜ].*[.!?]$"  # a sentence, news of a ticker, several sentences
)
_QUOTATION: Final = re.compile(r"""^[„“"»].*[“”"«]$""")
_QUOTED: Final = 0.2  # a quotation below a few words is the headline, they are the line above it
_LIVE: Final = re.compile(r"(?:Live[- ]?(?:[Bb]log|[Tt]icker|[Uu]pdates)|[Tt]icker)\s?[:|–-]")
_LIVE_BLOG: Final = 0.5  # what a live ticker is about stands above it, and not each entry has its words
_GOES_ON: Final = re.compile(
    r" (?:\w+ )*[a-zäöüß]\w+\b"
)  # "Holz und Papier", "… und Papier kündigt Streiks an"
_KICKER: Final = 0.5  # a topic above a headline has its words, and is none
_MASTHEAD: Final = 0.7  # a paper's name may be that of a town which the text names
_KICKED: Final = 5  # words of the headline below a topic at least
_KICKER_WORDS: Final = 4
_CLEARLY: Final = 0.15  # by as much a later line must be the better headline


def headline(text: str, fallback: str) -> str:
    """Return the article's headline, or its lead sentence, shortened, where the text has none."""
    rows = [line.strip() for line in text.split("\n") if line.strip()]
    if not rows:
        return fallback
    lead = next((line for line in rows if _TERMINAL.search(line)), rows[0])
    body = next(
        (n for n, line in enumerate(rows) if _TERMINAL.search(line) and len(line) > _TITLE_CHARS[1]), 1
    )
    above = rows[:body] if len(rows) > 1 else []
    lone = lone_headline(rows[: rows.index(lead)], "\n".join(rows[rows.index(lead) :]))
    return (
        headline_line(above, "\n".join(rows[body:]))
        or lone
        or _shorten(without_dateline(lead), language.detect(text))
    )


def lone_headline(above: Sequence[str], body: str = "") -> str | None:
    """Return the only line above a text, where it may be a headline of few words: "Kiew brennt".

    One word alone is one where the text has it.
    """
    line = above[0] if len(above) == 1 else ""
    words = [word.lower() for word in line.split() if any(map(str.isalpha, word))]
    meant = len(words) > 1 or (len(line) > _STEM and not stems(line).isdisjoint(stems(body)))
    fits = bool(words) and meant and len(line) <= _TITLE_CHARS[1] and not _NO_TITLE.search(line)
    of_the_page = _of_the_page(line) or all(word in known().sections for word in words)
    told = fits and not of_the_page and not names_writers(line) and without_dates(line) == line
    return line if told else None


def headline_line(above: Sequence[str], body: str) -> str | None:
    """Return the line of those above a text whose words the text goes on to use, None where none does.

    Share bars, login notices and section names stand above headlines in scraped pages, but the text
    does not come back to them. Words count as the same that begin alike: inflection and compounds.
    """
    used = stems(body)
    code = language.detect(body)
    best, best_score = None, 0.0
    for line, below in zip_longest(above, above[1:], fillvalue=""):
        size = sum(any(map(str.isalpha, word)) for word in line.split())
        if size > 2 and _may_be_headline(line, above):
            words = stems(line)
            taken = {word for word in words if _is_used(word, used)}
            score = len(taken) / max(len(words), 3) + min(size, 8) / 40
            kicks = _is_kicker(line, code) and _may_be_kicked(below, code) and not _NO_TITLE.search(below)
            kicks = kicks or any(_GOES_ON.match(one.removeprefix(line)) for one in above if one != line)
            score += _LIVE_BLOG * bool(_LIVE.match(line))
            again = any(one != line and one.endswith(line) for one in above)  # "Archaeology: …", a trail
            score += _QUOTED * bool(taken and _QUOTATION.match(line))
            score -= _KICKER * kicks + _MASTHEAD * bool(MASTHEAD.fullmatch(line))
            if score > best_score + _CLEARLY * (best is not None) and (taken or size > 4 or again):
                best, best_score = line, score
    return best


def _may_be_headline(line: str, above: Sequence[str]) -> bool:
    """Tell whether a line has the form of a headline, and is none of the page: "Headline - Outlet"."""
    fits = _TITLE_CHARS[0] <= len(line) <= _TITLE_CHARS[1] and not _NO_TITLE.search(line)
    fits = (
        fits
        and not _is_of_widgets(line)
        and not line.split()[0].islower()
        and not is_running_head(line)
        and not lists_people(line)
    )
    fits = fits and len(without_dates(line).split()) >= min(4, len(line.split()))  # no "Updated: …"
    fits = fits and not (line.startswith("By ") and len(line.split()) <= _BYLINE_WORDS)
    return (
        fits
        and not is_stamp(line)
        and not _of_the_page(line)
        and not any(
            one != line and one in line and len(one) > 0.5 * len(line) and len(one.split()) > 3
            for one in above
            if not _GOES_ON.match(line.removeprefix(one))
        )
    )


def _is_of_widgets(line: str) -> bool:
    """Tell whether most words of a line are those of menus: "Search the news, stories & people"."""
    words = [word for word in _WORD.findall(line.lower()) if len(word) > _STEM - 2]
    widgets = sum(any(word in widget for widget in known().interface.values()) for word in words)
    return 2 * widgets > len(words) > 1 and len(words) < _WIDGET_WORDS


def taken_up(line: str, body: str, least: float) -> bool:
    """Tell whether a text uses at least so large a share of a line's words, and more than one of them."""
    words, used = stems(line), stems(body)
    taken = sum(_is_used(word, used) for word in words)
    return taken >= min(2, 10 * least) and taken >= least * len(words)


def _is_kicker(line: str, code: str) -> bool:
    """Tell whether a line may be the topic above a headline: "Krieg in der Ukraine", "Leere Netze vor Rügen".

    German writes all but nouns and first words in lower case: without such a word there is no verb.
    """
    words = line.split()
    if all(word[0].isupper() or word == "&" for word in words) and len(words) <= _KICKER_WORDS:
        return any(word.lower() in known().sections for word in words)  # "Russian Politics & Diplomacy"
    inner = [word for word in words[1:-1] if code != "de" or word[0].islower()]
    common = frozenset().union(*known().function_words.values())
    return 3 <= len(words) <= 4 and words[-1][0].isupper() and all(word in common for word in inner)


def _may_be_kicked(line: str, code: str) -> bool:
    """Tell whether a line may be a topic's headline: it is longer, or has a verb ("Hamlet geht baden")."""
    words = line.split()
    return len(words) >= _KICKED or (code == "de" and len(words) > 2 and not _is_kicker(line, code))


def _of_the_page(line: str) -> bool:
    """Tell whether a line is the outlet's own: "The Guardian - Back to home"."""
    return known().beside_outlets.sub("", line).lower() in known().outlets


def _is_used(stem: str, used: Collection[str]) -> bool:
    return stem in used or (len(stem) == _STEM - 1 and any(one.startswith(stem) for one in used))


def stems(text: str) -> set[str]:
    """Return how the words of a text begin, without the commonest of the language."""
    common = frozenset().union(*known().function_words.values())
    return {word[:_STEM] for word in _WORD.findall(text.lower()) if word not in common}


def _shorten(line: str, code: str) -> str:
    """Return the first sentence of a lead, or as much of it as a headline takes, cut between clauses."""
    ends = [span.end for span in sentences(line, code) if span.end >= _SENTENCE_CHARS]
    line = line[: ends[0]] if ends and ends[0] <= _LEAD_CHARS else line
    if len(line) <= _LEAD_CHARS:
        return line.removesuffix(".")
    clause = max(line.rfind(mark, _CLAUSE_CHARS, _LEAD_CHARS) for mark in (", ", "; ", " – ", ": "))
    if clause > 0:
        return line[:clause].rstrip(" ,;:–-")
    return line[: line.rfind(" ", 0, _LEAD_CHARS)].rstrip(" ,;:–-") + " …"
