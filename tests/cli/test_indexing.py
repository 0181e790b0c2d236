"""`rag index`, `rag sync` and `rag sources` as a script sees them: exit codes, streams, JSON."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.cli.runs import Rag, check_error
from tests.stores import news, write_news


def test_index_all_well_is_code_0(rag: Rag, tmp_path: Path) -> None:
    """Say what was done, the second time that nothing was."""
    folder = write_news(tmp_path / "news", range(3))
    run = rag("index", folder, "--store", tmp_path / "s")
    assert (run.code, run.out) == (
        0,
        "3 added, 0 updated, 0 unchanged, 0 failed; the collection has 3 articles\n",
    )
    again = rag("index", folder, "--store", tmp_path / "s", "--json")
    ids = ["000.txt", "001.txt", "002.txt"]
    nothing = {key: [] for key in ("added", "updated", "removed", "gone", "failed", "warnings")}
    assert again.json == nothing | {"unchanged": ids}
    assert (again.code, again.err) == (0, "")


def test_index_with_failures_is_code_3_and_names_them(rag: Rag, tmp_path: Path) -> None:
    """Index the rest, and name each input that failed with its reason."""
    folder = write_news(tmp_path / "news", range(2))
    (folder / "leer.txt").touch()
    (folder / "alt.txt").write_bytes(news(7).encode("cp1252"))
    run = rag("index", folder, tmp_path / "weg", "--store", tmp_path / "s")
    assert run.code == 3
    assert run.out.startswith("3 added, 0 updated, 0 unchanged, 2 failed")
    assert f"failed: {folder / 'leer.txt'}: the file is empty" in run.err
    assert f"failed: {tmp_path / 'weg'}: there is no such file" in run.err
    assert f"note: {folder / 'alt.txt'}: read as" in run.err
    as_json = rag("index", folder, tmp_path / "weg", "--store", tmp_path / "s", "--json")
    assert as_json.code == 3
    assert {Path(failure["input"]).name for failure in as_json.json["failed"]} == {"leer.txt", "weg"}
    assert all(set(failure) == {"input", "error", "hint"} for failure in as_json.json["failed"])
    assert all(set(warning) == {"input", "warning"} for warning in as_json.json["warnings"])


def test_a_wait_of_more_than_a_year_is_a_usage_error(rag: Rag, tmp_path: Path) -> None:
    """Refuse what no clock can wait for, before anything is looked at."""
    run = rag("sync", "--watch", "--every", "99999999999d", "--store", tmp_path / "s")
    assert (run.code, "more than a year" in run.err) == (2, True)


def test_explain_shows_what_is_left_out_and_indexes_nothing(rag: Rag, tmp_path: Path) -> None:
    """Name the lines of the page with their reasons, and mark what was guessed."""
    page = tmp_path / "a.txt"
    page.write_text(f"Startseite\nAuf Facebook teilen\n{news(3)}\n\n17 Kommentare\n", encoding="utf-8")
    shown = rag("index", "--explain", page)
    assert shown.code == 0
    assert "line 1, navigation: Startseite" in shown.out
    assert "line 2, share: Auf Facebook teilen" in shown.out
    assert "language   de  (guessed)" in shown.out
    (told,) = rag("index", "--explain", "--json", page, tmp_path / "none.txt").json
    assert told["text"] == news(3)
    assert [cut["reason"] for cut in told["removed"]] == ["navigation", "share", "comments"]
    assert told["title"] == "Rostock: Theater wird ausgebaut"
    assert {"title", "language"} <= set(told["guessed"])
    assert rag("articles", "--store", tmp_path / "store").code == 1
    asked = rag("index", "--explain", "https://example.org/a")
    assert "addresses are not read here" in asked.err


def test_columns_of_a_dump_are_named_on_the_command_line(rag: Rag, tmp_path: Path) -> None:
    """Map fields to columns, and refuse a mapping that is none."""
    dump = tmp_path / "a.csv"
    dump.write_text(f'nr,ganz\n7,"{news(1)}"\n', encoding="utf-8")
    store = tmp_path / "store"
    assert rag("index", dump, "--store", store, "--json").code == 3
    assert rag("index", dump, "--map", "text=ganz", "--map", "id=nr", "--store", store, "--json").json[
        "added"
    ] == ["7"]
    assert rag("index", dump, "--map", "ganz", "--store", store).code == 2


def test_sync_and_sources(rag: Rag, tmp_path: Path) -> None:
    """Remember a folder, look at it again, remove from it only when told to, and forget it."""
    folder = write_news(tmp_path / "news", range(2))
    store = ("--store", tmp_path / "s")
    rag("index", folder, *store)
    (folder / "000.txt").unlink()
    write_news(folder, range(2, 3))
    run = rag("sync", *store)
    assert run.code == 0
    assert run.out == "1 added, 0 updated, 1 unchanged, 0 failed; the collection has 3 articles\n"
    assert "gone: 000.txt" in run.err
    assert rag("sync", "--prune", "--json", *store).json["removed"] == ["000.txt"]
    assert rag("sources", *store).out.startswith("folder ")
    (listed,) = rag("sources", "--json", *store).json
    assert (listed["kind"], listed["target"], listed["problem"]) == ("folder", str(folder), None)
    folder.rename(tmp_path / "weg")
    assert rag("sync", *store).code == 3
    assert rag("sources", "remove", folder, *store).code == 0
    assert rag("sources", "--json", *store).json == []
    check_error(rag("sources", "remove", folder, *store))
    check_error(rag("sync", folder, *store))


def test_the_store_of_sources_may_stand_before_their_command(rag: Rag, tmp_path: Path) -> None:
    """Take the source out of the collection that is named, not of the one the environment names."""
    folder, named, other = write_news(tmp_path / "news", range(2)), tmp_path / "s", tmp_path / "other"
    for store in (named, other):
        rag("index", folder, "--store", store)
    run = rag("sources", "--store", named, "remove", folder)
    assert (run.code, run.out) == (0, "1 forgotten, 0 sources left\n")
    assert rag("sources", "--store", named, "--json").json == []
    assert len(rag("sources", "--store", other, "--json").json) == 1


@pytest.mark.parametrize("every", ["bald", "0s", "-1m", "5x"])
def test_a_pause_must_be_a_duration(rag: Rag, tmp_path: Path, every: str) -> None:
    """Refuse anything else as wrong usage."""
    run = rag("sync", "--watch", "--every", every, "--store", tmp_path / "s")
    assert run.code == 2


def wait_for_line(stream: IO[str], start: str) -> None:
    """Read lines up to one that starts so."""
    assert any(line.startswith(start) for line in iter(stream.readline, ""))


def test_watching_ends_with_ctrl_c(tmp_path: Path) -> None:
    """Take up what comes, and end cleanly."""
    folder = write_news(tmp_path / "news", range(1))
    process = subprocess.Popen(
        [sys.executable, "-c", "from rag.cli import main; main()", "index", folder, "--watch", "--every",
         "0.2s", "--store", tmp_path / "s"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        wait_for_line(process.stdout, "1 added")
        write_news(folder, range(1, 2))
        wait_for_line(process.stdout, "1 added")
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err.strip().endswith("stopped watching")
    assert "Traceback" not in err
