"""PDFs written by hand for tests: pages of text at given places, nothing else."""

from collections.abc import Mapping

Place = tuple[float, float, float, str]  # left, baseline, size, text


def pdf(
    pages: list[list[Place]],
    picture: bool = False,
    before: Mapping[int, str] | None = None,
    about: Mapping[str, str] | None = None,
) -> bytes:
    """Return a PDF whose pages hold text at these places (in points), a picture behind it if wanted.

    `before` has operators that are set for the text of a number alone, `about` the document's properties.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
               b" /Encoding /WinAnsiEncoding >>"]  # fmt: skip
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    objects.append(image + b" /Length 1 >>\nstream\n\x80\nendstream")
    kids = []
    for page in pages:
        drawn = b"q 500 0 0 700 40 40 cm /I Do Q\n" if picture else b""
        for number, (left, baseline, size, text) in enumerate(page):
            operators = (before or {}).get(number, "").encode()
            drawn += b"q BT %s /F %g Tf %.1f %.1f Td %s Tj ET Q\n" % (
                operators, size, left, baseline, _string(text),
            )  # fmt: skip
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects.append(
        b"<< %s >>" % b" ".join(b"/%s %s" % (k.encode(), _string(v)) for k, v in (about or {}).items())
    )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(objects), len(out),
    )  # fmt: skip


def _string(text: str) -> bytes:
    """Write a text as a PDF string."""
    return b"(%s)" % (
        text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    )


def column(left: float, top: float, lines: list[str], size: float = 10, lead: float = 12) -> list[Place]:
    """Return the lines of a column, one below the other."""
    return [(left, top - lead * number, size, line) for number, line in enumerate(lines)]
