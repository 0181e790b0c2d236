"""The formats that can be read are those that the page on articles and the command's help list."""

import re

from typer.testing import CliRunner

from rag.cli.app import app
from rag.ingest.formats.table import FORMATS, SUFFIXES
from tests.docs.pages import read


def test_the_page_on_articles_lists_them() -> None:
    (line,) = re.findall(r"^`(\.[^`]+)`, folders of them", read("docs/articles.md"), re.M)
    assert tuple(line.split()) == FORMATS
    (others,) = re.findall(r"^Also known: `(\.[^`]+)`", read("docs/articles.md"), re.M)
    assert {*line.split(), *others.split()} == SUFFIXES


def test_the_help_lists_them() -> None:
    shown = CliRunner().invoke(app, ["index", "--help"], env={"COLUMNS": "200"}).output
    assert " ".join(FORMATS) in " ".join(shown.split())
