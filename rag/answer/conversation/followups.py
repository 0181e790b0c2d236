"""Articles that were just read → further questions that they answer, made without a language model.

A question is made from what can only answer it: a sentence in which someone says, demands or denies
something or that counts something, or what stands under a heading. It is offered only where asking it leads
back to that very place, so that none ends in an abstention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from rag.answer.extractive import quotations
from rag.answer.facts.names import Name, names
from rag.answer.facts.spellings import as_heard, level
from rag.answer.found import Found
from rag.ingest.text.sentences import sentences
from rag.retrieve.lexical.lexicon import bundled
from rag.schema import Article, Span

_TRIED: Final = 8  # questions asked for trial; each costs a retrieval
_PER_ARTICLE: Final = 4
_READ_CHARS: Final = 20_000  # of an article
_SENTENCE_CHARS: Final = 320
_QUESTION_CHARS: Final = 110

# What a person does with words: its verbs, and the question about it, in both languages.
_SAID: Final = {
    "de": (
        ("sagte|erklärte|betonte|bekräftigte|meinte|äußerte|berichtete", "Was sagte {name}?"),
        ("forderte|verlangte", "Was forderte {name}?"),
        ("warnte", "Wovor warnte {name}?"),
        ("kritisierte|bemängelte", "Was kritisierte {name}?"),
        ("bestritt|dementierte", "Was bestritt {name}?"),
        (r"kündigte(?=[^;]*\ban\b)", "Was kündigte {name} an?"),
        (r"schlug(?=[^;]*\bvor\b)", "Was schlug {name} vor?"),
        ("versprach", "Was versprach {name}?"),
        ("drohte", "Womit drohte {name}?"),
    ),
    "en": (
        ("said|stated|stressed|told", "What did {name} say?"),
        ("demanded|called for|urged", "What did {name} demand?"),
        ("warned", "What did {name} warn of?"),
        ("criticised|criticized|blamed", "What did {name} criticise?"),
        ("denied|rejected|dismissed", "What did {name} deny?"),
        ("announced", "What did {name} announce?"),
        ("proposed|suggested", "What did {name} propose?"),
        ("promised|pledged", "What did {name} promise?"),
        ("threatened", "What did {name} threaten?"),
    ),
}
# Between a name and its verb: nothing, an apposition in commas, or a word; behind a verb: a title at most.
_BEFORE: Final = r"{name}(?:, [^,.;:]{{3,70}},)? (?:\w+ )?(?:{verbs})\b"
_BEHIND: Final = r"\b(?:{verbs}) (?:(?:der|die|the) )?(?:[\w-]+ ){{0,2}}{name}\b"
_CAPITALISED: Final = re.compile(r"\b[A-ZÄÖÜ][\w-]{2,}")
_THE: Final = re.compile(r"\b(?:d(?:er|ie|as|em|en|es)|the|a|ein\w{0,2})\s$", re.IGNORECASE)
_NUMBER: Final = r"(?:\d{1,3}(?:[.,]\d{3})+|\d{2,4})"
_ABOUT_DE: Final = r"(?:rund|etwa|ungefähr|knapp|mehr als|gut|fast|mindestens)"
_ABOUT_EN: Final = r"(?:about|around|roughly|nearly|almost|more than|over|some|at least)"
_COUNTED: Final = {
    "de": re.compile(
        rf"^(?:{_ABOUT_DE}\s)?{_NUMBER}\s(?P<what>(?:[a-zäöüß]+(?:e|en)\s)?[A-ZÄÖÜ][a-zäöüß]{{3,}})\s"
        rf"(?P<rest>(?:sind|waren|stehen|standen|haben|hatten|leben|lebten|kamen|starben|wurden)\b[^,;:„“\"]+)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"(?:^|\bthat\s)(?:{_ABOUT_EN}\s)?{_NUMBER}\s(?P<what>(?:[A-Za-z]+\s)?[a-z]{{3,}}s|people)\s"
        rf"(?P<rest>(?:are|were|have|had|live|lived|died|came|took)\b[^,;:“”\"]+)",
        re.IGNORECASE,
    ),
}
_HOW_MANY: Final = {"de": "Wie viele {what} {rest}?", "en": "How many {what} {rest}?"}
_ABOUT: Final = {
    "de": "Was steht in den Artikeln über „{heading}“?",
    "en": "What do the articles say about “{heading}”?",
}
_HEADING: Final = re.compile(r"(?<=\n\n)(?P<heading>[^\n.!?:;,|]{8,60})\n\n(?=[^\n]{100})")
_SECTION_CHARS: Final = 2_000  # behind a heading
_WORDS: Final = 4  # from which a heading says what it is about without naming anything
_CLAUSE: Final = re.compile(r"(?:w(?:as|er|ie|o\w*|arum|ann)|wh\w+|how)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and what it was made from: a sentence, or what stands under a heading."""

    question: str
    article: str
    span: Span
    person: str = ""  # who it asks about, as `as_heard` spells it

    @property
    def of_sentence(self) -> bool:
        """Whether it was made from a sentence; else from what stands under a heading."""
        return self.span.end - self.span.start <= _SENTENCE_CHARS


def follow_ups(
    articles: Sequence[Article],
    known: Sequence[tuple[str, Span]],
    asked: Sequence[str],
    language: str,
    find: Callable[[str], Found],
    least: float,
    count: int = 3,
    *,
    headings: bool = True,
) -> list[str]:
    """Return up to `count` questions in `language` that articles answer, the first article's first.

    Args:
        articles: the articles just read, the most important first.
        known: what was cited already, as article id and span; nothing is asked of it.
        asked: the questions asked before.
        find: retrieves for a question, as `AnswerChain.find` does.
        least: the probability of being answerable from which a question is answered.
        headings: whether to ask about headings, too, where sentences yield too few.
    """
    made = [list(_worth(article, known, language)) for article in articles]
    turns = [one for turn in zip_longest(*made) for one in turn if one is not None]
    tried = {level(question) for question in asked}
    people = {as_heard(word) for question in asked for word in _CAPITALISED.findall(question)}
    offered: list[str] = []
    trials = 0
    said, under = [one for one in turns if one.of_sentence], [one for one in turns if not one.of_sentence]
    for one in said + under * headings:  # headings say less
        if level(one.question) in tried or one.person in people:
            continue
        tried.add(level(one.question))
        trials += 1
        if _leads_back(one, find(one.question), least):
            offered.append(one.question)
            people |= {one.person} - {""}
        if len(offered) == count or trials == _TRIED:
            break
    return offered


def candidates(article: Article, language: str) -> Iterator[Candidate]:
    """Yield the questions that sentences answer by their form, in their order, then those about headings."""
    text = article.text[:_READ_CHARS]
    own = article.source.language
    if own not in _SAID or language not in _SAID:
        return
    yield from _of_sentences(article.id, text, own, language)
    if own != language:
        return  # a heading is named in its own words
    for found in _HEADING.finditer(text):
        if not _tells(found["heading"], language):
            continue
        section = Span(found.end(), min(found.end() + _SECTION_CHARS, len(text)))
        question = _ABOUT[language].format(heading=found["heading"].strip(" „“”\"'"))
        yield Candidate(question, article.id, section)


def _of_sentences(article_id: str, text: str, own: str, language: str) -> Iterator[Candidate]:
    known: dict[str, str] = {}  # last names → names in full, of those named so far
    for span in sentences(text, own):
        sentence = text[span.start : span.end].replace("\n", " ")
        if len(sentence) > _SENTENCE_CHARS:
            continue
        person, question = _who(sentence, own, language, known) or ("", _how_many(sentence, own, language))
        if question and len(question) <= _QUESTION_CHARS:
            yield Candidate(question, article_id, span, person)


def _worth(article: Article, known: Sequence[tuple[str, Span]], language: str) -> Iterator[Candidate]:
    """Yield a few candidates of an article, none of a cited sentence and no question twice."""
    taken = [span for one, span in known if one == article.id]
    seen: set[str] = set()
    for one in candidates(article, language):
        if one.question in seen or any(_overlap(one.span, span) for span in taken if one.of_sentence):
            continue
        seen.add(one.question)
        yield one
        if len(seen) == _PER_ARTICLE:
            return


def _who(sentence: str, own: str, language: str, known: dict[str, str]) -> tuple[str, str] | None:
    """Return who said, demanded or denied something and the question what, None where nobody is named to.

    Who is named in full is added to `known`, and later known by the last name alone.
    """
    for name in names(sentence, own, bundled()):
        written = _person(name, sentence, known)
        if written is None:
            continue
        for number, (verbs, _) in enumerate(_SAID[own]):
            forms = (form.format(name=re.escape(written), verbs=verbs) for form in (_BEFORE, _BEHIND))
            if any(re.search(form, sentence) for form in forms):
                last = written.rpartition(" ")[2]
                return as_heard(last), _SAID[language][number][1].format(name=known[last])
    return None


def _person(name: Name, sentence: str, known: dict[str, str]) -> str | None:
    """Return a name as it stands: first and last, or a known last; None for others and behind an article."""
    person = " ".join(name.words[-2:])
    if len(name.words) < 2 and person not in known:
        return None
    at = sentence.find(person)
    if at < 0 or _THE.search(sentence[:at]):
        return None
    if len(name.words) > 1:
        known.setdefault(name.words[-1], person)
    return person


def _tells(heading: str, language: str) -> bool:
    """Tell whether a heading says by itself what it is about."""
    if _CLAUSE.match(heading):
        return False
    return len(heading.split()) >= _WORDS or bool(names(heading, language, bundled()))


def _how_many(sentence: str, own: str, language: str) -> str | None:
    """Return the question of how many there are; in the article's own language alone, whose words it has."""
    found = _COUNTED[own].search(sentence) if own == language else None
    if found is None:
        return None
    return _HOW_MANY[own].format(what=found["what"].strip(), rest=found["rest"].rstrip(" .!?…"))


def _leads_back(one: Candidate, found: Found, least: float) -> bool:
    """Tell whether a question is answered, by its article above all, and with what it was made from."""
    if found.confidence < least:
        return False
    quoted = quotations.choose(found.sentences)
    if not quoted or quoted[0].source.id != one.article:
        return False
    return any(each.source.id == one.article and _overlap(each.span, one.span) for each in quoted)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
