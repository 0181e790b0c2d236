"""Build the wheel and the source distribution, look inside, and run the wheel away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import rag

ROOT = Path(__file__).resolve().parents[1]
# Where the folders of the checkout lie in a wheel.
PLACES = {"rag": "rag", "prompts": "rag/prompts", "data": "rag/data"}


def build(kind: str, source: Path, target: Path) -> Path:
    """Build a wheel or an sdist of a source tree and return the file."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)],
        cwd=source, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (made,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Return the wheel of this checkout."""
    return zipfile.ZipFile(build("wheel", ROOT, tmp_path_factory.mktemp("wheel")))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked source distribution of this checkout."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build("sdist", ROOT, folder)) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"quellenchat-{rag.__version__}"


def files(folder: Path) -> set[str]:
    """Return the files below a folder, without what Python and editors leave behind."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def expected(source: Path) -> set[str]:
    """Return what a wheel of a source tree has to hold beside its metadata."""
    return {f"{place}/{name}" for folder, place in PLACES.items() for name in files(source / folder)}


def test_the_wheel_holds_the_package_its_prompts_and_its_data(wheel: zipfile.ZipFile) -> None:
    """Demand each file once and nothing else: a model or prompt left out would be noticed only by users."""
    held = [name for name in wheel.namelist() if ".dist-info/" not in name]
    assert len(held) == len(set(held))
    assert set(held) == expected(ROOT)
    assert {"rag/py.typed", "rag/data/model/onnx/model_int8.onnx", "rag/prompts/answer.de.txt"} <= set(held)


def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    """Read the metadata as an installer does."""
    (metadata,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    about = Parser().parsestr(wheel.read(metadata).decode())
    assert about["Name"] == "quellenchat" and about["Version"] == rag.__version__
    assert about["Requires-Python"] == ">=3.11"
    assert "Typing :: Typed" in about.get_all("Classifier", [])
    scripts = wheel.read(metadata.replace("METADATA", "entry_points.txt")).decode()
    assert "rag = rag.cli:main" in scripts
    assert any(name.endswith("/licenses/LICENSE") for name in wheel.namelist())


def test_the_wheel_works_away_from_the_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Index a sample article of the wheel's own and ask it, in a process that does not see the checkout."""
    wheel.extractall(tmp_path / "site")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    environment |= {"PYTHONPATH": str(tmp_path / "site"), "RAG_STORE": str(tmp_path / "store")}
    article = tmp_path / "site/rag/data/articles/2025-02-18-riad-rubio-lawrow.md"

    def run(*arguments: str) -> str:
        code = "import sys, rag; sys.argv[0] = 'rag'; from rag.cli import main; print(rag.__file__); main()"
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=True,
        )  # fmt: skip
        where, _, printed = done.stdout.partition("\n")
        assert Path(where).is_relative_to(tmp_path / "site")
        return printed

    assert "1 added" in run("index", str(article))
    answer = json.loads(run("ask", "Worüber sprachen Rubio und Lawrow in Riad?", "--json"))
    assert any(
        "Riad" in citation["quote"] or "Diriyah" in citation["quote"] for citation in answer["citations"]
    )


def test_the_source_distribution_is_the_checkout(sdist: Path) -> None:
    """Demand that package, prompts, data, tests and documentation can be worked with from it."""
    for folder in (*PLACES, "tests", "docs", "examples", "benchmarks"):
        assert files(sdist / folder) == files(ROOT / folder), folder
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", ".ci/run"):
        assert (sdist / page).read_bytes() == (ROOT / page).read_bytes()


def test_a_wheel_made_from_the_source_distribution_is_the_same(
    wheel: zipfile.ZipFile, sdist: Path, tmp_path: Path
) -> None:
    """Build it as whoever packages the program for others does, and compare the contents."""
    again = zipfile.ZipFile(build("wheel", sdist, tmp_path))
    first, second = (
        {one.filename: one.CRC for one in made.infolist() if ".dist-info/" not in one.filename}
        for made in (wheel, again)
    )
    assert first == second
