"""The file of people: what it holds, what it refuses, and that two who write it lose nothing."""

import json
import stat
import threading
import unicodedata
from pathlib import Path

import pytest

from rag.access.people import People, Role
from rag.errors import AccessError, SettingsError

PASSWORD = "ein paar stille Wörter"


@pytest.fixture
def people(tmp_path: Path) -> People:
    """Return a file of people that is not there yet."""
    return People(tmp_path / "access" / "users.json")


def test_only_the_right_password_of_the_right_person_is_right(people: People) -> None:
    people.add("anna", PASSWORD, Role.EDITOR)
    people.add("bert", "ganz andere Wörter", Role.READER)
    anna, bert = people.check("anna", PASSWORD), people.check("bert", "ganz andere Wörter")
    assert anna is not None and anna.name == "anna" and anna.edits
    assert bert is not None and not bert.edits
    for name, password in (
        ("anna", "ganz andere Wörter"),
        ("bert", PASSWORD),
        ("anna", ""),
        ("carl", PASSWORD),
    ):
        assert people.check(name, password) is None


def test_a_name_and_a_password_are_the_same_however_they_are_typed(people: People) -> None:
    people.add("Jörg", PASSWORD, Role.READER)
    apart = unicodedata.normalize("NFD", "JÖRG")
    assert people.check(apart, unicodedata.normalize("NFD", PASSWORD)) is not None
    with pytest.raises(AccessError, match="already"):
        people.add(apart, PASSWORD, Role.READER)


def test_the_file_holds_salted_hashes_for_its_owner_only(people: People) -> None:
    people.add("anna", PASSWORD, Role.READER)
    people.add("bert", PASSWORD, Role.READER)
    text = people.file.read_text(encoding="utf-8")
    entries = json.loads(text)["people"]
    assert PASSWORD not in text
    assert entries["anna"]["password"].startswith("$argon2id$")
    assert entries["anna"]["password"] != entries["bert"]["password"]
    assert stat.S_IMODE(people.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(people.file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "../x", "<b>", "x" * 65, "a\nb"])
def test_what_cannot_be_a_name_is_refused(people: People, name: str) -> None:
    with pytest.raises(AccessError, match="cannot be a name"):
        people.add(name, PASSWORD, Role.READER)
    assert people.known() == []


@pytest.mark.parametrize("password", ["", "kurz", "x" * 1_001, "Hildegard-Anna"])
def test_a_weak_password_is_refused(people: People, password: str) -> None:
    with pytest.raises(AccessError, match="10 to 1000 characters"):
        people.add("hildegard-anna", password, Role.READER)


def test_changes_are_seen_by_whoever_has_the_file_open(people: People) -> None:
    people.add("anna", PASSWORD, Role.READER)
    serving = People(people.file)
    before = serving.person("anna")
    assert before is not None and not before.edits
    people.change("anna", role=Role.EDITOR)
    after = serving.person("anna")
    assert after is not None and after.edits and after.mark == before.mark
    people.change("anna", password="neue stille Wörter")
    changed = serving.person("anna")
    assert changed is not None and changed.mark != before.mark
    assert serving.check("anna", PASSWORD) is None
    people.remove("anna")
    assert serving.person("anna") is None and serving.check("anna", "neue stille Wörter") is None


def test_who_is_not_there_cannot_be_changed(people: People) -> None:
    with pytest.raises(AccessError, match="nobody is named anna"):
        people.remove("anna")
    with pytest.raises(AccessError, match="nobody is named anna"):
        people.change("anna", role=Role.EDITOR)


def test_people_added_at_the_same_time_are_all_there(people: People) -> None:
    names = [f"person{number}" for number in range(6)]
    threads = [
        threading.Thread(target=People(people.file).add, args=(name, PASSWORD, Role.READER)) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [person.name for person in people.known()] == names


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 2, "people": {}}', '{"format": 1, "people": {"a": {}}}',
                '{"format": 1, "people": {"a": {"role": "king", "password": "x"}}}']
)  # fmt: skip
def test_a_damaged_file_lets_nobody_in(people: People, content: str) -> None:
    people.file.parent.mkdir()
    people.file.write_text(content)
    for look in (people.known, lambda: people.check("a", "x")):
        with pytest.raises(SettingsError, match="no list of people"):
            look()


def test_a_hash_of_another_kind_lets_nobody_in(people: People) -> None:
    people.file.parent.mkdir()
    people.file.write_text('{"format": 1, "people": {"a": {"role": "reader", "password": "plain"}}}')
    assert people.check("a", "plain") is None
