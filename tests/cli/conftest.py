"""The command line in this process."""

import sys
from typing import Any

import pytest

from rag import cli
from tests.cli.runs import Rag, Run


@pytest.fixture
def rag(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Rag:
    """Return a function that runs a command line in this process, as the installed script would."""

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        code: Any = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code or 0
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return run
