"""Check the architecture: imports run along its arrows, and each big library is named in one place."""

import ast
from graphlib import TopologicalSorter

import pytest

from tests.arrows import ARROWS, INSIDE, PACKAGE, Import, imports, inner_part, modules, part, strangers

# Libraries that are named in one place each.
HOMES = {
    "chromadb": ["retrieve/vectors/chroma.py"],
    "gradio": ["ui/"],
    "sentence_transformers": ["retrieve/embedding/hub.py", "retrieve/embedding/transformer.py", "training/"],
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
    """Demand an order in which each module knows earlier ones alone, however late it imports them."""
    graph: dict[str, set[str]] = {}
    for one in imports():
        name = "rag." + one.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if one.module.startswith("rag."):
            graph.setdefault(name, set()).add(one.module)
    assert "rag.library" in TopologicalSorter(graph).static_order()


def test_every_module_says_what_it_is_for() -> None:
    """Demand a first line in every module."""
    paths = [path for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert paths == []
