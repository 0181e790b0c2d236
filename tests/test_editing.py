"""Check that a person's corrections hold: over indexing again, over a changed file, without needless work."""

from datetime import date
from pathlib import Path

import pytest

from rag import settings
from rag.errors import InputError, NotFoundError
from rag.library import Library
from tests.conftest import Writer
from tests.stores import agree, news, passage_keys


def test_what_was_guessed_is_marked_and_kept(empty: Library, write: Writer) -> None:
    """Store with an article which of its fields no file states."""
    path = write("a.txt", f"{news(1)}\n\nStand: 07.12.2021\n© 2021 Küstenblatt. Alle Rechte vorbehalten.")
    empty.index([path])
    source = empty.article("a.txt").source
    assert (source.publisher, source.published) == ("Küstenblatt", date(2021, 12, 7))
    assert source.guessed == {"title", "language", "publisher", "published"}


def test_an_edit_survives_indexing_again(empty: Library, write: Writer) -> None:
    """Keep what was set when the same file is indexed again, and when it has changed."""
    path = write("a.txt", news(1))
    empty.index([path])
    made = empty.edit(
        "a.txt", {"published": "2021-12-07", "publisher": " Küsten\nblatt ", "title": "Neuer Titel"}
    )
    assert made == empty.article("a.txt").source
    assert (made.published, made.publisher, made.title) == (date(2021, 12, 7), "Küsten blatt", "Neuer Titel")
    assert made.guessed == {"language"}
    assert empty.index([path]).unchanged == ["a.txt"]
    assert empty.article("a.txt").source == made
    write("a.txt", news(2))
    assert empty.index([path]).updated == ["a.txt"]
    assert empty.article("a.txt").text == news(2)
    assert empty.article("a.txt").source == made
    assert empty.index([path]).unchanged == ["a.txt"]


def test_an_edit_writes_no_more_than_it_must(tmp_path: Path, write: Writer) -> None:
    """Leave passages and vectors alone unless the headline or the language is new; all stores agree."""
    folder = tmp_path / "store"
    chosen = settings.load(store=folder)
    with Library.open(chosen, create=True) as library:
        library.index([write("a.txt", news(1)), write("b.txt", news(2))])
    before = passage_keys(folder)
    with Library.open(chosen) as library:
        library.edit("a.txt", {"published": "2021-12-07", "author": "Anna Muster"})
        library.edit("a.txt", {"published": None})
        assert library.article("a.txt").source.published is None
    assert passage_keys(folder) == before
    with Library.open(chosen) as library:
        library.edit("a.txt", {"title": "Das Zauberwort Quxaqoka"})
        assert library.search("Quxaqoka", k=1)[0].source.id == "a.txt"
    assert agree(folder)
    assert set(passage_keys(folder)[0]) & set(before[0])  # those of b.txt


def test_an_open_reader_sees_the_edit(empty: Library, write: Writer) -> None:
    """Show the new publisher with the next hit of another open library."""
    empty.index([write("a.txt", news(1))])
    with Library.open(empty.settings) as reader:
        assert reader.search("Bahnhof", k=1)
        empty.edit("a.txt", {"publisher": "Küstenblatt"})
        assert reader.search("Bahnhof", k=1)[0].source.publisher == "Küstenblatt"


@pytest.mark.parametrize(
    "changes",
    [
        {"published": "gestern"},
        {"language": "Deutsch"},
        {"language": None},
        {"title": " "},
        {"text": "neu"},
        {"publisher": 5},
        {"url": "example.org/news"},
        {"url": "javascript:alert(1)"},
        {"url": "https://"},
        {"url": "see https://example.org"},
        {"id": "b"},
        {},
    ],
)
def test_an_edit_that_makes_no_sense(
    empty: Library, write: Writer, changes: dict[str, str | date | None]
) -> None:
    """Refuse it and change nothing."""
    empty.index([write("a.txt", news(1))])
    before = empty.article("a.txt")
    with pytest.raises(InputError):
        empty.edit("a.txt", changes)
    assert empty.article("a.txt") == before


def test_an_unknown_article_cannot_be_edited(empty: Library) -> None:
    """Name the id."""
    with pytest.raises(NotFoundError, match="nichts"):
        empty.edit("nichts", {"title": "x"})
