"""Names that lead inside, by real packets of DNS: what turns private, is mixed, aliased or redirected is not asked."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.network.own_internet import ADDRESSES, PUBLIC, alone, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "a network of one's own")
GOOD = {
    "http://news.example/article", "http://NEWS.example./article", "http://news.example/to-article"
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what came of every address in a network of its own."""
    command = [sys.executable, "-m", "tests.network.own_internet"]
    folder = tmp_path_factory.mktemp("internet")
    done = subprocess.run(alone(command, folder), capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def test_public_names_are_fetched(told: dict[str, Any]) -> None:
    assert {address for address, came in told["came"].items() if came == "<p>the news</p>"} == GOOD
    assert told["asked"]["news.example"] >= 30  # anew for each connection


@pytest.mark.parametrize("address", [one for one in ADDRESSES if one not in GOOD])
def test_what_leads_inside_is_refused_with_the_reason(told: dict[str, Any], address: str) -> None:
    came = told["came"][address]
    reasons = ("not on the public internet", "is not known", "only http and https")
    assert came.startswith("refused: ") and any(one in came for one in reasons)
    assert PUBLIC not in came


def test_nobody_inside_was_asked_for_anything(told: dict[str, Any]) -> None:
    """Show as well that whoever may reach the inside gets there by the very same redirect."""
    assert told["inner"] == []
    assert told["allowed"] == "<p>the secret</p>"
