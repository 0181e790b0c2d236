"""Killed at any moment and run again, every step of the recipe ends as if it had not been stopped."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Toy

TRAIN = ["train", "--work", "{work}", "--steps", "3", "--tokens", "256", "--checkpoint-minutes", "0"]
REPOSITORY = Path(__file__).parents[2]


def killed_everywhere(
    folder: Path, start: Path, arguments: list[str], changes: str = "open|os.r|os.symlink"
) -> list[str]:
    """Run the command, killed at all these changes; return where it was, if it always came out the same."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.kills", folder, start, changes, *arguments],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report for report in reports if report["again"] != 0 or report["different"]] == []
    return [report["at"] for report in reports]


@pytest.fixture(scope="module")
def prepared(toy: Toy, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return a prepared folder, and where its preparation was killed in others."""
    folder, empty = tmp_path_factory.mktemp("prepare"), tmp_path_factory.mktemp("empty")
    options = ["--work", "{work}", "--teacher", str(toy.teacher), "--vocabulary", "140"]
    return folder / "undisturbed", killed_everywhere(folder, empty, ["prepare", str(toy.corpus), *options])


def test_preparation(prepared: tuple[Path, list[str]]) -> None:
    assert {
        "open tokenizer.json.new",
        "open tokens-german.npz.new",
        "open runs.npy.new",
        "os.rename student/weights.pt.new",
        "open teacher/whole.npy",
        "os.rename teacher/row_offsets.npy.new",
    } <= set(prepared[1])


def test_training(prepared: tuple[Path, list[str]], tmp_path: Path) -> None:
    kills = killed_everywhere(tmp_path, prepared[0], [*TRAIN, "--synchronise-every", "2"])
    assert {
        "open checkpoints/2/process-0.pt.new",
        "os.rename checkpoint.json.new",
        "os.rmdir checkpoints/2",
        "open log.jsonl",
        "os.rename trained/weights.pt.new",
    } <= set(kills)


def test_training_of_two_processes(prepared: tuple[Path, list[str]], tmp_path: Path) -> None:
    """The second process has saved the step when the first one is killed: that alone does not count."""
    only = "os.rename checkpoints/2/process-0.pt.new"
    arguments = [*TRAIN, "--processes", "2", "--synchronise-every", "2"]
    assert killed_everywhere(tmp_path, prepared[0], arguments, re.escape(only)) == [only]


def test_mixing(prepared: tuple[Path, list[str]], tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(prepared[0], work)
    shutil.copytree(work / "student", work / "trained")
    (tmp_path / "kills").mkdir()
    kills = killed_everywhere(tmp_path / "kills", work, ["mix", "--work", "{work}", "--to", "{work}/second"])
    assert {"os.symlink second/runs.npy", "os.rename second/student/weights.pt.new"} <= set(kills)


def test_export(prepared: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Of two forms of one model, neither may stay behind half written or older than the other."""
    work = tmp_path / "work"
    shutil.copytree(prepared[0], work)
    shutil.copytree(work / "student", work / "trained")
    (tmp_path / "kills").mkdir()
    export = ["export", "--work", "{work}", "--to", "{work}/model"]
    some = ["os.rename model/model.safetensors.new", "open model/modules.json.new"]
    some += ["open model/onnx/model_int8.onnx.new", "os.rename model/onnx/model_int8.onnx.new"]
    assert killed_everywhere(tmp_path / "kills", work, export, "|".join(map(re.escape, some))) == some
