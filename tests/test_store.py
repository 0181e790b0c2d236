"""Check what a store remembers of its making, and that one process at a time writes to it."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from rag import store
from rag.errors import StoreBusyError, StoreError, StoreMismatchError
from tests import processes

MANIFEST = store.Manifest(store.FORMAT, "model@1", 384, "passages of 130 words, version 1")


def test_manifest_comes_back(tmp_path: Path) -> None:
    """Read what was written, and leave nothing else in the folder."""
    assert not store.exists(tmp_path)
    store.write_manifest(tmp_path, MANIFEST)
    assert store.exists(tmp_path)
    assert store.read_manifest(tmp_path) == MANIFEST
    assert len(list(tmp_path.iterdir())) == 1
    store.check_manifest(tmp_path, MANIFEST)


@pytest.mark.parametrize(
    ("wanted", "message", "hint"),
    [
        (store.Manifest(1, "model@2", 384, MANIFEST.chunking), "model@1.*model@2", "RAG_EMBEDDING_MODEL"),
        (store.Manifest(1, "model@1", 768, MANIFEST.chunking), "384.*768", "RAG_EMBEDDING_MODEL"),
        (
            store.Manifest(1, "model@1", 384, "passages of 60 words"),
            "130 words.*60 words",
            "RAG_PASSAGE_WORDS",
        ),
    ],
)
def test_a_mismatch_names_both_sides_and_the_way_out(
    tmp_path: Path, wanted: store.Manifest, message: str, hint: str
) -> None:
    """Refuse a store that was built with something else."""
    store.write_manifest(tmp_path, MANIFEST)
    with pytest.raises(StoreMismatchError, match=message) as caught:
        store.check_manifest(tmp_path, wanted)
    assert hint in caught.value.hint
    assert store.read_manifest(tmp_path) == MANIFEST


def test_a_store_that_an_earlier_version_cut_is_to_be_rebuilt(tmp_path: Path) -> None:
    """Name no setting where none would help."""
    store.write_manifest(tmp_path, MANIFEST)
    with pytest.raises(StoreMismatchError, match=r"version 1.*version 2") as caught:
        store.check_manifest(tmp_path, replace(MANIFEST, chunking="passages of 130 words, version 2"))
    assert caught.value.hint == "build it anew with `rag rebuild`"


def test_a_folder_of_another_name_with_the_same_model_is_no_mismatch(tmp_path: Path) -> None:
    """Go by the fingerprint of what a model's folder holds."""
    store.write_manifest(tmp_path, replace(MANIFEST, embedding_model="model@0123abcd"))
    store.check_manifest(tmp_path, replace(MANIFEST, embedding_model="moved@0123abcd"))
    for other in ("model@0123abce", "moved@1", "0123abcd"):
        with pytest.raises(StoreMismatchError):
            store.check_manifest(tmp_path, replace(MANIFEST, embedding_model=other))


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """Refuse what a later version wrote, even with fields this one does not know."""
    (tmp_path / "store.json").write_text(json.dumps({"format": 2, "shards": 4}))
    with pytest.raises(StoreMismatchError, match="format 2"):
        store.read_manifest(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"7", b"{}", b'{"format": 1}', b"\xff\xfe\x00",
                b'{"format": 1, "embedding_model": "m", "dimension": 3, "chunking": "c", "extra": 1}']
)  # fmt: skip
def test_a_damaged_manifest_is_named(tmp_path: Path, content: bytes) -> None:
    """Say which file is damaged, whatever is in it."""
    (tmp_path / "store.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"store\.json is damaged") as caught:
        store.read_manifest(tmp_path)
    assert not isinstance(caught.value, StoreMismatchError)
    assert caught.value.hint


def test_no_store_is_said_to_be_none(tmp_path: Path) -> None:
    """Tell how to make one."""
    with pytest.raises(StoreError, match="no collection") as caught:
        store.read_manifest(tmp_path / "weg")
    assert "rag index" in caught.value.hint


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    """Make the folder, and leave one that is there alone."""
    for _ in range(2):
        store.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Say so where a file stands in the way."""
    (tmp_path / "datei").touch()
    for folder in (tmp_path / "datei", tmp_path / "datei" / "unter"):
        with pytest.raises(StoreError, match="cannot be made") as caught:
            store.make_folder(folder)
        assert "--store" in caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """Say so before anything is tried."""
    folder = tmp_path / "zu"
    folder.mkdir(mode=0o500)
    with pytest.raises(StoreError, match="not writable"):
        store.make_folder(folder)


def test_a_second_process_waits_and_is_told_for_whom(tmp_path: Path) -> None:
    """Wait until the other process lets go; say its program, number and machine once."""
    mp = processes.context()
    held, release = mp.Event(), mp.Event()
    other = mp.Process(target=processes.hold_the_lock, args=(tmp_path, held, release))
    other.start()
    assert held.wait(60)
    told: list[str] = []

    def on_wait(holder: str) -> None:
        told.append(holder)
        release.set()

    with store.writing(tmp_path, timeout_s=60, on_wait=on_wait):
        other.join(60)
    assert len(told) == 1
    assert f"process {other.pid} on" in told[0]


def test_waiting_ends(tmp_path: Path) -> None:
    """Give up after the time that was given, and say who was writing."""
    with store.writing(tmp_path, timeout_s=10):
        with (
            pytest.raises(StoreBusyError, match=rf"process {os.getpid()} .*0\.2 s") as caught,
            store.writing(tmp_path, timeout_s=0.2),
        ):
            raise AssertionError("two writers at once")
        assert caught.value.hint
    with store.writing(tmp_path, timeout_s=0.2):
        pass


def test_the_lock_goes_with_an_error(tmp_path: Path) -> None:
    """Let the next one write after an exception."""
    with pytest.raises(RuntimeError), store.writing(tmp_path, timeout_s=1):
        raise RuntimeError
    with store.writing(tmp_path, timeout_s=0.1):
        pass


def test_a_folder_that_cannot_be_locked_is_named(tmp_path: Path) -> None:
    """Say so when the store has gone."""
    (tmp_path / "datei").touch()
    with pytest.raises(StoreError, match="cannot be locked"), store.writing(tmp_path / "datei", 1):
        pass
