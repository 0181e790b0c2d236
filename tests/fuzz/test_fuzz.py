"""Feed every target what crashed once, and a bounded number of new inputs; python -m tests.fuzz goes on for longer."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingest.formats.table import FORMATS
from tests.fuzz.targets import TARGETS, seeds

PIECES = (
    "Der Stadtrat von Rostock beschloss am Montag den Ausbau. ", "Foto: dpa", "\n\n", "\n", "---\n", "title: ", "[1.2]", "[2.1-2.9]",
    "\u3010", "(1.1, 2.2)", "![x](", "https://e.example/", "<div style='display:none'>", "</div>", "<style>.a{", "}", "<!--", "{", "\"", ":", ",",
    "id", "\\u0000", "\ud7ff", "\u202e", "\u00ad", "From: a@b\n", "Content-Type: text/html; charset=x\n\n", "%PDF-1.4\n", "PK\x03\x04", "2021-99-99", "seit Montag",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=25).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["question", "outcome", "citations", "hits", "article", "start", "settings", "filter", "text"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", TARGETS)
def test_what_crashed_once_does_so_no_more(name: str) -> None:
    for data in seeds(name):
        TARGETS[name](data)
        if name == "reader":  # a further format changes which one a first byte means
            for number in range(len(FORMATS)):
                TARGETS[name](bytes([number]) + data[1:])


@pytest.mark.parametrize("suffix", range(len(FORMATS)))
@settings(max_examples=25)
@given(content=TEXTS.map(str.encode) | st.binary(max_size=400))
def test_any_file_is_an_article_or_a_named_failure(suffix: int, content: bytes) -> None:
    TARGETS["reader"](bytes([suffix]) + content)


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in ("reader", "browser")])
@settings(max_examples=60)
@given(content=TEXTS.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=400))
def test_any_text_is_taken(name: str, content: bytes) -> None:
    TARGETS[name](content)


@settings(max_examples=150)
@given(JSON)
def test_a_browser_may_send_anything(value: object) -> None:
    TARGETS["browser"](json.dumps(value).encode())


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_a_bounded_run_led_by_coverage_finds_nothing(tmp_path: Path) -> None:
    """Let some targets run for two seconds beyond their corpus, which stays as it is."""
    names = ("reader", "marker", "front", "browser")
    corpus = shutil.copytree(Path(__file__).with_name("corpus"), tmp_path / "corpus")
    command = [sys.executable, "-m", "tests.fuzz", *names, "--seconds", "8", "--corpus", str(corpus)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3_000:]
    ran = dict(re.findall(r"^(\w+) +inputs: (\d+) +no crash$", done.stdout, re.MULTILINE))
    assert set(ran) == set(names)
    assert all(int(ran[name]) > len(seeds(name)) for name in names)
