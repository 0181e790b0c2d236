"""`rag user`: people are added, listed, changed and removed by typed commands."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag import settings
from rag.access.people import People, file_of
from rag.cli.app import app
from rag.cli.serving import _warn_if_open

PASSWORD = "ein paar stille Wörter\n"


def rag(store: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["user", *words, "--store", str(store)], input=typed)


def test_people_come_and_go(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = rag(store, "add", "Anna", "--role", "editor", typed=PASSWORD * 2)
    assert first.exit_code == 0 and "anna may log in as editor" in first.output
    assert "ein paar" not in first.output and "asks for a login" in first.output
    assert rag(store, "add", "bert", "--password-stdin", typed=PASSWORD).exit_code == 0
    listed = json.loads(rag(store, "list", "--json").stdout)
    assert listed == [{"name": "anna", "role": "editor"}, {"name": "bert", "role": "reader"}]
    people = People(file_of(settings.load(store=store)))
    assert people.check("bert", PASSWORD.strip()) is not None
    rag(store, "password", "bert", "--password-stdin", typed="ganz neue Wörter\n")
    assert people.check("bert", PASSWORD.strip()) is None
    rag(store, "role", "bert", "editor")
    bert = people.person("bert")
    assert bert is not None and bert.edits
    assert "1 person left" in rag(store, "remove", "bert").output
    assert "asks nobody" in rag(store, "remove", "anna").output


def test_passwords_that_differ_are_asked_for_again(tmp_path: Path) -> None:
    refused = rag(tmp_path, "add", "anna", typed="ein Passwort hier\nein anderes hier\n")
    assert refused.exit_code != 0
    assert People(file_of(settings.load(store=tmp_path))).known() == []


def test_an_open_page_without_a_login_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = settings.load(store=tmp_path)
    _warn_if_open("127.0.0.1", chosen)
    assert capsys.readouterr().err == ""
    _warn_if_open("0.0.0.0", chosen)
    assert "WARNING: listening on 0.0.0.0, and nobody has to log in" in capsys.readouterr().err
    rag(tmp_path, "add", "anna", "--password-stdin", typed=PASSWORD)
    _warn_if_open("0.0.0.0", chosen)
    assert capsys.readouterr().err == ""
