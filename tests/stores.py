"""What lies in a store, read part by part as it stands on disk; and articles to put there."""

from pathlib import Path

from rag.archive import Archive
from rag.library import Library
from rag.retrieve.lexical import lexicon
from rag.retrieve.lexical.index import LexicalIndex
from rag.retrieve.vectors.chroma import Folder
from rag.retrieve.vectors.passages import Vectors
from rag.store import read_manifest

SUBJECTS = "Hafen Bahnhof Museum Theater Rathaus Stadion Krankenhaus Schwimmbad Kraftwerk Bibliothek".split()


def passage_keys(folder: Path) -> tuple[list[int], list[int], list[int]]:
    """Return the passage keys of the articles, the vectors and the terms of a closed store, in order."""
    archive = Archive.in_folder(folder)
    vectors = Vectors(Folder(folder / "chroma"), read_manifest(folder).dimension)
    lexical = LexicalIndex(folder / "lexical.sqlite", lexicon.bundled())
    try:
        return archive.passage_keys(), sorted(vectors.keys()), lexical.keys()
    finally:
        archive.close()
        vectors.close()
        lexical.close()


def agree(folder: Path) -> bool:
    """Tell whether articles, vectors and terms of a closed store hold the same passages, and some."""
    articles, vectors, terms = passage_keys(folder)
    return bool(articles) and articles == vectors == terms


def news(number: int, town: str = "Rostock") -> str:
    """Return the text of an article that no other number has, with a word of its own."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    return (
        f"{town}: {subject} wird ausgebaut\n\n"
        f"Der Stadtrat von {town} hat am Dienstag den Ausbau beschlossen ({subject}). "
        f"Das Vorhaben trägt das Aktenzeichen {word(number)}. "
        f"Die Arbeiten kosten {1000 + number} Euro und beginnen im Frühjahr."
    )


def word(number: int) -> str:
    """Return a word that stands for a number and is no other word."""
    return "Qu" + "".join("xkvzwjyfph"[int(digit)] + "a" for digit in str(number))


def write_news(folder: Path, numbers: range, town: str = "Rostock") -> Path:
    """Write articles into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.txt").write_text(news(number, town), encoding="utf-8")
    return folder


def found(library: Library, number: int) -> bool:
    """Tell whether a search for the word of a number's article finds it among the first ten."""
    hits = library.search(f"Aktenzeichen {word(number)}", 10)
    return any(word(number) in hit.passage.text for hit in hits)
