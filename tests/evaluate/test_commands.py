"""Check how the commands that fit are called, and how they say what is wrong."""

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

from rag.evaluate import commands
from tests.evaluate.test_run import line

PAIR = {
    "kind": "unrelated", "statement": "Das Fest fiel aus.", "language": "de",
    "sentence": "The bridge was closed.", "sentence_language": "en",
    "title": "A bridge", "published": "2021-01-01",
}  # fmt: skip


def called(monkeypatch: pytest.MonkeyPatch, module: str, *arguments: object) -> object:
    """Run a module as a command and return its exit code, or what it says as it ends."""
    monkeypatch.setattr(sys, "argv", [module, *map(str, arguments)])
    try:
        commands.run(import_module(f"rag.evaluate.{module}").main)
    except SystemExit as leaving:
        return leaving.code
    return 0


@pytest.mark.parametrize("module", ["calibrate", "rank"])
def test_what_is_no_store_with_questions_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, module: str
) -> None:
    """Name a wrong argument as a usage error, and a store or a file that is not there by its message."""
    out = ("--out", tmp_path / "out.json")
    for wrong in ("store", "store=", "=questions.jsonl"):
        assert called(monkeypatch, module, wrong, "a=b", *out) == 2
        assert f"{wrong!r} is no STORE=QUESTIONS" in capsys.readouterr().err
    missing = called(monkeypatch, module, f"{tmp_path}/s={tmp_path}/q", f"{tmp_path}/t={tmp_path}/q", *out)
    assert "cannot be read" in str(missing) or "no collection" in str(missing)
    assert not (tmp_path / "out.json").exists()


def test_the_same_store_twice_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Refuse to judge a collection by what was fitted on nothing else."""
    monkeypatch.chdir(tmp_path)
    assert called(monkeypatch, "calibrate", "s=q.jsonl", f"{tmp_path}/s=q.jsonl", "--out", "a.json") == 2
    assert "two collections" in capsys.readouterr().err


def test_a_part_of_no_questions_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse each 0-th question."""
    assert called(monkeypatch, "rank", "s=q.jsonl", "--out", "a.json", "--every", "0") == 2


def test_questions_without_evidence_are_said_to_be_of_no_use(
    monkeypatch: pytest.MonkeyPatch, samples_store: Path, tmp_path: Path
) -> None:
    """Say what is missing."""
    path = tmp_path / "q.jsonl"
    path.write_text(line("Wer gewann den Goldenen Bären?", ["2025-02-23-berlinale-goldener-baer.md"], []))
    said = called(monkeypatch, "rank", f"{samples_store}={path}", "--out", tmp_path / "a.json")
    assert "in 0 questions" in str(said) and "evidence" in str(said)


def test_pairs_of_one_kind_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Leave out what cannot be counted, in valid JSON; fitting on them is refused."""
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps(PAIR) + "\n")
    assert called(monkeypatch, "support", path) == 0
    report = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (report["recall"], report["same language"]) == (None, {"pairs": 0, "judged rightly": None})
    said = called(monkeypatch, "support", path, "--fit", tmp_path / "fit.json")
    assert "nothing to tell apart" in str(said)
    assert not (tmp_path / "fit.json").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "holds no pair"), (json.dumps(PAIR) + "\n{}\n", ":2 is no pair: KeyError"), ("x", ":1 is no pair")],
)
def test_what_is_no_pair_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, message: str
) -> None:
    """Name the line."""
    path = tmp_path / "pairs.jsonl"
    path.write_text(content)
    assert message in str(called(monkeypatch, "support", path))
