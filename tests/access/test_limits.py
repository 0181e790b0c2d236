"""Delays after wrong passwords and limits for each person, on a clock that the tests set."""

import threading

import pytest

from rag.access.limits import Delays, Pace, Quota, neighbourhood
from rag.errors import LimitError


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def guess(
    delays: Delays, clock: Clock, seconds: float, name: str = "anna", address: str = "192.0.2.1"
) -> int:
    """Guess as often as one is let, every tenth of a second; return how many guesses were let."""
    let = 0
    end = clock.now + seconds
    while clock.now < end:
        let += delays.attempt(name, address) == 0
        clock.now += 0.1
    return let


def test_guessing_gets_slower_and_slower() -> None:
    clock = Clock()
    delays = Delays(clock)
    assert guess(delays, clock, 1) == 3
    assert guess(delays, clock, 3_000) <= 14
    assert 60 < delays.attempt("anna", "192.0.2.1") <= 900


def test_who_waits_may_try_again_and_is_forgiven_when_right() -> None:
    clock = Clock()
    delays = Delays(clock)
    for _ in range(3):
        assert delays.attempt("anna", "192.0.2.1") == 0
    wait = delays.attempt("anna", "192.0.2.1")
    assert wait > 0
    clock.now += wait
    assert delays.attempt("anna", "192.0.2.1") == 0
    delays.passed("anna", "192.0.2.1")
    assert [delays.attempt("anna", "192.0.2.1") for _ in range(3)] == [0, 0, 0]


def test_many_names_from_one_address_are_slowed_down() -> None:
    clock = Clock()
    delays = Delays(clock)
    waits = [delays.attempt(f"name{number}", "192.0.2.1") for number in range(40)]
    assert waits[:20] == [0.0] * 20 and min(waits[20:]) > 0
    assert delays.attempt("name", "192.0.2.2") == 0


def test_many_addresses_slow_a_name_down_but_not_where_it_is_at_home() -> None:
    clock = Clock()
    delays = Delays(clock)
    assert delays.attempt("anna", "198.51.100.7") == 0
    delays.passed("anna", "198.51.100.7")
    guesses = [delays.attempt("anna", f"192.0.2.{number}") for number in range(60)]
    assert 0 < max(guesses) <= 30
    assert delays.attempt("anna", "198.51.100.7") == 0


def test_attempts_at_the_same_time_gain_nothing() -> None:
    delays = Delays(Clock())
    let: list[float] = []
    threads = [
        threading.Thread(target=lambda: let.append(delays.attempt("anna", "192.0.2.1"))) for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let.count(0.0) == 3


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_what_a_visitor_can_choose_is_one_key(address: str, key: str) -> None:
    assert neighbourhood(address) == key


def test_the_pace_is_counted_over_a_sliding_minute() -> None:
    clock = Clock()
    pace = Pace(3, clock)
    assert [pace.come("anna") for _ in range(3)] == [0, 0, 0]
    clock.now += 20
    assert pace.come("anna") == pytest.approx(40)
    assert pace.come("bert") == 0
    clock.now += 40.1
    assert pace.come("anna") == 0


def test_a_person_has_so_many_questions_a_minute_and_another_has_them_too() -> None:
    clock = Clock()
    quota = Quota(in_a_minute=2, at_once=5, clock=clock)
    for _ in range(2):
        with quota.question("anna"):
            pass
    with pytest.raises(LimitError, match="2 questions within a minute") as caught, quota.question("anna"):
        pass
    assert caught.value.hint == "ask again in 60 seconds"
    with quota.question("bert"):
        pass
    clock.now += 61
    with quota.question("anna"):
        pass


def test_a_person_has_so_many_answers_at_once() -> None:
    quota = Quota(in_a_minute=100, at_once=2)
    with quota.question("anna"), quota.question("anna"):
        with pytest.raises(LimitError, match="2 of your questions"), quota.question("anna"):
            pass
        with quota.question("bert"):
            pass
    with pytest.raises(ValueError, match="broken"), quota.question("anna"):
        raise ValueError("broken")
    with quota.question("anna"), quota.question("anna"):
        pass
