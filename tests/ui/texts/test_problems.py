"""The library's messages in German: those it really says, and any other as it stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag
from rag import errors
from rag.errors import QuellenchatError
from rag.ingest.text.characters import decode
from rag.library import Library
from rag.schema import Filter
from rag.ui.texts.german_problems import GERMAN
from rag.ui.texts.languages import DE, EN
from rag.ui.texts.problems import told

ROOT = Path(rag.__file__).parent
MODULES = sorted(
    [
        *(ROOT / "ingest").rglob("*.py"),
        *(ROOT / "archive").glob("*.py"),
        *(ROOT / "retrieve" / "vectors" / f"{name}.py" for name in ("chroma", "connection")),
        ROOT / "retrieve" / "embedding" / "remote.py",
        *(ROOT / f"{name}.py" for name in ("collection", "comparison", "gathering", "indexing", "intake")),
        *(ROOT / f"{name}.py" for name in ("asking", "holdings", "library", "watchlist")),
        *(ROOT / "answer" / f"{name}.py" for name in ("llm/model", "llm/choice", "translation")),
        *(ROOT / "ui" / f"{name}.py" for name in ("collection/adding", "collection/shelf", "door/caller")),
        ROOT / "ui" / "server" / "desk.py",
        *(ROOT / "store" / f"{name}.py" for name in ("lock", "manifest")),
        ROOT / "access" / "limits.py",
    ]
)
NAMES = re.compile("message|hint|warning|.*_HINT")  # of variables that hold what is told

PARTS = (  # what is said by other ways or within a message
    *("id", "title", "publisher", "language", "text", "feed", "sitemap", "line 7", "another process"),
    *("[Errno 111] Connection refused", "Connection refused", "Permission denied"),
    *("the collection has: A, B", "no article of the collection states its publisher"),
    *("no suffix: not a format it can read", "an article's id is needed, got int"),
    *("read as cp1252, it is not UTF-8", "read as utf-16-le, it has no byte order mark"),
    *("article", "mail", "it names no book", "it cannot be opened", "no page can be read"),
    "the model said nothing",
    "2 bytes are not valid UTF-8 and were replaced by \ufffd",
)


def forms_of(message: str) -> list[str]:
    """Return the patterns of German forms that a message fits."""
    return [english for english in GERMAN if re.compile(english, re.DOTALL).fullmatch(message)]


def written(node: ast.AST | None) -> Iterator[str]:
    """Yield the texts that an expression stands for, each gap filled; a variable is met where it is set."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(
                "'7'" if isinstance(part, ast.FormattedValue) and part.conversion == ord("r") else
                "7" if isinstance(part, ast.FormattedValue) else str(ast.literal_eval(part))
                for part in parts
            )  # fmt: skip
        case ast.IfExp(body=one, orelse=other):
            yield from written(one)
            yield from written(other)


def messages(source: str) -> Iterator[str]:
    """Yield what a module raises, reports as failed or warns with, message and hint."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if hasattr(errors, name) or name == "Failure":
                given = node.args[1:] if name == "Failure" else node.args
                for one in [*given, *(word.value for word in node.keywords if word.arg == "hint")]:
                    yield from written(one)
            case ast.keyword(arg="warning", value=value):
                yield from written(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if NAMES.fullmatch(name):
                yield from written(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if NAMES.fullmatch(name):
                yield from written(value)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_whatever_a_module_says_has_one_german_form(module: Path) -> None:
    said = messages(module.read_text(encoding="utf-8"))
    assert {one: forms for one in said if len(forms := forms_of(one)) != 1} == {}


def test_no_form_is_left_of_a_message_that_is_gone() -> None:
    said = [one for module in MODULES for one in messages(module.read_text(encoding="utf-8"))]
    used = {form for one in [*said, *PARTS] for form in forms_of(one)}
    assert set(GERMAN) - used == set()


def test_messages_are_found_in_all_the_ways_they_are_written() -> None:
    source = (
        "_HINT: Final = 'a'\nhint = f'b {x!r} {y}' if z else 'c'\n"
        "raise InputError('d', hint='e') from error\n"
        "yield Failure(where, f'f', 'g')\nVisit(url, warning=f'h {x}')\nOther('no')"
    )
    assert sorted(messages(source)) == ["a", "b '7' 7", "c", "d", "e", "f", "g", "h 7"]


@pytest.mark.parametrize(
    "content",
    [
        "Fünf Bäume stürzten auf die Straße.".encode("cp1252"),
        "Größe ä ö ü".encode() + b"\xff",
        "Öl".encode("utf-16-le") * 9,
    ],
)
def test_what_decoding_warns_of_has_a_german_form(content: bytes) -> None:
    _, warnings = decode(content)
    assert warnings
    for warning in warnings:
        assert told(warning, DE) != warning


def test_a_message_within_a_message_is_told_too() -> None:
    inner = "there is no such page (status 404)"
    assert told(f"kept as it was: {inner}", DE) == f"Der Artikel blieb, wie er war: {told(inner, DE)}"
    assert told("an article cannot be without a title", DE) == "Ein Artikel braucht die Angabe: Titel"


def test_what_the_library_says_has_a_german_form(samples: Library, empty: Library) -> None:
    for call in (
        lambda: samples.ask("???"),
        lambda: samples.ask("x" * 5_000),
        lambda: samples.article("gone"),
        lambda: samples.articles(Filter(publishers=("Niemand",))),
        lambda: empty.ask("Was?"),
    ):
        with pytest.raises(QuellenchatError) as caught:
            call()
        assert told(str(caught.value), DE) != str(caught.value)
        assert told(str(caught.value), EN) == str(caught.value)
        assert told(caught.value.hint, DE) != caught.value.hint


def test_an_unknown_message_stays_as_it_is() -> None:
    assert told("something new went wrong", DE) == "something new went wrong"


@pytest.mark.parametrize("english", GERMAN)
def test_each_form_names_only_what_the_message_holds(english: str) -> None:
    gaps = re.findall(r"\{(\d)\}", GERMAN[english])
    assert all(int(gap) < re.compile(english).groups for gap in gaps)
