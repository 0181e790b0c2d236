"""Sessions: whose they are, and everything that ends them."""

import stat
import time
from pathlib import Path

import pytest

from rag.access.people import People, Role
from rag.access.sessions import Sessions
from rag.errors import SettingsError

PASSWORD = "ein paar stille Wörter"


@pytest.fixture
def people(tmp_path: Path) -> People:
    """Return a file with two people."""
    people = People(tmp_path / "users.json")
    people.add("anna", PASSWORD, Role.EDITOR)
    people.add("bert", PASSWORD, Role.READER)
    return people


def begun(people: People, folder: Path, name: str = "anna", hours: float = 1) -> tuple[Sessions, str]:
    person = people.person(name)
    assert person is not None
    sessions = Sessions(people, folder, hours)
    return sessions, sessions.begin(person)


def test_a_token_is_its_persons_in_every_process(people: People, tmp_path: Path) -> None:
    sessions, token = begun(people, tmp_path)
    other = Sessions(People(people.file), tmp_path, 1)
    for one in (sessions, other):
        person = one.person(token)
        assert person is not None and person.name == "anna"
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600


def test_a_token_cannot_be_made_up(people: People, tmp_path: Path) -> None:
    sessions, token = begun(people, tmp_path, "bert")
    payload, rest = token.split(".", 1)
    anna = begun(people, tmp_path)[1]
    elsewhere = begun(people, tmp_path / "another key")[1]
    forged = [anna.split(".", 1)[0] + "." + rest, payload, token[:-1], token + "x", "", "a.b.c", elsewhere]
    assert [one for one in forged if sessions.person(one) is not None] == []


def test_a_token_grows_old(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, token = begun(people, tmp_path, hours=1)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3_590)
    assert sessions.person(token) is not None
    monkeypatch.setattr(time, "time", lambda: now + 3_610)
    assert sessions.person(token) is None


def test_logging_out_ends_this_session_in_every_process(people: People, tmp_path: Path) -> None:
    sessions, token = begun(people, tmp_path)
    _, another = begun(people, tmp_path)
    Sessions(people, tmp_path, 1).end(token)
    assert sessions.person(token) is None
    assert sessions.person(another) is not None
    sessions.end("no token at all")
    (tmp_path / "ended").rename(tmp_path / "moved")
    sessions.end(another)
    assert sessions.person(another) is None


def test_another_password_or_role_is_felt_at_once(people: People, tmp_path: Path) -> None:
    sessions, token = begun(people, tmp_path)
    people.change("anna", role=Role.READER)
    person = sessions.person(token)
    assert person is not None and not person.edits
    people.change("anna", password="neue stille Wörter")
    assert sessions.person(token) is None
    _, later = begun(people, tmp_path)
    people.remove("anna")
    assert sessions.person(later) is None
    people.add("anna", PASSWORD, Role.EDITOR)
    assert sessions.person(later) is None


def test_what_has_ended_long_ago_is_forgotten(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, token = begun(people, tmp_path)
    sessions.end(token)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7_300)
    sessions.end(begun(people, tmp_path)[1])
    assert len(list((tmp_path / "ended").iterdir())) == 1


def test_an_empty_key_is_no_key(people: People, tmp_path: Path) -> None:
    (tmp_path / "session.key").write_text("")
    with pytest.raises(SettingsError, match="holds no key"):
        Sessions(people, tmp_path, 1)
