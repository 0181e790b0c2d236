"""DOCX, ODT and EPUB, all of them zips of XML → drafts; no entity is ever expanded."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from rag.errors import InputError
from rag.ingest.draft import Draft
from rag.ingest.formats import xml
from rag.ingest.formats.html.page import read_html
from rag.ingest.formats.pdf.ink import TINY_PT
from rag.ingest.formats.zipped import opened, read_member
from rag.ingest.text.layout import row

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO: Final = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_PARAGRAPHS: Final = (f"{_TEXT}h", f"{_TEXT}p")
_WHITE: Final = {f"{_TEXT}line-break": "\n", f"{_TEXT}tab": " ", f"{_TEXT}s": " "}
_PALE: Final = 245  # of 255: white on white paper
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
# Those of a paragraph and of what was inserted in it, but not of a box of text that is anchored in it.
_RUNS: Final = ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:txbxContent)]"
_HINT: Final = "save it again, or as .txt"


def read_docx(content: bytes) -> Draft:
    """Return the paragraphs and tables of a Word document, in order, and its properties.

    Raises:
        InputError: it is damaged or too large.
    """
    import docx

    with opened(content):  # its sizes are checked
        pass
    try:
        document = docx.Document(io.BytesIO(content))
        blocks = list(_blocks(document.element.body, document))
        properties = document.core_properties
        fields = {"title": properties.title or None, "author": properties.author or None}
    except Exception as error:  # python-docx raises whatever its XML happens to break
        raise InputError(f"this DOCX is damaged: {_short(error)}", hint=_HINT) from error
    if fields["author"] in ("python-docx", "Microsoft Office User", "Unknown"):
        fields["author"] = None
    return Draft("\n\n".join(block for block in blocks if block.strip()), fields)


def read_odt(content: bytes) -> Draft:
    """Return the headings and paragraphs of an OpenDocument text, and its properties.

    Raises:
        InputError: it is damaged or too large.
    """
    with opened(content) as archive:
        body = xml.parse(read_member(archive, "content.xml"))
        names = archive.namelist()
        about = xml.parse(read_member(archive, "meta.xml")) if "meta.xml" in names else None
    _drop_unseen(body)
    blocks = [_odt_text(one) for one in body.iter(*_PARAGRAPHS)]
    fields = {
        "title": about.findtext(f".//{_DC}title") if about is not None else None,
        "author": about.findtext(f".//{_DC}creator") if about is not None else None,
    }
    return Draft("\n\n".join(block for block in blocks if block.strip()), fields)


def _odt_text(element: Any) -> str:
    """Return the text of a paragraph, without that of the paragraphs in it, which are blocks of their own."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in _WHITE:
            parts.append(_WHITE[child.tag])
        elif child.tag not in _PARAGRAPHS and isinstance(child.tag, str):
            parts.append(_odt_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def read_epub(content: bytes) -> Iterator[Draft]:
    """Yield the chapters of a book or an issue that hold an article, each as a draft of its own.

    Raises:
        InputError: it is damaged, too large, or holds no article.
    """
    found = False
    with opened(content) as archive:
        container = xml.parse(read_member(archive, "META-INF/container.xml"))
        root = next((one.get("full-path") for one in container.iter("{*}rootfile")), None)
        if root is None:
            raise InputError("this EPUB is damaged: it names no book", hint=_HINT)
        package = xml.parse(read_member(archive, root))
        items = {one.get("id"): one.get("href") for one in package.iter("{*}item")}
        publisher, day = (
            package.findtext(f".//{_DC}publisher"),
            (package.findtext(f".//{_DC}date") or "")[:10],
        )
        for reference in package.iter("{*}itemref"):
            href = items.get(reference.get("idref"))
            if not href:
                continue
            name = posixpath.normpath(posixpath.join(posixpath.dirname(root), unquote(href)))
            try:
                chapter = read_html(read_member(archive, name))
            except InputError:
                continue  # a cover, a table of contents
            found = True
            told = {key: value for key, value in chapter.fields.items() if value}
            fields = {"publisher": publisher, "published": day if len(day) == 10 else None, **told}
            yield Draft(chapter.text, fields, chapter.warnings, part=name)
    if not found:
        raise InputError("this EPUB holds no article", hint="give the pages as HTML or text")


def _blocks(element: Any, document: Any) -> Iterator[str]:
    """Yield the paragraphs below an element of a Word document and the rows of its tables, in order.

    What Word wraps around them, such as content controls, is opened.
    """
    from docx.table import Table

    for child in element.iterchildren("{*}p", "{*}tbl", "{*}sdt", "{*}sdtContent", "{*}ins", "{*}customXml"):
        if child.tag.endswith("}p"):
            yield _seen(child, document)
        elif child.tag.endswith("}tbl"):
            for one in Table(child, document).rows:
                yield row(dict.fromkeys(_cell(cell).strip() for cell in one.cells))
        else:
            yield from _blocks(child, document)


def _cell(cell: Any) -> str:
    return "\n".join(_blocks(cell._tc, cell))


def _seen(paragraph: Any, parent: Any) -> str:
    """Return the text of a Word paragraph without what its reader does not see, such as deletions."""
    from docx.text.run import Run

    runs = (Run(run, parent) for run in paragraph.xpath(_RUNS))
    return "".join(run.text for run in runs if not _is_hidden(run))


def _is_hidden(run: Any) -> bool:
    """Tell whether a run is marked as hidden, has no size, or is white on nothing."""
    font = run.font
    if font.hidden or (font.size is not None and font.size.pt < TINY_PT):
        return True
    colour = font.color.rgb if font.color is not None else None
    if colour is None or min(colour) < _PALE or font.highlight_color is not None:
        return False
    behind = run._r.xpath("ancestor-or-self::*/*[self::w:rPr or self::w:pPr or self::w:tcPr]/w:shd/@w:fill")
    return not any(fill.lower() not in ("auto", "ffffff") for fill in behind)


def _drop_unseen(body: Any) -> None:
    """Take comments, footnotes, deleted paragraphs and hidden text out of an OpenDocument text, in place."""
    hidden = {style.get(f"{_STYLE}name") for style in body.iter(f"{_STYLE}style") if _hides(style)}
    names = (f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}note")
    for one in [*body.iter(*names), *(o for o in body.iter() if o.get(f"{_TEXT}style-name") in hidden)]:
        tail, one.tail = one.tail, None
        one.clear()
        one.tail = tail


def _hides(style: Any) -> bool:
    for about in style.iter(f"{_STYLE}text-properties"):
        size = (about.get(f"{_FO}font-size") or "").removesuffix("pt")
        if about.get(f"{_TEXT}display") == "none" or (_is_number(size) and float(size) < TINY_PT):
            return True
        behind = about.get(f"{_FO}background-color") or "transparent"
        if (about.get(f"{_FO}color") or "").lower() == "#ffffff" and behind in ("transparent", "#ffffff"):
            return True
    return False


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
