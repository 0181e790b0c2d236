"""Check that all that a zip holds is read."""

import json
from pathlib import Path

from rag.ingest.outcomes import Failure, Reading
from tests.ingest.formats.files import FIRST, PAGE, SECOND, everything, zipped


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
