"""The model card's commands: each is one that the recipe understands."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from rag.training.__main__ import app

CARD = (Path(__file__).parents[2] / "data" / "model" / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"python -m rag\.training (\w+) ((?:[^\n`]|\\\n)*)", CARD.replace("\\\n", " "))


def test_the_card_has_every_step_of_the_recipe() -> None:
    assert {name for name, _ in COMMANDS} == {
        *("prepare", "train", "mix", "export", "lexicon", "evaluate", "benchmark")
    }


@pytest.mark.parametrize(("name", "arguments"), COMMANDS)
def test_each_command_has_these_arguments(name: str, arguments: str) -> None:
    group = get_command(app)
    command = group.commands[name]  # type: ignore[attr-defined]
    assert command.make_context(name, shlex.split(arguments)).params
