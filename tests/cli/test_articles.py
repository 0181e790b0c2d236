"""`rag articles`, `rag edit` and `rag remove` as a script sees them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.library import Library
from tests import processes
from tests.cli.runs import Rag, check_error
from tests.stores import write_news


def test_articles_lists_them_newest_first(rag: Rag, samples: Library, samples_store: Path) -> None:
    """Print id, date, language and title of each; all that is known as JSON."""
    listed = rag("articles", "--store", samples_store, "--json").json
    assert [one["id"] for one in listed] == [source.id for source in samples.articles()]
    assert set(listed[0]) == {
        "id",
        "title",
        "publisher",
        "published",
        "url",
        "author",
        "language",
        "origin",
        "updated",
        "agency",
        "guessed",
    }
    assert [one["published"] for one in listed] == sorted((one["published"] for one in listed), reverse=True)
    run = rag("articles", "--store", samples_store)
    assert all(one["id"] in run.out and one["title"] in run.out for one in listed)
    assert run.out.rstrip().endswith(f"{len(listed)} articles")


def test_remove_takes_articles_out(rag: Rag, tmp_path: Path) -> None:
    """Remove by id; an unknown one is an error and removes nothing."""
    store = tmp_path / "s"
    rag("index", write_news(tmp_path / "news", range(3)), "--store", store)
    check_error(run := rag("remove", "000.txt", "weg.txt", "--store", store))
    assert "weg.txt" in run.err
    assert len(rag("articles", "--store", store, "--json").json) == 3
    assert (
        rag("remove", "000.txt", "002.txt", "000.txt", "--store", store).out == "removed 2, 1 article left\n"
    )
    assert [one["id"] for one in rag("articles", "--store", store, "--json").json] == ["001.txt"]


def test_edit_corrects_an_article(rag: Rag, tmp_path: Path) -> None:
    """Set fields, show them without the mark of a guess, list the rest with it."""
    store, page = tmp_path / "store", write_news(tmp_path / "n", range(1)) / "000.txt"
    rag("index", page, "--store", store)
    assert "guessed: language, title" in rag("articles", "--store", store).out
    shown = rag("edit", "000.txt", "--published", "2021-12-07", "--title", "Neu", "--store", store)
    assert "published  2021-12-07\n" in shown.out
    assert "title      Neu\n" in shown.out
    (one,) = rag("articles", "--store", store, "--json").json
    assert (one["published"], one["title"], one["guessed"]) == ("2021-12-07", "Neu", ["language"])
    assert rag("edit", "000.txt", "--published", "bald", "--store", store).code == 1
    assert rag("edit", "000.txt", "--store", store).code == 1


@pytest.mark.parametrize("command", ["articles", "sources"])
def test_lists_are_read_without_a_model(rag: Rag, tmp_path: Path, command: str) -> None:
    """Load nothing heavy to list a collection, whichever model built it."""
    store = tmp_path / "s"
    rag("index", write_news(tmp_path / "news", range(2)), "--store", store)
    before = rag(command, "--store", store).out
    manifest = json.loads((store / "store.json").read_text())
    (store / "store.json").write_text(json.dumps(manifest | {"embedding_model": "other@1"}))
    assert rag(command, "--store", store).out == before
    heavy = ("chromadb", "langchain_core", "onnxruntime", "tokenizers", "httpx")
    code = (
        f"import sys\nfrom rag.cli import main\nsys.argv = ['rag', {command!r}, '--store', {str(store)!r}]\n"
        f"try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == before + "[]\n"


def test_a_list_is_whole_after_a_killed_writer(rag: Rag, tmp_path: Path) -> None:
    """Complete what was left half before it is listed."""
    store = tmp_path / "s"
    rag("index", write_news(tmp_path / "news", range(2)), "--store", store)
    write_news(tmp_path / "news", range(3))
    assert (
        processes.run(processes.index_and_die, store, [tmp_path / "news"], "vectors written, terms not") == -9
    )
    assert len(rag("articles", "--store", store, "--json").json) == 3
