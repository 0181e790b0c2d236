"""Who may import whom, and who does: the arrows that the architecture draws, and every import there is."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import rag

PACKAGE = Path(rag.__file__).parent
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
    "workers": NOUNS | {"indexing", "ingest"},
    "comparison": NOUNS | {"archive", "indexing", "ingest"},
    "intake": NOUNS | {"archive", "comparison", "workers", "indexing", "ingest", "watchlist"},
    "collection": NOUNS | {"store", "archive", "indexing", "ingest", "retrieve", "watchlist"},
    "holdings": NOUNS | {"store", "archive", "ingest", "watchlist"},
    "asking": NOUNS | {"collection", "ingest", "retrieve", "answer"},
    "bulk": NOUNS | {"store", "collection", "indexing", "ingest", "retrieve"},
    "gathering": NOUNS | {"bulk", "collection", "workers", "indexing", "intake", "ingest", "watchlist"},
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
