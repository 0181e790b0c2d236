"""Check which files are found below what the person points at."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.ingest.inputs import Input, find
from rag.ingest.outcomes import Failure

Writer = Callable[[str, str], Path]


def ids(target: Path) -> list[str]:
    """Return the article ids found below a path; everything must be a file."""
    found = list(find(str(target)))
    assert all(isinstance(item, Input) for item in found)
    return [item.article_id for item in found if isinstance(item, Input)]


def failure(target: str) -> Failure:
    """Return the one failure of a target."""
    (found,) = find(target)
    assert isinstance(found, Failure)
    assert found.hint
    return found


def test_folders_are_walked_in_order(write: Writer, tmp_path: Path) -> None:
    """Find files at any depth, sorted, with ids relative to the folder."""
    for name in ("b.md", "a.txt", "sub/deep/c.html", "sub/d.jsonl", "E.TXT"):
        write(name, "x")
    found = ids(tmp_path / "files")
    assert sorted(found) == ["E.TXT", "a.txt", "b.md", "sub/d.jsonl", "sub/deep/c.html"]
    assert found == ids(tmp_path / "files")
    assert found.index("a.txt") < found.index("b.md") < found.index("sub/d.jsonl")


def test_what_is_no_article_is_left_out(write: Writer, tmp_path: Path) -> None:
    """Leave out hidden files and folders, what describes the folder, and unknown formats."""
    for name in (
        ".geheim.txt", ".git/a.txt", "README.md", "readme.de.txt", "LICENSE.txt", "Changelog.md", "bild.png",
        "ohne", "a.txt.bak", "artikel.txt", "readme-artikel.txt",
    ):  # fmt: skip
        write(name, "x")
    assert ids(tmp_path / "files") == ["artikel.txt", "readme-artikel.txt"]


def test_a_file_that_is_named_is_always_taken(write: Writer) -> None:
    """Take a README when it is asked for, with its name as id."""
    assert ids(write("README.md", "x")) == ["README.md"]
    assert ids(write(".versteckt.txt", "x")) == [".versteckt.txt"]


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    """Say that there is no such thing."""
    found = failure(str(tmp_path / "weg"))
    assert found.where == str(tmp_path / "weg")
    assert "no such file" in found.message


@pytest.mark.parametrize("target", ["", " "])
def test_no_path_is_not_this_folder(target: str) -> None:
    """Refuse what a shell makes of a variable that is not set."""
    assert failure(target).message == "no path is given"


@pytest.mark.parametrize("target", ["x" * 5_000, "~niemand-mit-diesem-namen/a.txt", "a\0b"])
def test_a_path_that_cannot_be_is_named(target: str) -> None:
    """Go on after a name that the system refuses."""
    assert failure(target).where == target


def test_an_address_of_another_kind_is_no_path() -> None:
    """Say of an address that only http and https are fetched."""
    assert "ftp scheme" in failure("ftp://example.org/a.txt").message


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    """Say so when there is nothing to index."""
    assert "no article" in failure(str(tmp_path)).message


def test_a_folder_may_have_a_name_like_a_file(tmp_path: Path, write: Writer) -> None:
    """Walk a folder called like a format."""
    write("dump.jsonl/a.txt", "x")
    assert ids(tmp_path / "files") == ["dump.jsonl/a.txt"]


@pytest.mark.parametrize(
    "name", ["zwei\nZeilen.txt", "😀 Gipfel.txt", "Ü b e r.txt", "'\"$(x).txt", "-k.txt"]
)
def test_odd_names_are_names(write: Writer, tmp_path: Path, name: str) -> None:
    """Take a file whatever it is called."""
    write(name, "x")
    assert ids(tmp_path / "files") == [name]


def test_symbolic_links_do_not_trap_it(write: Writer, tmp_path: Path) -> None:
    """End in a folder that holds a link to itself, and read a linked file."""
    path = write("a.txt", "x")
    (path.parent / "schleife").symlink_to(path.parent, target_is_directory=True)
    (path.parent / "b.txt").symlink_to(path)
    (path.parent / "tot.txt").symlink_to(tmp_path / "weg.txt")
    assert [name for name in ids(path.parent) if name != "tot.txt"] == ["a.txt", "b.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(write: Writer, tmp_path: Path) -> None:
    """Say which folder was not looked into, and take the rest."""
    write("a.txt", "x")
    closed = write("zu/b.txt", "x").parent
    closed.chmod(0)
    try:
        found = list(find(str(tmp_path / "files")))
    finally:
        closed.chmod(0o700)
    assert [item.article_id for item in found if isinstance(item, Input)] == ["a.txt"]
    assert [item.where for item in found if isinstance(item, Failure)] == [str(closed)]
