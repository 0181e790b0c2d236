"""Questions in: `rag search` and `rag ask`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from rag.cli.options import (
    Json,
    Languages,
    Llm,
    Publishers,
    Question,
    RerankerName,
    Since,
    Store,
    Until,
    filter_of,
    opened,
)
from rag.cli.printing import also_in, print_answer, print_json, say, say_query, say_undated


class Form(StrEnum):
    """How `rag ask` prints an answer."""

    TEXT = "text"
    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    CSL = "csl"
    JSON = "json"


def search(
    question: Question,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Number of passages.")] = 10,
    since: Since = None,
    until: Until = None,
    publisher: Publishers = None,
    language: Languages = None,
    store: Store = None,
    reranker: RerankerName = None,
    as_json: Json = False,
) -> None:
    """Show the passages that fit a question best."""
    from rag.answer import export
    from rag.language import detect

    chosen = filter_of(since, until, publisher, language)
    with opened(store, reranker=reranker) as library:
        hits = library.search(question, k, chosen)
        query, typed = library.query(question), library.checked(question)
        named = export.periods(library.periods(question))
        say_undated(library, chosen)
    if as_json:
        found = export.passages(hits)
        print_json({"question": question, "query": query, "periods": named, "passages": found})
        return
    say_query(query, typed, detect(query))
    for rank, hit in enumerate(hits, start=1):
        say(f"{rank:>2}. {hit.score:+.2f}  {hit.source.id}  {hit.passage.start}–{hit.passage.end}")
        say(f"    {hit.source.title}\n    {' '.join(hit.passage.text.split())[:300]}")
        say(also_in(hit.also_in))


def ask(
    question: Question,
    since: Since = None,
    until: Until = None,
    publisher: Publishers = None,
    language: Languages = None,
    store: Store = None,
    llm: Llm = None,
    reranker: RerankerName = None,
    as_json: Json = False,
    form: Annotated[
        Form, typer.Option("--format", help="Markdown has footnotes; bibtex and csl list what is cited.")
    ] = Form.TEXT,
) -> None:
    """Answer a question from the collection. The sentences that the answer rests on stand with it."""
    from rag.answer import export, references

    chosen = filter_of(since, until, publisher, language)
    with opened(store, llm=llm, reranker=reranker) as library:
        answer = library.ask(question, filter=chosen)
    if form in (Form.CSL, Form.BIBTEX) and not answer.citations:
        say(f"rag: nothing is cited: {answer.text} {getattr(answer, 'reason', '')}".rstrip(), err=True)
    match Form.JSON if as_json else form:
        case Form.JSON:
            print_json(export.outcome(answer))
        case Form.CSL:
            print_json(references.csl(answer))
        case Form.BIBTEX:
            say(references.bibtex(answer), nl=False)
        case Form.MARKDOWN:
            say(references.markdown(answer), nl=False)
        case Form.TEXT:
            print_answer(answer)
