"""Check what of a page, a document and a PDF counts as seen, and that a page's own text is never lost."""

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from lxml import html

from rag.ingest.formats.html.hidden import without_hidden
from rag.ingest.outcomes import Reading
from rag.ingest.reading import read
from tests.ingest.formats.files import zipped
from tests.ingest.printed import pdf

LONG = "Der Stadtrat von Rostock beschloss am Montag den Ausbau des Hafens für 40 Millionen Euro. " * 3


def seen(body: str, head: str = "") -> str:
    """Return the text of a page that is left."""
    page = f"<html><head>{head}</head><body><p>{LONG}</p>{body}</body></html>"
    return " ".join(without_hidden(html.fromstring(page)).find("body").text_content().split())


@pytest.mark.parametrize(
    "markup",
    [
        "<p style='DISPLAY:none'>x9</p>", "<p style='visibility : hidden !important'>x9</p>", "<p style='opacity:0'>x9</p>",
        "<p hidden>x9</p>", "<p style='font-size:0'>x9</p>", "<p style='font-size:1px'>x9</p>", "<p style='color:#fff'>x9</p>",
        "<div style='background:black'><p style='color:#010101'>x9</p></div>", "<p style='color:transparent'>x9</p>",
        "<p style='color:rgba(10, 20, 30, 0)'>x9</p>", "<p style='color:hsla(0,0%,0%,0)'>x9</p>", "<font color=white>x9</font>",
        "<table bgcolor=#000000><tr><td><font color=#000>x9</font></td></tr></table>", "<p style='text-indent:-9999px'>x9</p>",
        "<p style='position:absolute;top:-5000px'>x9</p>", "<p style='clip-path:inset(100%)'>x9</p>",
        "<p style='transform:translateX(-10000px)'>x9</p>", "<p style='max-height:0;overflow:hidden'>x9</p>",
        "<template>x9</template>", "<noscript>x9</noscript>", "<svg><text>x9</text></svg>", "<p style='/* x */display:/**/none'>x9</p>",
    ],
)  # fmt: skip
def test_what_is_not_seen_is_not_read(markup: str) -> None:
    assert "x9" in markup
    assert "x9" not in seen(markup + " und Schluss")
    assert seen(markup + " und Schluss").endswith("und Schluss")


@pytest.mark.parametrize(
    "markup",
    [
        "<p style='color:white;background:#000'>x9</p>", "<div style='background-color:navy;background:#003'><p style='color:#fff'>x9</p></div>",
        "<div style='background:url(a.jpg)'><p style='color:white'>x9</p></div>", "<p style='color:#eee;background:#222'>x9</p>",
        "<p style='opacity:0.8'>x9</p>", "<p style='font-size:0.9em'>x9</p>", "<p style='font-size:12px'>x9</p>",
        "<p style='height:0'>x9</p>", "<p style='left:-20px'>x9</p>", "<p aria-hidden=true>x9</p>", "<p style='color:#777'>x9</p>",
        "<p style='display:block'>x9</p>", "<p style='display'>x9</p>", "<p style=';;:'>x9</p>", "<p style='clip:rect(0,100px,50px,0)'>x9</p>",
    ],
)  # fmt: skip
def test_what_is_seen_is_read(markup: str) -> None:
    assert "x9" in seen(markup)


@pytest.mark.parametrize(
    ("sheet", "markup", "gone"),
    [
        (".a{display:none}", "<p class='b a'>x9</p>", True),
        ("div.a, #i { visibility:hidden }", "<p id=i>x9</p>", True),
        ("article > .a em {opacity:0}", "<article><p class=a>y <em>x9</em></p></article>", True),
        (".a{display:none}.a{display:block}", "<p class=a>x9</p>", False),
        (".a{color:#fff}.dark{background:#000}", "<div class=dark><p class=a>x9</p></div>", False),
        (".a{color:#fff}", "<p class=a>x9</p>", True),
        ("@media print{.a{display:none}}", "<p class=a>x9</p>", False),
        ("@keyframes k{from{opacity:0}to{opacity:1}} .b{display:none}", "<p class=a>x9</p>", False),
        ("@import 'x'; .a{display:none}", "<p class=a>x9</p>", True),
        (".a:hover{display:none}", "<p class=a>x9</p>", False),
        (".b .a{display:none}", "<p class=a>x9</p>", False),
        ("/* .a{display:none}", "<p class=a>x9</p>", False),
        ("}}}{{{;;.a{display:none}", "<p class=a>x9</p>", None),
    ],
)
def test_the_page_s_own_style_sheets_count(sheet: str, markup: str, gone: bool | None) -> None:
    left = "x9" in seen(markup, f"<style>{sheet}</style>")
    assert gone is None or left is not gone


def test_a_page_that_a_script_would_show_is_read() -> None:
    """Keep what holds most of the text, however it is styled."""
    page = f"<html><body><div style='opacity:0'><p>{LONG}</p></div><p>Kurz.</p></body></html>"
    assert "Rostock" in without_hidden(html.fromstring(page)).text_content()


def test_style_sheets_take_linear_time() -> None:
    """Finish sheets and pages made to be walked again and again."""
    for sheet in (
        "@" * 200_000,
        "/*" * 100_000,
        "a{" * 50_000,
        "x" * 300_000,
        "* * * * * * * {display:none}" * 5_000,
    ):
        seen("<p class=a>x9</p>" * 500, f"<style>{sheet}</style>")
    assert "Rostock" in seen(
        "<div hidden>" * 200 + "x9", "<style>" + ".a .b .c{display:none}" * 9_000 + "</style>"
    )


# -- documents --------------------------------------------------------------------------------------------


def text_of(path: Path, content: bytes) -> str:
    """Return the text of the one article of a file."""
    path.write_bytes(content)
    (made,) = list(read(path, path.name, 1_000_000))
    assert isinstance(made, Reading), made
    return made.article.text


def test_white_type_on_dark_cells_of_word_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(LONG)
    table = document.add_table(1, 2)
    for number, cell in enumerate(table.rows[0].cells):
        run = cell.paragraphs[0].add_run(f"Zelle{number}")
        run.font.color.rgb = RGBColor(255, 255, 255)
    shade = OxmlElement("w:shd")
    shade.set(qn("w:fill"), "1F3864")
    table.rows[0].cells[0]._tc.get_or_add_tcPr().append(shade)
    buffer = io.BytesIO()
    document.save(buffer)
    made = text_of(tmp_path / "a.docx", buffer.getvalue())
    assert "Zelle0" in made
    assert "Zelle1" not in made


def test_comments_deletions_and_hidden_text_of_open_document_are_not_read(tmp_path: Path) -> None:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{tail}:1.0"'
        for name, tail in (
            ("office", "office"),
            ("text", "text"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    styles = (
        '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="W"><style:text-properties fo:color="#ffffff"/></style:style>'
        '<style:style style:name="D"><style:text-properties fo:color="#ffffff" fo:background-color="#000000"/></style:style>'
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>x1</text:p></text:deletion></text:changed-region>"
        f"</text:tracked-changes><text:p>{LONG}<office:annotation><text:p>x2</text:p></office:annotation> Bald"
        '<text:span text:style-name="H">x3</text:span> geht<text:span text:style-name="W">x4</text:span> es'
        '<text:span text:style-name="D"> los.</text:span></text:p>'
    )
    content = f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    made = text_of(tmp_path / "a.odt", zipped({"content.xml": content.encode()}))
    assert made.endswith("Bald geht es los.")
    assert not [word for word in ("x1", "x2", "x3", "x4") if word in made]


def test_pale_type_on_a_dark_box_of_a_pdf_is_read(tmp_path: Path) -> None:
    """Draw the page to tell white on white from white on black."""
    lines = [
        (50.0, 700.0, 10.0, LONG[:89]),
        (50.0, 650.0, 10.0, "Weiss auf Schwarz"),
        (50.0, 600.0, 10.0, "Weiss auf Weiss"),
    ]
    box = "0 0 0 rg ET 40 640 300 30 re f BT 1 1 1 rg"
    made = text_of(tmp_path / "a.pdf", pdf([lines], before={1: box, 2: "1 1 1 rg"}))
    assert "Weiss auf Schwarz" in made
    assert "Weiss auf Weiss" not in made


def test_recognised_text_behind_a_scan_is_read(tmp_path: Path) -> None:
    """Keep the invisible text of a scan, which stands behind its picture."""
    made = text_of(
        tmp_path / "a.pdf", pdf([[(50.0, 700.0, 10.0, LONG[:89])]], picture=True, before={0: "3 Tr"})
    )
    assert "Rostock" in made


def test_paragraphs_that_fade_in_are_read() -> None:
    """Keep transparent paragraphs where they are most of the page, and drop what is hidden otherwise."""
    sheet = "<style>.fade{opacity:0}.no{display:none}</style>"
    page = f"<html><head>{sheet}</head><body><p>Anfang</p>" + "".join(
        f"<p class=fade>{number}. {LONG}</p><p class=no>x9</p>" for number in range(4)
    )
    text = without_hidden(html.fromstring(page)).text_content()
    assert [f"{number}. Der" in text for number in range(4)] == [True] * 4
    assert "x9" not in text


def test_a_rule_that_hides_holds_below_many_others() -> None:
    """Look at no element that a rule's class or id does not mean: the bound would be spent before it."""
    head = "<style>" + "".join(f".c{n}{{display:none}}" for n in range(400)) + ".x{display:none}</style>"
    body = "<p>Text</p>" * 3_000
    assert "x9" not in seen(f"{body}<p class=x>x9</p>", head)
