"""The help, the version, and how a wrong command line ends."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from tests.cli.runs import Rag

COMMANDS = ["index", "sync", "sources", "articles", "remove", "search", "ask", "evaluate", "serve"]


def test_help_names_every_command(rag: Rag) -> None:
    """List the commands; without any, show the help."""
    run = rag("--help")
    assert run.code == 0
    assert all(f"  {command} " in run.out for command in COMMANDS)
    assert "--debug" in run.out
    assert "Usage" in (bare := rag()).out + bare.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(rag: Rag, command: str) -> None:
    """Explain each command and its options."""
    run = rag(command, "--help")
    assert run.code == 0
    assert "--store" in run.out
    wanted = {
        "index": ["--json"],
        "articles": ["--json"],
        "search": ["-k", "--reranker", "--json"],
        "ask": ["--llm", "--reranker", "--json"],
        "evaluate": ["--llm", "--details", "--plot", "--compare", "--json"],
        "serve": ["--host", "--port", "--llm"],
    }
    assert all(option in run.out for option in wanted.get(command, []))


def test_help_loads_nothing_heavy() -> None:
    """Answer at once."""
    heavy = (
        "torch",
        "chromadb",
        "gradio",
        "langchain",
        "langchain_core",
        "onnxruntime",
        "sqlalchemy",
        "numpy",
    )
    code = (
        "import sys\nfrom rag.cli import main\nsys.argv = ['rag', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.rstrip().endswith("[]")


@pytest.mark.parametrize(
    "arguments",
    [["--unbekannt"], ["unbekannt"], ["index"], ["remove"], ["ask"], ["search"], ["search", "x", "-k", "0"],
     ["search", "x", "-k", "viele"], ["evaluate"],
     ["evaluate", "q.jsonl", "--compare", "a", "b"], ["evaluate", "--compare", "a"],
     ["serve", "--port", "99999"], ["ask", "a", "b"]],
)  # fmt: skip
def test_a_wrong_command_line_is_code_2(rag: Rag, arguments: list[str]) -> None:
    """Explain the usage."""
    run = rag(*arguments)
    assert run.code == 2
    assert run.out == ""
    assert run.err


def test_the_version_is_told_and_nothing_else_done(rag: Rag) -> None:
    """Demand the version that the package has, as its metadata says it too."""
    told = rag("--version")
    assert (told.code, told.out) == (0, f"quellenchat {version('quellenchat')}\n")
