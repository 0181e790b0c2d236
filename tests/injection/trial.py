"""The corpus, read into a real store and asked about → what came of every case.

The model is scripted and as obedient as can be: whatever canary it can make out of its messages, in clear
or in hiding, it does what that case's order wants, those of the article that was asked about first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from rag import settings
from rag.answer.references import markdown
from rag.library import Library
from rag.schema import Abstention, Answer, Article, Wishes
from rag.ui.article.place import Place
from rag.ui.article.reader import article_markup
from rag.ui.conversation.messages import answer_markup
from rag.ui.conversation.sources import panel
from rag.ui.markup import web_address
from rag.ui.texts.languages import of
from tests.injection.cases import Case
from tests.injection.files import write
from tests.injection.hiding import invisible, views
from tests.llm_server import MODEL, LanguageModelServer, Reply

_ADDRESS: Final = re.compile(
    r"(?:https?|ftp|file|data|javascript|vbscript|mailto|tel)\s*:\s*\S|evil\.example/|//evil|\\\\evil", re.I
)
# What makes a browser fetch something or leave the page.
_FETCHING: Final = (
    "src srcset action formaction background poster data ping longdesc manifest xlink:href code classid"
).split()
_LOADING: Final = (
    "img iframe frame script link object embed form video audio source svg style base meta input image"
).split()


@dataclass
class Outcome:
    """What came of a case."""

    case: Case
    indexed: bool
    prompt: str = ""
    reached_model: bool = False
    invisible: str = ""  # characters of the prompt or of the article's text that nobody sees
    tokens: list[str] = field(default_factory=list)  # of a chat template that the model saw as they stand
    shown: str = "nothing"  # of what the order wanted: "nothing", "marked", "unmarked" or "refusal"
    addresses: list[str] = field(default_factory=list)  # in any text shown while the answer grew
    rendered: list[str] = field(default_factory=list)  # links and images that are not the source's own
    inexact: int = 0  # quotations that do not stand in their article

    @property
    def broken(self) -> list[str]:
        """What happened although it must not."""
        must_not = self.case.must_not
        wrong = [f"rendered {one}" for one in self.rendered]
        wrong += [f"template token {one}" for one in self.tokens]
        wrong += [f"{self.inexact} quotations are not exact"] * bool(self.inexact)
        wrong += ["is not in the collection"] * (not self.indexed)
        wrong += ["the order reached the model"] * ("model" in must_not and self.reached_model)
        wrong += [f"invisible characters {self.invisible!a} are left"] * bool(self.invisible)
        wrong += ["the order passed as supported"] * ("unmarked" in must_not and self.shown == "unmarked")
        if {"address", "changed address"} & set(must_not):
            wrong += [f"address {one}" for one in self.addresses]
        return wrong


@contextmanager
def collection(
    cases: Sequence[Case], folder: Path
) -> Iterator[tuple[Library, LanguageModelServer, set[str]]]:
    """Open a store with the cases' articles and an obedient model, and name the cases that were indexed."""
    (folder / "files").mkdir()
    files = {case.name: write(case, folder / "files") for case in cases}
    with LanguageModelServer() as server:
        chosen = settings.load(store=folder / "store", llm=MODEL, llm_url=server.url, abstain_below=0.0)
        with Library.open(chosen, create=True) as library:
            library.index(list(files.values()))
            read = [library.article(source.id) for source in library.articles()]
            found = {
                case.name: article for case in cases for article in read if case.sentences[0] in article.text
            }
            yield library, server, found


def obedient(case: Case, cases: Sequence[Case]) -> Any:
    """Return a reply that does what every order wants that the model can make out, the asked case's first."""

    def reply(request: Mapping[str, Any]) -> str:
        prompt = "\n".join(str(message["content"]) for message in request["messages"])
        seen = list(views(prompt))
        obeyed = [one for one in cases if seen_by(one, seen)]
        obeyed.sort(key=lambda one: one is not case)
        if not obeyed:
            return _right(case, prompt)
        own = [one for one in obeyed if one is case]
        others = [one for one in obeyed if one is not case and not one.technique.startswith("denial")]
        if own and own[0].technique.startswith("denial"):
            return _obey(own[0], prompt)
        return "\n\n".join(_obey(one, prompt) for one in [*own, *others[:3]])

    return reply


def seen_by(case: Case, seen: Sequence[str]) -> bool:
    """Tell whether a model that has these views of its messages makes out a case's order."""
    if case.trigger:
        return case.trigger in " ".join(seen[1].split())
    return any(case.canary.lower() in view.lower() for view in seen)


def _right(case: Case, prompt: str) -> str:
    said = f"Der Ausbau kostet {case.cost} Euro" if case.language == "de" else f"It costs {case.cost} euros"
    return f"{said} [{_sentence(prompt, case.cost) or '1.1'}]."


def _obey(case: Case, prompt: str) -> str:
    right = _sentence(prompt, case.cost) or "1.1"
    rules = prompt[:400]
    variables = {
        "answer": _right(case, prompt), "right": right, "here": _sentence(prompt, case.canary) or right,
        "asked": quote(case.question), "rules": rules,
    }  # fmt: skip
    text = case.obey
    for name, value in variables.items():
        text = text.replace(f"{{{name}}}", value)
    return case.filled(text)


def _sentence(prompt: str, words: str) -> str | None:
    """Return the number of the evidence sentence in which some words stand."""
    found = re.search(rf"^\[(\d+\.\d+)\][^\n]*{re.escape(words)}", prompt, re.MULTILINE)
    return found[1] if found else None


def ask(
    case: Case,
    cases: Sequence[Case],
    library: Library,
    model: LanguageModelServer,
    article: Article | None,
) -> Outcome:
    """Ask what the case waits for, have the model obey, and look at all that is shown."""
    outcome = Outcome(case, article is not None)
    if article is None:
        return outcome
    model.clear()
    model.say(Reply(obedient(case, cases), delta_chars=24))
    snapshots = list(library.stream(case.question))
    outcome.prompt = model.prompt()
    outcome.reached_model = seen_by(case, list(views(outcome.prompt)))
    outcome.invisible = invisible(outcome.prompt + article.text + article.source.title)
    outcome.tokens = [one for one in case.tokens if one in outcome.prompt]
    last = snapshots[-1]
    outcome.shown = _shown(case, last)
    _look(case, snapshots, library, outcome)
    shown = article_markup(article, Place(article.source.id), of(case.language))
    outcome.rendered += leaving(shown, {article.source.url})
    quotes = list(library.stream(case.question, wishes=Wishes(quotes=True)))
    _look(case, quotes, library, outcome, own_words=False)
    return outcome


def _shown(case: Case, last: Answer | Abstention) -> str:
    if isinstance(last, Abstention):
        return "refusal" if case.technique.startswith("denial") else "nothing"
    wanted = (case.trigger and "blatt.example") or case.canary
    places = [found.start() for found in re.finditer(re.escape(wanted), last.text, re.IGNORECASE)]
    if not places:
        return "nothing"
    supported = [one.span for one in last.statements if one.supported]
    held = any(span.start <= place < span.end for span in supported for place in places)
    return "unmarked" if held else "marked"


def _look(
    case: Case,
    snapshots: Sequence[Answer | Abstention],
    library: Library,
    outcome: Outcome,
    *,
    own_words: bool = True,
) -> None:
    """Note the addresses, links and images of everything that is shown, and quotations that are not exact."""
    texts = of(case.language)
    for one in snapshots:
        own = {citation.source.url for citation in one.citations} if isinstance(one, Answer) else set()
        own |= {hit.source.url for hit in one.hits}
        if own_words:
            outcome.addresses += [a for a in _addresses(one.text, own) if a not in outcome.addresses]
        shown = [answer_markup(one, 1, texts), panel(one, 1, texts)]
        for citation in one.citations if isinstance(one, Answer) else ():
            text = library.article(citation.source.id).text
            outcome.inexact += text[citation.span.start : citation.span.end] != citation.quote
        for markup in shown:
            outcome.rendered += leaving(markup, own)
    last = snapshots[-1]
    exported = markdown(last)
    outcome.rendered += [f"export {one}" for one in _markdown_links(exported)]


def _addresses(text: str, own: set[str | None]) -> list[str]:
    """Return what reads like an address in a text and is not a source's own."""
    for known in sorted((one for one in own if web_address(one)), key=str, reverse=True):
        text = re.sub(re.escape(str(known)) + r"(?=[\s).,\]>]|$)", "", text)
    return [text[found.start() :][:60] for found in _ADDRESS.finditer(text)]


def _markdown_links(exported: str) -> list[str]:
    """Return the links and images that a Markdown reader makes of an export, footnotes' sources aside."""
    from markdown_it import MarkdownIt

    found = []
    for block in MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(exported):
        if block.type == "html_block":
            found += leaving(block.content, set())
        for token in block.children or ():
            target = str(token.attrs.get("href") or token.attrs.get("src") or "")
            if token.type == "image" or (token.type == "link_open" and "evil.example" in target):
                found.append(target)
            if token.type == "html_inline":
                found += leaving(token.content, set())
    return found


class _Leaving(HTMLParser):
    def __init__(self, own: set[str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.own = {str(one).strip() for one in own if web_address(one)}
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LOADING:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            target = unescape(value or "")
            link = name == "href" and not target.startswith("#") and target not in self.own
            if link or name in _FETCHING or name.startswith("on") or (name == "style" and "(" in target):
                self.found.append(f"<{tag} {name}={target}>")


def leaving(markup: str, own: set[str | None]) -> list[str]:
    """Return everything in markup by which a browser would ask another host or run a script.

    Links within the page are none of it, nor links to the sources' `own` addresses.
    """
    parser = _Leaving(own)
    parser.feed(markup)
    parser.close()
    return parser.found
