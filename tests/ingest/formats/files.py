"""The same two paragraphs, to be put into files of each format, and what is read of them."""

import io
import zipfile
from pathlib import Path

from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read

LIMIT = 100_000
TITLE = "Rostock baut seinen Hafen aus"
FIRST = "Der Hafen von Rostock wird für 30 Millionen Euro ausgebaut, wie das Land am Dienstag in Schwerin mitteilte."
SECOND = "Kritiker halten den Ausbau für zu teuer, weil der Hafen schon heute nicht ausgelastet ist, wie sie sagen."
MORE = [
    "Der Minister widersprach am Mittwoch: In wenigen Jahren rechne sich der Ausbau, weil größere Schiffe anlegen.",
    "Die Arbeiten sollen im Frühjahr beginnen und zwei Jahre dauern, wenn die Stadt dem Plan zustimmt.",
]
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


_ODT = """<?xml version="1.0"?>{entities}<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>
 <text:h>{title}</text:h><text:p>{first}</text:p><text:p>{second}<text:span> Ende.</text:span></text:p>
 </office:text></office:body></office:document-content>"""


def opendocument(entities: str = "", second: str = SECOND) -> bytes:
    """Return an OpenDocument text."""
    return zipped(
        {"content.xml": _ODT.format(entities=entities, title=TITLE, first=FIRST, second=second).encode()}
    )
