"""Check what `import rag` gives: all that a program needs, and nothing heavy loaded for nothing."""

import re
import subprocess
import sys
from dataclasses import is_dataclass
from typing import get_args, get_type_hints

import pytest

import rag

HEAVY = (
    "torch",
    "chromadb",
    "gradio",
    "langchain",
    "langchain_core",
    "sentence_transformers",
    "onnxruntime",
    "lingua",
    "datasketch",
    "httpx",
    "matplotlib",
    "dask",
    "distributed",
)


def loaded(code: str) -> set[str]:
    """Return which of the heavy libraries a new process has loaded after running some code."""
    script = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stdout.split()[-len(HEAVY) :]) & set(HEAVY)


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Keep `import rag`, its nouns and the command line instant."""
    assert (
        loaded("import rag, rag.schema, rag.errors, rag.settings, rag.store, rag.cli; rag.Article") == set()
    )


def test_the_library_loads_neither_torch_nor_the_page() -> None:
    """Answer without what only other models and the page need."""
    unneeded = {"torch", "gradio", "sentence_transformers", "distributed"}
    assert loaded("import rag; rag.Library") & unneeded == set()


def test_public_names_are_all_there() -> None:
    """Demand that every public name resolves, and that an unknown one is an AttributeError."""
    assert rag.__all__ == sorted(rag.__all__)
    for name in rag.__all__:
        assert getattr(rag, name).__name__ == name
    with pytest.raises(AttributeError, match="Document"):
        rag.Document  # noqa: B018


def test_what_the_library_takes_gives_and_raises_is_public() -> None:
    """Follow the types of its methods, and of their fields, and the errors that their docstrings name."""
    methods = [member for name, member in vars(rag.Library).items() if not name.startswith("_")]
    functions = [getattr(member, "fget", None) or getattr(member, "__func__", member) for member in methods]
    ahead = [kind for function in functions for kind in _named(function)]
    seen: set[type] = set()
    while ahead:
        kind = ahead.pop()
        if kind not in seen:
            seen.add(kind)
            ahead += _named(kind) if is_dataclass(kind) else []
    raised = {name for one in functions for name in re.findall(r"(\w+Error): ", one.__doc__ or "")}
    assert len(seen) > 10 and len(raised) > 5
    assert {kind.__name__ for kind in seen} | raised <= set(rag.__all__)


def _named(thing: object) -> list[type]:
    """Return the types of the package that an object's annotations name."""
    module = sys.modules[thing.__module__]  # type: ignore[attr-defined]
    lazy = {"Self": rag.Library} | {name: getattr(rag, name) for name in rag.__all__}
    pending: list[object] = list(get_type_hints(thing, vars(module), lazy).values())
    found = []
    while pending:
        one = pending.pop()
        pending += list(one) if isinstance(one, list) else get_args(one)
        if isinstance(one, type) and one.__module__.startswith("rag."):
            found.append(one)
    return found
