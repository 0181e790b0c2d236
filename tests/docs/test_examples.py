"""Run the examples: the scripts of `examples/` as they stand, and the blocks of Python of the pages."""

from __future__ import annotations

import ast
import runpy
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.library import Library
from rag.resources import folder
from tests.browser.conftest import running
from tests.docs.pages import PAGES, ROOT, blocks
from tests.llm_server import MODEL, LanguageModelServer

BLOCKS = [(page, code) for page in PAGES for code in blocks(page, "python")]
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs an example with arguments and returns what it prints."""

    def run_script(name: str, *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")
        return capsys.readouterr().out

    return run_script


def test_a_collection_from_python(run: Run, tmp_path: Path) -> None:
    """Fill a store, ask, decline, go on, filter, stream, list."""
    printed = run("library.py", folder("data") / "articles", tmp_path / "store")
    assert "22 added, 0 updated, 0 unchanged" in printed
    assert "[1] " in printed
    assert "The articles in the collection do not say." in printed
    assert "no article has the id 'no-such-article'" in printed
    assert "22 unchanged" in run("library.py", folder("data") / "articles", tmp_path / "store")


def test_a_step_in_a_chain_of_someone_else(run: Run, samples_store: Path) -> None:
    """Answer both rows with quotations where no model is configured."""
    printed = run("langchain_chain.py", samples_store)
    assert printed.count("\n[1] ") == 2
    assert "Riad" in printed or "Riyadh" in printed


def test_passages_in_a_chain_of_someone_else(
    run: Run, samples_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Send the passages found to a model behind the real protocol."""
    with LanguageModelServer() as server:
        server.say("Putin verlangte Garantien [1.1].", "Putin met Rubio [1.1].", "Garantien gegen die NATO.")
        monkeypatch.setenv("RAG_LLM", MODEL)
        monkeypatch.setenv("RAG_LLM_URL", server.url)
        assert run("langchain_chain.py", samples_store).endswith("Garantien gegen die NATO.\n")
        asked = server.prompt()
    assert "from these passages only" in asked
    assert asked.count("characters") == 4
    assert "Question: Was forderte Putin bezüglich der NATO?" in asked


@pytest.mark.parametrize(("page", "code"), BLOCKS, ids=[f"{page}-{n}" for n, (page, _) in enumerate(BLOCKS)])
def test_a_block_of_python_runs(
    page: str, code: str, samples: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run it where the sample articles lie in `articles`, beside a page that is being served."""
    names = {alias.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)
             for alias in node.names}  # fmt: skip
    shutil.copytree(folder("data") / "articles", tmp_path / "articles")
    (tmp_path / "data").symlink_to(folder("data"))
    monkeypatch.chdir(tmp_path)
    if "Client" not in names:
        exec(compile(code, page, "exec"), {})
        return
    with running(samples) as address:
        assert "http://127.0.0.1:7860/" in code
        exec(compile(code.replace("http://127.0.0.1:7860/", address), page, "exec"), {})
