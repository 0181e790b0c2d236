"""Pages in the shapes in which scrapers leave them: what is kept of each, and what is told of it.

Each file of tests/ingest/cleaning/pages has the fields that are right, then the page line by line: "+ "
before the lines of the article, "- " before those that are not. Names, events and quotations are invented.
"""

from pathlib import Path

import pytest

from rag.ingest.outcomes import Reading
from rag.ingest.reading import read

PAGES = sorted(Path(__file__).with_name("pages").glob("*.txt"))


def told(path: Path) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the right fields of a page, the lines of its article, and all of its lines."""
    head, _, page = path.read_text(encoding="utf-8").partition("\n---\n")
    rows = page.split("\n")
    assert {row[:2] for row in rows} <= {"+ ", "- ", ""}
    fields = dict(line.split(": ", 1) for line in head.split("\n"))
    return fields, [row[2:] for row in rows if row.startswith("+ ")], [row[2:] for row in rows]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page(path: Path, tmp_path: Path) -> None:
    """Keep the article's lines and no other, and tell what the page tells of it."""
    fields, article, page = told(path)
    scraped = tmp_path / "page.txt"
    scraped.write_text("\n".join(page), encoding="utf-8")
    [reading] = read(scraped, "page.txt", max_chars=100_000)
    assert isinstance(reading, Reading)
    kept = [line.strip() for line in reading.article.text.split("\n") if line.strip()]
    source = reading.article.source
    assert kept == article
    assert {name: str(getattr(source, name) or "-") for name in fields} == fields
