"""Check that hostile input costs bounded time and memory and one clear line, and stops nothing else."""

import io
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rag.ingest.inputs import Input, find
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read
from tests.ingest.formats.files import FIRST, SECOND, opendocument, zipped
from tests.ingest.printed import pdf

LIMIT = 2_000_000
BILLION = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def only_failure(path: Path) -> Failure:
    """Return the one failure of a file: one line that says where, and a hint."""
    (failure,) = list(read(path, path.name, LIMIT))
    assert isinstance(failure, Failure), failure
    assert "\n" not in failure.message + failure.where
    assert failure.hint
    return failure


def test_zip_bomb(tmp_path: Path) -> None:
    """Refuse by what it claims to hold, and by what comes out where it lies."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(f"{number}.txt", b"0" * 20_000_000)
    (tmp_path / "bomb.zip").write_bytes(buffer.getvalue())
    assert "would unpack to 240 MB" in only_failure(tmp_path / "bomb.zip").message
    lying = buffer.getvalue().replace((20_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    (tmp_path / "lies.zip").write_bytes(lying)
    made = list(read(tmp_path / "lies.zip", "lies.zip", LIMIT))
    assert made
    assert all(isinstance(one, Failure) for one in made)


def test_many_members(tmp_path: Path) -> None:
    """Refuse a zip of more files than anybody packs."""
    (tmp_path / "a.zip").write_bytes(zipped({f"{number}.txt": b"" for number in range(10_001)}))
    assert "10,001 files" in only_failure(tmp_path / "a.zip").message


@pytest.mark.parametrize(
    "name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "C:/out.txt", "..\\out.txt"]
)
def test_path_traversal(tmp_path: Path, name: str) -> None:
    """Refuse a zip that points outside itself."""
    (tmp_path / "a.zip").write_bytes(zipped({name: FIRST.encode()}))
    assert "outside" in only_failure(tmp_path / "a.zip").message


def test_zips_in_zips_in_zips(tmp_path: Path) -> None:
    """Open one level and no more."""
    content = zipped({"a.txt": FIRST.encode()})
    for _ in range(3):
        content = zipped({"a.zip": content})
    (tmp_path / "a.zip").write_bytes(content)
    assert "is not opened" in only_failure(tmp_path / "a.zip").message


def test_billion_laughs(tmp_path: Path) -> None:
    """Expand no entity, in documents and pages."""
    (tmp_path / "a.odt").write_bytes(opendocument(BILLION, "&j;"))
    (made,) = read(tmp_path / "a.odt", "a", LIMIT)
    assert isinstance(made, Failure) or len(made.article.text) < 1_000
    (tmp_path / "a.html").write_text(f"{BILLION}<html><body><p>{FIRST}</p><p>&j;</p></body></html>")
    (page,) = read(tmp_path / "a.html", "a", LIMIT)
    assert isinstance(page, Failure) or len(page.article.text) < 2_000


@pytest.mark.parametrize(
    "content",
    [
        "<p>" * 50_000 + FIRST,
        "<div><article><p>" + FIRST + "<p><b><i><table><td>" + SECOND,
        "<" * 100_000,
        "<!--" + FIRST,
        "<html><body>" + "<a href='x'>y</a>" * 20_000 + "</body>",
        "\ufffe<html>" + FIRST,
    ],
)
def test_broken_html(tmp_path: Path, content: str) -> None:
    """Read it or name it."""
    (tmp_path / "a.html").write_text(content, encoding="utf-8")
    (made,) = read(tmp_path / "a.html", "a", LIMIT)
    assert isinstance(made, Reading | Failure)


def test_pdf_with_five_thousand_empty_pages(tmp_path: Path) -> None:
    """Refuse it by the number of its pages."""
    (tmp_path / "a.pdf").write_bytes(pdf([[]] * 5_000))
    assert "5,000 pages" in only_failure(tmp_path / "a.pdf").message
    (tmp_path / "b.pdf").write_bytes(pdf([[]] * 900))
    assert "no text" in only_failure(tmp_path / "b.pdf").message


@pytest.mark.parametrize("suffix", [".txt", ".html", ".pdf", ".docx", ".eml", ".zip"])
def test_two_hundred_megabytes_are_not_read(tmp_path: Path, suffix: str) -> None:
    """Refuse by the size on disk, without reading."""
    path = tmp_path / f"big{suffix}"
    with path.open("wb") as file:
        file.truncate(1_200_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "1200.0 MB" in only_failure(path).message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_names_with_newlines_and_emoji(tmp_path: Path) -> None:
    """Show any name on one line, and read the file."""
    for name in ("a\nb.txt", "🚢 Hafen.txt", "'; DROP TABLE articles; --.txt", " .txt", "ä" * 100 + ".txt"):
        (tmp_path / name).write_text(FIRST, encoding="utf-8")
    readings = [
        one
        for item in find(str(tmp_path))
        if isinstance(item, Input)
        for one in read(item.path, item.article_id, LIMIT)
    ]
    assert len(readings) == 5
    assert all(isinstance(one, Reading) and "\n" not in one.where for one in readings)


def test_symlink_loops(tmp_path: Path) -> None:
    """Walk a folder that contains itself once."""
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    items = list(find(str(tmp_path)))
    made = [
        one for item in items if isinstance(item, Input) for one in read(item.path, item.article_id, LIMIT)
    ]
    assert [one.article.id for one in made if isinstance(one, Reading)] == ["a.txt"]
    assert len(made) <= 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files(tmp_path: Path) -> None:
    """Say that the file cannot be read."""
    path = tmp_path / "a.txt"
    path.write_text(FIRST, encoding="utf-8")
    path.chmod(0)
    assert "cannot be read" in only_failure(path).message


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    """Refuse what is no regular file instead of waiting for it for ever."""
    os.mkfifo(tmp_path / "a.txt")
    assert "no regular file" in only_failure(tmp_path / "a.txt").message


def test_patterns_take_linear_time(tmp_path: Path) -> None:
    """Clean lines made to send patterns back and forth within seconds."""
    lines = [
        "(" * 20_000,
        "Foto: " * 5_000,
        "© " * 20_000,
        "A " * 20_000 + "von",
        "„" * 20_000,
        "https://" * 5_000,
        "1.1." * 9_000,
    ]
    (tmp_path / "a.txt").write_text("\n".join([FIRST, *lines, SECOND]), encoding="utf-8")
    script = f"from pathlib import Path; from rag.ingest.reading import read; print(len(list(read(Path({str(tmp_path / 'a.txt')!r}), 'a', {LIMIT}))))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "1"
