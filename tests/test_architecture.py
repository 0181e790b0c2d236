"""Check the arrows of the architecture: who may import whom, and that nothing heavy is loaded for nothing."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple, get_args, get_type_hints

import pytest

import rag

PACKAGE = Path(rag.__file__).parent
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

# What each part may import from the others; a part is a module of `rag` or a folder of it.
NOUNS = {
    "schema",
    "errors",
    "settings",
    "resources",
    "language",
    "calendar",
    "plural",
    "process",
    "telemetry",
}
ARROWS = {
    "__init__": NOUNS | {"library"},
    "schema": set(),
    "errors": set(),
    "settings": {"errors"},
    "resources": set(),
    "language": set(),
    "calendar": set(),
    "plural": set(),
    "process": set(),
    "telemetry": set(),
    "store": {"errors", "process"},
    "access": NOUNS,
    "ingest": NOUNS,
    "likeness": set(),
    "archive": NOUNS | {"likeness"},
    "retrieve": NOUNS,
    "answer": NOUNS | {"retrieve", "ingest"},
    "indexing": NOUNS | {"likeness", "archive", "ingest", "retrieve"},
    "watchlist": NOUNS | {"archive", "ingest"},
    "hands": NOUNS | {"indexing", "ingest"},
    "comparison": NOUNS | {"archive", "indexing", "ingest"},
    "intake": NOUNS | {"archive", "comparison", "hands", "indexing", "ingest", "watchlist"},
    "collection": NOUNS | {"store", "archive", "indexing", "ingest", "retrieve", "watchlist"},
    "holdings": NOUNS | {"store", "archive", "ingest", "watchlist"},
    "asking": NOUNS | {"collection", "ingest", "retrieve", "answer"},
    "bulk": NOUNS | {"store", "collection", "indexing", "ingest", "retrieve"},
    "gathering": NOUNS | {"bulk", "collection", "hands", "indexing", "intake", "ingest", "watchlist"},
    "library": NOUNS
    | {"asking", "gathering", "holdings", "collection", "indexing", "watchlist"}
    | {"answer", "retrieve", "ingest"},
    "maintenance": NOUNS | {"store", "archive", "collection", "indexing", "retrieve"},
    "evaluate": NOUNS | {"collection", "library", "indexing", "ingest", "answer", "retrieve"},
    "ui": NOUNS | {"access", "library", "indexing", "answer", "store"},
    "cli": NOUNS
    | {"access", "maintenance", "intake", "ingest", "library", "holdings", "answer", "evaluate", "ui"},
    "training": NOUNS | {"retrieve"},
}
# The same within `rag/ingest`, along the way that an article takes: what each of its parts may import.
INGEST = {
    "draft": set(),
    "text": set(),
    "metadata": {"text"},
    "cleaning": {"metadata", "text"},
    "formats.html": {"draft", "metadata", "text"},
    "formats.pdf": {"draft", "metadata", "text"},
    "formats": {"formats.html", "formats.pdf", "draft", "metadata", "text"},
    "outcomes": {"cleaning"},
    "finishing": {"outcomes", "cleaning", "draft", "metadata", "text"},
    "inputs": {"outcomes", "formats", "text"},
    "reading": {"inputs", "finishing", "outcomes", "formats", "cleaning", "draft", "text"},
    "web": {"reading", "outcomes", "formats", "text"},
    "chunking": {"text"},
}
# And within `rag/retrieve`, along the way from a question to hits and their sentences.
RETRIEVE = {
    "scores": set(),
    "fusion": set(),
    "ranking": set(),
    "interaction": set(),
    "langchain": set(),
    "times": set(),
    "embedding": set(),
    "rerank": {"embedding"},
    "lexical": {"scores"},
    "vectors": {"scores"},
    "retriever": {"fusion", "interaction", "lexical", "ranking", "rerank", "scores", "times", "vectors"},
    "sentences": {"interaction", "lexical", "retriever", "times"},
}
# And within `rag/answer`, along the way from hits to an answer.
ANSWER = {
    "texts": set(),
    "markers": set(),
    "evidence": set(),
    "logistic": set(),
    "cache": set(),
    "turnstile": set(),
    "export": {"checks"},
    "references": {"checks", "markers", "texts"},
    "facts": set(),
    "sought": {"facts"},
    "abstention": {"logistic", "sought"},
    "found": {"abstention"},
    "llm": {"texts"},
    "reply": {"evidence", "llm", "markers"},
    "translation": {"llm", "reply"},
    "checks": {"evidence", "facts", "logistic", "markers", "reply", "texts"},
    "extractive": {"checks", "facts", "markers", "texts"},
    "conversation": {"evidence", "extractive", "facts", "found", "llm", "markers", "reply"},
    "writer": {"checks", "evidence", "llm", "reply", "texts"},
    "chain": {"abstention", "checks", "conversation", "extractive", "found", "llm", "sought", "texts"}
    | {"turnstile", "writer"},
}
# And within `rag/ui`, from what every view needs to the page.
UI = {
    "texts": set(),
    "markup": set(),
    "theme": set(),
    "files": {"texts"},
    "door": {"files", "markup", "texts"},
    "server": {"door"},
    "article": {"markup", "texts"},
    "conversation": {"article", "markup", "texts"},
    "drawers": {"conversation", "markup", "texts"},
    "masthead": {"drawers", "markup", "texts"},
    "collection": {"article", "conversation", "door", "drawers", "markup", "texts"},
    "calls": {"article", "conversation", "door", "markup", "server", "texts"},
    "page": {"calls", "collection", "conversation", "door", "drawers", "files", "masthead"}
    | {"server", "texts"},
    "app": {"door", "files", "page", "server", "theme"},
}
INSIDE = {"ingest": INGEST, "retrieve": RETRIEVE, "answer": ANSWER, "ui": UI}
# Libraries that are named in one place each.
HOMES = {
    "chromadb": ["retrieve/vectors/chroma.py"],
    "gradio": ["ui/"],
    "sentence_transformers": ["retrieve/embedding/hub.py", "retrieve/embedding/embedder.py", "training/"],
    "babel": ["answer/facts/places.py"],
    "torch": ["retrieve/embedding/hub.py", "training/"],
    "sqlalchemy": ["archive/", "watchlist.py"],
    "datasketch": ["likeness.py"],
    "typer": ["cli/", "training/__main__.py"],
    "trafilatura": ["ingest/formats/html/"],
    "httpx": ["ingest/web/client.py", "retrieve/embedding/remote.py"],
    "httpcore": ["ingest/web/client.py", "ingest/web/network.py"],
    "feedparser": ["ingest/web/listings.py"],
    "protego": ["ingest/web/robots.py"],
    "sentencex": ["ingest/text/sentences.py"],
    "pypdfium2": ["ingest/formats/pdf/"],
    "docx": ["ingest/formats/office.py"],
    "lxml": ["ingest/web/addresses.py", "ingest/web/listings.py", "ingest/formats/xml.py"],
    "matplotlib": ["evaluate/plot.py"],
    "dask": ["bulk/"],
    "distributed": ["bulk/"],
    "argon2": ["access/people.py"],
    "prometheus_client": ["ui/server/metrics.py"],
    "itsdangerous": ["access/sessions.py"],
}


class Import(NamedTuple):
    """One import: the file it stands in, what it names, and whether it runs as the file is imported."""

    file: str
    module: str
    eager: bool


def modules() -> list[Path]:
    """Return all modules of the package."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def imports() -> tuple[Import, ...]:
    """Parse every import of the package."""
    return tuple(one for path in modules() for one in _imports(path))


def _imports(path: Path) -> Iterator[Import]:
    name = path.relative_to(PACKAGE).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    eager = {id(node) for node in _eager(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, alias.name, id(node) in eager)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            for alias in node.names:
                yield Import(name, _target(str(node.module), alias.name), id(node) in eager)


def _eager(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run on import: outside functions and `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _eager(node)


def _target(module: str, name: str) -> str:
    """Return the module that `from module import name` reads."""
    inner = PACKAGE.parent / Path(*module.split(".")) / name
    return f"{module}.{name}" if inner.is_dir() or inner.with_suffix(".py").exists() else module


def part(module: str) -> str:
    """Return the part a module of the package or a file belongs to."""
    return _path(module)[0]


def inner_part(module: str) -> str:
    """Return the part within its package a module or a file belongs to, "" for what is in none."""
    package, *inner = _path(module)
    if package not in INSIDE or not inner or inner == ["__init__"]:
        return ""
    nested = ".".join(inner[:2])
    return nested if nested in INSIDE[package] else inner[0]


def _path(module: str) -> list[str]:
    return module.removeprefix("rag.").removesuffix(".py").replace("/", ".").split(".")


def strangers(some: Iterable[Import]) -> list[tuple[str, str]]:
    """Return which imports run against the arrows: of what file, and of what module."""
    found = []
    for one in some:
        file, module = part(one.file), part(one.module)
        inside, known = inner_part(one.file), inner_part(one.module)
        if one.module.startswith("rag.") and (
            module not in ARROWS[file] | {file}
            or (file == module and inside and known and known not in INSIDE[file][inside] | {inside})
        ):
            found.append((one.file, one.module))
    return found


def test_every_part_has_its_arrows() -> None:
    """Demand that a new part is drawn into the picture."""
    files = [path.relative_to(PACKAGE).as_posix() for path in modules()]
    assert {part(file) for file in files} == set(ARROWS)
    for package, arrows in INSIDE.items():
        assert {inner_part(file) for file in files if part(file) == package} - {""} == set(arrows)


@pytest.mark.parametrize("arrows", [ARROWS, *INSIDE.values()])
def test_arrows_run_one_way(arrows: dict[str, set[str]]) -> None:
    """Demand an order of the parts in which each knows earlier ones alone."""
    assert set(TopologicalSorter(arrows).static_order()) == set(arrows)


def test_imports_run_one_way() -> None:
    """Demand that no part imports one it may not know, not even lazily."""
    assert strangers(imports()) == []


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("schema.py", "rag.library"),
        ("retrieve/fusion.py", "rag.answer.reply.citations"),
        ("ingest/text/lines.py", "rag.ingest.cleaning.clean"),
        ("ingest/metadata/bylines.py", "rag.ingest.cleaning.edges"),
        ("ingest/cleaning/clean.py", "rag.ingest.formats.html.page"),
        ("ingest/formats/html/page.py", "rag.ingest.formats.pdf.ink"),
        ("ingest/formats/pdf/reader.py", "rag.ingest.formats.table"),
        ("ingest/formats/mail.py", "rag.ingest.reading"),
        ("ingest/reading.py", "rag.ingest.web"),
        ("retrieve/lexical/terms.py", "rag.retrieve.retriever"),
        ("retrieve/vectors/passages.py", "rag.retrieve.embedding.embedder"),
        ("answer/facts/names.py", "rag.answer.markers"),
        ("answer/reply/citations.py", "rag.answer.checks.judging"),
        ("answer/extractive/quotations.py", "rag.answer.llm.model"),
        ("answer/conversation/followups.py", "rag.answer.chain"),
        ("ui/article/reader.py", "rag.ui.conversation.sources"),
        ("ui/conversation/messages.py", "rag.ui.collection.listing"),
        ("ui/server/desk.py", "rag.ui.calls"),
    ],
)
def test_an_import_against_the_arrows_is_found(file: str, module: str) -> None:
    """Prove the tests above with imports that must not be, however late they run."""
    assert strangers([Import(file, module, eager=False)]) == [(file, module)]


def test_nothing_imports_the_page_or_the_command_line() -> None:
    """Demand that only the command line knows the page, when it serves it."""
    outside = [one for one in imports() if part(one.module) == "ui" and part(one.file) != "ui"]
    assert {one.file for one in outside} == {"cli/serving.py"}
    assert not any(one.eager for one in outside)
    assert not [one for one in imports() if part(one.module) == "cli" and part(one.file) != "cli"]


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_named_in_its_home_only(library: str) -> None:
    """Demand that each big dependency can be replaced in one place."""
    named = {one.file for one in imports() if one.module.split(".")[0] == library}
    assert named
    assert [file for file in named if not file.startswith(tuple(HOMES[library]))] == []


def test_only_the_settings_read_the_environment() -> None:
    """Demand one place for every knob; a variable may be set for a library that reads no other way."""
    readers = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        written = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        }
        for node in ast.walk(tree):
            name = getattr(node, "attr", None) or getattr(node, "name", None)
            if name in ("environ", "environb", "getenv") and id(node) not in written:
                readers.append(path.relative_to(PACKAGE).as_posix())
    assert [reader for reader in readers if part(reader) != "training"] == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """Demand an order in which all modules can be imported."""
    graph: dict[str, set[str]] = {}
    for one in imports():
        if one.eager and one.module.startswith("rag"):
            name = "rag." + one.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            graph.setdefault(name, set()).add(one.module)
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join([*path[path.index(name) :], name])
        if name not in done:
            for following in sorted(graph.get(name, ())):
                visit(following, (*path, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


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


def test_every_module_says_what_it_is_for() -> None:
    """Demand a first line in every module."""
    paths = [path for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert paths == []
