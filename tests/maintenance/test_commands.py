"""Check the commands that look after a collection as a script sees them."""

import json
import subprocess
from pathlib import Path

from tests import processes
from tests.stores import agree


def rag(*arguments: object) -> tuple[int, str, str]:
    """Run a command line in a process of its own; return its exit code, output and error stream."""
    done = subprocess.run([*processes.RAG, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def test_backup_and_restore(store: Path, tmp_path: Path) -> None:
    """Write, check and bring back; refuse to overwrite with a hint and exit code 1."""
    file, again = tmp_path / "news.tar.gz", tmp_path / "again"
    code, out, _ = rag("backup", file, "--store", store, "--json")
    about = json.loads(out)
    assert code == 0
    assert about["bytes"] == sum(one["bytes"] for one in about["files"]) > 100_000
    code, out, _ = rag("restore", file, "--check", "--store", again)
    assert (code, again.exists()) == (0, False)
    assert "is whole" in out
    assert rag("restore", file, "--store", again)[0] == 0
    assert agree(again)
    code, out, err = rag("restore", file, "--store", again)
    assert (code, out) == (1, "")
    assert "--replace" in err
    code, _, err = rag("backup", file, "--store", again)
    assert code == 1
    assert "--overwrite" in err


def test_doctor_repair_and_rebuild(store: Path) -> None:
    """Say what is wrong with exit code 3, mend it, and build for other settings what they refuse."""
    (store / "lexical.sqlite").write_bytes(b"zerstoert " * 1000)
    code, out, _ = rag("doctor", "--store", store)
    assert code == 3
    assert "WRONG  lexical index" in out
    assert "rag doctor --repair" in out
    code, out, _ = rag("doctor", "--repair", "--store", store, "--json")
    assert (code, json.loads(out)["well"]) == (0, True)
    assert "the lexical index was damaged and is made anew" in json.loads(out)["done"]
    assert agree(store)
    code, _, err = rag("doctor", "--store", store / "weg")
    assert code == 1
    assert "rag index" in err
