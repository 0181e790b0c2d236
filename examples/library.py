"""A collection from Python, start to end: `python examples/library.py ARTICLES [STORE]`.

Fills a store with a folder of articles, asks it, and checks every quote against its article.
"""

import sys
from datetime import date
from pathlib import Path

from rag import Abstention, Filter, Library, NotFoundError, Settings


def main(articles: Path, store: Path) -> None:
    # A store is a folder; `create` makes it where it is missing. Settings not given here are read from
    # RAG_* variables, so the same script answers through a language model with RAG_LLM=ollama:qwen3:8b.
    with Library.open(Settings(store=store), create=True) as library:
        # Articles in. What cannot be read is named and does not stop the rest; a second run changes nothing.
        report = library.index([articles])
        print(f"{len(report.added)} added, {len(report.updated)} updated, {len(report.unchanged)} unchanged")
        for failure in report.failed:
            print(f"not read: {failure.where}: {failure.message}", file=sys.stderr)

        # Questions in. An answer's text carries markers; each citation is the exact sentence behind one.
        answer = library.ask("Was forderte Putin bezüglich der NATO?")
        print(f"\n{answer.text}")
        for citation in answer.citations:
            text = library.article(citation.source.id).text
            assert citation.quote == text[citation.span.start : citation.span.end]
            print(f"{citation.marker} {citation.source.title}, {citation.source.published}: {citation.quote}")

        # What the articles do not say is an answer too: a value with a reason, not an exception.
        declined = library.ask("How much does a ticket to the Berlin zoo cost?")
        if isinstance(declined, Abstention):
            print(f"\n{declined.text} {declined.reason}")

        # A follow-up question is understood from those before it.
        follow_up = library.ask("Und was sagte Biden dazu?", previous=["Was forderte Putin von der NATO?"])
        print(f"\nsearched for: {follow_up.query}")

        # Passages alone, limited to a month and a language.
        december = Filter(since=date(2021, 12, 1), until=date(2021, 12, 31), languages=("de",))
        for hit in library.search("NATO", k=3, filter=december):
            print(f"{hit.score:+.2f}  {hit.source.id}  {hit.passage.start}–{hit.passage.end}")

        # Answers as they grow, for a page or a terminal of your own.
        for snapshot in library.stream("Where did Rubio meet Lavrov?"):
            print(f"{len(snapshot.text)} characters{'' if snapshot.final else ' …'}")

        # The collection itself.
        newest = library.articles()[0]
        print(f"\n{len(library.articles())} articles; the newest: {newest.title}")
        try:
            library.remove(["no-such-article"])
        except NotFoundError as error:
            print(f"{error} – {error.hint}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "my-store"))
