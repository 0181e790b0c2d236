"""Check formats that pack an article: PDF, Word, OpenDocument, EPUB, mail, saved pages, dumps and zips."""

import io
import json
import textwrap
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read
from rag.ingest.text.layout import joined, unwrapped
from tests.ingest.printed import column, pdf

LIMIT = 100_000
TITLE = "Rostock baut seinen Hafen aus"
FIRST = "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das Land am Dienstag in Schwerin mitteilte."
SECOND = "Kritiker halten den Ausbau für zu teuer, weil der Hafen schon heute nicht ausgelastet ist, wie sie sagen."
PAGE = f"<html><body><nav><a href='/'>Start</a></nav><article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"


def everything(path: Path, content: bytes, **columns: str) -> list[Reading | Failure]:
    """Write a file and read all that is in it."""
    path.write_bytes(content)
    return list(read(path, path.name, LIMIT, columns))


def one(path: Path, content: bytes) -> Reading:
    """Return the one article of a file."""
    (made,) = everything(path, content)
    assert isinstance(made, Reading), made
    return made


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# -- print ------------------------------------------------------------------------------------------------

LEFT = [
    "Der Hafen von Rostock wird für 30 Millio-",
    "nen Euro ausgebaut, wie das Land am",
    "Dienstag in Schwerin mitteilte.",
]
RIGHT = [
    "Kritiker halten den Ausbau für zu teuer,",
    "weil der Hafen schon heute nicht ausge-",
    "lastet ist, wie sie sagen.",
]
LATER = [
    "Der Minister widersprach am Mittwoch:",
    "In wenigen Jahren rechne sich der Aus-",
    "bau, weil größere Schiffe anlegen.",
]
LAST = [
    "Die Arbeiten sollen im Frühjahr begin-",
    "nen und zwei Jahre dauern, wenn die",
    "Stadt dem Plan zustimmt.",
]
MORE = [
    "Der Minister widersprach am Mittwoch: In wenigen Jahren rechne sich der Ausbau, weil größere Schiffe anlegen.",
    "Die Arbeiten sollen im Frühjahr beginnen und zwei Jahre dauern, wenn die Stadt dem Plan zustimmt.",
]


def sheet(number: int, left: list[str], right: list[str]) -> list[tuple[float, float, float, str]]:
    """Return a page of two columns with a running head and a page number; its rows come mixed up."""
    page = column(50, 700, left) + column(310, 700, right)
    head = [(50, 800, 8, "Küstenblatt vom 7. Dezember 2021"), (290, 30, 8, f"– {number} –")]
    return [*page[::2], *head, *page[1::2]]


def test_pdf_columns_hyphens_and_running_heads(tmp_path: Path) -> None:
    """Read column after column, make divided words whole, leave heads and page numbers out."""
    pages = [[*sheet(1, LEFT, RIGHT), (50, 740, 20, TITLE)], sheet(2, LATER, LAST)]
    made = one(tmp_path / "a.pdf", pdf(pages))
    assert made.article.text == "\n\n".join([TITLE, FIRST, SECOND, *MORE])
    assert made.article.source.title == TITLE


def test_pdf_rows_written_in_pieces(tmp_path: Path) -> None:
    """Read what a browser prints: kerned letters in pieces that overlap, a full stop as a piece of its own."""
    pieces = [(50, 740, 20, TITLE), (50, 700, 10, "Die Nachricht kam vom W"), (161.5, 700, 10, "erftchef T")]
    pieces += [(203.5, 700, 10, "om Hale am Dienstag"), (297.5, 700, 10, "."), (303, 700, 10, "A"),
               (308.5, 700, 10, "m Mittwoch widersprach er ihr schon wieder."), (50, 688, 10, LAST[0]),
               (50, 676, 10, LAST[1]), (50, 664, 10, LAST[2])]  # fmt: skip
    made = one(tmp_path / "a.pdf", pdf([pieces]))
    first = (
        "Die Nachricht kam vom Werftchef Tom Hale am Dienstag. Am Mittwoch widersprach er ihr schon wieder."
    )
    assert made.article.text == f"{TITLE}\n\n{first} {MORE[1]}"


def test_pdf_with_few_lines_keeps_its_paragraphs_apart(tmp_path: Path) -> None:
    """Print a short report: a byline, and paragraphs of which most have one line."""
    lines = [(50, 740, 20, TITLE), (50, 700, 10, "Von Tom Hale, Neiße-Kurier, 3. Mai 2023"), (50, 675, 10, FIRST[:75]),
             (50, 663, 10, FIRST[76:]), (50, 638, 10, "Der Rat stimmt im Juni ab.")]  # fmt: skip
    source = one(tmp_path / "a.pdf", pdf([lines])).article.source
    assert (source.author, source.publisher, str(source.published)) == (
        "Tom Hale",
        "Neiße-Kurier",
        "2023-05-03",
    )


def test_pdf_in_justified_columns(tmp_path: Path) -> None:
    """Print a column as newspapers do: words apart, an initial, paragraphs set in, a headline of two rows."""
    page = [(50, 790, 8, "Dienstag, 7. Dezember 2021"), (50, 750, 22, "Rostock baut seinen"), (50, 726, 22, "Hafen aus"),
            (50, 705, 10, "Von Tom Hale"),
            (50, 672, 24, "D"), (70, 684, 10, "er Hafen von Rostock wird"), (70, 672, 10, "für 30"), (125, 672, 10, "Millionen Euro"),
            (50, 660, 10, "ausgebaut,"), (115, 660, 10, "wie das Land sagt."),
            (62, 648, 10, "Verbände rügen die Planung"), (50, 636, 10, "gegen"), (95, 636, 10, "Hochwasser und Erweite-"),
            (50, 624, 10, "rung."), (95, 624, 10, "Die Schiffe fahren mit Öl,"), (50, 612, 10, "wie sie sagen."),
            (62, 600, 10, "Der Rat stimmt im Juni ab."), (50, 588, 10, "Bis dahin"), (110, 588, 10, "ruht"), (150, 588, 10, "alle Arbeit.")]  # fmt: skip
    source = one(tmp_path / "a.pdf", pdf([page])).article
    assert source.text.split("\n\n") == [
        "Rostock baut seinen Hafen aus",
        "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das Land sagt.",
        "Verbände rügen die Planung gegen Hochwasser und Erweiterung. Die Schiffe fahren mit Öl, wie sie sagen.",
        "Der Rat stimmt im Juni ab. Bis dahin ruht alle Arbeit.",
    ]
    assert (source.source.author, str(source.source.published)) == ("Tom Hale", "2021-12-07")


def test_the_day_in_a_running_head_tells_of_the_article(tmp_path: Path) -> None:
    """Take the day from the first page's head, which stands on every page and is left out."""
    made = one(tmp_path / "a.pdf", pdf([sheet(1, LEFT, RIGHT), sheet(2, LATER, LAST)])).article
    assert str(made.source.published) == "2021-12-07"
    assert "Küstenblatt" not in made.text


def test_a_scanned_pdf_is_named_as_such(tmp_path: Path) -> None:
    """Tell pictures of text from a file without any."""
    (scanned,) = everything(tmp_path / "a.pdf", pdf([[], []], picture=True))
    assert isinstance(scanned, Failure)
    assert "scanned" in scanned.message
    assert "text recognition" in scanned.hint
    (empty,) = everything(tmp_path / "b.pdf", pdf([[]]))
    assert isinstance(empty, Failure)
    assert "no text" in empty.message


@pytest.mark.parametrize("content", [b"%PDF-1.4 broken", b"no pdf", pdf([[(50, 700, 10, FIRST)]])[:300]])
def test_a_damaged_pdf_is_one_failure(tmp_path: Path, content: bytes) -> None:
    """Name the file and go on."""
    (failure,) = everything(tmp_path / "a.pdf", content)
    assert isinstance(failure, Failure)
    assert failure.hint


def test_joined_lines() -> None:
    """Join what a line's end divided, and keep the hyphens that words have."""
    assert joined(["Die Ausga-", "ben für Ein-", "und Ausfuhr, die CDU-", "Politiker fordern"]) == (
        "Die Ausgaben für Ein- und Ausfuhr, die CDU-Politiker fordern"
    )


def test_many_joined_lines_take_linear_time() -> None:
    """Join a paragraph of 20,000 lines while the clock of the processor has hardly moved."""
    began = time.process_time()
    assert joined([SECOND, "ohne Ende und Tren-", "nung"] * 20_000).endswith(
        f"{SECOND} ohne Ende und Trennung"
    )
    assert time.process_time() - began < 5


def test_text_broken_to_a_width_becomes_paragraphs() -> None:
    """Unwrap paragraphs whose lines end in mid-sentence at a like length, and nothing else."""
    wrapped = (
        "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das\nLand am Dienstag in Schwerin "
        "mitteilte. Kritiker halten den Ausbau\nfür zu teuer, weil der Hafen schon heute nicht ausgelastet ist,\nwie sie sagen."
    )
    assert unwrapped(wrapped) == f"{FIRST} {SECOND}"
    column = (
        "Der Hafen von Rostock wird für\n30 Millionen Euro ausge-\nbaut, wie das Land am Dienstag in Schwe-\nrin "
        "mitteilte.\nKritiker halten den Ausbau für zu\nteuer, weil der Hafen schon heu-\nte nicht ausgelastet "
        "ist, wie\nsie sagen."
    )
    assert unwrapped(column) == f"{FIRST}\n{SECOND}"
    head = "Rostock baut seinen Hafen groß aus\nVon Anna Muster\n"
    assert unwrapped(head + column) == f"{head}{FIRST}\n{SECOND}"
    poem = "Erste Zeile\nZweite Zeile\nDritte Zeile"
    assert unwrapped(poem) == poem
    assert unwrapped(f"{FIRST}\n{SECOND}\n{FIRST}") == f"{FIRST}\n{SECOND}\n{FIRST}"


# -- office -----------------------------------------------------------------------------------------------


def test_docx(tmp_path: Path) -> None:
    """Read paragraphs and tables in order, title and author from the properties."""
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = TITLE, "Anna Muster"
    document.add_heading(TITLE, 1)
    document.add_paragraph(FIRST)
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Kosten", "30 Millionen Euro"
    document.add_paragraph(SECOND)
    buffer = io.BytesIO()
    document.save(buffer)
    made = one(tmp_path / "a.docx", buffer.getvalue())
    assert made.article.text == "\n\n".join([TITLE, FIRST, "Kosten: 30 Millionen Euro", SECOND])
    assert (made.article.source.title, made.article.source.author) == (TITLE, "Anna Muster")


ODT = """<?xml version="1.0"?>{entities}<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>
 <text:h>{title}</text:h><text:p>{first}</text:p><text:p>{second}<text:span> Ende.</text:span></text:p>
 </office:text></office:body></office:document-content>"""


def odt(entities: str = "", second: str = SECOND) -> bytes:
    """Return an OpenDocument text."""
    return zipped(
        {"content.xml": ODT.format(entities=entities, title=TITLE, first=FIRST, second=second).encode()}
    )


def test_odt(tmp_path: Path) -> None:
    """Read headings and paragraphs."""
    assert one(tmp_path / "a.odt", odt()).article.text == "\n\n".join([TITLE, FIRST, f"{SECOND} Ende."])


def test_epub_chapters_are_articles(tmp_path: Path) -> None:
    """Read every chapter that holds an article, in the order of the book."""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:publisher>Küstenblatt</dc:publisher><dc:date>2021-12-07</dc:date></metadata><manifest>"
        '<item id="b" href="b.xhtml"/><item id="a" href="a%20b.xhtml"/><item id="c" href="cover.xhtml"/></manifest>'
        '<spine><itemref idref="c"/><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:c"><rootfiles><rootfile full-path="OEBPS/x.opf"/></rootfiles></container>'
    )
    content = zipped(
        {"META-INF/container.xml": container.encode(), "OEBPS/x.opf": package.encode(), "OEBPS/cover.xhtml": b"<html/>",
         "OEBPS/a b.xhtml": PAGE.encode(), "OEBPS/b.xhtml": PAGE.replace("Rostock", "Wismar").encode()}
    )  # fmt: skip
    made = everything(tmp_path / "a.epub", content)
    assert [one.article.id for one in made if isinstance(one, Reading)] == [
        "a.epub/OEBPS/a b.xhtml",
        "a.epub/OEBPS/b.xhtml",
    ]
    assert all(one.article.source.publisher == "Küstenblatt" for one in made if isinstance(one, Reading))
    assert isinstance(made[1], Reading) and "Wismar" in made[1].article.text


# -- mail and saved pages ---------------------------------------------------------------------------------


def letter(plain: str | None, page: str | None) -> bytes:
    """Return a newsletter."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Rostock baut – für Millionen", "Küstenblatt <brief@kueste.example>"
    mail["Date"] = "Tue, 07 Dec 2021 18:00:00 +0100"
    if plain is not None:
        mail.set_content(plain)
    if page is not None:
        mail.add_alternative(page, subtype="html")
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("plain", "page"), [(f"{FIRST}\n\n{SECOND}\n\n{FIRST}\n\n{SECOND}", None), ("Im Browser ansehen", PAGE)]
)
def test_newsletter(tmp_path: Path, plain: str, page: str | None) -> None:
    """Take subject, sender and day from the head, the text from the part that has it."""
    source = one(tmp_path / "a.eml", letter(plain, page)).article
    assert (source.source.title, source.source.publisher) == ("Rostock baut – für Millionen", "Küstenblatt")
    assert str(source.source.published) == "2021-12-07"
    assert FIRST in source.text and SECOND in source.text
    assert "Browser" not in source.text


def test_a_newsletter_laid_out_in_tables(tmp_path: Path) -> None:
    """Read heading by heading and paragraph by paragraph; what Outlook writes in cp1252 is decoded."""
    rows = f"<tr><td>Im Browser ansehen</td></tr><tr><td><h2>{TITLE}</h2><p>{FIRST}</p><a>Weiterlesen</a></td></tr>"
    rows += f"<tr><td>Anzeige</td></tr><tr><td><h2>Streit um die Kosten</h2><p>{SECOND}</p></td></tr>"
    page = f"<html><head><title>x</title></head><body><table>{rows}</table></body></html>"
    head = "Subject: Morgenbrief\nFrom: a@b.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
    for encoding in ("utf-8", "cp1252"):
        made = one(tmp_path / "a.eml", (head + page).encode(encoding))
        assert made.article.text == "\n\n".join([TITLE, FIRST, "Streit um die Kosten", SECOND])


def test_a_mail_broken_to_a_width(tmp_path: Path) -> None:
    """Join lines that had no room for the next word, in paragraphs of two lines too; a list stays as it is."""
    paragraphs = [
        textwrap.wrap(paragraph, 72) for paragraph in (FIRST, SECOND, FIRST.replace("Rostock", "Wismar"))
    ]
    listed = "- drei Kräne\n- zwei Anleger"
    plain = "\n\n".join([*("\n".join(lines) for lines in paragraphs), "Bezahlt werden:", listed])
    text = one(tmp_path / "a.eml", letter(plain, None)).article.text
    assert text == "\n\n".join([FIRST, SECOND, FIRST.replace("Rostock", "Wismar"), "Bezahlt werden:", listed])


def test_a_short_mail_and_a_forwarded_one(tmp_path: Path) -> None:
    """Join the lines of a short mail as well, and take the signs of quoted mails off."""
    lines = textwrap.wrap(SECOND + " " + FIRST, 72)
    assert one(tmp_path / "a.eml", letter("\n".join(lines), None)).article.text == f"{SECOND} {FIRST}"
    quoted = "\n".join(f"> {line}" for line in lines)
    assert one(tmp_path / "b.eml", letter(quoted, None)).article.text == f"{SECOND} {FIRST}"


def test_mhtml(tmp_path: Path) -> None:
    """Read the page that a browser saved, with its address."""
    content = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://kueste.example/hafen\nSubject: x\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; boundary="B"\n\n--B\nContent-Type: text/html; charset=utf-8\n'
        f"Content-Transfer-Encoding: 8bit\n\n{PAGE}\n--B--\n"
    )
    made = one(tmp_path / "a.mhtml", content.encode())
    assert FIRST in made.article.text
    assert made.article.source.url == "https://kueste.example/hafen"
    unnamed = one(tmp_path / "b.mhtml", content.replace("; charset=utf-8", "").encode())
    assert unnamed.article.text == made.article.text  # as Chromium saves it


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


@pytest.mark.parametrize("suffix", [".eml", ".mhtml"])
def test_no_mail_is_a_failure(tmp_path: Path, suffix: str) -> None:
    """Name what is none."""
    (failure,) = everything(tmp_path / f"a{suffix}", b"\n\nnothing")
    assert isinstance(failure, Failure)


# -- dumps ------------------------------------------------------------------------------------------------


def test_csv_with_a_column_mapping(tmp_path: Path) -> None:
    """Read rows by the names that are given, and by other names that are common."""
    content = f'nr;Überschrift;Volltext;date\n1;{TITLE};"{FIRST}\n\n{SECOND}";2021-12-07\n2;Leer;;\n'
    made = everything(
        tmp_path / "a.csv", content.encode("cp1252"), text="Volltext", title="Überschrift", id="nr"
    )
    first, failure = made
    assert isinstance(first, Reading) and isinstance(failure, Failure)
    source = first.article.source
    assert (source.id, source.title, str(source.published)) == ("1", TITLE, "2021-12-07")
    assert first.article.text == f"{FIRST}\n\n{SECOND}"


def test_csv_as_an_office_exports_it(tmp_path: Path) -> None:
    """Know German names of columns, with blanks around them and a column without one; name a row without text."""
    content = f"\ufeff Titel ;Artikeltext;Erscheinungsdatum;Medium;;Autor/in\r\n{TITLE};{FIRST};07.12.2021;Küstenblatt;x;Tom Hale\r\nLeer;;;;;\r\n"
    first, failure = everything(tmp_path / "a.csv", content.encode())
    assert isinstance(first, Reading) and isinstance(failure, Failure)
    source = first.article.source
    assert (source.title, source.publisher, source.author) == (TITLE, "Küstenblatt", "Tom Hale")
    assert str(source.published) == "2021-12-07"
    assert failure.message == "the row has no text"


@pytest.mark.parametrize(
    "value",
    ["07.12.2021", "7. Dezember 2021", "December 7, 2021", "Tue, 07 Dec 2021 20:15:00 GMT", "2021/12/07 20:15", "07/12/2021",
     1638907200, 1638907200000],
)  # fmt: skip
def test_the_day_of_a_record_in_any_form(tmp_path: Path, value: object) -> None:
    """Understand days as dumps write them, where no other day can be meant."""
    (made,) = everything(tmp_path / "a.jsonl", json.dumps({"text": FIRST, "date": value}).encode())
    assert isinstance(made, Reading)
    assert str(made.article.source.published) == "2021-12-07"


@pytest.mark.parametrize("value", ["07/12/2021", "gestern", 7, True, "99.99.2021"])
def test_a_day_that_may_be_another_is_named(tmp_path: Path, value: object) -> None:
    """Refuse what is no day, and in English text what may be July or December."""
    text = "The port of Rostock will be widened, as the state announced in Schwerin, and the critics object."
    (failure,) = everything(tmp_path / "a.jsonl", json.dumps({"text": text, "published": value}).encode())
    assert isinstance(failure, Failure)
    assert "is no date" in failure.message


def test_jsonl_with_other_names(tmp_path: Path) -> None:
    """Know the common names of fields, prefer ours, take the given ones first."""
    record = {"headline": TITLE, "content": FIRST, "x": SECOND}
    path = tmp_path / "a.jsonl"
    (plain,) = everything(path, json.dumps(record).encode())
    (mapped,) = everything(path, json.dumps(record).encode(), text="x")
    assert isinstance(plain, Reading) and isinstance(mapped, Reading)
    assert (plain.article.source.title, plain.article.text, mapped.article.text) == (TITLE, FIRST, SECOND)


def test_html_in_a_record_is_read_as_a_page(tmp_path: Path) -> None:
    """Take the markup off a text that is a piece of a page."""
    markup = f"<p>{FIRST}</p><p><b>{SECOND}</b><br>Müller &amp; Co. <i>schweigen</i> dazu.</p>"
    made = one(tmp_path / "a.jsonl", json.dumps({"id": "1", "title": TITLE, "text": markup}).encode())
    assert made.article.text.split("\n\n")[:3] == [FIRST, SECOND, "Müller & Co. schweigen dazu."]


def test_csv_without_a_text_names_its_columns(tmp_path: Path) -> None:
    """Say what there is and how to name the column."""
    (failure,) = everything(tmp_path / "a.csv", b"a,b\n1,2\n")
    assert isinstance(failure, Failure)
    assert "a, b" in failure.message
    assert "--map" in failure.hint


# -- zips -------------------------------------------------------------------------------------------------


def test_zip_of_anything(tmp_path: Path) -> None:
    """Read what a zip holds, a zip in it too, with the path inside as id; name what is bad."""
    inner = zipped({"c.txt": SECOND.encode()})
    dump = json.dumps({"id": "x", "text": SECOND}).encode()
    content = zipped(
        {"n/a.txt": FIRST.encode(), "b.html": PAGE.encode(), "in.zip": inner, "d.jsonl": dump, "x.png": b"1",
         "bad.pdf": b"no", "__MACOSX/._a.txt": b"\x00\x01"}
    )  # fmt: skip
    made = everything(tmp_path / "a.zip", content)
    assert {one.article.id for one in made if isinstance(one, Reading)} == {
        "a.zip/n/a.txt",
        "a.zip/b.html",
        "a.zip/in.zip/c.txt",
        "x",
    }
    (failure,) = [one for one in made if isinstance(one, Failure)]
    assert failure.where.endswith("a.zip/bad.pdf")
