"""Check that all that is seen of a Word document, an OpenDocument text or an EPUB is read, once."""

import io
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.ingest.outcomes import Reading
from tests.ingest.formats.files import FIRST, PAGE, SECOND, TITLE, everything, one, opendocument, zipped

THIRD = "Die Arbeiten sollen im Frühjahr beginnen und zwei Jahre dauern, wenn die Stadt dem Plan zustimmt."
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def odt(body: str) -> bytes:
    """Return an OpenDocument text with this body."""
    content = f"<office:body><office:text>{body}</office:text></office:body>"
    whole = f"<office:document-content {SPACES}>{content}</office:document-content>"
    return zipped({"content.xml": whole.encode()})


def paragraphs(path: Path, content: bytes) -> list[str]:
    return one(path, content).article.text.split("\n\n")


def test_insertions_and_content_controls_of_a_word_document(tmp_path: Path) -> None:
    """Read tracked insertions and content controls, in tables too, and no deletion."""
    document = docx.Document()
    document.add_heading(TITLE, 1)
    changed = document.add_paragraph(FIRST)
    for kind, text, tag in (("ins", " Neu ist das.", "t"), ("del", " Alt war das.", "delText")):
        run = f"<w:r><w:{tag} xml:space='preserve'>{text}</w:{tag}></w:r>"
        changed._p.append(parse_xml(f"<w:{kind} {nsdecls('w')} w:id='1'>{run}</w:{kind}>"))
    controlled = document.add_paragraph(SECOND)._p
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    controlled.addprevious(control)
    control[0].append(controlled)
    table = document.add_table(1, 2)
    for cell, text in zip(table.rows[0].cells, ("2021", "1200"), strict=True):
        cell.text = text
    document.add_paragraph(THIRD)
    content = io.BytesIO()
    document.save(content)
    assert paragraphs(tmp_path / "a.docx", content.getvalue()) == [
        TITLE, f"{FIRST} Neu ist das.", SECOND, "2021: 1200", THIRD,
    ]  # fmt: skip


def test_breaks_notes_and_frames_of_an_opendocument_text(tmp_path: Path) -> None:
    """Keep words apart, leave footnotes out, and read what stands in a frame once."""
    body = (
        f"<text:h>{TITLE}</text:h><text:p>{FIRST}<text:line-break/>Danach fuhr er nach Hamburg"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>So die dpa.</text:p>"
        "</text:note-body></text:note> zu den Ministern.</text:p>"
        f"<text:p>Partei<text:tab/>Sitze<text:s/>heute</text:p>"
        "<text:p>Das zeigt er.<draw:frame><draw:text-box>"
        f"<text:p>{SECOND}</text:p></draw:text-box></draw:frame></text:p>"
    )
    assert paragraphs(tmp_path / "a.odt", odt(body)) == [
        TITLE, f"{FIRST}\nDanach fuhr er nach Hamburg zu den Ministern.",
        "Partei Sitze heute", "Das zeigt er.", SECOND,
    ]  # fmt: skip


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


def test_odt(tmp_path: Path) -> None:
    """Read headings and paragraphs."""
    assert one(tmp_path / "a.odt", opendocument()).article.text == "\n\n".join(
        [TITLE, FIRST, f"{SECOND} Ende."]
    )


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
