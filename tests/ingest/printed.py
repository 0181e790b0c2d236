"""PDFs written by hand for tests: pages of text at given places, nothing else."""

Place = tuple[float, float, float, str]  # left, baseline, size, text


def pdf(pages: list[list[Place]], picture: bool = False) -> bytes:
    """Return a PDF whose pages hold text at these places (in points), or a picture and no text."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
               b" /Encoding /WinAnsiEncoding >>"]  # fmt: skip
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    objects.append(image + b" /Length 1 >>\nstream\n\x80\nendstream")
    kids = []
    for page in pages:
        drawn = b"q 500 0 0 700 40 40 cm /I Do Q" if picture else b""
        for left, baseline, size, text in page:
            escaped = (
                text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            )
            drawn += b"BT /F %d Tf %.1f %.1f Td (%s) Tj ET\n" % (size, left, baseline, escaped)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip


def column(left: float, top: float, lines: list[str], size: float = 10, lead: float = 12) -> list[Place]:
    """Return the lines of a column, one below the other."""
    return [(left, top - lead * number, size, line) for number, line in enumerate(lines)]
