"""Check that the article of an HTML page is read, whatever its encoding and its layout."""

from pathlib import Path

import pytest

from rag.ingest.outcomes import Failure
from tests.ingest.formats.files import FIRST, MORE, PAGE, SECOND, TITLE, everything, one


@pytest.mark.parametrize(
    ("head", "encoding"),
    [("", "utf-8"), ("", "cp1252"), ("<meta charset='windows-1252'>", "cp1252"), ("<meta charset='windows-1252'>", "utf-8"),
     ("<meta charset='utf-8'>", "cp1252"), ("<meta charset='utf-16'>", "utf-16"), ("<meta charset='klingon'>", "utf-8")],
)  # fmt: skip
def test_a_page_in_any_encoding(tmp_path: Path, head: str, encoding: str) -> None:
    """Read umlauts right whatever the page's head says of them, or does not say."""
    page = f"<html><head>{head}</head>" + PAGE.removeprefix("<html>")
    assert FIRST in one(tmp_path / "a.html", page.encode(encoding)).article.text


@pytest.mark.parametrize(
    "head",
    ['<meta property="article:modified_time" content="2021-12-08T09:30:00+01:00">',
     '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2021-12-08T09:30:00+01:00"}</script>'],
)  # fmt: skip
def test_a_page_that_was_changed_says_so(tmp_path: Path, head: str) -> None:
    """Take the day of the last change where it is later than the first; the same day is none."""
    first = '<meta property="article:published_time" content="2021-12-07T20:00:00+01:00">'
    page = f"<html><head>{first}{head}</head>" + PAGE.removeprefix("<html>")
    source = one(tmp_path / "a.html", page.encode()).article.source
    assert (str(source.published), str(source.updated)) == ("2021-12-07", "2021-12-08")
    same = one(tmp_path / "b.html", page.replace("2021-12-08", "2021-12-07").encode()).article.source
    assert (str(same.published), same.updated) == ("2021-12-07", None)


def test_lists_of_a_page_that_marks_no_article(tmp_path: Path) -> None:
    """Keep lists amid the paragraphs, take the byline from above them, and nothing from below."""
    lists = "<ul><li>Bürgertelefon: 0381 2605</li><li>Wasserstand: 7 Meter</li></ul>"
    below = "<div><h3>Meistgelesen</h3><a href='/1'>Stau auf der Brücke</a></div>"
    body = f"<p>{FIRST}</p><p>{SECOND}</p>{lists}<p>{MORE[0]}</p>"
    above = f"<div><h1>{TITLE}</h1></div><div>Von Anna Muster</div>"
    page = f"<html><head><title>{TITLE} - Küstenpost</title></head><body>{above}<div>{body}</div>{below}</body></html>"
    made = one(tmp_path / "a.html", page.encode())
    assert made.article.source.author == "Anna Muster"
    assert made.article.source.publisher == "Küstenpost"
    assert "Wasserstand: 7 Meter" in made.article.text
    assert "Stau auf" not in made.article.text


def test_the_byline_of_a_page_stands_below_its_headline(tmp_path: Path) -> None:
    """Take a writer from the lines that are left behind as the page's own."""
    meta = "<p class='post-meta'>von Malte Muster | 3. Okt 2021 | Nachrichten</p>"
    page = PAGE.replace("</h1>", f"</h1>{meta}").replace("<article>", "<div class='post'>")
    assert one(tmp_path / "a.html", page.encode()).article.source.author == "Malte Muster"


def test_a_page_laid_out_by_a_table(tmp_path: Path) -> None:
    """Make paragraphs of the cells of a table that holds the article, and keep a table of facts."""
    facts = "<table><tr><td>Bund</td><td>40 Prozent</td></tr></table>"
    story = f"<b>{TITLE}</b><br><br>{FIRST}<br><br>{SECOND}<br><br>{MORE[0]}<br><br>{facts}{MORE[1]}"
    menu = "<a href='/1'>Start</a><br><a href='/2'>Sport</a>"
    page = f"<html><head><title>{TITLE}</title></head><body><table><tr><td>{menu}</td><td>{story}</td></tr></table></body></html>"
    text = one(tmp_path / "a.html", page.encode()).article.text
    assert [row.strip() for row in text.split("\n") if row] == [
        TITLE,
        FIRST,
        SECOND,
        MORE[0],
        "Bund 40 Prozent",
        MORE[1],
    ]


def test_a_table_of_a_page_is_text(tmp_path: Path) -> None:
    """Give its rows as a reader would say them, without the signs of a markup."""
    rows = "<tr><th>Land</th><th>Anteil</th><th>Schiffe</th></tr><tr><td>Bund</td><td>40 Prozent</td><td>2</td></tr>"
    page = PAGE.replace(f"<p>{SECOND}", f"<table>{rows}</table><p>{SECOND}")
    text = one(tmp_path / "a.html", page.encode()).article.text
    assert text == "\n\n".join([TITLE, FIRST, "Land: Anteil, Schiffe", "Bund: 40 Prozent, 2", SECOND])


def test_a_page_saved_with_its_pictures_in_it(tmp_path: Path) -> None:
    """Read a page as heavy as its pictures make it; without them it has a limit."""
    picture = f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 1_200_000}'>"
    made = one(tmp_path / "a.html", PAGE.replace("</h1>", f"</h1>{picture}").encode())
    assert made.article.text == "\n\n".join([TITLE, FIRST, SECOND])
    (failure,) = everything(tmp_path / "b.html", PAGE.replace("</nav>", "<br> " * 2_000_000).encode())
    assert isinstance(failure, Failure)
    assert failure.message == "the page has 10.0 MB without its pictures, too much for one article"
