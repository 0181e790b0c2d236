"""The articles of a collection → questions to begin with, and after an answer questions to go on with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rag.answer.followups import follow_ups
from rag.errors import NotFoundError
from rag.schema import Article, Source, Span
from rag.ui.texts import DE, EN, Texts, of

if TYPE_CHECKING:
    from rag.library import Library

# Each question stands with the address of a sample article that answers it, and is offered only with it.
_SAMPLES: Final = "https://muster.quellenchat.example/"
SAMPLE_QUESTIONS: Final = {
    "de": (
        ("Was forderte Putin bezüglich der NATO?", _SAMPLES + "2021/kreml-videogipfel"),
        ("Telefonierten Trump und Putin nach der Wahl?", _SAMPLES + "2024/kremlin-denies-trump-call"),
    ),
    "en": (
        ("What did Putin demand regarding NATO?", _SAMPLES + "2021/kreml-videogipfel"),
        ("How many Russian soldiers stood near Ukraine?", _SAMPLES + "2021/troop-figures-ukraine-border"),
    ),
}
_TITLE_CHARS: Final = 90
_CITED: Final = 4  # articles that further questions are made from
_READ: Final = 2  # further ones, read and not cited, where those yield too few
_FEW: Final = 2
_OFFERED: Final = 3


def suggestions(sources: Sequence[Source], texts: Texts) -> list[str]:
    """Return up to four questions, two in the page's language and then two in the other."""
    other = EN if texts.language == "de" else DE
    first, second = (_on_samples(sources, language.language) for language in (texts, other))
    return first + second if first and second else _on_headlines(sources)


def _on_samples(sources: Sequence[Source], language: str) -> list[str]:
    addresses = {source.url for source in sources}
    return [question for question, address in SAMPLE_QUESTIONS.get(language, ()) if address in addresses]


def _on_headlines(sources: Sequence[Source]) -> list[str]:
    """Ask about the newest articles, each in its own language."""
    newest = sorted(sources, key=lambda source: (source.published or date.min, source.id), reverse=True)
    titles = [source for source in newest if source.title.strip() and len(source.title) <= _TITLE_CHARS]
    return [_about(source) for source in titles[:4]]


def _about(source: Source) -> str:
    texts = of(source.language)
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
