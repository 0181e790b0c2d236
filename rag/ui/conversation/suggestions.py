"""The articles of a collection → questions to begin with, and after an answer questions to go on with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from rag.answer.conversation.followups import follow_ups
from rag.errors import NotFoundError, QuellenchatError
from rag.schema import Article, Source, Span
from rag.ui.texts.languages import EN, Texts, of

if TYPE_CHECKING:
    from rag.library import Library

# Each question stands with the address of a sample article that answers it, and is offered only with it.
_SAMPLES: Final = "https://muster.quellenchat.example/"
_NATO, _CALL = _SAMPLES + "2021/kreml-videogipfel", _SAMPLES + "2024/kremlin-denies-trump-call"
_TROOPS, _RATES = _SAMPLES + "2021/troop-figures-ukraine-border", _SAMPLES + "2025/ezb-leitzins"
SAMPLE_QUESTIONS: Final = {
    "de": (
        ("Was forderte Putin bezüglich der NATO?", _NATO),
        ("Telefonierten Trump und Putin nach der Wahl?", _CALL),
        ("Wie viele russische Soldaten standen an der ukrainischen Grenze?", _TROOPS),
        ("Wie stark senkte die EZB die Zinsen?", _RATES),
    ),
    "en": (
        ("What did Putin demand regarding NATO?", _NATO),
        ("Did Trump and Putin speak after the election?", _CALL),
        ("How many Russian soldiers stood near Ukraine?", _TROOPS),
        ("How much did the ECB cut interest rates?", _RATES),
    ),
}
_TITLE_CHARS: Final = 90
_SUGGESTED: Final = 4
_MADE: Final = 3  # of them from sentences, as many as there are, before headlines are asked about
_NEWEST: Final = 8  # articles that these are made from
_LOOKED_AT: Final = 500  # of the newest, for the samples
_CITED: Final = 4  # articles that further questions are made from
_READ: Final = 2  # further ones, read and not cited, where those yield too few
_FEW: Final = 2
_OFFERED: Final = 3


def suggestions(library: Library, texts: Texts) -> list[str]:
    """Return up to four questions to begin with, in the page's language, or English where it is a third one.

    A collection of samples has questions of its own. Others are asked what their newest articles answer, and
    what these are about.
    """
    language = texts.language if texts.language in SAMPLE_QUESTIONS else EN.language
    newest = library.listed(limit=_LOOKED_AT).sources
    samples = _on_samples(newest, language)
    if samples:
        return samples
    titled = [source for source in newest if source.title.strip() and len(source.title) <= _TITLE_CHARS]
    made = _made(library, newest[:_NEWEST], language)
    return made + [_about(source, of(language)) for source in titled[: _SUGGESTED - len(made)]]


def _on_samples(sources: Sequence[Source], language: str) -> list[str]:
    addresses = {source.url for source in sources}
    return [question for question, address in SAMPLE_QUESTIONS[language] if address in addresses]


def _made(library: Library, sources: Sequence[Source], language: str) -> list[str]:
    """Return questions made from sentences, tried as `follow_ups` does, but at no other machine's expense."""
    if library.settings.embedding_url:
        return []
    try:
        articles = list(_articles(library, [source.id for source in sources]))
        least = library.settings.abstain_below
        return follow_ups(articles, (), (), language, library.chain.find, least, _MADE, headings=False)
    except QuellenchatError:
        return []  # the first question will tell


def _about(source: Source, texts: Texts) -> str:
    return texts.ask_about.format(title=_inner(source.title.strip(), texts.language))


def _inner(title: str, language: str) -> str:
    """Return a headline to stand in quotation marks: its own become single ones, as both languages want."""
    left, right = "‚‘" if language == "de" else "‘’"
    inner = re.sub(r"[„“»\"]([^„“”«»\"]*)[“”«\"]", rf"{left}\1{right}", title)
    return inner[1:-1] if inner[:1] == left and inner.find(right) == len(inner) - 1 else inner


def further(library: Library, asked: Mapping[str, Any]) -> list[str]:
    """Return questions to go on with after an answer, as the browser has kept it; each is answered.

    `asked` holds the answer's `language`, its `citations` and `passages`, and the questions `asked` so far.

    Raises:
        KeyError, TypeError, ValueError: it holds something else.
    """
    known = [(str(one["article"]), Span(int(one["start"]), int(one["end"]))) for one in asked["citations"]]
    cited = list(dict.fromkeys(article for article, _ in known))
    read = [name for one in asked["passages"] if (name := str(one["article"])) not in cited]
    questions = [str(question) for question in asked["asked"]]

    def made(names: Sequence[str]) -> list[str]:
        language, least = str(asked["language"]), library.settings.abstain_below
        articles = list(_articles(library, names))
        return follow_ups(articles, known, questions, language, library.chain.find, least)

    offered = made(cited[:_CITED])
    if len(offered) < _FEW:
        questions += offered
        offered += made(list(dict.fromkeys(read))[:_READ])
    return offered[:_OFFERED]


def _articles(library: Library, names: Sequence[str]) -> Iterator[Article]:
    """Yield the articles that are still there."""
    for name in names:
        with suppress(NotFoundError):
            yield library.article(name)
