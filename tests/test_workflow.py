"""Demand that what checks a change on a server and before a commit fits the project."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]


def parsed(name: str) -> Any:
    """Return a YAML file of the project."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_server_runs_the_same_check_on_every_python_that_is_promised() -> None:
    """Compare the versions with those of the package, and demand that nothing but `.ci/run` is run."""
    job = parsed(".github/workflows/check.yml")["jobs"]["check"]
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = [one.rpartition(" ")[2] for one in about["classifiers"] if re.search(r"Python :: \d\.\d", one)]
    assert job["strategy"]["matrix"]["python"] == promised
    assert promised[0] == about["requires-python"].removeprefix(">=")
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]


def test_the_check_is_a_program() -> None:
    """Demand that `.ci/run` can be executed and runs linters, types and tests."""
    check = ROOT / ".ci" / "run"
    assert check.stat().st_mode & 0o111
    lines = check.read_text(encoding="utf-8").splitlines()
    assert {"ruff check .", "ruff format --check .", "mypy"} <= set(lines)
    assert lines[-1].startswith("pytest")


def test_hooks_before_a_commit_name_what_exists() -> None:
    """Demand the files that the hooks name, and that they fetch nothing."""
    (local,) = parsed(".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    entries = [hook["entry"] for hook in local["hooks"]]
    assert [
        path for entry in entries for path in re.findall(r"tests/\S+", entry) if not (ROOT / path).is_file()
    ] == []
    assert {hook["language"] for hook in local["hooks"]} == {"system"}
