"""What a login is checked against, under attack: names in disguise, and passwords from everywhere at once."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import anyio
import pytest

from rag.access.people import People, Person, Role
from rag.access.sessions import Sessions
from rag.ui.door.login import Keys, LoginError

PASSWORD = "ein paar stille Wörter"


T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end in a thread of its own: the browser's tests leave a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Return the keys of one person."""
    people = People(tmp_path / "users.json")
    people.add("anna", PASSWORD, Role.EDITOR)
    return Keys(people, Sessions(people, tmp_path / "access", 1))


async def waits(keys: Keys, name: str, address: str, password: str = "geraten") -> float | None:
    """Return how long a login has to wait, None where it is let in."""
    try:
        await keys.check(name, password, address)
    except LoginError as error:
        return error.wait_s
    return None


def test_a_name_in_other_letters_is_no_new_name_to_guess_for(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guess from a new address each time: the name alone slows it down, however it is written."""
    monkeypatch.setattr(keys.people, "check", lambda name, password: None)

    async def guesses() -> list[float | None]:
        forms = ("anna", "ANNA", " Anna", "aNNa ", "anna\t")
        return [await waits(keys, forms[n % 5] + " " * n, f"198.51.100.{n}") for n in range(40)]

    waited = run(guesses())
    assert waited[:20] == [0.0] * 20
    assert max(one or 0.0 for one in waited[20:]) > 0


def test_a_name_as_long_as_a_book_is_not_kept(keys: Keys) -> None:
    run(waits(keys, "a" * 1_000_000, "198.51.100.1"))
    assert max(len(str(key)) for key in keys._delays._failed) < 200


def test_guesses_from_everywhere_hold_up_nobody_elses_work(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Try 300 passwords at once from as many addresses; other work of the page goes on meanwhile."""
    go_on, checking = threading.Event(), []

    def slow(name: str, password: str) -> Person | None:
        checking.append(name)
        go_on.wait(30)
        return None

    monkeypatch.setattr(keys.people, "check", slow)

    async def attack() -> list[float | None]:
        tasks = [asyncio.create_task(waits(keys, f"n{n}", f"10.{n // 250}.0.{n % 250}")) for n in range(300)]
        await asyncio.sleep(0.2)
        with anyio.fail_after(5):
            assert await anyio.to_thread.run_sync(lambda: "an answer") == "an answer"
        assert len(checking) == 2
        go_on.set()
        return list(await asyncio.gather(*tasks))

    told = run(attack())
    assert sorted(set(told)) == [0.0, 1.0]
    assert told.count(0.0) == len(checking) <= 60
