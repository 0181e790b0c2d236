"""What goes wrong is one clear line and a hint, wherever the output goes."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.runs import NATO, Rag, check_error, script
from tests.stores import news


def test_a_filter_that_cannot_be_is_one_clear_line(rag: Rag, samples_store: Path) -> None:
    """Name the known publishers; a day that is none, or an end before the begin, is a usage error."""
    check_error(run := rag("search", NATO, "--publisher", "Nirgends", "--store", samples_store))
    assert "Quellenchat Sample Desk" in run.err
    for days in (("--since", "gestern"), ("--since", "2022-01-02", "--until", "2022-01-01")):
        assert rag("articles", *days, "--store", samples_store).code == 2


@pytest.mark.parametrize("encoding", ["latin-1", "cp437"])
def test_an_output_of_few_letters_takes_every_answer(samples_store: Path, encoding: str) -> None:
    """Print what the output can take, and JSON in full."""
    run = script("ask", NATO, "--store", samples_store, PYTHONIOENCODING=encoding)
    assert (run.code, run.err) == (0, "") and "rechtlich bindende" in run.out
    as_json = script("ask", NATO, "--store", samples_store, "--json", PYTHONIOENCODING=encoding).json
    assert "„" in as_json["text"]


def test_names_of_files_do_not_command_the_terminal(rag: Rag, tmp_path: Path) -> None:
    """Print ids without the escapes that colour, move and rename a terminal."""
    store, folder = tmp_path / "s", tmp_path / "news"
    folder.mkdir()
    (folder / "a\x1b[31m.txt").write_text(news(1), encoding="utf-8")
    (folder / "b\x1b]0;x\x07.txt").touch()
    runs = [rag("index", folder, "--store", store), rag("articles", "--store", store)]
    runs += [rag(command, news(1)[:40], "--store", store) for command in ("search", "ask")]
    assert not any("\x1b" in run.out + run.err for run in runs)
    assert "a\ufffd[31m.txt" in runs[1].out and "b\ufffd]0;x\ufffd.txt" in runs[0].err
    assert rag("articles", "--store", store, "--json").json[0]["id"] == "a\x1b[31m.txt"


def test_a_full_disk_below_the_output_is_said() -> None:
    """Say that there is no room instead of asking for a report."""
    done = subprocess.run(
        "exec rag --version > /dev/full", shell=True, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == "rag: No space left on device\n     check free disk space and permissions\n"


def test_no_store_is_one_clear_line(rag: Rag, tmp_path: Path) -> None:
    """Say how to begin, for every command that reads."""
    for arguments in (["articles"], ["remove", "x"], ["search", "x"], ["ask", "x"], ["evaluate", "q.jsonl"]):
        run = rag(*arguments, "--store", tmp_path / "weg")
        check_error(run)
        assert "rag index" in run.err
    assert not (tmp_path / "weg").exists()


@pytest.mark.parametrize("question", ["", "  ", "?"])
def test_no_question_is_one_clear_line(rag: Rag, samples_store: Path, question: str) -> None:
    """Ask for one."""
    for command in ("ask", "search"):
        check_error(rag(command, question, "--store", samples_store))


def test_a_question_of_20000_characters_is_one_clear_line(rag: Rag, samples_store: Path) -> None:
    """Say how long it may be, without printing it."""
    for command in ("ask", "search"):
        run = rag(command, "Frage " * 3_334, "--store", samples_store)
        check_error(run)
        assert "4,000" in run.err
        assert len(run.err) < 300


def test_an_empty_collection_is_one_clear_line(rag: Rag, tmp_path: Path) -> None:
    """Say that articles must be added."""
    assert rag("index", tmp_path / "weg", "--store", tmp_path / "s").code == 3
    check_error(rag("ask", NATO, "--store", tmp_path / "s"))
    assert rag("articles", "--store", tmp_path / "s", "--json").json == []


def test_a_store_of_another_model_is_one_clear_line(rag: Rag, store: Path) -> None:
    """Refuse to index into it, and lose nothing."""
    manifest = json.loads((store / "store.json").read_text())
    (store / "store.json").write_text(json.dumps(manifest | {"embedding_model": "other@1"}))
    for arguments in (["ask", NATO], ["index", store]):
        run = rag(*arguments, "--store", store)
        check_error(run)
        assert "other@1" in run.err
    (store / "store.json").write_text(json.dumps(manifest))
    assert len(rag("articles", "--store", store, "--json").json) > 20


def test_an_unknown_model_is_one_clear_line(rag: Rag, samples_store: Path) -> None:
    """Say how models are named."""
    run = rag("ask", NATO, "--store", samples_store, "--llm", "unbekannt")
    check_error(run)
    assert "ollama:" in run.err


def test_a_wrong_setting_is_one_clear_line(
    rag: Rag, samples_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name the variable."""
    monkeypatch.setenv("RAG_PASSAGES", "viele")
    run = rag("ask", NATO, "--store", samples_store)
    check_error(run)
    assert "RAG_PASSAGES" in run.err


def test_debug_shows_the_traceback_wherever_it_stands(tmp_path: Path) -> None:
    """Print what a bug report needs."""
    run = script("ask", "x", "--store", tmp_path / "weg", "--debug")
    assert run.code == 1
    assert "Traceback" in run.err
    assert "StoreError" in run.err
