"""Demand that every command of the documentation exists, with the options it is given."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from rag.cli.app import app
from rag.settings import Settings
from tests.docs.pages import PAGES, ROOT, Command, commands, inline, read

RAG = get_command(app)
WRITTEN = commands()
NAMED = inline()


def resolved(words: list[str]) -> tuple[Any, list[str]]:
    """Follow the names of commands; return the last command and what is given to it."""
    found: Any = RAG
    while words and words[0] in getattr(found, "commands", ()):
        found, words = found.commands[words[0]], words[1:]
    return found, words


def options(command: Any) -> set[str]:
    """Return the options of a command."""
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("command", [one for one in WRITTEN if one.words[0] == "rag"], ids=str)
def test_a_command_that_is_written_out_can_be_typed(command: Command) -> None:
    """Parse it as the program does, without running it."""
    found, words = resolved(list(command.words[1:]))
    assert found is not RAG, f"no command {command.words[1]!r}"
    found.make_context("rag", [word for word in words if word != "--debug"])


@pytest.mark.parametrize("command", [one for one in NAMED if one.words[0] == "rag"], ids=str)
def test_a_command_that_is_mentioned_exists(command: Command) -> None:
    """Look up its name and the options named with it."""
    found, words = resolved(list(command.words[1:]))
    assert found is not RAG or command.words[1].startswith("-"), f"no command {command.words[1]!r}"
    given = {word.split("=")[0] for word in words if word.startswith("--")}
    assert given <= options(found) | options(RAG)


@pytest.mark.parametrize(
    "command", [one for one in (*WRITTEN, *NAMED) if one.words[:2] == ("python", "-m")], ids=str
)
def test_a_module_that_is_run_exists_and_knows_its_options(command: Command) -> None:
    """Find the module, and each option in its source."""
    spec = find_spec(command.words[2])
    assert spec is not None and spec.origin is not None
    origin = Path(spec.origin)
    source = (origin.with_name("__main__.py") if origin.name == "__init__.py" else origin).read_text("utf-8")
    given = [word.split("=")[0] for word in command.words[3:] if word.startswith("--")]
    assert [one for one in given if one not in source and f"{one[2:].replace('-', '_')}:" not in source] == []


def test_extras_that_are_installed_are_declared() -> None:
    """Demand every `pip install -e '.[extra]'` in pyproject.toml."""
    declared = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]
    named = {extra for page in PAGES for extra in re.findall(r"\.\[(\w+)\]'", read(page))}
    assert named and named <= set(declared)


def test_variables_that_are_named_are_settings() -> None:
    """Demand that no page names a variable that nothing reads."""
    known = {f"RAG_{name.upper()}" for name in Settings.model_fields}
    named = {(page, name) for page in PAGES for name in re.findall(r"\bRAG_[A-Z][A-Z_]*[A-Z]\b", read(page))}
    assert len(named) > 10
    assert {one for one in named if one[1] not in known} == set()


def test_files_that_are_named_exist() -> None:
    """Demand every file of the project that stands between backticks."""
    pattern = r"`((?:rag|docs|data|prompts|tests|examples|benchmarks|\.ci|\.github)/[\w./-]*)`"
    named = {(page, path) for page in PAGES for path in re.findall(pattern, read(page))}
    assert len(named) > 10
    assert [one for one in sorted(named) if not (ROOT / one[1]).exists()] == []
