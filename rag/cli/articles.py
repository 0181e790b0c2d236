"""The collection: `rag articles`, `rag edit` and `rag remove`."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import Json, Languages, Publishers, Since, Store, Until, filter_of, holdings, opened
from rag.cli.printing import print_json, print_source, say, say_undated
from rag.plural import counted


def articles(
    since: Since = None,
    until: Until = None,
    publisher: Publishers = None,
    language: Languages = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """List the articles of the collection, newest first."""
    from rag.answer import export

    chosen = filter_of(since, until, publisher, language)
    with holdings(store) as known:
        sources = known.articles(chosen)
        say_undated(known, chosen)
    if as_json:
        print_json([export.source(one) for one in sources])
        return
    for one in sources:
        day = one.published.isoformat() if one.published else "undated   "
        say(
            f"{day}  {one.language}  {one.id}\n"
            f"            {one.title} ({one.publisher or 'publisher unknown'})"
            + (f"\n            guessed: {', '.join(sorted(one.guessed))}" if one.guessed else "")
        )
    say(counted(len(sources), "article"))


def edit(
    article_id: Annotated[
        str, typer.Argument(metavar="ID", help="Article id, as `rag articles` lists it.", show_default=False)
    ],
    title: Annotated[str | None, typer.Option(help="Headline.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    agency: Annotated[str | None, typer.Option(help="News agency it is from.")] = None,
    published: Annotated[str | None, typer.Option(help="Day it appeared, as in 2021-12-07.")] = None,
    updated: Annotated[str | None, typer.Option(help="Day of its last correction.")] = None,
    url: Annotated[str | None, typer.Option(help="Its address, with http or https.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language: de or en.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Correct what is known of an article. It stays corrected when its file is indexed again.

    An empty text clears a field.
    """
    from rag.answer import export

    given = {
        "title": title, "publisher": publisher, "author": author, "agency": agency, "published": published,
        "updated": updated, "url": url, "language": language,
    }  # fmt: skip
    with opened(store) as library:
        source = library.edit(article_id, {name: value for name, value in given.items() if value is not None})
    if as_json:
        print_json(export.source(source))
    else:
        print_source(source)


def remove(
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID", help="Article ids, as `rag articles` lists them.", show_default=False),
    ],
    store: Store = None,
) -> None:
    """Remove articles from the collection."""
    with opened(store) as library:
        library.remove(ids)
        say(f"removed {len(set(ids))}, {counted(library.count(), 'article')} left")
